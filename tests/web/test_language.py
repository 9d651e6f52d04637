"""Korean first, English on request."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from council.parties.models import User
from tests.factories import Cast

type SignIn = Callable[[User], Client]


def language_of(client: Client, address: str = "/login/") -> str:
    return client.get(address)["Content-Language"]


def test_a_visitor_is_answered_in_korean_whatever_the_browser_says(client: Client, cast: Cast) -> None:
    assert client.get("/login/", headers={"accept-language": "en"})["Content-Language"] == "ko"


def test_a_visitor_chooses_by_a_cookie(client: Client, cast: Cast) -> None:
    response = client.post("/language/", {"language": "en", "next": "/login/"})
    assert (response.status_code, response["Location"]) == (302, "/login/")
    cookie = response.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("en", True, "Lax")
    assert language_of(client) == "en"


def test_the_choice_stays_on_the_account(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.skt_liaison)
    client.post("/language/", {"language": "en", "next": "/commitments/"})
    assert User.objects.get(pk=cast.skt_liaison.pk).language == "en"
    assert language_of(as_user(cast.skt_liaison), "/commitments/") == "en"
    assert User.objects.get(pk=cast.kt_liaison.pk).language == "ko"


def test_the_account_counts_more_than_a_cookie_left_by_somebody_else(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.skt_liaison)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert language_of(client, "/commitments/") == "ko"


@pytest.mark.parametrize("language", ["", "de", "ko-KR", "../en"])
def test_a_language_that_is_not_offered_is_refused(cast: Cast, as_user: SignIn, language: str) -> None:
    client = as_user(cast.skt_liaison)
    assert client.post("/language/", {"language": language, "next": "/"}).status_code == 400
    assert User.objects.get(pk=cast.skt_liaison.pk).language == "ko"


def test_a_cookie_that_means_nothing_is_korean(client: Client, cast: Cast) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "xx"
    assert language_of(client) == "ko"


@pytest.mark.parametrize(
    "target", ["https://evil.test/", "//evil.test/", "javascript:alert(1)", "https:evil.test", r"/\evil.test", ""]
)
def test_the_way_back_stays_on_this_site(client: Client, cast: Cast, target: str) -> None:
    response = client.post("/language/", {"language": "en", "next": target})
    assert response["Location"] == "/"


def test_choosing_needs_a_post(client: Client, cast: Cast) -> None:
    assert client.get("/language/", {"language": "en"}).status_code == 405


def test_another_site_cannot_choose(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.skt_liaison)
    assert client.post("/language/", {"language": "en", "next": "/"}).status_code == 403
    assert User.objects.get(pk=cast.skt_liaison.pk).language == "ko"
