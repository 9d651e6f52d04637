"""A session ends after half an hour without a request, and after eight hours whatever happens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from time_machine import Traveller

from tests.factories import Cast, link
from tests.factories.cast import PASSWORD
from tests.factories.second_factor import signed_in

type SignIn = Callable[..., Client]
MINUTE = timedelta(minutes=1)


def test_a_session_lasts_while_somebody_works_and_ends_half_an_hour_after(
    cast: Cast, as_user: SignIn, clock: Traveller
) -> None:
    client = as_user(cast.skt_liaison)
    for _ in range(3):
        clock.shift(29 * MINUTE)
        assert client.get("/commitments/").status_code == 200
    clock.shift(31 * MINUTE)
    answer = client.get("/commitments/?pillar=security")
    asked = parse_qs(urlsplit(answer["Location"]).query)
    assert (urlsplit(answer["Location"]).path, asked) == (
        "/login/",
        {"next": ["/commitments/?pillar=security"], "ended": ["page"]},
    )
    assert client.get("/commitments/").status_code == 302


def test_a_session_ends_eight_hours_after_signing_in_whatever_happens(
    cast: Cast, as_user: SignIn, clock: Traveller
) -> None:
    client = as_user(cast.skt_liaison)
    for _ in range(19):
        clock.shift(25 * MINUTE)
        assert client.get("/commitments/").status_code == 200
    clock.shift(5 * MINUTE)
    assert client.get("/commitments/").status_code == 302


def test_what_a_page_asks_by_itself_keeps_no_session_alive(cast: Cast, as_user: SignIn, clock: Traveller) -> None:
    client = as_user(cast.skt_liaison)
    clock.shift(20 * MINUTE)
    assert client.get("/session/").json()["seconds_left"] == 10 * 60
    assert client.get("/commitments/", headers={"X-By-Itself": "1"}).status_code == 200
    clock.shift(11 * MINUTE)
    assert client.get("/commitments/").status_code == 302


def test_whoever_wishes_to_stay_stays(cast: Cast, as_user: SignIn, clock: Traveller) -> None:
    client = as_user(cast.skt_liaison)
    clock.shift(29 * MINUTE)
    assert client.post("/session/").json() == {"seconds_left": 30 * 60, "ends_at": "10:59"}
    clock.shift(29 * MINUTE)
    assert client.get("/commitments/").status_code == 200


def test_another_site_cannot_keep_a_session_alive(cast: Cast, clock: Traveller) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.skt_liaison)
    assert client.post("/session/").status_code == 403


def test_a_form_that_comes_too_late_is_said_not_to_have_been_kept(
    cast: Cast, as_user: SignIn, clock: Traveller
) -> None:
    client, form = as_user(cast.skt_liaison), link("action_report", 1)
    clock.shift(40 * MINUTE)
    answer = client.post(form, {"text": "x"}, headers={"referer": f"http://testserver{form}"})
    page = client.get(answer["Location"])
    assert page.context["ended"] == "form"
    assert page.context["redirect_field_value"] == f"http://testserver{form}"


@pytest.mark.parametrize("referer", ["https://evil.test/", "", "javascript:alert(1)"])
def test_the_way_back_after_the_end_stays_on_this_site(
    cast: Cast, as_user: SignIn, clock: Traveller, referer: str
) -> None:
    client = as_user(cast.skt_liaison)
    clock.shift(40 * MINUTE)
    answer = client.post(link("action_submit", 1), headers={"referer": referer})
    assert parse_qs(urlsplit(answer["Location"]).query)["next"] == ["/"]


def test_every_page_says_until_when_the_session_lasts(cast: Cast, as_user: SignIn, clock: Traveller) -> None:
    portal, administration = as_user(cast.skt_liaison).get("/"), as_user(cast.secretary).get("/admin/")
    for page in (portal, administration):
        assert "10:30" in page.text
        assert 'data-seconds-left="1800"' in page.text
        assert "council/js/session.js" in page.text


def test_signing_in_again_starts_the_clock_anew(cast: Cast, clock: Traveller) -> None:
    client = signed_in(cast.skt_liaison)
    clock.shift(31 * MINUTE)
    assert client.get("/").status_code == 302
    client.post("/login/", {"login": cast.skt_liaison.email, "password": PASSWORD})
    signed_in(cast.skt_liaison, client)
    assert client.get("/").status_code == 200
