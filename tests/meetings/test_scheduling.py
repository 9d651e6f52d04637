"""Planning a meeting: what is kept, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation

from council.core.models import AuditEntry, Closure
from council.core.quarters import Quarter
from council.core.wording import day_text
from council.meetings.models import Deadline, Meeting
from council.meetings.operations.schedule import MeetingRefused, Plan, cancel_meeting, change_meeting
from council.parties.models import Body
from tests.factories import a_meeting, moment
from tests.factories.rows import TESTER

pytestmark = pytest.mark.usefixtures("council")
NOW = moment("2026-11-24 09:00")


def refusal(**plan: Any) -> MeetingRefused:
    """The refusal of a meeting that is all right but for what is given."""
    before = Meeting.objects.count(), Deadline.objects.count(), AuditEntry.objects.count()
    with pytest.raises(MeetingRefused) as error:
        a_meeting(**plan)
    assert (Meeting.objects.count(), Deadline.objects.count(), AuditEntry.objects.count()) == before
    return error.value


def test_a_planned_meeting_is_a_draft_without_a_number() -> None:
    meeting = Meeting.objects.get(pk=a_meeting(venue="서울", mode="video", title="제목").pk)
    assert (meeting.state, meeting.number, meeting.opened_at, meeting.sequence) == ("draft", None, None, 0)
    assert (meeting.starts_at, meeting.ends_at) == (moment("2027-05-20 10:00"), moment("2027-05-20 11:30"))
    assert (meeting.venue, meeting.mode, meeting.title, meeting.quarter) == ("서울", "video", "제목", Quarter(2027, 2))


def test_planning_is_written_down_once() -> None:
    meeting = a_meeting()
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.target_id, entry.after["quarter"]) == ("meeting.scheduled", str(meeting.pk), "2027-Q2")


def test_a_second_regular_meeting_in_a_quarter_is_refused() -> None:
    a_meeting()
    assert refusal(starts_at=moment("2027-05-27 10:00")).field == "quarter"


def test_another_body_another_quarter_and_another_kind_may_meet_as_well(ciso: Body) -> None:
    a_meeting()
    a_meeting("ciso")
    a_meeting(quarter="2027-Q3", starts_at=moment("2027-08-26 10:00"))
    a_meeting(kind="extraordinary")
    a_meeting(kind="extraordinary")
    assert Meeting.objects.count() == 5


def test_a_cancelled_meeting_gives_its_quarter_free() -> None:
    cancel_meeting(a_meeting(), by=TESTER, now=NOW, reason="일정 변경")
    assert a_meeting().state == "draft"


@pytest.mark.parametrize("minutes", [0, -1, -24 * 60])
def test_a_meeting_that_ends_before_or_when_it_starts_is_refused(minutes: int) -> None:
    start = moment("2027-05-20 10:00")
    assert refusal(ends_at=start + timedelta(minutes=minutes)).field == "ends_at"
    assert a_meeting(ends_at=start + timedelta(minutes=1)).state == "draft"


@pytest.mark.parametrize("because", ["", "   "])
def test_a_day_outside_the_quarter_is_refused_without_a_reason(because: str) -> None:
    late = moment("2027-07-01 10:00")
    assert refusal(starts_at=late, outside_quarter_because=because).field == "outside_quarter_because"


def test_a_day_outside_the_quarter_is_taken_with_a_reason() -> None:
    meeting = a_meeting(starts_at=moment("2027-07-01 10:00"), outside_quarter_because="국회 일정")
    assert (meeting.quarter, meeting.outside_quarter_because) == (Quarter(2027, 2), "국회 일정")


def test_the_first_hour_of_a_quarter_in_seoul_lies_inside_it() -> None:
    first_hour = moment("2027-04-01 00:30")  # still March in UTC
    assert a_meeting(starts_at=first_hour).starts_at == first_hour
    assert refusal(starts_at=moment("2027-03-31 22:30"), quarter="2027-Q3").field == "outside_quarter_because"


@pytest.mark.parametrize(
    ("day", "before"),
    [
        ("2027-05-22", "2027-05-21"),  # Saturday
        ("2027-05-13", "2027-05-12"),  # 부처님오신날
        ("2027-05-03", "2027-04-30"),  # 노동절 대체공휴일, after a weekend
    ],
)
def test_a_regular_meeting_on_a_holiday_is_refused_naming_the_business_day_before(day: str, before: str) -> None:
    with translation.override("en"):
        error = refusal(starts_at=moment(f"{day} 10:00"))
        said, instead = (day_text(date.fromisoformat(text)) for text in (day, before))
        assert str(error) == f"{said} is not a business day. The business day before it is {instead}."
    assert error.field == "starts_at"
    assert a_meeting(starts_at=moment(f"{before} 10:00")).state == "draft"


def test_a_regular_meeting_on_a_closure_is_refused() -> None:
    closure = Closure.objects.create(date="2027-05-20", name="임시공휴일")
    assert refusal().field == "starts_at"
    closure.delete()
    assert a_meeting().state == "draft"


def test_an_extraordinary_meeting_may_be_on_a_saturday() -> None:
    assert a_meeting(kind="extraordinary", starts_at=moment("2027-05-22 20:00")).kind == "extraordinary"


def test_a_change_is_held_to_the_same_rules_and_leaves_the_meeting_as_it_was() -> None:
    meeting = a_meeting()
    saturday = moment("2027-05-22 10:00")
    with pytest.raises(MeetingRefused):
        change_meeting(
            meeting,
            by=TESTER,
            plan=Plan(starts_at=saturday, ends_at=saturday + timedelta(hours=1)),
            now=NOW,
            because="일정",
        )
    assert Meeting.objects.get().starts_at == meeting.starts_at == moment("2027-05-20 10:00")
