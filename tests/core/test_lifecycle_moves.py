"""A row changes its state by one guarded step, or not at all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from council.core.actor import Actor
from council.core.errors import NotAllowedNow, SomebodyWasFaster
from council.core.lifecycle import move
from council.core.models import AuditEntry
from council.core.quarters import Quarter
from council.meetings.models import Meeting
from council.meetings.states import MEETING, MeetingState
from council.parties.models import Body
from tests.factories import moment

NOW = moment("2026-11-24 10:00")
SOMEBODY = Actor(label="somebody", user_id=7)


@pytest.fixture
def meeting(council: Body) -> Meeting:
    return Meeting.objects.create(
        body=council, quarter=Quarter(2026, 4), starts_at=NOW, ends_at=NOW + timedelta(hours=1)
    )


def convene(meeting: Meeting, **columns: Any) -> None:
    values = {"opened_at": NOW} | columns
    move(meeting, to="open", by=SOMEBODY, lifecycle=MEETING, verb="meeting.convened", reason="it is time", **values)


def test_an_allowed_step_changes_the_state_and_the_columns_that_belong_to_it(meeting: Meeting) -> None:
    convene(meeting)
    stored = Meeting.objects.get(pk=meeting.pk)
    assert (stored.state, stored.opened_at) == (MeetingState.OPEN, NOW)
    assert (meeting.state, meeting.opened_at) == (MeetingState.OPEN, NOW)


def test_a_step_is_written_down_with_both_sides(meeting: Meeting) -> None:
    convene(meeting)
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor, entry.actor_user_id) == ("meeting.convened", "somebody", 7)
    assert (entry.target_type, entry.target_id) == ("meeting", str(meeting.pk))
    assert entry.before == {"state": "draft", "opened_at": None}
    assert entry.after == {"state": "open", "opened_at": "2026-11-24T01:00:00+00:00"}
    assert (entry.reason, entry.refused) == ("it is time", False)


def test_a_step_that_the_lifecycle_does_not_know_is_refused_and_changes_nothing(meeting: Meeting) -> None:
    with pytest.raises(NotAllowedNow):
        move(meeting, to="closed", by=SOMEBODY, lifecycle=MEETING, verb="meeting.closed", closed_at=NOW)
    stored = Meeting.objects.get(pk=meeting.pk)
    assert (stored.state, stored.closed_at, meeting.state) == ("draft", None, "draft")
    assert AuditEntry.objects.count() == 0


def test_a_state_that_the_lifecycle_does_not_list_leads_nowhere(meeting: Meeting) -> None:
    with pytest.raises(NotAllowedNow):
        move(meeting, to="open", by=SOMEBODY, lifecycle={}, verb="meeting.convened", opened_at=NOW)
    assert Meeting.objects.get(pk=meeting.pk).state == "draft"


def test_whoever_comes_second_is_told_that_somebody_was_faster(meeting: Meeting) -> None:
    stale = Meeting.objects.get(pk=meeting.pk)
    convene(meeting)
    with pytest.raises(SomebodyWasFaster):
        convene(stale, opened_at=NOW + timedelta(minutes=1))
    assert Meeting.objects.get(pk=meeting.pk).opened_at == NOW
    assert (stale.state, stale.opened_at) == ("draft", None)
    assert AuditEntry.objects.count() == 1


def test_a_row_that_is_gone_counts_as_changed_by_somebody_else(meeting: Meeting) -> None:
    gone = Meeting.objects.get(pk=meeting.pk)
    meeting.delete()
    with pytest.raises(SomebodyWasFaster):
        convene(gone)
    assert AuditEntry.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_step_that_the_database_refuses_leaves_no_entry(meeting: Meeting) -> None:
    with pytest.raises(IntegrityError):
        convene(meeting, opened_at=None)
    assert Meeting.objects.get(pk=meeting.pk).state == "draft"
    assert meeting.state == "draft"
    assert AuditEntry.objects.count() == 0
