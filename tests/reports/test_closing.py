"""Closing a round, and reopening a single report."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from council.core.errors import NotAllowedNow
from council.core.models import AuditEntry
from council.declaration.models import Commitment
from council.reports.models import Report, ReportDraft, ReportingRound
from council.reports.operations.rounds import close_round, end_reopenings, reopen
from council.reports.operations.standing import ReportRefused
from council.reports.operations.writing import save_draft, submit
from council.reports.states import ReportState, RoundState
from tests.factories import Cast, actor_of, moment
from tests.reports.steps import (
    CLOSED,
    IN_TIME,
    LATE,
    a_report,
    a_round,
    a_text,
    accepted,
    kept,
    missed,
    returned,
    submitted,
)

pytestmark = pytest.mark.both_databases
UNTIL = moment("2027-03-05").date()


def test_what_was_not_submitted_is_missed(cast: Cast) -> None:
    done, asked, drafted = accepted(cast), returned(cast, a_report("SKT", "C13")), a_report("KT")
    save_draft(drafted, by=actor_of(cast.kt_liaison), now=IN_TIME, written=a_text())
    row = done.round
    close_round(row, by=actor_of(cast.secretary), now=CLOSED)
    assert (row.state, row.closed_at) == (RoundState.CLOSED, CLOSED)
    assert [kept(one).state for one in (done, asked, drafted)] == ["accepted", "missed", "missed"]
    assert Report.objects.filter(state=ReportState.MISSED).count() == 44
    assert AuditEntry.objects.filter(verb="report.missed").count() == 44
    assert ReportDraft.objects.get().report == drafted


def test_a_round_is_not_closed_while_reports_wait_to_be_judged(cast: Cast) -> None:
    report = submitted(cast)
    submitted(cast, a_report("SKT", "C13"))
    with pytest.raises(NotAllowedNow) as refusal, translation.override("en"):
        close_round(report.round, by=actor_of(cast.secretary), now=CLOSED)
    with translation.override("en"):
        assert str(refusal.value).startswith("2 reports wait")
    assert (ReportingRound.objects.get().state, report.round.state) == (RoundState.OPEN, RoundState.OPEN)
    assert not Report.objects.filter(state=ReportState.MISSED).exists()


def test_nothing_is_missed_before_its_day_is_over(cast: Cast) -> None:
    row = a_round()
    with pytest.raises(NotAllowedNow):
        close_round(row, by=actor_of(cast.secretary), now=moment("2027-02-05 23:59"))
    assert (ReportingRound.objects.get().state, Report.objects.filter(state="missed").count()) == ("open", 0)
    close_round(row, by=actor_of(cast.secretary), now=moment("2027-02-06 00:00"))
    assert ReportingRound.objects.get().state == RoundState.CLOSED


def test_a_round_of_which_everything_was_accepted_is_closed_any_day(cast: Cast) -> None:
    Commitment.objects.exclude(code="C19").update(state="withdrawn")
    report = accepted(cast, a_report("SKT", "C19"))
    close_round(report.round, by=actor_of(cast.secretary), now=IN_TIME)
    assert (ReportingRound.objects.get().state, kept(report).state) == (RoundState.CLOSED, ReportState.ACCEPTED)


def test_a_round_is_closed_once(cast: Cast) -> None:
    row = a_round()
    close_round(row, by=actor_of(cast.secretary), now=CLOSED)
    with pytest.raises(NotAllowedNow):
        close_round(row, by=actor_of(cast.secretary), now=moment("2027-03-01"))
    assert ReportingRound.objects.get().closed_at == CLOSED


def test_a_reopened_report_is_handed_in_until_its_day_and_stays_late(cast: Cast) -> None:
    report = missed(cast)
    reopen(report, until=UNTIL, reason="Illness", by=actor_of(cast.secretary), now=CLOSED)
    row = kept(report)
    assert (row.state, row.reopened_until, row.reopened_because) == (ReportState.NOT_SUBMITTED, UNTIL, "Illness")
    assert AuditEntry.objects.get(verb="report.reopened").reason == "Illness"
    other = a_report("KT")
    with pytest.raises(NotAllowedNow):
        submit(other, by=actor_of(cast.kt_liaison), now=CLOSED, written=a_text())
    with pytest.raises(NotAllowedNow):
        submit(report, by=actor_of(cast.skt_liaison), now=moment("2027-03-06 00:00"), written=a_text())
    assert (kept(report).state, kept(other).state) == (ReportState.NOT_SUBMITTED, ReportState.MISSED)
    submit(report, by=actor_of(cast.skt_liaison), now=moment("2027-03-05 23:59"), written=a_text())
    assert (kept(report).state, kept(report).is_late) == (ReportState.SUBMITTED, True)


def test_a_draft_that_was_begun_is_there_again(cast: Cast) -> None:
    report, by = a_report(), actor_of(cast.skt_liaison)
    save_draft(report, by=by, now=IN_TIME, written=a_text(narrative="Begun"))
    missed(cast)
    reopen(kept(report), until=UNTIL, reason="Illness", by=actor_of(cast.secretary), now=CLOSED)
    submit(report, by=by, now=CLOSED)
    assert (kept(report).state, kept(report).narrative) == (ReportState.SUBMITTED, "Begun")


@pytest.mark.parametrize(
    ("until", "reason", "field"), [("2027-02-25", "Illness", "until"), ("2027-03-05", " ", "reason")]
)
def test_reopening_takes_a_day_to_come_and_a_reason(cast: Cast, until: str, reason: str, field: str) -> None:
    report = missed(cast)
    with pytest.raises(ReportRefused) as refusal:
        reopen(report, until=moment(until).date(), reason=reason, by=actor_of(cast.secretary), now=CLOSED)
    assert (refusal.value.field, kept(report).state, kept(report).reopened_until) == (field, ReportState.MISSED, None)


@pytest.mark.parametrize("step", [submitted, accepted, returned])
def test_only_what_was_missed_is_reopened(cast: Cast, step: Any) -> None:
    report = step(cast)
    state = report.state
    with pytest.raises(NotAllowedNow):
        reopen(report, until=UNTIL, reason="Illness", by=actor_of(cast.secretary), now=CLOSED)
    assert (kept(report).state, kept(report).reopened_until) == (state, None)


def test_what_was_reopened_and_did_not_come_is_missed_again(cast: Cast) -> None:
    report, by = missed(cast), actor_of(cast.secretary)
    reopen(report, until=UNTIL, reason="Illness", by=by, now=CLOSED)
    assert end_reopenings(report.round, by=by, now=moment("2027-03-05 23:59")) == 0
    assert kept(report).state == ReportState.NOT_SUBMITTED
    assert end_reopenings(report.round, by=by, now=moment("2027-03-06 00:00")) == 1
    assert kept(report).state == ReportState.MISSED
    assert end_reopenings(report.round, by=by, now=moment("2027-03-07")) == 0


def test_no_reopening_ends_in_a_round_that_is_still_open(cast: Cast) -> None:
    row = a_round()
    assert end_reopenings(row, by=actor_of(cast.secretary), now=CLOSED) == 0
    assert not Report.objects.filter(state=ReportState.MISSED).exists()


@pytest.mark.parametrize(
    ("day", "overdue"), [("2027-01-28", 0), ("2027-01-29", 20), ("2027-02-05", 20), ("2027-02-06", 45)]
)
def test_overdue_follows_from_the_day(cast: Cast, day: str, overdue: int) -> None:
    a_round()
    today = moment(day).date()
    assert Report.objects.overdue(today=today).count() == overdue
    assert sum(report.is_overdue(today) for report in Report.objects.all()) == overdue


def test_what_was_handed_in_is_not_owed_and_what_was_reopened_is_until_its_day(cast: Cast) -> None:
    submitted(cast, a_report("SKT", "C13"))
    assert Report.objects.owed().count() == Report.objects.overdue(today=LATE.date()).count() == 44
    accepted_one = Report.objects.get(organisation__code="SKT", commitment__code="C13")
    assert not accepted_one.is_overdue(LATE.date())


def test_a_reopened_report_is_overdue_when_its_new_day_is_over(cast: Cast) -> None:
    report = missed(cast)
    assert Report.objects.owed().count() == 0
    reopen(report, until=UNTIL, reason="Illness", by=actor_of(cast.secretary), now=CLOSED)
    for day, overdue in (("2027-03-05", False), ("2027-03-06", True)):
        today = moment(day).date()
        assert (kept(report).is_overdue(today), Report.objects.overdue(today=today).exists()) == (overdue, overdue)
