"""Loading the founding facts again adds nothing and takes nothing back that staff have done."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from council.core.models import AuditEntry
from council.declaration.models import Commitment, Indicator
from council.meetings.models import DeadlineTemplate, Meeting
from council.meetings.operations.schedule import cancel_meeting, convene_meeting
from council.parties.models import Body, Organisation, Person, Seat
from council.parties.operations import end_seat
from council.reminders.models import ReminderRule
from council.workflows.seed_council import seed_council
from tests.factories import TODAY, moment
from tests.factories.rows import TESTER
from tests.workflows.dump import everything

pytestmark = pytest.mark.usefixtures("seeded")


def test_seeding_three_times_leaves_the_same_rows_as_seeding_once() -> None:
    once, entries = everything(), AuditEntry.objects.count()
    assert sum(map(len, once.values())) > 250
    for days in (0, 200):
        assert seed_council(today=TODAY + timedelta(days=days)) == 0
        assert everything() == once
    assert AuditEntry.objects.count() == entries


def test_what_staff_have_changed_stays_as_they_made_it() -> None:
    Organisation.objects.filter(code="SKT").update(name_ko="고친 이름")
    Body.objects.filter(code="ciso").update(name_ko="고친 이름", cadence="as_needed")
    Person.objects.filter(name_ko="배경훈").update(position_ko="고친 직위", email="office@msit.test")
    Commitment.objects.filter(code="C01").update(title_ko="고친 제목", pillar=None, sensitivity="high")
    Commitment.objects.get(code="C03").parts.filter(part="co_owner").update(part="owner")
    Indicator.objects.filter(commitment__code="C01").update(target=100)
    DeadlineTemplate.objects.filter(body__code="council", kind="notice").update(offset=-10)
    ReminderRule.objects.filter(kind="action_due", offset=-7).update(active=False)
    Meeting.objects.filter(kind="founding").update(venue="고친 장소")
    edited = everything()
    assert seed_council(today=TODAY) == 0
    assert everything() == edited


def test_rules_steps_owners_and_links_that_staff_deleted_do_not_come_back() -> None:
    ReminderRule.objects.filter(kind="action_overdue").delete()
    DeadlineTemplate.objects.filter(kind="working_group").delete()
    Indicator.objects.filter(commitment__code="C06").delete()
    commitment = Commitment.objects.get(code="C17")
    commitment.tracked_through.clear()
    commitment.parts.filter(organisation__code="KT").delete()
    Commitment.objects.get(code="C03").target_groups.clear()
    without = everything()
    assert seed_council(today=TODAY) == 0
    assert everything() == without


def test_a_seat_that_has_ended_is_not_filled_again() -> None:
    chair = Seat.objects.get(body__code="council", role="chair")
    end_seat(chair, by=TESTER, on=date(2026, 10, 31))
    successor = Person.objects.create(name_ko="후임", organisation=chair.person.organisation)
    Seat.objects.create(body=chair.body, person=successor, role="chair", starts_on=date(2026, 11, 1))
    after = everything()
    assert seed_council(today=TODAY) == 0
    assert everything() == after


@pytest.mark.parametrize("step", ["convened", "cancelled"])
def test_a_body_that_has_planned_a_meeting_is_given_no_other(step: str) -> None:
    meeting = Meeting.objects.get(body__code="council", kind="regular")
    if step == "convened":
        convene_meeting(meeting, by=TESTER, now=moment("2026-11-24 09:00"), quiet=True)
    else:
        cancel_meeting(meeting, by=TESTER, now=moment("2026-11-24 09:00"), reason="일정", quiet=True)
    assert seed_council(today=TODAY) == 0
    assert Meeting.objects.filter(body__code="council", kind="regular").get().pk == meeting.pk


def test_a_commitment_that_was_deleted_comes_back_whole() -> None:
    """It is a founding fact: only staff's own practice stays deleted."""
    before = everything()["Indicator"]
    commitment = Commitment.objects.get(code="C01")
    commitment.delete()
    assert seed_council(today=TODAY) == 5
    again = Commitment.objects.get(code="C01")
    assert sorted(again.owners.values_list("code", flat=True)) == ["KT", "LGU", "SKT"]
    assert len(everything()["Indicator"]) == len(before)
