"""A seat is held from a day to a day, and what follows from it ends with it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from council.core.actor import Actor
from council.core.errors import DomainError
from council.core.models import AuditEntry
from council.parties.models import Body, Organisation, Person, Seat
from council.parties.operations import end_seat

SECRETARY = Actor(label="간사", user_id=3)
FROM, UNTIL = date(2026, 4, 9), date(2026, 12, 31)


def a_person(name: str = "위원", organisation: str = "SKT") -> Person:
    return Person.objects.create(name_ko=name, organisation=Organisation.objects.get(code=organisation))


def a_seat(body: Body, person: Person | None = None, **values: Any) -> Seat:
    columns = {"role": "member", "starts_on": FROM} | values
    return Seat.objects.create(body=body, person=person or a_person(), **columns)


@pytest.mark.parametrize(
    ("day", "held"),
    [
        (date(2026, 4, 8), False),
        (FROM, True),
        (date(2026, 8, 1), True),
        (UNTIL, True),
        (date(2027, 1, 1), False),
    ],
)
def test_a_seat_is_held_from_its_first_to_its_last_day(council: Body, day: date, held: bool) -> None:
    a_seat(council, ends_on=UNTIL)
    assert Seat.objects.valid_on(day).exists() is held


def test_a_seat_without_an_end_is_held_from_its_first_day_on(council: Body) -> None:
    seat = a_seat(council)
    assert list(Seat.objects.valid_on(date(2026, 4, 8))) == []
    assert list(Seat.objects.valid_on(date(2036, 4, 9))) == [seat]


def test_a_seat_of_one_day_is_held_on_that_day(council: Body) -> None:
    a_seat(council, ends_on=FROM)
    days = [date(2026, 4, 8), FROM, date(2026, 4, 10)]
    assert [Seat.objects.valid_on(day).exists() for day in days] == [False, True, False]


def test_a_seat_does_not_end_before_it_starts(council: Body) -> None:
    seat = a_seat(council)
    with pytest.raises(IntegrityError, match="seat_ends_after_it_starts"), transaction.atomic():
        Seat.objects.filter(pk=seat.pk).update(ends_on=date(2026, 4, 8))
    assert Seat.objects.filter(pk=seat.pk).update(ends_on=FROM) == 1


def test_a_body_has_one_chair_who_is_not_acting(council: Body, ciso: Body) -> None:
    first = a_seat(council, role="chair")
    second = Seat(body=council, person=a_person("다른 사람"), role="chair", starts_on=FROM)
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.bulk_create([second])
    with pytest.raises(ValidationError):
        second.full_clean()
    a_seat(ciso, role="chair")
    a_seat(council, a_person("대행"), role="chair", acting=True)
    a_seat(council, a_person("또 다른 대행"), role="chair", acting=True)
    end_seat(first, by=SECRETARY, on=UNTIL)
    second.full_clean()
    second.save()
    assert Seat.objects.filter(body=council, role="chair", acting=False, ends_on=None).get() == second


def test_a_person_holds_a_seat_once_at_a_time(council: Body, ciso: Body) -> None:
    person = a_person()
    first = a_seat(council, person)
    with pytest.raises(IntegrityError), transaction.atomic():
        a_seat(council, person)
    a_seat(ciso, person)
    a_seat(council, person, role="liaison")
    end_seat(first, by=SECRETARY, on=UNTIL)
    assert a_seat(council, person, starts_on=date(2027, 1, 1)).pk


def test_a_seat_that_is_ended_is_held_to_the_end_of_that_day_and_it_is_written_down(council: Body) -> None:
    seat = a_seat(council)
    end_seat(seat, by=SECRETARY, on=UNTIL)
    assert Seat.objects.get().ends_on == UNTIL
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor, entry.target_id) == ("seat.ended", "간사", str(seat.pk))
    assert (entry.before["ends_on"], entry.after["ends_on"]) == (None, "2026-12-31")


def test_a_seat_may_end_on_the_day_it_starts_and_not_before(council: Body) -> None:
    seat = a_seat(council)
    with pytest.raises(DomainError) as refusal:
        end_seat(seat, by=SECRETARY, on=date(2026, 4, 8))
    assert refusal.value.field == "on"
    assert (Seat.objects.get().ends_on, AuditEntry.objects.count()) == (None, 0)
    end_seat(seat, by=SECRETARY, on=FROM)
    assert Seat.objects.get().ends_on == FROM


def test_a_seat_that_has_ended_is_not_prolonged(council: Body) -> None:
    seat = a_seat(council)
    end_seat(seat, by=SECRETARY, on=UNTIL)
    with pytest.raises(DomainError):
        end_seat(seat, by=SECRETARY, on=date(2036, 12, 31))
    assert Seat.objects.get().ends_on == UNTIL


def test_a_seat_is_named_by_its_role(council: Body) -> None:
    seat = a_seat(council)
    assert str(seat) == seat.get_role_display()


def test_a_seat_that_ends_at_once_does_not_count_on_that_day_but_on_those_before(council: Body) -> None:
    seat = a_seat(council)
    end_seat(seat, by=SECRETARY, on=date(2026, 8, 1), at_once=True)
    days = [date(2026, 7, 31), date(2026, 8, 1), date(2026, 8, 2)]
    assert [Seat.objects.valid_on(day).exists() for day in days] == [True, False, False]
    assert AuditEntry.objects.get().after["cut_short"] is True


def test_a_seat_that_has_not_ended_was_not_cut_short(council: Body) -> None:
    seat = a_seat(council)
    with pytest.raises(IntegrityError, match="seat_cut_short_has_ended"), transaction.atomic():
        Seat.objects.filter(pk=seat.pk).update(cut_short=True)
