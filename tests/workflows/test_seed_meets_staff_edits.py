"""The seed runs again over whatever staff did in the meantime, and leaves it alone."""

from __future__ import annotations

import pytest

from council.meetings.models import Meeting
from council.parties.models import Organisation, Person
from council.workflows.seed_council import seed_council
from tests.factories import TODAY, a_meeting

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_a_namesake_does_not_stop_it(seeded: None) -> None:
    Person.objects.create(name_ko="홍범식", organisation=Organisation.objects.get(code="KISA"))
    assert seed_council(today=TODAY) == 0


def test_somebody_who_changed_organisation_is_not_made_twice(seeded: None) -> None:
    Person.objects.filter(name_ko="홍범식").update(organisation=Organisation.objects.get(code="KISA"))
    assert seed_council(today=TODAY) == 0
    assert Person.objects.get(name_ko="홍범식").organisation.code == "KISA"


def test_a_second_founding_meeting_does_not_stop_it(seeded: None) -> None:
    a_meeting(kind="founding")
    assert seed_council(today=TODAY) == 0
    assert Meeting.objects.filter(kind="founding").count() == 2
