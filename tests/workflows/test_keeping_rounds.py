"""Rounds of reports keep up with the calendar by themselves: opened once, moved with their meeting, ended in time."""

from __future__ import annotations

from datetime import date

import pytest

from council.core.models import AuditEntry
from council.core.quarters import Quarter
from council.mail.models import Delivery, EngineState, Notice
from council.meetings.models import Deadline, Meeting
from council.meetings.operations.deadlines import change_deadline
from council.meetings.operations.schedule import Plan, cancel_meeting, change_meeting, convene_meeting
from council.reports.models import Report, ReportingRound
from council.reports.operations.judging import ask_correction
from council.reports.operations.rounds import close_round, reopen
from council.reports.operations.writing import save_draft
from council.reports.states import RoundState
from council.workflows.keep_rounds import keep_rounds
from council.workflows.tick import tick
from tests.factories import Cast, a_meeting, actor_of, moment
from tests.factories.rows import TESTER
from tests.reports.steps import (
    CLOSED,
    COVERS,
    DUE,
    IN_TIME,
    LATE,
    LATER,
    OPENED,
    SECURITY_DUE,
    a_report,
    a_round,
    a_text,
    accepted,
    kept,
    missed,
    submitted,
    the_meeting,
)
from tests.workflows.dump import everything

pytestmark = pytest.mark.both_databases
SECURITY = "security_reports_due"
UNTIL = date(2027, 3, 5)
AFTER_IT = moment("2027-03-06 09:00")


def announced(meeting: Meeting | None = None) -> Meeting:
    """The council's meeting of 2027-Q1, or another one, after it was announced without a letter."""
    told = meeting or the_meeting()
    convene_meeting(told, by=TESTER, now=moment("2026-11-24 09:00"), quiet=True)
    return told


def moved(meeting: Meeting, to: str) -> None:
    """The meeting goes to another day, and its steps with it."""
    starts_at = moment(f"{to} 10:00")
    plan = Plan(starts_at=starts_at, ends_at=moment(f"{to} 11:30"))
    change_meeting(meeting, by=TESTER, plan=plan, now=IN_TIME, because="국회 일정", quiet=True)


def days() -> set[tuple[str | None, date]]:
    return set(Report.objects.values_list("commitment__pillar__code", "due_on"))


def step_of(meeting: Meeting, kind: str = "reports_due") -> Deadline:
    return Deadline.objects.get(meeting=meeting, kind=kind)


# --- Opening ----------------------------------------------------------------------------------------------------------


def test_the_round_of_an_announced_meeting_is_opened_in_its_quarter_once(cast: Cast) -> None:
    meeting = announced()
    assert keep_rounds(now=OPENED) == 1
    row = ReportingRound.objects.get()
    assert (row.body, row.meeting, row.covers, row.due_on) == (cast.council, meeting, COVERS, DUE)
    assert (row.state, row.opens_on, row.reports.count()) == (RoundState.OPEN, OPENED.date(), 45)
    assert AuditEntry.objects.get(verb="round.opened").actor == "keep_rounds"
    assert Notice.objects.filter(kind="round_opened").exists()
    assert keep_rounds(now=OPENED) == 0


def test_of_a_meeting_that_was_not_announced_no_round_is_opened(cast: Cast) -> None:
    assert keep_rounds(now=OPENED) == 0
    assert (ReportingRound.objects.count(), Notice.objects.count(), AuditEntry.objects.count()) == (0, 0, 0)
    announced()
    assert keep_rounds(now=OPENED) == 1


@pytest.mark.parametrize(("at", "opened"), [("2026-12-31 23:59", 0), ("2027-01-01 00:00", 1)])
def test_it_is_opened_when_the_quarter_of_the_meeting_begins_in_seoul(cast: Cast, at: str, opened: int) -> None:
    announced()
    assert (keep_rounds(now=moment(at)), ReportingRound.objects.count()) == (opened, opened)


@pytest.mark.parametrize(("at", "opened"), [("2027-02-05 23:59", 1), ("2027-02-06 00:00", 0), ("2027-03-31 09:00", 0)])
def test_it_is_not_opened_when_the_day_for_reports_is_over(cast: Cast, at: str, opened: int) -> None:
    announced()
    assert (keep_rounds(now=moment(at)), ReportingRound.objects.count(), Notice.objects.exists()) == (
        opened,
        opened,
        bool(opened),
    )


def test_where_the_step_was_left_out_somebody_has_to_say_the_day(cast: Cast) -> None:
    meeting = announced()
    Deadline.objects.filter(meeting=meeting, kind="reports_due").update(waived_because="Left out")
    assert (keep_rounds(now=OPENED), ReportingRound.objects.count()) == (0, 0)


@pytest.mark.parametrize("body", ["ciso", "extraordinary"])
def test_other_meetings_have_no_round(cast: Cast, body: str) -> None:
    if body == "ciso":
        announced(the_meeting("ciso"))
    else:
        starts_at = moment("2027-02-24 10:00")
        announced(a_meeting(quarter="2027-Q1", kind="extraordinary", starts_at=starts_at))
    assert (keep_rounds(now=OPENED), ReportingRound.objects.count()) == (0, 0)


def test_a_round_that_was_opened_by_hand_is_left_as_it_is(cast: Cast) -> None:
    announced()
    a_round(by=actor_of(cast.secretary))
    entries, before = AuditEntry.objects.count(), everything()
    assert keep_rounds(now=IN_TIME) == 0
    assert (AuditEntry.objects.count(), everything()) == (entries, before)


def test_a_day_that_the_secretary_has_chosen_stays(cast: Cast) -> None:
    """The form offers it: "Empty: the meeting's own date for reports."."""
    announced()
    chosen = date(2027, 2, 10)
    a_round(by=actor_of(cast.secretary), due_on=chosen)
    keep_rounds(now=IN_TIME)
    assert ReportingRound.objects.get().due_on == chosen
    assert a_report("KT").due_on == chosen


# --- Following the meeting --------------------------------------------------------------------------------------------


def test_the_dates_follow_a_meeting_that_moved_but_not_of_what_was_handed_in(cast: Cast) -> None:
    meeting = announced()
    keep_rounds(now=OPENED)
    done, drafted = submitted(cast), a_report("KT")
    save_draft(drafted, by=actor_of(cast.kt_liaison), now=IN_TIME, written=a_text())
    moved(meeting, "2027-03-18")
    day = date(2027, 3, 2)
    assert (keep_rounds(now=LATER), ReportingRound.objects.get().due_on) == (0, day)
    assert (kept(done).due_on, kept(drafted).due_on) == (DUE, day)
    assert days() == {
        ("security", SECURITY_DUE), ("benefits", DUE), ("benefits", day), ("ai_network", day), (None, day),
    }  # fmt: skip
    assert {entry.actor for entry in AuditEntry.objects.filter(verb="report.due_on_moved")} == {"keep_rounds"}
    assert not Notice.objects.exclude(kind__in=["round_opened", "report_submitted"]).exists()


def test_the_dates_follow_a_step_that_was_moved_by_hand(cast: Cast) -> None:
    meeting = announced()
    keep_rounds(now=OPENED)
    for step, day in ((step_of(meeting), "2027-02-10"), (step_of(the_meeting("ciso"), SECURITY), "2027-01-27")):
        change_deadline(
            step, by=TESTER, due_at=moment(f"{day} 23:59"), waived_because="", because="국회 일정", now=IN_TIME
        )
    keep_rounds(now=LATER)
    assert {day for pillar, day in days() if pillar == "security"} == {date(2027, 1, 27)}
    assert {day for pillar, day in days() if pillar != "security"} == {date(2027, 2, 10)}


def test_no_date_follows_into_the_past(cast: Cast) -> None:
    meeting = announced()
    keep_rounds(now=OPENED)
    Deadline.objects.filter(pk=step_of(meeting).pk).update(due_at=moment("2027-01-15 23:59"))
    entries = AuditEntry.objects.count()
    keep_rounds(now=LATER)
    assert (ReportingRound.objects.get().due_on, AuditEntry.objects.count()) == (DUE, entries)
    assert {day for pillar, day in days() if pillar != "security"} == {DUE}


@pytest.mark.parametrize("change", ["nothing", "moved", "handed in", "reports are late"])
def test_run_twice_it_changes_nothing(cast: Cast, change: str) -> None:
    meeting = announced()
    keep_rounds(now=OPENED)
    if change == "moved":
        moved(meeting, "2027-03-18")
    elif change == "handed in":
        submitted(cast)
    now = LATE if change == "reports are late" else LATER
    keep_rounds(now=now)
    entries, before = AuditEntry.objects.count(), everything()
    for _ in range(3):
        assert keep_rounds(now=now) == 0
    assert (AuditEntry.objects.count(), everything()) == (entries, before)
    assert Delivery.objects.count() == 0


def test_a_meeting_that_was_called_off_leaves_the_round_where_it_is_and_the_next_one_takes_it_over(cast: Cast) -> None:
    meeting = announced()
    keep_rounds(now=OPENED)
    cancel_meeting(meeting, by=TESTER, now=IN_TIME, reason="Elections", quiet=True)
    entries, before = AuditEntry.objects.count(), everything()
    assert keep_rounds(now=LATER) == 0
    assert (AuditEntry.objects.count(), everything()) == (entries, before)
    again = a_meeting(quarter="2027-Q1", starts_at=moment("2027-03-18 10:00"), now=LATER)
    keep_rounds(now=LATER)
    assert ReportingRound.objects.get().meeting == meeting  # nobody was told of the new one yet
    announced(again)
    assert keep_rounds(now=LATER) == 0
    row, day = ReportingRound.objects.get(), date(2027, 3, 2)
    assert (row.meeting, row.due_on, a_report("KT").due_on) == (again, day, day)
    entries, before = AuditEntry.objects.count(), everything()
    keep_rounds(now=LATER)
    assert (AuditEntry.objects.count(), everything()) == (entries, before)


def test_of_a_cancelled_meeting_no_round_is_opened(cast: Cast) -> None:
    cancel_meeting(announced(), by=TESTER, now=OPENED, reason="Elections", quiet=True)
    assert (keep_rounds(now=OPENED), ReportingRound.objects.count()) == (0, 0)


def test_a_closed_round_is_neither_moved_nor_opened_again(cast: Cast) -> None:
    meeting = announced()
    keep_rounds(now=OPENED)
    row = ReportingRound.objects.get()
    close_round(row, by=actor_of(cast.secretary), now=LATE)
    moved(meeting, "2027-03-18")
    entries, before = AuditEntry.objects.count(), everything()
    assert keep_rounds(now=CLOSED) == 0
    assert (AuditEntry.objects.count(), everything()) == (entries, before)


# --- Ending what was reopened -----------------------------------------------------------------------------------------


def test_what_was_reopened_is_missed_again_when_its_day_is_over(cast: Cast) -> None:
    report, other = missed(cast), a_report("KT")
    reopen(report, until=UNTIL, reason="Illness", by=actor_of(cast.secretary), now=CLOSED)
    keep_rounds(now=moment("2027-03-05 23:59"))
    assert kept(report).state == "not_submitted"
    keep_rounds(now=AFTER_IT)
    assert (kept(report).state, kept(other).state) == ("missed", "missed")
    entries = AuditEntry.objects.count()
    keep_rounds(now=AFTER_IT)
    assert AuditEntry.objects.count() == entries


def test_a_correction_that_did_not_come_leaves_what_was_accepted(cast: Cast) -> None:
    report, by = accepted(cast, narrative="Stands"), actor_of(cast.secretary)
    close_round(report.round, by=by, now=CLOSED)
    ask_correction(kept(report), by=by, now=CLOSED, reason="The figure", until=UNTIL)
    keep_rounds(now=AFTER_IT)
    row = kept(report)
    assert (row.state, row.ministry_rating, row.narrative) == ("accepted", "attention", "Stands")


# --- The engine -------------------------------------------------------------------------------------------------------


def test_a_turn_of_the_engine_keeps_the_rounds(cast: Cast) -> None:
    announced()
    assert tick(now=OPENED).opened == 1
    assert ReportingRound.objects.get().covers == Quarter(2026, 4)
    assert EngineState.objects.get().heartbeat_at == OPENED
    assert tick(now=OPENED).opened == 0
    assert ReportingRound.objects.count() == 1
