"""Taking back what was handed in, before it is judged."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from council.core.errors import NotAllowedNow
from council.reports.models import Measurement, ReportDraft, ReportEvidence, Submission
from council.reports.operations.judging import ask_correction, return_for_completion
from council.reports.operations.rounds import end_reopenings, reopen
from council.reports.operations.standing import ReportRefused
from council.reports.operations.writing import save_draft, submit, withdraw
from council.reports.states import ReportState
from tests.factories import Cast, actor_of, moment, pdf
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
    missed,
    receipts,
    returned,
    said,
    submitted,
    waiting,
)

pytestmark = pytest.mark.both_databases


def test_what_is_withdrawn_is_the_draft_again_and_the_report_says_nothing(cast: Cast) -> None:
    report = a_report()
    number = indicator_of(report)
    submitted(cast, report, values={number: Decimal("2.5")}, uploads=[pdf()])
    withdraw(report, by=actor_of(cast.skt_liaison), now=LATER)
    assert said(report) == (ReportState.DRAFT, "", "", None)
    row = kept(report)
    assert (row.submitted_at, row.first_submitted_at, Measurement.objects.count()) == (None, None, 0)
    draft = ReportDraft.objects.get()
    assert (draft.narrative, draft.self_rating, draft.values) == (
        "Roaming was widened",
        "on_track",
        {str(number): "2.5"},
    )
    assert ReportEvidence.objects.get().submission is None
    submission = Submission.objects.get()
    assert (submission.state, submission.withdrawn_at, submission.payload["narrative"]) == (
        "withdrawn",
        LATER,
        "Roaming was widened",
    )


def test_the_same_may_be_submitted_again_after_it_was_withdrawn(cast: Cast) -> None:
    report, by = submitted(cast, uploads=[pdf()]), actor_of(cast.skt_liaison)
    withdraw(report, by=by, now=LATER)
    second = submit(report, by=by, now=LATER)
    assert receipts(report) == [(1, "withdrawn"), (2, "submitted")]
    assert second.sha256 == Submission.objects.get(number=1).sha256
    assert ReportEvidence.objects.get().submission == second


def test_what_was_withdrawn_does_not_count_as_handed_in_on_time(cast: Cast) -> None:
    report, by = submitted(cast), actor_of(cast.skt_liaison)
    withdraw(report, by=by, now=LATER)
    submit(report, by=by, now=LATE)
    assert (kept(report).first_submitted_at, kept(report).is_late) == (LATE, True)


@pytest.mark.parametrize("step", [accepted, returned])
def test_what_was_judged_is_not_withdrawn(cast: Cast, step: Any) -> None:
    report = step(cast)
    with pytest.raises(NotAllowedNow):
        withdraw(report, by=actor_of(cast.skt_liaison), now=LATER)
    assert (receipts(report), ReportDraft.objects.count()) == ([(1, "submitted")], 0)


def test_what_was_not_handed_in_is_not_withdrawn(cast: Cast) -> None:
    report, by = a_report(), actor_of(cast.skt_liaison)
    save_draft(report, by=by, now=IN_TIME, written=a_text())
    with pytest.raises(NotAllowedNow):
        withdraw(report, by=by, now=LATER)
    assert kept(report).state == ReportState.DRAFT


@pytest.mark.parametrize("user", ["kt_liaison", "secretary"])
def test_nobody_else_withdraws_it(cast: Cast, user: str) -> None:
    report = submitted(cast)
    with pytest.raises(ReportRefused):
        withdraw(report, by=actor_of(getattr(cast, user)), now=LATER)
    assert (kept(report).state, receipts(report)) == (ReportState.SUBMITTED, [(1, "submitted")])


def test_a_withdrawn_completion_leaves_what_was_returned(cast: Cast) -> None:
    report, by = returned(cast), actor_of(cast.skt_liaison)
    submit(report, by=by, now=LATER, written=a_text(narrative="Completed"))
    withdraw(report, by=by, now=LATER)
    assert said(report)[:2] == (ReportState.RETURNED, "Roaming was widened")
    assert (ReportDraft.objects.get().narrative, kept(report).comment) == ("Completed", "Which plans?")


def test_a_withdrawn_correction_leaves_what_was_accepted(cast: Cast) -> None:
    report = a_report()
    number, by = indicator_of(report), actor_of(cast.skt_liaison)
    accepted(cast, report, values={number: Decimal(1)}, rating="attention")
    ask_correction(report, by=actor_of(cast.secretary), now=LATER, reason="The figure")
    submit(report, by=by, now=LATER, written=a_text(narrative="Corrected", values={number: Decimal(2)}))
    assert (said(report)[3], kept(report).ministry_rating) == (2, "")
    secretary = actor_of(cast.secretary)
    return_for_completion(report, by=secretary, now=LATER, comment="Still", seen_submission=waiting(report))
    submit(report, by=by, now=LATER, written=a_text(narrative="Corrected", values={number: Decimal(3)}))
    withdraw(report, by=by, now=LATER)
    assert said(report) == (ReportState.RETURNED, "Roaming was widened", "on_track", 1)
    assert (kept(report).ministry_rating, Measurement.objects.get().value) == ("attention", Decimal(1))
    assert ReportDraft.objects.get().values == {str(number): "3"}


def test_a_letter_is_withdrawn_by_its_organisation_whose_own_draft_stays(cast: Cast) -> None:
    report, by = a_report(), actor_of(cast.skt_liaison)
    save_draft(report, by=by, now=IN_TIME, written=a_text(narrative="Our own"))
    letter = a_text(narrative="From the letter", uploads=[pdf("letter.pdf")])
    submit(report, by=actor_of(cast.secretary), now=LATER, written=letter, on_behalf=True)
    withdraw(report, by=by, now=LATER)
    assert (said(report)[:2], ReportDraft.objects.get().narrative) == ((ReportState.DRAFT, ""), "Our own")
    assert ReportEvidence.objects.get().submission is not None  # what came by letter is the ministry's to keep


def test_nothing_is_withdrawn_that_could_not_be_handed_in_again(cast: Cast) -> None:
    report, by = missed(cast), actor_of(cast.skt_liaison)
    secretary = actor_of(cast.secretary)
    reopen(report, until=moment("2027-03-05").date(), reason="Illness", by=secretary, now=CLOSED)
    submit(report, by=by, now=CLOSED, written=a_text())
    with pytest.raises(NotAllowedNow):
        withdraw(report, by=by, now=moment("2027-03-06 00:00"))
    assert kept(report).state == ReportState.SUBMITTED
    assert end_reopenings(report.round, by=secretary, now=moment("2027-03-06")) == 0
    withdraw(report, by=by, now=moment("2027-03-05 23:59"))
    assert kept(report).state == ReportState.DRAFT
