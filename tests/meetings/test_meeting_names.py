"""What a meeting is called."""

from __future__ import annotations

from django.utils import translation

from council.core.quarters import Quarter
from council.meetings.models import Meeting
from council.meetings.states import MEETING, PLANNED, MeetingState
from tests.factories import moment


def test_kind_and_quarter_make_the_name_until_there_is_a_number() -> None:
    meeting = Meeting(kind="regular", quarter=Quarter(2026, 4))
    with translation.override("en"):
        assert str(meeting) == "regular meeting (Q4 2026)"
        meeting.number = 3
        assert str(meeting) == "3. regular meeting (Q4 2026)"


def test_a_written_title_is_the_name() -> None:
    assert str(Meeting(kind="regular", quarter=Quarter(2026, 4), number=3, title="출범 간담회")) == "출범 간담회"


def test_a_meeting_is_on_the_day_on_which_it_begins_in_seoul() -> None:
    assert Meeting(starts_at=moment("2026-11-24 00:30")).day.isoformat() == "2026-11-24"


def test_what_is_planned_can_still_be_cancelled_and_nothing_else_can() -> None:
    assert {state for state in MEETING if MeetingState.CANCELLED in MEETING[state]} == PLANNED
    assert set(MEETING) == set(MeetingState)
