"""Dates that move keep their history; a step goes with its meeting, stays, or is left out with a reason."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from council.access.visibility import visible_to
from council.core.errors import DomainError, NotAllowedNow
from council.core.models import AuditEntry, Closure
from council.mail.models import Notice
from council.meetings.models import DateChange, Deadline, DeadlineKind, Meeting
from council.meetings.operations.deadlines import StepRefused, change_deadline
from council.meetings.operations.schedule import (
    MeetingRefused,
    Plan,
    begin_meeting,
    cancel_meeting,
    change_meeting,
    close_meeting,
    convene_meeting,
)
from council.parties.models import Body, Person, User
from council.parties.queries import actor_of
from tests.factories import a_meeting, an_account, moment
from tests.factories.rows import TESTER

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("council")]
NOW, LATER = moment("2026-11-24 09:00"), moment("2026-11-25 09:00")
DAY = date(2026, 11, 25)
START, WEEK = moment("2027-05-20 10:00"), timedelta(days=7)
CALL, NOTICE, MINUTES = (moment(f"{day} 23:59:59") for day in ("2027-04-19", "2027-05-12", "2027-05-25"))


def move(meeting: Meeting, to: datetime, *, now: datetime = LATER, because: str = "국회 일정", **plan: Any) -> None:
    values = {"starts_at": to, "ends_at": to + timedelta(minutes=90)} | plan
    change_meeting(Meeting.objects.get(pk=meeting.pk), by=TESTER, plan=Plan(**values), now=now, because=because)


def announced() -> Meeting:
    meeting = a_meeting()
    convene_meeting(meeting, by=TESTER, now=NOW, quiet=True)
    return meeting


def by_hand(meeting: Meeting, kind: str, due_at: datetime, **values: Any) -> None:
    given: dict[str, Any] = {"waived_because": "", "because": "손으로 옮김", "now": NOW} | values
    change_deadline(meeting.deadlines.get(kind=kind), by=TESTER, due_at=due_at, **given)


def due(meeting: Meeting) -> dict[str, datetime]:
    return dict(meeting.deadlines.values_list("kind", "due_at"))


def changes(meeting: Meeting) -> list[tuple[Any, ...]]:
    return list(meeting.date_changes.values_list("deadline__kind", "was", "became", "because", "changed_at"))


def everything_of(meeting: Meeting) -> list[Any]:
    columns = list(Meeting.objects.filter(pk=meeting.pk).values())
    counts = [model._default_manager.count() for model in (DateChange, AuditEntry, Notice)]
    return [columns, list(meeting.deadlines.order_by("pk").values()), counts]


def refusal[E: DomainError](kind: type[E], meeting: Meeting, to: datetime, **values: Any) -> E:
    """The refusal of a move, after which everything is as it was."""
    before = everything_of(meeting)
    with pytest.raises(kind) as error:
        move(meeting, to, **values)
    assert everything_of(meeting) == before
    return error.value


def test_where_the_meeting_and_its_steps_were_is_kept_with_the_reason() -> None:
    meeting = announced()
    move(meeting, START + WEEK)
    assert changes(meeting) == [
        (None, START, START + WEEK, "국회 일정", LATER),
        ("agenda_call", CALL, CALL + WEEK, "국회 일정", LATER),
        ("notice", NOTICE, moment("2027-05-19 23:59:59"), "국회 일정", LATER),
        ("minutes_circulated", MINUTES, MINUTES + WEEK, "국회 일정", LATER),
    ]


def test_each_move_is_kept_also_the_one_back() -> None:
    meeting = announced()
    move(meeting, START + WEEK)
    move(meeting, START, now=LATER + WEEK, because="다시")
    own = meeting.date_changes.filter(deadline=None).values_list("was", "became", "because")
    assert list(own) == [(START, START + WEEK, "국회 일정"), (START + WEEK, START, "다시")]
    assert due(meeting) == {"agenda_call": CALL, "notice": NOTICE, "minutes_circulated": MINUTES}


def test_a_later_hour_of_the_same_day_moves_the_meeting_and_no_step() -> None:
    meeting = announced()
    move(meeting, START + timedelta(hours=2))
    assert changes(meeting) == [(None, START, START + timedelta(hours=2), "국회 일정", LATER)]


@pytest.mark.parametrize("because", ["", "   "])
def test_what_those_invited_know_is_not_moved_without_a_reason(member: Person, because: str) -> None:
    meeting = announced()
    assert refusal(MeetingRefused, meeting, START + WEEK, because=because).field == "because"
    longer = {"ends_at": START + timedelta(hours=3)}
    assert refusal(MeetingRefused, meeting, START, because=because, **longer).field == "because"


def test_a_draft_is_moved_without_a_reason_and_a_venue_without_any() -> None:
    meeting = a_meeting()
    move(meeting, START + WEEK, because="")
    convene_meeting(Meeting.objects.get(pk=meeting.pk), by=TESTER, now=NOW, quiet=True)
    move(meeting, START + WEEK, because="", venue="세종")
    assert [change[3] for change in changes(meeting)] == [""] * 4


def test_a_step_moved_by_hand_keeps_its_distance_in_business_days_and_its_hour() -> None:
    meeting = announced()
    by_hand(meeting, "notice", moment("2027-05-14 15:00"))  # four business days before
    Closure.objects.create(date="2027-05-26", name="임시공휴일")
    move(meeting, START + WEEK)
    assert due(meeting)["notice"] == moment("2027-05-20 15:00")
    assert due(meeting)["agenda_call"] == moment("2027-04-23 23:59:59")


def test_a_step_of_an_extraordinary_meeting_moved_by_hand_keeps_its_distance_in_hours() -> None:
    meeting = a_meeting(kind="extraordinary", starts_at=moment("2027-05-22 20:00"))
    by_hand(meeting, "notice", moment("2027-05-22 14:00"))
    move(meeting, moment("2027-05-23 03:00"))
    assert due(meeting) == {"notice": moment("2027-05-22 21:00")}


def test_a_step_moved_by_hand_to_the_meetings_morning_does_not_fall_behind_its_beginning() -> None:
    meeting = announced()
    by_hand(meeting, "notice", moment("2027-05-20 09:30"))
    move(meeting, moment("2027-05-27 08:00"))
    assert due(meeting)["notice"] <= moment("2027-05-27 08:00")


def test_a_step_whose_day_has_come_stays_where_it_was() -> None:
    meeting = announced()
    move(meeting, moment("2027-05-21 10:00"), now=moment("2027-04-28 09:00"))
    assert due(meeting)["agenda_call"] == CALL
    assert [change[0] for change in changes(meeting)] == [None, "minutes_circulated"]


def test_a_step_whose_day_has_come_moves_if_its_new_day_is_ahead() -> None:
    meeting = announced()
    move(meeting, START + 2 * WEEK, now=moment("2027-04-26 09:00"))
    assert due(meeting)["agenda_call"] == moment("2027-05-04 23:59:59")


def test_steps_that_would_fall_into_the_past_are_named_and_nothing_is_half_done() -> None:
    meeting = announced()
    error = refusal(StepRefused, meeting, START - WEEK - timedelta(days=2), now=moment("2027-04-16 09:00"))
    assert error.field == "waive_because"
    assert str(DeadlineKind.AGENDA_CALL.label) in str(error)
    assert str(DeadlineKind.NOTICE.label) not in str(error)


def test_steps_that_would_fall_into_the_past_are_left_out_with_a_reason() -> None:
    meeting = announced()
    to = START - WEEK - timedelta(days=2)
    move(meeting, to, now=moment("2027-04-16 09:00"), waive_because="앞당김")
    found = {kind: (at, why) for kind, at, why in meeting.deadlines.values_list("kind", "due_at", "waived_because")}
    assert found["agenda_call"] == (CALL, "앞당김")
    assert found["notice"] == (moment("2027-04-30 23:59:59"), "")
    assert [change[0] for change in changes(meeting)] == [None, "notice", "minutes_circulated"]


def test_a_meeting_is_not_moved_to_a_moment_that_has_passed() -> None:
    meeting = announced()
    now = moment("2027-05-18 10:00")
    assert refusal(MeetingRefused, meeting, now, now=now, waive_because="긴급").field == "starts_at"
    move(meeting, now + timedelta(minutes=1), now=now, waive_because="긴급")


def test_moving_one_step_is_kept_with_its_reason() -> None:
    meeting = announced()
    by_hand(meeting, "notice", moment("2027-05-10 12:00"))
    assert changes(meeting) == [("notice", NOTICE, moment("2027-05-10 12:00"), "손으로 옮김", NOW)]
    entry = AuditEntry.objects.get(verb="deadline.changed")
    assert (entry.before["due_at"], entry.reason) == ("2027-05-12T14:59:59+00:00", "손으로 옮김")


@pytest.mark.parametrize(
    ("kind", "to", "values", "field"),
    [
        ("notice", "2027-05-10 12:00", {"because": " "}, "because"),
        ("notice", "2027-05-13 12:00", {}, "due_at"),  # 부처님오신날
        ("notice", "2027-05-20 10:01", {}, "due_at"),
        ("minutes_circulated", "2027-05-20 09:59", {}, "due_at"),
        ("notice", "2026-11-24 09:00", {}, "due_at"),
    ],
)
def test_a_step_is_not_moved_where_it_makes_no_sense(kind: str, to: str, values: dict[str, Any], field: str) -> None:
    meeting = announced()
    before = everything_of(meeting)
    with pytest.raises(StepRefused) as error:
        by_hand(meeting, kind, moment(to), **values)
    assert (error.value.field, everything_of(meeting)) == (field, before)


def test_a_step_of_a_draft_is_moved_without_a_reason() -> None:
    meeting = a_meeting()
    by_hand(meeting, "notice", moment("2027-05-10 12:00"), because="")
    assert due(meeting)["notice"] == moment("2027-05-10 12:00")


def test_a_step_is_left_out_with_a_reason_and_taken_up_again() -> None:
    meeting, entries = announced(), AuditEntry.objects.filter(verb="deadline.changed")
    for waived, written in (("서면 안내", 1), ("서면 안내", 1), ("", 2)):
        notice = Deadline.objects.get(meeting=meeting, kind="notice")
        change_deadline(notice, by=TESTER, due_at=None, waived_because=waived, because="", now=NOW)
        assert Deadline.objects.get(pk=notice.pk).waived_because == waived
        assert entries.count() == written
    assert changes(meeting) == []


def test_steps_after_the_meeting_move_once_it_was_held_and_those_of_a_cancelled_one_do_not() -> None:
    meeting = announced()
    begin_meeting(meeting, by=TESTER)
    close_meeting(meeting, by=TESTER, now=START + timedelta(hours=2))
    by_hand(meeting, "minutes_circulated", moment("2027-05-28 18:00"), now=moment("2027-05-21 09:00"))
    assert due(meeting)["minutes_circulated"] == moment("2027-05-28 18:00")
    other = a_meeting(quarter="2027-Q3", starts_at=moment("2027-08-26 10:00"))
    cancel_meeting(other, by=TESTER, now=NOW, reason="일정")
    with pytest.raises(NotAllowedNow):
        by_hand(other, "notice", moment("2027-08-10 12:00"))


def test_those_invited_see_what_moved_since_they_know_and_nobody_else_does(secretary: User, member: Person) -> None:
    meeting = a_meeting()
    by_hand(meeting, "notice", moment("2027-05-10 12:00"), because="CANARY-PLAN", now=NOW - timedelta(hours=1))
    convene_meeting(meeting, by=TESTER, now=NOW, quiet=True)
    move(meeting, START + timedelta(hours=1))
    outsider = an_account("outsider@msit.test", "MSIT").person
    assert secretary.person is not None
    assert outsider is not None
    seen = {
        person: set(visible_to(actor_of(person), DateChange.objects.all(), on=DAY).values_list("because", flat=True))
        for person in (secretary.person, member, outsider)
    }
    assert seen == {secretary.person: {"CANARY-PLAN", "국회 일정"}, member: {"국회 일정"}, outsider: set()}


def test_a_page_of_before_the_move_does_not_move_it_back(council: Body) -> None:
    meeting = announced()
    older = Meeting.objects.get(pk=meeting.pk)
    move(meeting, START + WEEK)
    plan = Plan(starts_at=START + 2 * WEEK, ends_at=START + 2 * WEEK + timedelta(hours=1))
    change_meeting(older, by=TESTER, plan=plan, now=LATER, because="또 옮김")
    own = meeting.date_changes.filter(deadline=None).values_list("was", "became")
    assert list(own) == [(START, START + WEEK), (START + WEEK, START + 2 * WEEK)]
