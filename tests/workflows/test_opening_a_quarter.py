"""Opening a quarter: what is proposed can be held, and what is chosen is planned whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from council.core.calendar import BusinessCalendar, at, local_day
from council.core.models import AuditEntry
from council.core.quarters import Quarter
from council.core.wording import day_text
from council.mail.models import Notice
from council.meetings.models import AgendaItem, Deadline, DeadlineKind, DeadlineTemplate, Meeting
from council.meetings.operations.schedule import Plan, cancel_meeting
from council.meetings.queries import USUAL_END, USUAL_START
from council.parties.models import Body
from council.workflows.carry_over import carry_over
from council.workflows.open_quarter import Chosen, Proposal, QuarterRefused, Times, open_quarter, propose
from tests.actions.test_races import at_once
from tests.factories import Cast, a_meeting, actor_of, moment
from tests.factories.rows import TESTER

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("seeded")]
PLAIN = BusinessCalendar(frozenset())
NOW = moment("2026-11-24 09:00")
TODAY = date(2026, 11, 24)
Q1, Q2 = Quarter(2027, 1), Quarter(2027, 2)
TEN_YEARS = [Quarter(year, number) for year in range(2026, 2036) for number in range(1, 5)]
START, END = moment("2027-05-20 10:00"), moment("2027-05-20 11:30")
GROUP_START, GROUP_END = moment("2027-04-26 10:00"), moment("2027-04-26 11:30")
# In the order in which the council's steps are taken; reports on security come before the group that speaks of them.
IN_ORDER = [kind for kind in DeadlineKind if kind != DeadlineKind.SECURITY_REPORTS_DUE]


@pytest.fixture
def unplanned(seeded: None) -> None:
    """Nothing is planned any more: the meetings that the seed has planned are called off."""
    for meeting in Meeting.objects.filter(kind=Meeting.Kind.REGULAR):
        cancel_meeting(meeting, by=TESTER, now=NOW, reason="일정")


def proposed(
    *quarters: Quarter,
    today: date = TODAY,
    calendar: BusinessCalendar = PLAIN,
    wished: Mapping[str, Times] | None = None,
) -> list[Proposal]:
    return propose(quarters, list(Body.objects.order_by("-pk")), today=today, calendar=calendar, wished=wished)


def day_of(proposal: Proposal) -> date:
    assert proposal.times is not None
    return local_day(proposal.times[0])


def week_of(quarter: Quarter, day: date) -> int:
    return (day - quarter.starts_on).days // 7 + 1


def step(proposal: Proposal, kind: str) -> date:
    return next(local_day(one.due_at) for one in proposal.steps if one.kind == kind)


def is_sound(proposal: Proposal, calendar: BusinessCalendar) -> bool:
    """The meeting and its steps on business days of the quarter, each step on its own side of the meeting."""
    assert proposal.times is not None
    days = [day_of(proposal), *(local_day(one.due_at) for one in proposal.steps)]
    sides = [DeadlineKind(one.kind).misplaced(one.due_at, starts_at=proposal.times[0]) for one in proposal.steps]
    return all(calendar.is_business_day(day) for day in days) and not any(sides) and bool(proposal.steps)


def chosen(body: str = "council", quarter: Quarter = Q2, **values: Any) -> Chosen:
    times = {"council": (START, END), "ciso": (GROUP_START, GROUP_END)}[body]
    plan = {"starts_at": times[0], "ends_at": times[1]} | values
    return Chosen(body=Body.objects.get(code=body), quarter=quarter, plan=Plan(**plan))


def opened(*wanted: Chosen, now: datetime = NOW) -> list[Meeting]:
    return open_quarter(wanted, by=TESTER, now=now)


def counts() -> Sequence[int]:
    return [model._default_manager.count() for model in (Meeting, Deadline, AgendaItem, AuditEntry, Notice)]


def refusal(*wanted: Chosen, now: datetime = NOW) -> QuarterRefused:
    """The refusal, after which nothing at all is kept."""
    before = counts()
    with pytest.raises(QuarterRefused) as error:
        opened(*wanted, now=now)
    assert counts() == before
    return error.value


@pytest.mark.usefixtures("unplanned")
def test_over_ten_years_every_proposal_and_all_its_steps_can_be_held() -> None:
    found = proposed(*TEN_YEARS, today=date(2025, 9, 1))
    assert [proposal.body.code for proposal in found] == ["council", "ciso"] * len(TEN_YEARS)
    assert [proposal.key for proposal in found if not is_sound(proposal, PLAIN)] == []
    for proposal in found:
        assert {day_of(proposal), *(local_day(one.due_at) for one in proposal.steps)} <= _days_of(proposal.quarter)
        assert proposal.times == (at(day_of(proposal), USUAL_START), at(day_of(proposal), USUAL_END))
    assert len({day_of(proposal) for proposal in found}) == len(found)


def _days_of(quarter: Quarter) -> set[date]:
    return {quarter.starts_on + timedelta(days=n) for n in range((quarter.ends_on - quarter.starts_on).days + 1)}


@pytest.mark.usefixtures("unplanned")
def test_over_ten_years_the_council_meets_in_weeks_six_to_ten_after_its_group_and_step_follows_step() -> None:
    found = proposed(*TEN_YEARS, today=date(2025, 9, 1))
    for council, group in zip(found[::2], found[1::2], strict=True):
        assert week_of(council.quarter, day_of(council)) in range(6, 11)
        assert day_of(group) == step(council, DeadlineKind.WORKING_GROUP) < day_of(council)
        days = [step(council, kind) for kind in IN_ORDER]
        assert days == sorted(days)
        assert step(council, "agenda_fixed") < step(council, "notice") <= day_of(council) - timedelta(days=8)


@pytest.mark.usefixtures("unplanned")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.sampled_from(TEN_YEARS), st.sets(st.integers(0, 91), max_size=12))
def test_whatever_days_are_closed_the_proposals_are_sound(quarter: Quarter, offsets: set[int]) -> None:
    calendar = BusinessCalendar(frozenset(quarter.starts_on + timedelta(days=n) for n in offsets))
    council, group = proposed(quarter, today=quarter.starts_on - timedelta(days=60), calendar=calendar)
    assert (is_sound(council, calendar), is_sound(group, calendar)) == (True, True)
    assert week_of(quarter, day_of(council)) in range(6, 11)
    assert day_of(group) in quarter
    assert day_of(group) < day_of(council)


def test_a_meeting_that_is_planned_is_shown_with_its_own_steps_and_not_proposed_again() -> None:
    council, group = proposed(Q1)
    for proposal in (council, group):
        meeting = Meeting.objects.get(body=proposal.body, quarter=Q1)
        assert (proposal.meeting, proposal.times) == (meeting, None)
        steps = {one.kind: one.due_at for one in proposal.steps}
        assert steps == dict(meeting.deadlines.values_list("kind", "due_at"))


def test_the_missing_one_is_proposed_beside_the_one_that_is_planned() -> None:
    cancel_meeting(Meeting.objects.get(body__code="ciso", quarter=Q1), by=TESTER, now=NOW, reason="일정")
    a_meeting("ciso", kind="extraordinary", quarter=str(Q1), starts_at=moment("2027-03-20 20:00"))
    council, group = proposed(Q1)
    assert (council.meeting is None, group.meeting) == (False, None)
    assert day_of(group) == step(council, DeadlineKind.WORKING_GROUP) == date(2027, 2, 2)


def test_a_wished_day_takes_its_steps_and_the_group_with_it() -> None:
    council, group = proposed(Q2, wished={"council-2027-Q2": (moment("2027-06-10 14:00"), moment("2027-06-10 15:00"))})
    assert (day_of(council), step(council, DeadlineKind.AGENDA_CALL)) == (date(2027, 6, 10), date(2027, 5, 12))
    assert day_of(group) == step(council, DeadlineKind.WORKING_GROUP) == date(2027, 5, 20)


def test_a_group_for_which_the_council_sets_no_day_is_proposed_another_one(unplanned: None) -> None:
    DeadlineTemplate.objects.filter(kind=DeadlineKind.WORKING_GROUP).delete()
    council, group = proposed(Q2)
    assert (day_of(council), day_of(group)) == (date(2027, 5, 20), date(2027, 5, 27))
    assert is_sound(group, PLAIN)


def test_a_quarter_in_which_no_day_is_left_is_shown_without_a_time() -> None:
    council, _group = proposed(Quarter(2026, 4))
    assert (council.times, council.meeting, list(council.steps)) == (None, None, [])


def test_what_is_proposed_is_planned_as_drafts_with_steps_and_standing_items_and_nobody_is_told(cast: Cast) -> None:
    wanted = [
        Chosen(body=one.body, quarter=one.quarter, plan=Plan(starts_at=one.times[0], ends_at=one.times[1]))
        for one in proposed(Q2)
        if one.times
    ]
    made = opened(*wanted)
    assert [(meeting.body.code, meeting.state) for meeting in made] == [("council", "draft"), ("ciso", "draft")]
    assert [meeting.deadlines.count() for meeting in made] == [12, 9]
    assert [m.agenda_items.exclude(standing=None).count() for m in made] == [3, 2]
    assert Notice.objects.count() == 0
    assert [proposal.meeting for proposal in proposed(Q2)] == made


def test_one_that_cannot_be_held_leaves_nothing_of_the_others() -> None:
    saturday: dict[str, Any] = {"starts_at": moment("2027-04-24 10:00"), "ends_at": moment("2027-04-24 11:00")}
    assert refusal(chosen(), chosen("ciso", **saturday)).field == "ciso-2027-Q2-starts_at"
    assert len(opened(chosen(), chosen("ciso"))) == 2


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"starts_at": moment("2027-05-22 10:00"), "ends_at": moment("2027-05-22 11:00")}, "starts_at"),
        ({"ends_at": START}, "ends_at"),
        ({"starts_at": moment("2027-07-01 10:00"), "ends_at": moment("2027-07-01 11:00")}, "outside_quarter_because"),
        ({"steps": {"notice": moment("2027-05-21 12:00")}}, "notice"),
        ({"steps": {"minutes_circulated": moment("2027-05-19 12:00")}}, "minutes_circulated"),
        ({"steps": {"papers_out": moment("2027-05-13 12:00")}}, "papers_out"),
        ({"steps": {"papers_out": moment("2027-05-15 12:00")}}, "papers_out"),
        ({"steps": {"papers_out": None}}, "waive_because"),
        ({"steps": {"papers_out": None}, "waive_because": "  "}, "waive_because"),
        ({"steps": {"agenda_call": moment("2026-11-23 12:00")}}, "waive_because"),
    ],
)
def test_a_refusal_names_the_proposal_and_what_to_correct_in_it(values: dict[str, Any], field: str) -> None:
    assert refusal(chosen(**values)).field == f"council-2027-Q2-{field}"
    assert refusal(chosen("ciso"), chosen(**values)).field == f"council-2027-Q2-{field}"


def test_a_second_meeting_of_a_quarter_is_refused_by_name() -> None:
    times: dict[str, Any] = {"starts_at": moment("2027-03-11 10:00"), "ends_at": moment("2027-03-11 11:00")}
    assert refusal(chosen(), chosen(quarter=Q1, **times)).field == "council-2027-Q1-quarter"


def test_a_step_on_a_holiday_is_refused_with_the_business_day_before_it() -> None:
    with translation.override("en"):
        said = str(refusal(chosen(steps={"papers_out": moment("2027-05-13 12:00")})))
        assert day_text(date(2027, 5, 13)) in said
        assert day_text(date(2027, 5, 12)) in said


def test_steps_that_have_passed_are_named_and_taken_only_with_a_reason() -> None:
    late = moment("2027-04-23 09:00")
    said = str(refusal(chosen(), now=late))
    assert str(DeadlineKind.AGENDA_CALL.label) in said
    assert str(DeadlineKind.WORKING_GROUP.label) not in said
    (meeting,) = opened(chosen(waive_because="늦게 정해짐"), now=late)
    waived = meeting.deadlines.exclude(waived_because="").values_list("kind", "due_at", "waived_because")
    assert list(waived) == [("agenda_call", moment("2027-04-19 23:59:59"), "늦게 정해짐")]


def test_a_step_is_kept_on_the_day_that_was_chosen_and_one_left_out_says_why() -> None:
    steps = {"notice": moment("2027-05-10 12:00"), "papers_out": None}
    (meeting,) = opened(chosen(steps=steps, waive_because="자료 없음"))
    found = {kind: (due, why) for kind, due, why in meeting.deadlines.values_list("kind", "due_at", "waived_because")}
    assert found["notice"] == (moment("2027-05-10 12:00"), "")
    assert found["papers_out"] == (moment("2027-05-12 23:59:59"), "자료 없음")
    assert found["agenda_fixed"] == (moment("2027-05-04 23:59:59"), "")
    assert len(found) == 12


def test_a_step_that_was_shown_is_kept_though_its_template_is_gone_meanwhile() -> None:
    Body.objects.get(code="council").deadline_templates.filter(kind="papers_out").delete()
    (meeting,) = opened(chosen(steps={"papers_out": moment("2027-05-11 12:00")}))
    assert meeting.deadlines.get(kind="papers_out").due_at == moment("2027-05-11 12:00")


@pytest.mark.django_db(transaction=True)
def test_of_two_secretaries_who_open_a_quarter_at_once_exactly_one_does(cast: Cast) -> None:
    by, before = actor_of(cast.secretary), counts()
    raised = at_once(*[lambda: open_quarter([chosen(), chosen("ciso")], by=by, now=NOW)] * 2)
    assert raised == ["refused"]
    assert _opened_once(before)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_list_the_meetings_in_another_order_exactly_one_opens_the_quarter(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has planned its first meeting when the other begins with the second."""
    by, before, meet = actor_of(cast.secretary), counts(), Barrier(2)

    def met(meeting: Meeting, **values: Any) -> int:
        with suppress(BrokenBarrierError):  # where writers wait for one another they never meet
            meet.wait(1)
        return carry_over(meeting, **values)

    monkeypatch.setattr("council.workflows.open_quarter.carry_over", met)
    raised = at_once(
        lambda: open_quarter([chosen(), chosen("ciso")], by=by, now=NOW),
        lambda: open_quarter([chosen("ciso"), chosen()], by=by, now=NOW),
    )
    assert raised == ["refused"]
    assert _opened_once(before)


def _opened_once(before: Sequence[int]) -> bool:
    meetings, deadlines, items, *_rest = (now - then for now, then in zip(counts(), before, strict=True))
    scheduled = AuditEntry.objects.filter(verb="meeting.scheduled", after__quarter="2027-Q2").count()
    return (meetings, deadlines, items, scheduled) == (2, 21, 5, 2)
