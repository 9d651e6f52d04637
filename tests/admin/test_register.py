"""People, seats, closures and accounts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from council.core.models import AuditEntry, Closure
from council.mail.models import Notice
from council.parties.models import Person, Seat, User
from tests.admin.forms import everything_said, filled, refusals
from tests.factories import Cast
from tests.factories.cast import PASSWORD
from tests.factories.second_factor import an_app

type SignIn = Callable[[User], Client]


@pytest.mark.parametrize("who", ["secretary", "accounts"])
def test_a_closure_is_kept_and_written_down(cast: Cast, as_user: SignIn, who: str) -> None:
    client, add = as_user(getattr(cast, who)), "/admin/council/closure/add/"
    assert client.post(add, filled(client.get(add), date="2027-02-05", name="임시공휴일")).status_code == 302
    assert Closure.objects.get().date == date(2027, 2, 5)
    assert AuditEntry.objects.get(verb="closure.added").actor_user_id == getattr(cast, who).pk


def test_the_same_day_is_not_closed_twice(cast: Cast, as_user: SignIn) -> None:
    Closure.objects.create(date=date(2027, 2, 5), name="임시공휴일")
    client, add = as_user(cast.secretary), "/admin/council/closure/add/"
    response = client.post(add, filled(client.get(add), date="2027-02-05", name="Again"))
    assert (response.status_code, list(refusals(response))) == (200, ["date"])


def test_a_seat_is_ended_with_a_day(cast: Cast, as_user: SignIn) -> None:
    client, seat = as_user(cast.secretary), Seat.objects.get(person=cast.kt_liaison.person, body=cast.council)
    address = f"/admin/council/seat/{seat.pk}/do/end/"
    assert client.post(address, {"on": "2026-04-01"}).status_code == 422
    assert client.post(address, {"on": ""}).status_code == 422
    assert client.post(address, {"on": "2026-11-30"}).status_code == 302
    seat.refresh_from_db()
    assert seat.ends_on == date(2026, 11, 30)
    assert AuditEntry.objects.get(verb="seat.ended").target_id == str(seat.pk)


def test_a_seat_is_proposed_from_today(cast: Cast, as_user: SignIn) -> None:
    form = as_user(cast.secretary).get("/admin/council/seat/add/").context["adminform"].form
    assert form["starts_on"].value() == date(2026, 11, 24)


def test_a_body_has_one_chair(cast: Cast, as_user: SignIn) -> None:
    client, add = as_user(cast.secretary), "/admin/council/seat/add/"
    given = {"body": cast.council.pk, "person": cast.nobody.person_id, "role": "chair", "starts_on": "2026-11-24"}
    seats = Seat.objects.count()
    response = client.post(add, filled(client.get(add), **given))
    assert (response.status_code, Seat.objects.count()) == (200, seats)
    assert everything_said(response) != []


def test_only_the_administrator_of_accounts_makes_one(cast: Cast, as_user: SignIn) -> None:
    person = Person.objects.create(name_ko="새 담당자", organisation=cast.kt, email="new@kt.test")
    add = "/admin/council/user/add/"
    assert as_user(cast.secretary).get(add).status_code == 403
    client = as_user(cast.accounts)
    given = {"email": "new@kt.test", "person": person.pk, "language": "ko"}
    response = client.post(add, filled(client.get(add), **given))
    assert response.status_code == 302, refusals(response)
    account = User.objects.get(email="new@kt.test")
    assert (account.person, account.is_staff, account.has_usable_password()) == (person, False, False)
    entry = AuditEntry.objects.get(verb="user.added")
    assert entry.actor_user_id == cast.accounts.pk
    assert account.password not in str(entry.after)
    assert Notice.objects.get(kind="account_invited").recipient == person


@pytest.mark.parametrize("email", ["liaison@skt.test", "Liaison@SKT.test", "no address", ""])
def test_an_account_that_cannot_be_is_refused(cast: Cast, as_user: SignIn, email: str) -> None:
    client, add = as_user(cast.accounts), "/admin/council/user/add/"
    given = {"email": email}
    users = User.objects.count()
    response = client.post(add, filled(client.get(add), **given))
    assert (response.status_code, User.objects.count()) == (200, users)


@pytest.mark.parametrize("who", ["accounts", "secretary"])
def test_nobody_sets_somebody_elses_password(cast: Cast, as_user: SignIn, who: str) -> None:
    phrase = "another-long-phrase"
    client = as_user(getattr(cast, who))
    client.post(
        f"/admin/council/user/{cast.kt_liaison.pk}/password/",
        {"usable_password": "true", "password1": phrase, "password2": phrase},
    )
    change = f"/admin/council/user/{cast.kt_liaison.pk}/change/"
    client.post(change, {"email": cast.kt_liaison.email, "language": "ko", "is_active": "on", "password": phrase})
    kept = User.objects.get(pk=cast.kt_liaison.pk)
    assert (kept.check_password(PASSWORD), kept.password == phrase) == (True, False)


def test_the_secretary_invites_from_a_persons_page_and_makes_no_staff(cast: Cast, as_user: SignIn) -> None:
    person = Person.objects.create(name_ko="새 담당자", organisation=cast.kt, email="new@kt.test")
    invite = f"/admin/council/person/{person.pk}/do/invite/"
    as_user(cast.kt_liaison).post(invite)
    assert not User.objects.filter(person=person).exists()
    assert as_user(cast.secretary).post(invite, {"is_staff": "on"}).status_code == 302
    account = User.objects.get(person=person)
    assert (account.is_staff, account.is_superuser, account.is_active) == (False, False, True)


def test_the_administrator_of_accounts_resets_a_second_factor_with_a_reason(cast: Cast, as_user: SignIn) -> None:
    an_app(cast.kt_liaison)
    reset = f"/admin/council/user/{cast.kt_liaison.pk}/do/reset_second_factor/"
    assert as_user(cast.secretary).post(reset, {"reason": "x"}).status_code in {403, 404}
    client = as_user(cast.accounts)
    assert client.post(reset, {}).status_code == 422
    assert Authenticator.objects.filter(user=cast.kt_liaison).exists()
    assert client.post(reset, {"reason": "Lost phone"}).status_code == 302
    assert not Authenticator.objects.filter(user=cast.kt_liaison).exists()


def test_a_seat_ends_at_once_or_with_a_day_and_not_both(cast: Cast, as_user: SignIn) -> None:
    seat = Seat.objects.get(person=cast.kt_liaison.person_id, body=cast.council)
    client, end = as_user(cast.secretary), f"/admin/council/seat/{seat.pk}/do/end/"
    for wrong in ({}, {"on": "2026-12-31", "at_once": "on"}):
        assert client.post(end, wrong).status_code == 422
    assert client.post(end, {"at_once": "on"}).status_code == 302
    seat.refresh_from_db()
    assert (seat.ends_on, seat.cut_short) == (date(2026, 11, 24), True)


def test_ones_own_password_is_changed_where_everybody_changes_it(cast: Cast, as_user: SignIn) -> None:
    assert as_user(cast.secretary).get("/admin/password_change/")["Location"] == "/account/password/"
