"""What staff have entered beside the founding facts does not stop them from being loaded again."""

from __future__ import annotations

import pytest

from council.meetings.models import Meeting
from council.parties.models import Organisation, Person
from council.workflows.seed_council import seed_council
from tests.factories import TODAY, a_meeting

pytestmark = pytest.mark.usefixtures("seeded")


def test_a_namesake_at_another_organisation_does_not_stop_the_seed() -> None:
    Person.objects.create(name_ko="홍범식", organisation=Organisation.objects.get(code="KISA"))
    assert seed_council(today=TODAY) == 0
    assert Person.objects.filter(name_ko="홍범식").count() == 2


def test_somebody_who_changed_employer_does_not_stop_the_seed_and_is_not_added_again() -> None:
    Person.objects.filter(name_ko="홍범식").update(organisation=Organisation.objects.get(code="KISA"))
    assert seed_council(today=TODAY) == 0
    assert Person.objects.get(name_ko="홍범식").organisation.code == "KISA"


def test_a_second_founding_meeting_does_not_stop_the_seed() -> None:
    a_meeting(kind="founding")
    assert seed_council(today=TODAY) == 0
    assert Meeting.objects.filter(body__code="council", kind="founding").count() == 2
