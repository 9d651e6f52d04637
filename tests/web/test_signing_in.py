"""One way to sign in, for portal and administration."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from council.parties.models import User
from tests.factories import Cast
from tests.factories.cast import PASSWORD

type SignIn = Callable[[User], Client]


def sign_in(client: Client, email: str, password: str = PASSWORD, **query: str) -> object:
    return client.post("/login/", {"login": email, "password": password} | query)


@pytest.mark.parametrize("email", ["liaison@skt.test", "Liaison@SKT.test"])
def test_an_address_in_any_case_opens_the_desk(client: Client, cast: Cast, email: str) -> None:
    response = client.post("/login/", {"login": email, "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(cast.skt_liaison.pk)


@pytest.mark.parametrize(
    ("email", "password"), [("liaison@skt.test", "wrong"), ("stranger@skt.test", PASSWORD), ("", "")]
)
def test_anything_else_does_not(client: Client, cast: Cast, email: str, password: str) -> None:
    assert client.post("/login/", {"login": email, "password": password}).status_code == 200
    assert "_auth_user_id" not in client.session


def test_an_account_that_was_closed_does_not_open(client: Client, cast: Cast) -> None:
    User.objects.filter(pk=cast.skt_liaison.pk).update(is_active=False)
    sign_in(client, "liaison@skt.test")
    assert "_auth_user_id" not in client.session


def test_closing_an_account_ends_what_is_open(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.skt_liaison)
    assert client.get("/commitments/").status_code == 200
    User.objects.filter(pk=cast.skt_liaison.pk).update(is_active=False)
    assert client.get("/commitments/").status_code == 302


@pytest.mark.parametrize(("target", "where"), [("/meetings/", "/meetings/"), ("https://evil.test/", "/")])
def test_one_comes_out_where_one_wanted_to_go_but_never_elsewhere(
    client: Client, cast: Cast, target: str, where: str
) -> None:
    response = client.post("/login/", {"login": "liaison@skt.test", "password": PASSWORD, "next": target})
    assert response["Location"] == where


def test_the_administration_has_no_sign_in_of_its_own(client: Client, cast: Cast) -> None:
    response = client.get("/admin/login/", {"next": "/admin/council/meeting/"})
    assert response["Location"] == "/login/?next=%2Fadmin%2Fcouncil%2Fmeeting%2F"


def test_signing_out_needs_a_post_and_ends_the_session(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.skt_liaison)
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").status_code == 302
    assert client.get("/commitments/").status_code == 302


def test_the_accounts_of_a_demonstration_are_not_shown_elsewhere(client: Client, cast: Cast) -> None:
    assert "demo_accounts" not in client.get("/login/").context
