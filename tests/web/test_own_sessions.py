"""Everybody sees where their account is signed in, and ends it there; nobody ends somebody else's."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from council.core.actor import Actor
from council.core.models import AuditEntry
from council.parties.models import Seat, User
from council.parties.operations import end_seat
from council.web.browsers import in_words
from council.workflows.give_access import reset_second_factor
from tests.factories import TODAY, Cast, an_action, link
from tests.factories.cast import PASSWORD
from tests.factories.cast import seat as a_seat
from tests.factories.second_factor import an_app, code_of, signed_in

TESTER = Actor.system("test")


def elsewhere(user: User) -> Client:
    """A second session of the same account, half a minute later on the app's clock."""
    client = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Whale/4.28"})
    an_app(user)
    client.post("/login/", {"login": user.email, "password": PASSWORD})
    assert client.post("/login/code/", {"code": code_of(ahead=1)}).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get("/commitments/").status_code == 200


def test_the_list_names_ones_own_sessions_and_marks_this_one(cast: Cast) -> None:
    here, there = signed_in(cast.skt_liaison), elsewhere(cast.skt_liaison)
    signed_in(cast.kt_liaison)
    page = here.get("/account/sessions/")
    assert sorted(s.browser for s in page.context["sessions"]) == ["Whale · Windows", "–"]
    assert {s.user_id for s in page.context["sessions"]} == {cast.skt_liaison.pk}
    assert is_in(there)


def test_one_of_them_is_ended(cast: Cast) -> None:
    here, there = signed_in(cast.skt_liaison), elsewhere(cast.skt_liaison)
    theirs = UserSession.objects.get(session_key=there.session.session_key)
    here.post("/account/sessions/", {"session": theirs.pk})
    assert (is_in(here), is_in(there)) == (True, False)
    assert AuditEntry.objects.get(verb="account.sessions_ended").actor_user_id == cast.skt_liaison.pk


def test_all_others_are_ended_and_nobody_elses(cast: Cast) -> None:
    here, there, rival = signed_in(cast.skt_liaison), elsewhere(cast.skt_liaison), signed_in(cast.kt_liaison)
    here.post("/account/sessions/")
    assert (is_in(here), is_in(there), is_in(rival)) == (True, False, True)


@pytest.mark.parametrize("number", ["rival", "-1", "abc", "999999"])
def test_a_number_that_is_not_ones_own_ends_nothing(cast: Cast, number: str) -> None:
    here, there, rival = signed_in(cast.skt_liaison), elsewhere(cast.skt_liaison), signed_in(cast.kt_liaison)
    theirs = UserSession.objects.get(session_key=rival.session.session_key)
    here.post("/account/sessions/", {"session": theirs.pk if number == "rival" else number})
    assert (is_in(here), is_in(there), is_in(rival)) == (True, True, True)
    assert not AuditEntry.objects.filter(verb="account.sessions_ended").exists()


def test_a_new_password_ends_the_others(cast: Cast) -> None:
    here, there = signed_in(cast.skt_liaison), elsewhere(cast.skt_liaison)
    new = {"oldpassword": PASSWORD, "password1": "another-long-phrase", "password2": "another-long-phrase"}
    assert here.post("/account/password/", new).status_code == 302
    assert (is_in(here), is_in(there)) == (True, False)
    assert UserSession.objects.filter(user=cast.skt_liaison).count() == 1


def test_a_reset_of_the_second_factor_ends_all(cast: Cast) -> None:
    here, rival = signed_in(cast.skt_liaison), signed_in(cast.kt_liaison)
    reset_second_factor(cast.skt_liaison, by=TESTER, reason="Lost phone")
    assert (is_in(here), is_in(rival)) == (False, True)


def test_an_account_that_is_closed_is_out_with_the_next_request(cast: Cast) -> None:
    here = signed_in(cast.skt_liaison)
    User.objects.filter(pk=cast.skt_liaison.pk).update(is_active=False)
    assert not is_in(here)


def test_a_seat_that_ends_at_once_shows_nothing_with_the_next_request(cast: Cast) -> None:
    here, action = signed_in(cast.skt_liaison), an_action()
    assert here.get(link("action", action.pk)).status_code == 200
    first, second = Seat.objects.filter(person=cast.skt_liaison.person)
    end_seat(first, by=TESTER, on=TODAY, at_once=True)
    assert is_in(here)
    end_seat(second, by=TESTER, on=TODAY, at_once=True)
    assert here.get(link("action", action.pk)).status_code == 302
    again = Client()
    again.force_login(cast.skt_liaison)
    assert again.get(link("action", action.pk)).status_code == 404


def test_a_seat_of_the_first_day_ends_at_once_too(cast: Cast) -> None:
    seat = a_seat(cast.nobody, "council", "observer", starts_on=TODAY)
    assert Seat.objects.valid_on(TODAY).filter(pk=seat.pk).exists()
    end_seat(seat, by=TESTER, on=TODAY, at_once=True)
    assert not Seat.objects.valid_on(TODAY).filter(pk=seat.pk).exists()


def test_a_seat_that_ends_with_the_day_still_shows_today(cast: Cast) -> None:
    here = signed_in(cast.skt_liaison)
    for seat in Seat.objects.filter(person=cast.skt_liaison.person):
        end_seat(seat, by=TESTER, on=TODAY)
    assert is_in(here)


@pytest.mark.parametrize(
    ("says", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0.0.0 Safari/537.36 Edg/130.0", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari · iPhone"),
        (
            "Mozilla/5.0 (Linux; Android 14) SamsungBrowser/26.0 Chrome/122.0",
            "Samsung Internet · Android",
        ),
        ("curl/8.0", "–"),
        ("", "–"),
    ],
)
def test_a_browser_in_words(says: str, words: str) -> None:
    assert in_words(says) == words
