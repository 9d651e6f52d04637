"""People, seats, closures and accounts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from council.core.models import AuditEntry, Closure
from council.parties.models import Person, Seat, User
from tests.admin.forms import everything_said, filled, refusals
from tests.factories import Cast

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
    given = {
        "email": "new@kt.test", "person": person.pk, "language": "ko", "usable_password": "true",
        "password1": "a-long-enough-phrase", "password2": "a-long-enough-phrase",
    }  # fmt: skip
    response = client.post(add, filled(client.get(add), **given))
    assert response.status_code == 302, refusals(response)
    account = User.objects.get(email="new@kt.test")
    assert (account.person, account.is_staff, account.check_password("a-long-enough-phrase")) == (person, False, True)
    entry = AuditEntry.objects.get(verb="user.added")
    assert entry.actor_user_id == cast.accounts.pk
    assert "a-long-enough-phrase" not in str(entry.after)
    assert account.password not in str(entry.after)


@pytest.mark.parametrize("email", ["liaison@skt.test", "Liaison@SKT.test", "no address", ""])
def test_an_account_that_cannot_be_is_refused(cast: Cast, as_user: SignIn, email: str) -> None:
    client, add = as_user(cast.accounts), "/admin/council/user/add/"
    given = {"email": email, "usable_password": "false"}
    users = User.objects.count()
    response = client.post(add, filled(client.get(add), **given))
    assert (response.status_code, User.objects.count()) == (200, users)


def test_a_new_password_for_somebody_is_written_down(cast: Cast, as_user: SignIn) -> None:
    entries = AuditEntry.objects.filter(target_type="user", target_id=str(cast.kt_liaison.pk))
    phrase = "another-long-phrase"
    response = as_user(cast.accounts).post(
        f"/admin/council/user/{cast.kt_liaison.pk}/password/",
        {"usable_password": "true", "password1": phrase, "password2": phrase},
    )
    assert response.status_code == 302
    assert User.objects.get(pk=cast.kt_liaison.pk).check_password(phrase)
    assert entries.count() == 1


def test_the_secretary_gives_nobody_a_password(cast: Cast, as_user: SignIn) -> None:
    address = f"/admin/council/user/{cast.kt_liaison.pk}/password/"
    phrase = "another-long-phrase"
    response = as_user(cast.secretary).post(address, {"password1": phrase, "password2": phrase})
    assert response.status_code == 403
    assert not User.objects.get(pk=cast.kt_liaison.pk).check_password(phrase)
