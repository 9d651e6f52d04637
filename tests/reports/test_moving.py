"""The due dates follow the meeting, for what was not handed in yet."""

from __future__ import annotations

from datetime import date

import pytest

from council.core.errors import NotAllowedNow
from council.core.models import AuditEntry
from council.meetings.models import Deadline
from council.meetings.operations.deadlines import change_deadline
from council.meetings.operations.schedule import cancel_meeting
from council.reports.models import Report
from council.reports.operations.rounds import RoundRefused, close_round, plan_again
from council.reports.operations.writing import save_draft
from tests.factories import Cast, a_meeting, actor_of, moment
from tests.reports.steps import (
    CLOSED,
    DUE,
    IN_TIME,
    LATER,
    SECURITY_DUE,
    a_report,
    a_round,
    a_text,
    kept,
    submitted,
    the_meeting,
)

pytestmark = pytest.mark.both_databases
MOVED = date(2027, 2, 10)


def move_step(cast: Cast, kind: str, to: str, body: str = "council") -> None:
    step = Deadline.objects.get(meeting=the_meeting(body), kind=kind)
    change_deadline(
        step, by=actor_of(cast.secretary), due_at=moment(f"{to} 23:59"), waived_because="", because="", now=IN_TIME
    )


def test_the_dates_follow_but_not_of_what_was_handed_in(cast: Cast) -> None:
    done, drafted, untouched = submitted(cast), a_report("KT"), a_report("LGU")
    save_draft(drafted, by=actor_of(cast.kt_liaison), now=IN_TIME, written=a_text())
    move_step(cast, "reports_due", "2027-02-10")
    count = plan_again(done.round, by=actor_of(cast.secretary), now=LATER)
    assert [kept(one).due_on for one in (done, drafted, untouched)] == [DUE, MOVED, MOVED]
    assert done.round.due_on == MOVED
    assert (
        count
        == Report.objects.filter(due_on=MOVED).count()
        == AuditEntry.objects.filter(verb="report.due_on_moved").count()
    )
    assert not Report.objects.filter(commitment__pillar__code="security").exclude(due_on=SECURITY_DUE).exists()


def test_the_working_groups_day_is_followed_too(cast: Cast) -> None:
    row = a_round()
    move_step(cast, "security_reports_due", "2027-01-27", body="ciso")
    plan_again(row, by=actor_of(cast.secretary), now=LATER)
    days = set(Report.objects.filter(commitment__pillar__code="security").values_list("due_on", flat=True))
    assert days == {date(2027, 1, 27)}


def test_planning_again_without_a_move_changes_nothing(cast: Cast) -> None:
    row = a_round()
    entries = AuditEntry.objects.count()
    assert plan_again(row, by=actor_of(cast.secretary), now=LATER) == 0
    assert AuditEntry.objects.count() == entries


def test_no_date_is_moved_into_the_past(cast: Cast) -> None:
    row = a_round()
    Deadline.objects.filter(kind="reports_due").update(due_at=moment("2027-01-15 23:59"))
    assert plan_again(row, by=actor_of(cast.secretary), now=LATER) == 0
    row.refresh_from_db()
    assert (row.due_on, a_report().due_on) == (DUE, DUE)


def test_a_round_can_prepare_another_meeting_instead(cast: Cast) -> None:
    row, by = a_round(), actor_of(cast.secretary)
    cancel_meeting(the_meeting(), by=by, now=IN_TIME, reason="Elections")
    new = a_meeting(quarter="2027-Q1", starts_at=moment("2027-03-18 10:00"), now=IN_TIME)
    plan_again(row, by=by, now=LATER, meeting=new)
    day = date(2027, 3, 2)
    assert (row.meeting, row.due_on, a_report().due_on) == (new, day, day)


def test_a_meeting_of_another_quarter_is_not_prepared_by_it(cast: Cast) -> None:
    row = a_round()
    other = a_meeting(quarter="2027-Q2", now=IN_TIME)
    with pytest.raises(RoundRefused):
        plan_again(row, by=actor_of(cast.secretary), now=LATER, meeting=other)
    row.refresh_from_db()
    assert row.meeting == the_meeting()


def test_a_closed_round_is_not_moved(cast: Cast) -> None:
    row = a_round()
    close_round(row, by=actor_of(cast.secretary), now=CLOSED)
    with pytest.raises(NotAllowedNow):
        plan_again(row, by=actor_of(cast.secretary), now=CLOSED)
