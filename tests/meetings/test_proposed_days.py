"""The day the system proposes for a regular meeting."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from council.core.calendar import BusinessCalendar, local_day
from council.core.quarters import Quarter
from council.meetings.models import Meeting
from council.meetings.operations.schedule import cancel_meeting, convene_meeting
from council.meetings.queries import next_plannable, proposed_day, proposed_times, usual_days
from council.parties.models import Body
from tests.factories import a_meeting, moment
from tests.factories.rows import TESTER

PLAIN = BusinessCalendar(frozenset())
NOW = moment("2026-11-24 09:00")
quarters = st.builds(Quarter, st.integers(2026, 2035), st.integers(1, 4))
closures = st.sets(st.integers(0, 91), max_size=20)


def a_week_of(quarter: Quarter, day: date) -> int:
    return (day - quarter.starts_on).days // 7 + 1


@given(quarters)
def test_usual_days_are_business_days_of_weeks_six_to_ten(quarter: Quarter) -> None:
    found = list(usual_days(quarter, PLAIN))
    assert {a_week_of(quarter, day) for day in found} == {6, 7, 8, 9, 10}
    assert [day for day in found if day not in quarter or not PLAIN.is_business_day(day)] == []
    assert len(found) == len(set(found))


@given(quarters, closures)
def test_a_closure_is_never_a_usual_day(quarter: Quarter, offsets: set[int]) -> None:
    closed = frozenset(quarter.starts_on + timedelta(days=n) for n in offsets)
    assert set(usual_days(quarter, BusinessCalendar(closed))) == set(usual_days(quarter, PLAIN)) - closed


@given(quarters)
def test_thursdays_come_first_and_that_of_the_eighth_week_before_all(quarter: Quarter) -> None:
    found = list(usual_days(quarter, PLAIN))
    thursdays = [day for day in found if day.weekday() == 3]
    assert found[: len(thursdays)] == thursdays
    weeks = [a_week_of(quarter, day) for day in thursdays]
    assert weeks == sorted(weeks, key=[8, 9, 7, 10, 6].index)


@pytest.mark.django_db
def test_every_quarter_has_a_day_to_propose_inside_weeks_six_to_ten(council: Body) -> None:
    for quarter in (Quarter(year, number) for year in range(2026, 2036) for number in range(1, 5)):
        today = quarter.starts_on - timedelta(days=30)
        day = proposed_day(council, quarter, today=today, calendar=PLAIN)
        assert day is not None
        assert (day in quarter, PLAIN.is_business_day(day)) == (True, True)
        assert a_week_of(quarter, day) in range(6, 11)


def test_the_thursday_of_the_eighth_week_is_proposed_when_it_is_free(council: Body) -> None:
    day = proposed_day(council, Quarter(2027, 1), today=date(2026, 11, 24), calendar=PLAIN)
    assert day == date(2027, 2, 25)


def test_a_closed_or_taken_day_gives_way_to_the_next_best(council: Body, ciso: Body) -> None:
    closed = BusinessCalendar(frozenset({date(2027, 2, 25)}))
    assert proposed_day(council, Quarter(2027, 1), today=date(2026, 11, 24), calendar=closed) == date(2027, 3, 4)
    taken = a_meeting("ciso", quarter="2027-Q1", starts_at=moment("2027-02-25 15:00"))
    assert proposed_day(council, Quarter(2027, 1), today=date(2026, 11, 24), calendar=PLAIN) == date(2027, 3, 4)
    cancel_meeting(taken, by=TESTER, now=NOW, reason="일정")
    assert proposed_day(council, Quarter(2027, 1), today=date(2026, 11, 24), calendar=PLAIN) == date(2027, 2, 25)


@pytest.mark.parametrize(
    ("today", "proposed"),
    [
        (date(2027, 1, 26), date(2027, 2, 25)),  # 20 business days before
        (date(2027, 1, 27), date(2027, 3, 4)),  # one too late for it
        (date(2027, 2, 5), date(2027, 3, 11)),
        (date(2027, 2, 10), date(2027, 3, 11)),
        (date(2027, 2, 11), None),
        (date(2026, 11, 6), date(2026, 12, 4)),  # no Thursday is left
    ],
)
def test_a_day_is_proposed_only_with_time_for_every_step_before_it(
    council: Body, today: date, proposed: date | None
) -> None:
    quarter = Quarter(2027, 1) if today.year == 2027 else Quarter(2026, 4)
    assert proposed_day(council, quarter, today=today, calendar=PLAIN) == proposed


def test_steps_in_other_units_and_of_other_kinds_ask_for_no_time(council: Body) -> None:
    council.deadline_templates.filter(kind="agenda_call").delete()
    assert proposed_day(council, Quarter(2027, 1), today=date(2027, 2, 25), calendar=PLAIN) == date(2027, 2, 25)
    assert proposed_day(council, Quarter(2027, 1), today=date(2027, 2, 26), calendar=PLAIN) == date(2027, 3, 4)


def test_a_working_group_meets_on_the_day_its_council_has_set_for_it(council: Body, ciso: Body) -> None:
    council.deadline_templates.create(kind="working_group", offset=-15)
    assert proposed_day(ciso, Quarter(2027, 1), today=date(2026, 11, 24), calendar=PLAIN) == date(2027, 2, 25)
    meeting = a_meeting(quarter="2027-Q1", starts_at=moment("2027-02-25 10:00"))
    assert proposed_day(ciso, Quarter(2027, 1), today=date(2026, 11, 24), calendar=PLAIN) == date(2027, 2, 2)
    convene_meeting(meeting, by=TESTER, now=NOW, quiet=True)
    assert proposed_day(ciso, Quarter(2027, 1), today=date(2026, 11, 24), calendar=PLAIN) == date(2027, 2, 2)


def test_a_working_groups_day_that_was_waived_is_not_proposed(council: Body, ciso: Body) -> None:
    council.deadline_templates.create(kind="working_group", offset=-15)
    meeting = a_meeting(quarter="2027-Q1", starts_at=moment("2027-02-25 10:00"))
    meeting.deadlines.filter(kind="working_group").update(waived_because="서면으로 대체")
    assert proposed_day(ciso, Quarter(2027, 1), today=date(2026, 11, 24), calendar=PLAIN) == date(2027, 3, 4)


def test_a_working_groups_day_that_has_passed_is_not_proposed(council: Body, ciso: Body) -> None:
    council.deadline_templates.create(kind="working_group", offset=-15)
    a_meeting(quarter="2027-Q1", starts_at=moment("2027-02-25 10:00"))
    assert proposed_day(ciso, Quarter(2027, 1), today=date(2027, 2, 1), calendar=PLAIN) == date(2027, 2, 2)
    assert proposed_day(ciso, Quarter(2027, 1), today=date(2027, 2, 2), calendar=PLAIN) == date(2027, 3, 4)


def test_a_cancelled_council_meeting_sets_no_day_for_its_working_group(council: Body, ciso: Body) -> None:
    council.deadline_templates.create(kind="working_group", offset=-15)
    meeting = a_meeting(quarter="2027-Q1", starts_at=moment("2027-02-25 10:00"))
    cancel_meeting(meeting, by=TESTER, now=NOW, reason="일정")
    assert proposed_day(ciso, Quarter(2027, 1), today=date(2026, 11, 24), calendar=PLAIN) == date(2027, 2, 25)


def test_the_next_quarter_to_plan_is_the_first_without_a_meeting_and_with_a_day_left(council: Body) -> None:
    assert next_plannable(council, today=date(2026, 7, 1), calendar=PLAIN) == (Quarter(2026, 3), date(2026, 8, 20))
    assert next_plannable(council, today=date(2026, 11, 24), calendar=PLAIN) == (Quarter(2027, 1), date(2027, 2, 25))


def test_a_planned_quarter_is_passed_over_and_a_cancelled_one_is_not(council: Body, ciso: Body) -> None:
    meeting = a_meeting(quarter="2027-Q1", starts_at=moment("2027-02-25 10:00"))
    a_meeting(quarter="2027-Q2", kind="extraordinary")
    a_meeting("ciso", quarter="2027-Q2", starts_at=moment("2027-05-06 10:00"))
    day = date(2026, 11, 24)
    assert next_plannable(council, today=day, calendar=PLAIN) == (Quarter(2027, 2), date(2027, 5, 27))
    cancel_meeting(meeting, by=TESTER, now=NOW, reason="일정")
    assert next_plannable(council, today=day, calendar=PLAIN) == (Quarter(2027, 1), date(2027, 2, 25))


def test_the_usual_time_is_ten_to_half_past_eleven() -> None:
    assert proposed_times(date(2027, 2, 25)) == (moment("2027-02-25 10:00"), moment("2027-02-25 11:30"))


def test_what_is_proposed_can_be_planned(council: Body) -> None:
    quarter, day = next_plannable(council, today=date(2026, 11, 24), calendar=PLAIN)
    starts_at, ends_at = proposed_times(day)
    meeting = a_meeting(quarter=str(quarter), starts_at=starts_at, ends_at=ends_at)
    assert local_day(Meeting.objects.get(pk=meeting.pk).starts_at) == day


def test_a_working_group_is_planned_for_the_quarter_in_which_its_council_meets(council: Body, ciso: Body) -> None:
    council.deadline_templates.create(kind="working_group", offset=-15)
    day = date(2026, 10, 1)
    assert next_plannable(ciso, today=day, calendar=PLAIN) == (Quarter(2026, 4), date(2026, 11, 19))
    a_meeting(quarter="2027-Q1", starts_at=moment("2027-02-25 10:00"))
    assert next_plannable(ciso, today=day, calendar=PLAIN) == (Quarter(2027, 1), date(2027, 2, 2))
    a_meeting("ciso", quarter="2027-Q1", starts_at=moment("2027-02-02 10:00"))
    assert next_plannable(ciso, today=day, calendar=PLAIN) == (Quarter(2026, 4), date(2026, 11, 19))
