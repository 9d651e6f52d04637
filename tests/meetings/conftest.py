"""Two bodies with a few steps: quicker than the whole seed, and as much as a rule about meetings needs."""

from __future__ import annotations

import pytest

from council.meetings.models import DeadlineTemplate
from council.parties.models import Body, Organisation, Person, Seat, User
from tests.factories import an_account, seat

REGULAR_STEPS = [("agenda_call", -20, "business"), ("notice", -8, "calendar"), ("minutes_circulated", 3, "business")]


@pytest.fixture
def council(db: None) -> Body:
    body = Body.objects.create(code="council", name_ko="협의체", name_en="Council")
    for kind, offset, unit in REGULAR_STEPS:
        DeadlineTemplate.objects.create(body=body, kind=kind, offset=offset, unit=unit)
    DeadlineTemplate.objects.create(body=body, meeting_kind="extraordinary", kind="notice", offset=-24, unit="hours")
    return body


@pytest.fixture
def ciso(council: Body) -> Body:
    body = Body.objects.create(code="ciso", name_ko="실무협의체", name_en="Working group", parent=council)
    DeadlineTemplate.objects.create(body=body, kind="agenda_call", offset=-10)
    return body


@pytest.fixture
def ministry(db: None) -> Organisation:
    return Organisation.objects.create(code="MSIT", kind="ministry", name_ko="과기정통부", name_en="MSIT")


@pytest.fixture
def secretary(council: Body, ministry: Organisation) -> User:
    user = an_account("secretary@msit.test", "MSIT", is_staff=True)
    seat(user, "council", "secretary")
    return user


@pytest.fixture
def member(council: Body, ministry: Organisation) -> Person:
    """Somebody seated who has no account."""
    person = Person.objects.create(name_ko="위원", organisation=ministry, email="member@msit.test")
    Seat.objects.create(body=council, person=person, role="member", starts_on="2026-04-09")
    return person
