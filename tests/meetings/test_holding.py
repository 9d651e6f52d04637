"""Convening, beginning, closing and cancelling a meeting."""

from __future__ import annotations

from typing import Any

import pytest

from council.core.errors import DomainError, NotAllowedNow, SomebodyWasFaster
from council.core.models import AuditEntry
from council.mail.models import Notice
from council.meetings.models import Meeting
from council.meetings.operations.schedule import begin_meeting, cancel_meeting, close_meeting, convene_meeting
from council.parties.models import Body, Person, User
from tests.factories import a_meeting, actor_of, moment
from tests.factories.rows import TESTER

pytestmark = pytest.mark.usefixtures("council")
NOW = moment("2026-11-24 09:00")
LATER = moment("2027-05-20 12:00")


def stored(meeting: Meeting) -> Meeting:
    return Meeting.objects.get(pk=meeting.pk)


def convened(**plan: Any) -> Meeting:
    meeting = a_meeting(**plan)
    convene_meeting(meeting, by=TESTER, now=NOW, quiet=True)
    return meeting


def begun(**plan: Any) -> Meeting:
    meeting = convened(**plan)
    begin_meeting(meeting, by=TESTER)
    return meeting


def test_a_meeting_goes_from_draft_to_held() -> None:
    meeting = a_meeting()
    convene_meeting(meeting, by=TESTER, now=NOW)
    assert (stored(meeting).state, stored(meeting).opened_at) == ("open", NOW)
    begin_meeting(meeting, by=TESTER)
    assert (stored(meeting).state, stored(meeting).number) == ("in_progress", 1)
    close_meeting(meeting, by=TESTER, now=LATER)
    assert (stored(meeting).state, stored(meeting).closed_at) == ("closed", LATER)
    verbs = list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["meeting.scheduled", "meeting.convened", "meeting.begun", "meeting.closed"]


def test_everyone_seated_is_told_that_a_meeting_is_convened_but_who_did_it(member: Person, secretary: User) -> None:
    convene_meeting(a_meeting(), by=actor_of(secretary), now=NOW)
    notice = Notice.objects.get()
    assert (notice.kind, notice.recipient, notice.target_type) == ("meeting_convened", member, "meeting")


def test_a_quiet_convening_tells_nobody(member: Person) -> None:
    convened()
    assert Notice.objects.count() == 0


def test_steps_cannot_be_left_out() -> None:
    draft = a_meeting()
    with pytest.raises(NotAllowedNow):
        begin_meeting(draft, by=TESTER)
    with pytest.raises(NotAllowedNow):
        close_meeting(draft, by=TESTER, now=LATER)
    assert (stored(draft).state, stored(draft).number) == ("draft", None)
    convene_meeting(draft, by=TESTER, now=NOW)
    with pytest.raises(NotAllowedNow):
        convene_meeting(draft, by=TESTER, now=LATER)
    assert stored(draft).opened_at == NOW


def test_a_meeting_convened_twice_at_once_is_convened_once(member: Person) -> None:
    meeting = a_meeting()
    stale = stored(meeting)
    convene_meeting(meeting, by=TESTER, now=NOW)
    with pytest.raises(SomebodyWasFaster):
        convene_meeting(stale, by=TESTER, now=LATER)
    assert stored(meeting).opened_at == NOW
    assert Notice.objects.count() == 1


def test_meetings_are_numbered_when_they_begin_each_body_and_kind_by_itself(ciso: Body) -> None:
    later: dict[str, Any] = {"quarter": "2027-Q3", "starts_at": moment("2027-08-26 10:00")}
    first, second = convened(**later), convened()
    begin_meeting(second, by=TESTER)
    begin_meeting(first, by=TESTER)
    assert (stored(second).number, stored(first).number) == (1, 2)
    assert begun(kind="extraordinary").number == 1
    assert begun(body="ciso").number == 1


def test_a_cancelled_meeting_leaves_its_number_to_the_next() -> None:
    begun()
    called_off = convened(quarter="2027-Q3", starts_at=moment("2027-08-26 10:00"))
    cancel_meeting(called_off, by=TESTER, now=NOW, reason="일정")
    assert begun(quarter="2027-Q3", starts_at=moment("2027-08-27 10:00")).number == 2
    assert stored(called_off).number is None


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_meeting_is_not_cancelled_without_a_reason(reason: str) -> None:
    meeting = a_meeting()
    with pytest.raises(DomainError) as refusal:
        cancel_meeting(meeting, by=TESTER, now=NOW, reason=reason)
    assert (refusal.value.field, stored(meeting).state) == ("reason", "draft")


def test_a_cancelled_meeting_stays_and_says_when_and_why() -> None:
    meeting = a_meeting()
    cancel_meeting(meeting, by=TESTER, now=NOW, reason="국회 일정")
    row = stored(meeting)
    assert (row.state, row.cancelled_at, row.cancelled_because) == ("cancelled", NOW, "국회 일정")
    assert AuditEntry.objects.get(verb="meeting.cancelled").reason == "국회 일정"


def test_those_invited_are_told_of_a_cancellation(member: Person) -> None:
    cancel_meeting(convened(), by=TESTER, now=NOW, reason="일정")
    notice = Notice.objects.get()
    assert (notice.kind, notice.recipient) == ("meeting_cancelled", member)


def test_nobody_is_told_that_a_draft_was_cancelled(member: Person) -> None:
    cancel_meeting(a_meeting(), by=TESTER, now=NOW, reason="일정")
    assert Notice.objects.count() == 0


def test_nobody_is_told_of_a_quiet_cancellation(member: Person) -> None:
    cancel_meeting(convened(), by=TESTER, now=NOW, reason="일정", quiet=True)
    assert Notice.objects.count() == 0


def test_a_meeting_in_session_or_held_is_not_cancelled() -> None:
    meeting = begun()
    with pytest.raises(NotAllowedNow):
        cancel_meeting(meeting, by=TESTER, now=NOW, reason="일정")
    close_meeting(meeting, by=TESTER, now=LATER)
    with pytest.raises(NotAllowedNow):
        cancel_meeting(meeting, by=TESTER, now=NOW, reason="일정")
    assert stored(meeting).state == "closed"
