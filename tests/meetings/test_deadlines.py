"""A meeting's deadlines are made with it and move with it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from council.core.calendar import BusinessCalendar
from council.core.models import Closure
from council.meetings.models import Deadline, DeadlineTemplate, Meeting
from council.meetings.operations.schedule import Plan, change_meeting
from council.meetings.queries import due_at, steps
from council.parties.models import Body
from tests.factories import a_meeting, moment
from tests.factories.rows import TESTER

WEEK = timedelta(days=7)
NOW = moment("2026-11-24 09:00")


def due(meeting: Meeting) -> dict[str, datetime]:
    return dict(meeting.deadlines.values_list("kind", "due_at"))


def move_by(meeting: Meeting, span: timedelta) -> None:
    assert meeting.ends_at is not None
    plan = Plan(starts_at=meeting.starts_at + span, ends_at=meeting.ends_at + span)
    change_meeting(meeting, by=TESTER, plan=plan, now=NOW, because="일정")


def test_a_meeting_gets_every_step_of_its_body_and_kind(council: Body) -> None:
    assert due(a_meeting()) == {
        "agenda_call": moment("2027-04-19 23:59:59"),
        "notice": moment("2027-05-12 23:59:59"),
        "minutes_circulated": moment("2027-05-25 23:59:59"),
    }


def test_an_extraordinary_meeting_runs_on_hours(council: Body) -> None:
    meeting = a_meeting(kind="extraordinary", starts_at=moment("2027-05-22 20:00"))
    assert due(meeting) == {"notice": moment("2027-05-21 20:00")}


def test_a_body_without_steps_gets_none(council: Body) -> None:
    DeadlineTemplate.objects.filter(meeting_kind="regular").delete()
    assert due(a_meeting()) == {}


def test_steps_of_another_body_are_left_alone(council: Body, ciso: Body) -> None:
    a_meeting()
    assert due(a_meeting("ciso")) == {"agenda_call": moment("2027-05-04 23:59:59")}


def test_a_closure_pushes_the_steps_before_it_back(council: Body) -> None:
    Closure.objects.create(date="2027-05-12", name="임시공휴일")
    assert due(a_meeting()) == {
        "agenda_call": moment("2027-04-16 23:59:59"),
        "notice": moment("2027-05-11 23:59:59"),
        "minutes_circulated": moment("2027-05-25 23:59:59"),
    }


def test_deadlines_move_with_the_meeting(council: Body) -> None:
    meeting = a_meeting()
    numbers = set(meeting.deadlines.values_list("pk", flat=True))
    move_by(meeting, WEEK)
    assert due(meeting) == {
        "agenda_call": moment("2027-04-26 23:59:59"),
        "notice": moment("2027-05-19 23:59:59"),
        "minutes_circulated": moment("2027-06-01 23:59:59"),
    }
    assert set(meeting.deadlines.values_list("pk", flat=True)) == numbers


def test_a_waived_deadline_stays_where_it_was(council: Body) -> None:
    meeting = a_meeting()
    meeting.deadlines.filter(kind="notice").update(waived_because="긴급")
    move_by(meeting, WEEK)
    assert due(meeting)["notice"] == moment("2027-05-12 23:59:59")
    assert due(meeting)["agenda_call"] == moment("2027-04-26 23:59:59")


def test_a_deadline_whose_template_is_gone_stays_where_it_was(council: Body) -> None:
    meeting = a_meeting()
    council.deadline_templates.filter(kind="notice").delete()
    move_by(meeting, WEEK)
    assert due(meeting)["notice"] == moment("2027-05-12 23:59:59")
    assert due(meeting)["agenda_call"] == moment("2027-04-26 23:59:59")


def test_a_change_that_moves_nothing_leaves_the_deadlines_alone(council: Body) -> None:
    meeting = a_meeting()
    by_hand = moment("2027-05-10 12:00")
    meeting.deadlines.filter(kind="notice").update(due_at=by_hand)
    move_by(meeting, timedelta())
    assert due(meeting)["notice"] == by_hand


def test_steps_come_in_the_order_of_time(council: Body) -> None:
    late = DeadlineTemplate(kind="comments_due", offset=8)
    early = DeadlineTemplate(kind="agenda_call", offset=-20)
    hours = DeadlineTemplate(kind="papers_out", offset=-6, unit="hours")
    order = steps([late, early, hours], moment("2027-05-20 10:00"), BusinessCalendar(frozenset()))
    assert [step.kind for step in order] == ["agenda_call", "papers_out", "comments_due"]


@pytest.mark.parametrize(
    ("offset", "unit", "expected"),
    [
        (-1, "business", "2027-05-19 23:59:59"),
        (0, "business", "2027-05-20 23:59:59"),
        (2, "business", "2027-05-24 23:59:59"),
        (-4, "calendar", "2027-05-14 23:59:59"),  # a Sunday, and so the Friday before
        (-7, "calendar", "2027-05-12 23:59:59"),  # a holiday
        (3, "calendar", "2027-05-21 23:59:59"),  # a Sunday after the meeting, also backwards
        (-24, "hours", "2027-05-19 10:00"),
        (3, "hours", "2027-05-20 13:00"),
    ],
)
def test_a_step_is_counted_in_its_unit(offset: int, unit: str, expected: str) -> None:
    template = DeadlineTemplate(kind="notice", offset=offset, unit=unit)
    assert due_at(template, moment("2027-05-20 10:00"), BusinessCalendar(frozenset())) == moment(expected)


def test_a_deadline_and_a_template_are_named_by_their_step() -> None:
    assert str(Deadline(kind="notice")) == Deadline(kind="notice").get_kind_display()
    assert str(DeadlineTemplate(kind="notice", offset=-8)) == f"{Deadline(kind='notice').get_kind_display()} -8"
