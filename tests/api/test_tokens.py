"""Access tokens: made on one's own page, shown once, limited, revoked, over."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from time_machine import Traveller

from council.api.schemas import key_of
from council.core.models import AuditEntry
from council.mail.models import Notice
from council.parties.accounts import choose_password
from council.parties.models import AccessToken, SignInFailure, User
from council.parties.tokens import MOST, PREFIX, RATE, give_token
from council.workflows.give_access import change_account, reset_second_factor
from tests.api.conftest import Program, a_token
from tests.factories import Cast, actor_of, link, seat
from tests.factories.second_factor import an_app
from tests.reports.steps import IN_TIME, a_report

type SignIn = Callable[[User], Client]

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
PAGE = "/account/tokens/"
FORM = {"name": "Tracker", "scope": "write", "expires_on": "2027-12-31"}


def secret_on(answer: Any) -> str:
    found = re.search(rf"{PREFIX}[A-Za-z0-9_-]{{40,}}", answer.text)
    return found[0] if found else ""


def test_a_token_is_made_shown_once_and_opens_the_api(cast: Cast, as_user: SignIn) -> None:
    an_app(cast.skt_liaison)
    client = as_user(cast.skt_liaison)
    answer = client.post(PAGE, FORM)
    secret = secret_on(answer)
    assert secret
    assert secret not in client.get(PAGE).text
    assert secret not in AccessToken.objects.values_list("digest", flat=True)
    assert Program(secret)("get", "/me").status_code == 200
    assert "Tracker" in client.get(PAGE).text


def test_without_the_second_factor_no_token_is_made(cast: Cast, as_user: Callable[..., Client]) -> None:
    client = as_user(cast.skt_liaison, second_factor=False)
    assert (client.post(PAGE, FORM)["Location"], AccessToken.objects.count()) == ("/account/", 0)


def test_revoked_it_opens_nothing_and_nobody_elses_can_be(cast: Cast, as_user: SignIn) -> None:
    made = a_token(cast.skt_liaison)
    address = link("token_revoke", made.token.pk)
    for other in (cast.kt_liaison, cast.skt_ciso, cast.secretary, cast.accounts):
        assert as_user(other).post(address).status_code == 404
    assert Program(made.secret)("get", "/me").status_code == 200
    assert as_user(cast.skt_liaison).post(address).status_code == 302
    assert Program(made.secret)("get", "/me").status_code == 401


@pytest.mark.parametrize("day", ["2027-01-19", "2028-03-01"])
def test_it_is_good_for_a_year_at_the_most_and_not_for_yesterday(cast: Cast, as_user: SignIn, day: str) -> None:
    assert as_user(cast.skt_liaison).post(PAGE, FORM | {"expires_on": day}).status_code == 422
    assert AccessToken.objects.count() == 0


def test_over_it_opens_nothing(cast: Cast, clock: Traveller) -> None:
    made = a_token(cast.skt_liaison, until=date(2027, 1, 21))
    asks = Program(made.secret)
    clock.move_to(IN_TIME + timedelta(days=1), tick=False)
    assert asks("get", "/me").status_code == 200
    clock.move_to(IN_TIME + timedelta(days=2), tick=False)
    assert asks("get", "/me").status_code == 401


def test_more_than_a_handful_are_refused(cast: Cast, as_user: SignIn) -> None:
    for _turn in range(MOST):
        a_token(cast.skt_liaison)
    assert as_user(cast.skt_liaison).post(PAGE, FORM).status_code == 422


def test_a_closed_account_a_new_address_and_a_reset_factor_end_its_tokens(cast: Cast) -> None:
    by = actor_of(cast.accounts)
    closed, reset = a_token(cast.skt_liaison), a_token(cast.kt_liaison)
    user = User.objects.get(pk=cast.skt_liaison.pk)
    user.is_active = False
    change_account(user, by=by)
    reset_second_factor(User.objects.get(pk=cast.kt_liaison.pk), by=by, reason="lost")
    an_app(cast.kt_liaison)
    assert [Program(made.secret)("get", "/me").status_code for made in (closed, reset)] == [401, 401]
    User.objects.filter(pk=user.pk).update(is_active=True)
    assert Program(closed.secret)("get", "/me").status_code == 401


def test_a_new_password_ends_its_tokens(cast: Cast) -> None:
    made = a_token(cast.skt_liaison)
    choose_password(cast.skt_liaison, by=actor_of(cast.skt_liaison), password="another-password-of-the-tests")
    assert Program(made.secret)("get", "/me").status_code == 401


def test_it_does_not_follow_its_person_to_a_rival(cast: Cast) -> None:
    made, person = a_token(cast.skt_liaison), cast.skt_liaison.person
    assert person is not None
    person.seats.all().delete()
    type(person).objects.filter(pk=person.pk).update(organisation=cast.kt)
    seat(cast.skt_liaison, "council", "liaison")
    assert Program(made.secret)("get", "/me").status_code == 401


def test_it_is_no_way_around_the_second_factor(cast: Cast) -> None:
    by = actor_of(cast.skt_liaison)
    made = give_token(cast.skt_liaison, name="t", scope="read", expires_on=IN_TIME.date(), by=by, now=IN_TIME)
    asks = Program(made.secret)
    assert asks("get", "/reports").status_code == 403
    an_app(cast.skt_liaison)
    assert asks("get", "/reports").status_code == 200


def test_its_owner_is_told_and_the_record_says_by_which_token(cast: Cast, as_user: SignIn) -> None:
    an_app(cast.skt_liaison)
    secret = secret_on(as_user(cast.skt_liaison).post(PAGE, FORM))
    assert Notice.objects.filter(kind="account_token", recipient=cast.skt_liaison.person).count() == 1
    report = a_report()
    Program(secret)("get", f"/reports/{key_of('report', report.pk)}")
    entry = AuditEntry.objects.get(verb="report.read")
    assert AccessToken.objects.get().mark in entry.actor


def test_whose_seat_has_ended_reads_no_more_by_a_token_either(cast: Cast) -> None:
    asks = Program(a_token(cast.former_liaison).secret)
    assert asks("get", "/commitments").json() == []
    assert Program(a_token(cast.skt_liaison).secret)("get", "/commitments").json() != []


def test_a_minute_holds_so_many_requests_and_no_more(cast: Cast, clock: Traveller) -> None:
    asks, other = Program(a_token(cast.skt_liaison).secret), Program(a_token(cast.kt_liaison).secret)
    assert {asks("get", "/me").status_code for _turn in range(RATE)} == {200}
    refused = asks("get", "/me")
    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    assert other("get", "/me").status_code == 200
    clock.move_to(IN_TIME + timedelta(minutes=1), tick=False)
    assert asks("get", "/me").status_code == 200


def test_wrong_tokens_are_counted_like_wrong_passwords(cast: Cast) -> None:
    asks = Program(f"{PREFIX}wrong")
    codes = [asks("get", "/me").status_code for _turn in range(7)]
    assert codes == [401] * 5 + [429] * 2
    assert AuditEntry.objects.filter(verb="token.used", refused=True).count() == 5
    assert SignInFailure.objects.filter(step="token").count() == 5
    assert Program(a_token(cast.skt_liaison).secret)("get", "/me").status_code == 200


def test_a_browsers_cookie_opens_nothing_here(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.skt_liaison)
    answer = client.get("/api/v1/reports")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_looking_through_somebodys_eyes_makes_no_token(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.secretary)
    client.post("/view-as/", {"person": cast.skt_liaison.person_id})
    assert client.post(PAGE, FORM).status_code == 403
    assert AccessToken.objects.count() == 0


def test_nothing_here_is_kept_by_a_cache(cast: Cast) -> None:
    answer = Program(a_token(cast.skt_liaison).secret)("get", "/reports")
    assert answer["Cache-Control"] == "no-store, private"
