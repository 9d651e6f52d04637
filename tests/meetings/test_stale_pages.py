"""A page opened before somebody else acted undoes nothing; what was held stays; proposed days are usable."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.db import transaction

from council.core.calendar import BusinessCalendar
from council.core.errors import DomainError, NotAllowedNow
from council.core.quarters import Quarter
from council.meetings.models import AgendaItem, Meeting
from council.meetings.operations.agenda import reorder_agenda, save_agenda_item, withdraw_agenda_item
from council.meetings.operations.schedule import (
    Plan,
    begin_meeting,
    cancel_meeting,
    change_meeting,
    close_meeting,
    convene_meeting,
)
from council.meetings.queries import next_plannable, proposed_day
from council.parties.models import Body, Organisation
from tests.factories import TODAY, a_meeting, moment
from tests.factories.rows import TESTER

NOW = moment("2026-11-24 09:00")
START = moment("2027-05-21 10:00")
PLAN = Plan(starts_at=START, ends_at=START + timedelta(hours=1))
NO_HOLIDAYS = BusinessCalendar(frozenset())


@pytest.fixture
def meeting(council: Body, ministry: Organisation) -> Meeting:
    return a_meeting()


def an_item(meeting: Meeting, label: str = "TLP:GREEN") -> AgendaItem:
    item = AgendaItem(meeting=meeting, title="안건", owner=Organisation.objects.get(code="MSIT"), label=label)
    save_agenda_item(item, by=TESTER)
    return item


def hold(meeting: Meeting) -> None:
    convene_meeting(meeting, by=TESTER, now=NOW, quiet=True)
    begin_meeting(meeting, by=TESTER)
    close_meeting(meeting, by=TESTER, now=NOW)


def test_a_cancelled_meeting_is_not_revived_by_a_page_opened_before(meeting: Meeting) -> None:
    opened_before = Meeting.objects.get(pk=meeting.pk)
    cancel_meeting(meeting, by=TESTER, now=NOW, reason="일정")
    with pytest.raises(DomainError):
        change_meeting(opened_before, by=TESTER, plan=PLAN)
    assert Meeting.objects.get().state == "cancelled"


def test_a_convened_meeting_stays_convened_when_changed_from_a_page_opened_before(meeting: Meeting) -> None:
    opened_before = Meeting.objects.get(pk=meeting.pk)
    convene_meeting(meeting, by=TESTER, now=NOW)
    change_meeting(opened_before, by=TESTER, plan=PLAN)
    changed = Meeting.objects.get()
    assert (changed.state, changed.starts_at) == ("open", START)


def test_a_withdrawn_item_is_not_revived_by_a_page_opened_before(meeting: Meeting) -> None:
    item = an_item(meeting)
    opened_before = AgendaItem.objects.get(pk=item.pk)
    withdraw_agenda_item(item, by=TESTER, reason="다음 회의로")
    opened_before.title = "고친 안건"
    with suppress(DomainError):  # refused or kept: either way it stays off the agenda
        save_agenda_item(opened_before, by=TESTER)
    assert AgendaItem.objects.get().state == "withdrawn"


def test_a_reordered_item_keeps_its_place_when_saved_from_a_page_opened_before(meeting: Meeting) -> None:
    one, two = an_item(meeting), an_item(meeting)
    opened_before = AgendaItem.objects.get(pk=one.pk)
    reorder_agenda(meeting, by=TESTER, item_ids=[two.pk, one.pk])
    opened_before.title = "고친 안건"
    save_agenda_item(opened_before, by=TESTER)
    one.refresh_from_db()
    assert (one.position, one.title) == (2, "고친 안건")


def test_an_item_of_a_held_meeting_is_not_moved_to_another(meeting: Meeting) -> None:
    item = an_item(meeting)
    hold(meeting)
    item.meeting = a_meeting(quarter="2027-Q3", starts_at=moment("2027-08-26 10:00"))
    with pytest.raises(DomainError):
        save_agenda_item(item, by=TESTER)
    assert AgendaItem.objects.get().meeting == meeting


def test_nothing_is_taken_off_the_agenda_of_a_held_meeting(meeting: Meeting) -> None:
    item = an_item(meeting)
    hold(meeting)
    with pytest.raises(NotAllowedNow):
        withdraw_agenda_item(item, by=TESTER, reason="다음 회의로")
    assert AgendaItem.objects.get().state != "withdrawn"


def test_the_agenda_of_a_held_meeting_is_not_reordered(meeting: Meeting) -> None:
    one, two = an_item(meeting), an_item(meeting)
    hold(meeting)
    with pytest.raises(NotAllowedNow):
        reorder_agenda(meeting, by=TESTER, item_ids=[two.pk, one.pk])
    assert list(AgendaItem.objects.order_by("position")) == [one, two]


def test_a_label_too_strict_for_an_agenda_is_refused_in_words(meeting: Meeting) -> None:
    with pytest.raises(DomainError), transaction.atomic():
        an_item(meeting, label="TLP:RED")
    assert AgendaItem.objects.count() == 0


def test_no_day_in_the_past_is_proposed(council: Body) -> None:
    today = date(2026, 12, 5)
    day = proposed_day(council, Quarter(2026, 4), today=today, calendar=NO_HOLIDAYS)
    assert day is None or day >= today


def test_the_day_proposed_for_a_working_group_lies_in_its_quarter(council: Body, ciso: Body) -> None:
    council.deadline_templates.create(kind="working_group", offset=-15)
    a_meeting(quarter="2027-Q1", starts_at=moment("2027-01-14 10:00"))
    quarter, day = next_plannable(ciso, today=TODAY, calendar=NO_HOLIDAYS)
    assert day is not None
    assert day in quarter
