"""Asking for a correction of what was accepted: it stands until the correction is submitted."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from council.core.errors import NotAllowedNow
from council.reports.models import Judgement, Measurement
from council.reports.operations.judging import accept, ask_correction
from council.reports.operations.rounds import close_round, end_reopenings
from council.reports.operations.standing import ReportRefused
from council.reports.operations.writing import save_draft, submit
from council.reports.states import ReportState
from tests.factories import Cast, actor_of, moment
from tests.reports.steps import (
    CLOSED,
    IN_TIME,
    LATE,
    LATER,
    a_report,
    a_text,
    accepted,
    indicator_of,
    kept,
    returned,
    said,
    submitted,
    waiting,
)

pytestmark = pytest.mark.both_databases
UNTIL = moment("2027-03-05").date()


def to_correct(cast: Cast) -> Any:
    """An accepted report with the value 1, of which a correction is asked for."""
    report = a_report()
    accepted(cast, report, values={indicator_of(report): Decimal(1)}, rating="attention")
    ask_correction(report, by=actor_of(cast.secretary), now=LATER, reason="The figure is last quarter's")
    return report


def correct(cast: Cast, report: Any, *, value: int, now: Any = LATER) -> None:
    written = a_text(narrative="Corrected", values={indicator_of(report): Decimal(value)})
    submit(report, by=actor_of(cast.skt_liaison), now=now, written=written)


def test_what_was_accepted_stands_while_a_correction_is_asked_for(cast: Cast) -> None:
    report = to_correct(cast)
    save_draft(report, by=actor_of(cast.skt_liaison), now=LATER, written=a_text(narrative="Being corrected"))
    row = kept(report)
    assert said(report) == (ReportState.RETURNED, "Roaming was widened", "on_track", 1)
    assert (row.ministry_rating, row.comment) == ("attention", "The figure is last quarter's")
    assert (Measurement.objects.get().value, row.is_corrected) == (Decimal(1), False)
    assert list(row.judgements.values_list("verdict", flat=True)) == ["returned", "accepted"]


def test_a_correction_that_is_accepted_is_marked_as_one(cast: Cast) -> None:
    report = to_correct(cast)
    correct(cast, report, value=2)
    assert (said(report)[3], kept(report).ministry_rating, kept(report).is_corrected) == (2, "", False)
    accept(report, by=actor_of(cast.secretary), now=LATER, rating="done", seen_submission=waiting(report))
    row = kept(report)
    assert (row.state, row.actual, row.ministry_rating, row.is_corrected) == ("accepted", Decimal(2), "done", True)
    assert [one.payload["values"] for one in row.submissions.order_by("number")] == [
        {str(indicator_of(report)): "1"},
        {str(indicator_of(report)): "2"},
    ]


@pytest.mark.parametrize("step", [submitted, returned])
def test_a_correction_is_asked_for_of_what_was_accepted_only(cast: Cast, step: Any) -> None:
    report = step(cast)
    state, judgements = report.state, Judgement.objects.count()
    with pytest.raises(NotAllowedNow):
        ask_correction(report, by=actor_of(cast.secretary), now=LATER, reason="The figure")
    assert (kept(report).state, Judgement.objects.count()) == (state, judgements)


def test_a_correction_is_asked_for_with_a_reason(cast: Cast) -> None:
    report = accepted(cast)
    with pytest.raises(ReportRefused) as refusal:
        ask_correction(report, by=actor_of(cast.secretary), now=LATER, reason=" ")
    assert (refusal.value.field, kept(report).state, Judgement.objects.count()) == ("reason", ReportState.ACCEPTED, 1)


def test_a_correction_that_does_not_come_leaves_what_was_accepted(cast: Cast) -> None:
    report = to_correct(cast)
    correct(cast, report, value=2)
    secretary = actor_of(cast.secretary)
    accept(report, by=secretary, now=LATER, rating="review", seen_submission=waiting(report))
    ask_correction(report, by=secretary, now=LATER, reason="Once more")
    close_round(report.round, by=secretary, now=CLOSED)
    assert said(report) == (ReportState.ACCEPTED, "Corrected", "on_track", 2)
    assert (kept(report).ministry_rating, kept(report).is_corrected) == ("review", True)


def closed_with_one_accepted(cast: Cast) -> Any:
    report = a_report()
    accepted(cast, report, values={indicator_of(report): Decimal(1)})
    close_round(report.round, by=actor_of(cast.secretary), now=CLOSED)
    report.refresh_from_db()
    return report


def test_in_a_closed_round_a_correction_comes_until_a_day(cast: Cast) -> None:
    report = closed_with_one_accepted(cast)
    by = actor_of(cast.secretary)
    for until in (None, LATE.date()):
        with pytest.raises(ReportRefused) as refusal:
            ask_correction(report, by=by, now=CLOSED, reason="The figure", until=until)
        assert (refusal.value.field, kept(report).state) == ("until", ReportState.ACCEPTED)
    ask_correction(report, by=by, now=CLOSED, reason="The figure", until=UNTIL)
    assert (kept(report).reopened_until, kept(report).reopened_because) == (UNTIL, "The figure")
    with pytest.raises(NotAllowedNow):
        correct(cast, report, value=2, now=moment("2027-03-06 00:00"))
    assert said(report)[3] == 1
    correct(cast, report, value=2, now=moment("2027-03-05 23:59"))
    assert said(report)[:4:3] == (ReportState.SUBMITTED, 2)


def test_in_a_closed_round_what_was_accepted_stands_again_when_the_day_is_over(cast: Cast) -> None:
    report = closed_with_one_accepted(cast)
    by = actor_of(cast.secretary)
    ask_correction(report, by=by, now=CLOSED, reason="The figure", until=UNTIL)
    assert end_reopenings(report.round, by=by, now=moment("2027-03-05 23:59")) == 0
    assert kept(report).state == ReportState.RETURNED
    assert end_reopenings(report.round, by=by, now=moment("2027-03-06 00:00")) == 1
    assert (said(report)[:4:3], kept(report).ministry_rating) == ((ReportState.ACCEPTED, 1), "attention")


def test_a_correction_does_not_make_a_report_late(cast: Cast) -> None:
    report = to_correct(cast)
    correct(cast, report, value=2, now=LATE)
    row = kept(report)
    assert (row.submitted_at, row.first_submitted_at, row.is_late) == (LATE, IN_TIME, False)
