"""A page that was opened earlier cannot undo what happened since, and a held agenda stays as it was."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

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
from tests.factories import a_meeting, moment
from tests.factories.rows import TESTER

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

NOW = moment("2026-11-24 09:00")
FRIDAY = Plan(starts_at=moment("2027-05-21 10:00"), ends_at=moment("2027-05-21 11:00"))
NO_CLOSURES = BusinessCalendar(frozenset())


@pytest.fixture(autouse=True)
def council() -> Body:
    Organisation.objects.create(code="MSIT", kind="ministry", name_ko="과기정통부", name_en="MSIT")
    return Body.objects.create(code="council", name_ko="협의체", name_en="Council")


def an_item(meeting: Meeting, **values: Any) -> AgendaItem:
    item = AgendaItem(meeting=meeting, owner=Organisation.objects.get(code="MSIT"), **{"title": "안건"} | values)
    save_agenda_item(item, by=TESTER)
    return item


def hold(meeting: Meeting) -> None:
    convene_meeting(meeting, by=TESTER, now=NOW, quiet=True)
    begin_meeting(meeting, by=TESTER)
    close_meeting(meeting, by=TESTER, now=NOW)


def test_a_cancelled_meeting_is_not_revived() -> None:
    meeting = a_meeting()
    stale = Meeting.objects.get(pk=meeting.pk)
    cancel_meeting(meeting, by=TESTER, now=NOW, reason="일정")
    with pytest.raises(NotAllowedNow):
        change_meeting(stale, by=TESTER, plan=FRIDAY, now=NOW, because="일정")
    assert Meeting.objects.get().state == "cancelled"


def test_a_convened_meeting_is_moved_and_stays_convened() -> None:
    meeting = a_meeting()
    stale = Meeting.objects.get(pk=meeting.pk)
    convene_meeting(meeting, by=TESTER, now=NOW)
    change_meeting(stale, by=TESTER, plan=FRIDAY, now=NOW, because="일정")
    stored = Meeting.objects.get()
    assert (stored.state, stored.opened_at, stored.starts_at, stored.sequence) == ("open", NOW, FRIDAY.starts_at, 1)


def test_a_withdrawn_item_is_not_revived() -> None:
    item = an_item(a_meeting())
    stale = AgendaItem.objects.get(pk=item.pk)
    withdraw_agenda_item(item, by=TESTER, reason="중복")
    stale.title = "다른 제목"
    with pytest.raises(NotAllowedNow):
        save_agenda_item(stale, by=TESTER)
    stored = AgendaItem.objects.get()
    assert (stored.state, stored.title) == ("withdrawn", "안건")


def test_a_reordered_item_keeps_its_place() -> None:
    meeting = a_meeting()
    first, second = an_item(meeting), an_item(meeting)
    stale = AgendaItem.objects.get(pk=first.pk)
    reorder_agenda(meeting, by=TESTER, item_ids=[second.pk, first.pk])
    stale.title = "다른 제목"
    save_agenda_item(stale, by=TESTER)
    assert AgendaItem.objects.get(pk=first.pk).position == 2


def test_an_item_does_not_change_its_meeting() -> None:
    meeting = a_meeting()
    item = an_item(meeting)
    hold(meeting)
    item.meeting = a_meeting(quarter="2027-Q3", starts_at=moment("2027-08-26 10:00"))
    with pytest.raises(DomainError):
        save_agenda_item(item, by=TESTER)
    assert AgendaItem.objects.get().meeting == meeting


def test_nothing_is_taken_off_a_held_agenda_nor_put_in_another_order() -> None:
    meeting = a_meeting()
    first, second = an_item(meeting), an_item(meeting)
    hold(meeting)
    with pytest.raises(NotAllowedNow):
        withdraw_agenda_item(first, by=TESTER, reason="중복")
    with pytest.raises(NotAllowedNow):
        reorder_agenda(meeting, by=TESTER, item_ids=[second.pk, first.pk])
    assert list(AgendaItem.objects.order_by("position").values_list("pk", "state")) == [
        (first.pk, "accepted"),
        (second.pk, "accepted"),
    ]


@pytest.mark.parametrize("label", ["TLP:RED", "TLP:AMBER+STRICT"])
def test_a_label_too_strict_for_an_accepted_item_is_refused_in_words(label: str) -> None:
    with pytest.raises(DomainError) as refusal:
        an_item(a_meeting(), label=label)
    assert (refusal.value.field, AgendaItem.objects.count()) == ("label", 0)


def test_no_day_in_the_past_is_proposed(council: Body) -> None:
    saturday = date(2026, 12, 5)
    day = proposed_day(council, Quarter(2026, 4), today=saturday, calendar=NO_CLOSURES)
    assert day is None or day > saturday


def test_the_day_for_a_working_group_lies_in_the_quarter(council: Body) -> None:
    council.deadline_templates.create(kind="working_group", offset=-15)
    group = Body.objects.create(code="ciso", name_ko="실무협의체", name_en="Group", parent=council)
    early = moment("2027-01-14 10:00")
    a_meeting(quarter="2027-Q1", starts_at=early)
    quarter, day = next_plannable(group, today=early.date() - timedelta(days=51), calendar=NO_CLOSURES)
    assert day in quarter
