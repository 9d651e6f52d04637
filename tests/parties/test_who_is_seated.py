"""Who holds a seat, who is too high to be written to by itself, and whose office gets a copy."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from council.parties.models import Body, Organisation, Person, Seat
from council.parties.queries import high_ranking, office_contacts, people_seated

DAY = date(2026, 11, 24)
ENDED = date(2026, 11, 23)


def a_person(name: str, email: str = "") -> Person:
    return Person.objects.create(name_ko=name, organisation=Organisation.objects.get(code="SKT"), email=email)


def seated(body: Body, person: Person, role: str, **values: Any) -> Seat:
    return Seat.objects.create(body=body, person=person, role=role, **{"starts_on": date(2026, 4, 9)} | values)


def test_people_seated_are_those_of_a_body_with_one_of_the_roles_on_a_day(council: Body, ciso: Body) -> None:
    liaison, member, elsewhere, former, future = map(a_person, ("담당자", "위원", "다른 곳", "전임", "후임"))
    seated(council, liaison, "liaison")
    seated(council, member, "member")
    seated(ciso, elsewhere, "liaison")
    seated(council, former, "liaison", ends_on=ENDED)
    seated(council, future, "liaison", starts_on=date(2026, 11, 25))
    assert list(people_seated(council.pk, ["liaison"], on=DAY)) == [liaison]
    assert set(people_seated(council.pk, ["liaison", "member"], on=DAY)) == {liaison, member}
    assert set(people_seated(council.pk, ["liaison"], on=ENDED)) == {liaison, former}
    assert list(people_seated(council.pk, [], on=DAY)) == []


def test_somebody_with_two_seats_is_seated_once(council: Body) -> None:
    person = a_person("위원")
    seated(council, person, "member")
    seated(council, person, "liaison")
    assert list(people_seated(council.pk, ["liaison", "member"], on=DAY)) == [person]


@pytest.mark.parametrize(
    ("body", "role", "high"),
    [
        ("council", "chair", True),
        ("council", "member", True),
        ("council", "approver", True),
        ("council", "liaison", False),
        ("council", "secretary", False),
        ("council", "observer", False),
        ("ciso", "chair", True),
        ("ciso", "member", False),
        ("ciso", "approver", True),
    ],
)
@pytest.mark.usefixtures("ciso")
def test_chairs_members_of_the_council_and_approvers_are_high_ranking(body: str, role: str, high: bool) -> None:
    person = a_person("누군가")
    seated(Body.objects.get(code=body), person, role)
    assert (high_ranking([person], on=DAY) == {person.pk}) is high


def test_rank_ends_with_the_seat(council: Body) -> None:
    person = a_person("전임 대표")
    seated(council, person, "member", ends_on=ENDED)
    assert (high_ranking([person], on=ENDED), high_ranking([person], on=DAY)) == ({person.pk}, set())


def test_somebody_elses_rank_does_not_count(council: Body) -> None:
    chief, other = a_person("대표"), a_person("누군가")
    seated(council, chief, "member")
    assert (high_ranking([other], on=DAY), high_ranking([other, chief], on=DAY)) == (set(), {chief.pk})


def test_the_office_of_a_seat_receives_copies_each_person_once(council: Body, ciso: Body) -> None:
    chief, office = a_person("대표"), a_person("비서실", "office@skt.test")
    for seat in (seated(council, chief, "member"), seated(ciso, chief, "member")):
        seat.office_contacts.add(office)
    assert list(office_contacts(chief, on=DAY)) == [office]
    assert list(office_contacts(office, on=DAY)) == []


def test_contacts_without_an_address_the_person_itself_and_those_of_ended_seats_receive_none(council: Body) -> None:
    chief = a_person("대표", "ceo@skt.test")
    office, silent, former = (
        a_person("비서실", "office@skt.test"),
        a_person("주소 없음"),
        a_person("전임", "old@skt.test"),
    )
    seated(council, chief, "member").office_contacts.set([office, silent, chief])
    seated(council, chief, "liaison", ends_on=ENDED).office_contacts.add(former)
    assert list(office_contacts(chief, on=DAY)) == [office]
    assert set(office_contacts(chief, on=ENDED)) == {office, former}
