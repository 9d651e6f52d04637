"""Changing a planned meeting: when it moves, and who is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from council.core.errors import NotAllowedNow
from council.core.models import AuditEntry
from council.mail.models import Notice
from council.meetings.models import Meeting
from council.meetings.operations.schedule import (
    Plan,
    begin_meeting,
    cancel_meeting,
    change_meeting,
    close_meeting,
    convene_meeting,
)
from council.parties.models import Body, Person
from tests.factories import a_meeting, moment
from tests.factories.rows import TESTER

NOW = moment("2026-11-24 09:00")
START, END = moment("2027-05-20 10:00"), moment("2027-05-20 11:30")


def change(meeting: Meeting, *, quiet: bool = False, **plan: Any) -> Meeting:
    times = {"starts_at": START, "ends_at": END}
    change_meeting(meeting, by=TESTER, plan=Plan(**times | plan), now=NOW, because="일정", quiet=quiet)
    return Meeting.objects.get(pk=meeting.pk)


def open_meeting() -> Meeting:
    meeting = a_meeting()
    convene_meeting(meeting, by=TESTER, now=NOW, quiet=True)
    return meeting


@pytest.mark.parametrize(
    ("plan", "sequence"),
    [
        ({}, 0),
        ({"venue": "세종"}, 0),
        ({"title": "제목", "mode": "video"}, 0),
        ({"ends_at": END + timedelta(minutes=30)}, 1),
        ({"starts_at": START - timedelta(minutes=30)}, 1),
        ({"starts_at": START + timedelta(days=1), "ends_at": END + timedelta(days=1), "venue": "세종"}, 1),
    ],
)
def test_the_sequence_rises_only_when_the_meeting_moves(council: Body, plan: dict[str, Any], sequence: int) -> None:
    meeting = change(a_meeting(), **plan)
    assert meeting.sequence == sequence
    assert {name: getattr(meeting, name) for name in plan} == plan


def test_each_move_raises_the_sequence_by_one_also_from_a_page_opened_earlier(council: Body) -> None:
    meeting = a_meeting()
    opened_earlier = Meeting.objects.get(pk=meeting.pk)
    change(meeting, ends_at=END + timedelta(minutes=30))
    assert change(opened_earlier, ends_at=END + timedelta(minutes=60)).sequence == 2


def test_a_change_is_written_down_with_what_changed(council: Body) -> None:
    meeting = change(a_meeting(), venue="세종")
    entry = AuditEntry.objects.get(verb="meeting.changed")
    assert (entry.target_id, entry.before, entry.after) == (str(meeting.pk), {"venue": ""}, {"venue": "세종"})


def test_a_change_of_nothing_leaves_no_entry(council: Body) -> None:
    change(a_meeting())
    assert list(AuditEntry.objects.values_list("verb", flat=True)) == ["meeting.scheduled"]


def test_those_invited_are_told_that_a_convened_meeting_moves(council: Body, member: Person) -> None:
    change(open_meeting(), starts_at=START + timedelta(minutes=10))
    notice = Notice.objects.get()
    assert (notice.kind, notice.recipient) == ("meeting_moved", member)


def test_nobody_is_told_that_a_draft_moves(council: Body, member: Person) -> None:
    change(a_meeting(), starts_at=START + timedelta(minutes=10))
    assert Notice.objects.count() == 0


def test_nobody_is_told_of_a_change_of_neither_time_nor_place(council: Body, member: Person) -> None:
    assert change(open_meeting(), title="제목").sequence == 0
    assert Notice.objects.count() == 0


@pytest.mark.parametrize("place", [{"venue": "세종"}, {"mode": "video"}])
def test_those_invited_are_told_that_a_meeting_is_held_elsewhere(
    council: Body, member: Person, place: dict[str, Any]
) -> None:
    meeting = change(open_meeting(), **place)
    assert (meeting.sequence, Notice.objects.get().kind, meeting.date_changes.count()) == (1, "meeting_moved", 0)


def test_nobody_is_told_of_a_quiet_move(council: Body, member: Person) -> None:
    change(open_meeting(), quiet=True, starts_at=START + timedelta(minutes=10))
    assert Notice.objects.count() == 0


def test_a_meeting_in_session_held_or_cancelled_is_not_changed_any_more(council: Body) -> None:
    running, held, called_off = open_meeting(), None, None
    begin_meeting(running, by=TESTER)
    with pytest.raises(NotAllowedNow):
        change(running, venue="세종")
    close_meeting(running, by=TESTER, now=NOW)
    held = running
    with pytest.raises(NotAllowedNow):
        change(held, venue="세종")
    called_off = a_meeting(quarter="2027-Q3", starts_at=moment("2027-08-26 10:00"))
    cancel_meeting(called_off, by=TESTER, now=NOW, reason="일정")
    with pytest.raises(NotAllowedNow):
        change(called_off, venue="세종")
    assert list(Meeting.objects.values_list("venue", flat=True)) == ["", ""]
