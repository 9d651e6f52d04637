"""The ministry's answer: a rating beside the organisation's own, or what is missing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from council.core.errors import NotAllowedNow, SomebodyWasFaster
from council.reports.models import Judgement, Report
from council.reports.operations.judging import accept, return_for_completion
from council.reports.operations.standing import ReportRefused
from council.reports.operations.writing import submit, withdraw
from council.reports.states import ReportState
from tests.factories import Cast, actor_of
from tests.reports.steps import (
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


def test_both_ratings_stand_side_by_side(cast: Cast) -> None:
    report = submitted(cast)
    seen = waiting(report)
    accept(report, by=actor_of(cast.secretary), now=LATER, rating="review", comment=" Slow ", seen_submission=seen)
    row = kept(report)
    assert (row.state, row.self_rating, row.ministry_rating) == (ReportState.ACCEPTED, "on_track", "review")
    assert (row.comment, row.judged_at, row.judged_by, row.self_check) == ("Slow", LATER, cast.secretary, False)
    judgement = Judgement.objects.get()
    assert (judgement.submission_id, judgement.verdict, judgement.rating) == (seen, "accepted", "review")
    assert (judgement.by, judgement.at, judgement.comment) == (cast.secretary, LATER, "Slow")


def test_what_is_returned_says_what_is_missing_and_has_no_rating(cast: Cast) -> None:
    report = returned(cast)
    row = kept(report)
    assert said(report)[:3] == (ReportState.RETURNED, "Roaming was widened", "on_track")
    assert (row.ministry_rating, row.comment, row.judged_by) == ("", "Which plans?", cast.secretary)
    judgement = Judgement.objects.get()
    assert (judgement.verdict, judgement.rating, judgement.comment) == ("returned", "", "Which plans?")


@pytest.mark.parametrize("rating", ["", "splendid"])
def test_what_is_accepted_is_rated(cast: Cast, rating: str) -> None:
    report = submitted(cast)
    with pytest.raises(ReportRefused) as refusal:
        accept(report, by=actor_of(cast.secretary), now=LATER, rating=rating, seen_submission=waiting(report))
    assert (refusal.value.field, kept(report).state, Judgement.objects.count()) == ("rating", ReportState.SUBMITTED, 0)


def test_what_is_returned_needs_a_comment(cast: Cast) -> None:
    report = submitted(cast)
    with pytest.raises(ReportRefused) as refusal:
        return_for_completion(
            report, by=actor_of(cast.secretary), now=LATER, comment=" ", seen_submission=waiting(report)
        )
    assert (refusal.value.field, kept(report).state, Judgement.objects.count()) == ("comment", ReportState.SUBMITTED, 0)


def test_a_submission_that_was_not_shown_is_not_judged(cast: Cast) -> None:
    report, by = submitted(cast), actor_of(cast.skt_liaison)
    seen = waiting(report)
    withdraw(report, by=by, now=LATER)
    submit(report, by=by, now=LATER, written=a_text(narrative="Other"))
    secretary = actor_of(cast.secretary)
    with pytest.raises(SomebodyWasFaster):
        accept(report, by=secretary, now=LATER, rating="done", seen_submission=seen)
    with pytest.raises(SomebodyWasFaster):
        return_for_completion(report, by=secretary, now=LATER, comment="More", seen_submission=seen)
    assert (kept(report).state, Judgement.objects.count()) == (ReportState.SUBMITTED, 0)


def test_a_page_opened_before_somebody_else_judged_is_told(cast: Cast) -> None:
    report = submitted(cast)
    seen, opened_before = waiting(report), Report.objects.get(pk=report.pk)
    accept(report, by=actor_of(cast.secretary), now=LATER, rating="done", seen_submission=seen)
    with pytest.raises(SomebodyWasFaster):
        return_for_completion(opened_before, by=actor_of(cast.chair), now=LATER, comment="More", seen_submission=seen)
    assert (kept(report).state, Judgement.objects.count()) == (ReportState.ACCEPTED, 1)


@pytest.mark.parametrize("step", [accepted, returned])
def test_nothing_is_judged_twice(cast: Cast, step: Any) -> None:
    report = step(cast)
    state, seen = report.state, waiting(report)
    with pytest.raises(NotAllowedNow):
        accept(report, by=actor_of(cast.secretary), now=LATE, rating="done", seen_submission=seen)
    assert (kept(report).state, Judgement.objects.count()) == (state, 1)


def test_what_was_not_handed_in_is_not_judged(cast: Cast) -> None:
    report = a_report()
    with pytest.raises(NotAllowedNow):
        accept(report, by=actor_of(cast.secretary), now=LATER, rating="done", seen_submission=0)
    assert (kept(report).state, Judgement.objects.count()) == (ReportState.NOT_SUBMITTED, 0)


def test_what_the_ministry_judges_of_its_own_is_a_self_check(cast: Cast) -> None:
    report = a_report("MSIT", "C07")
    by = actor_of(cast.secretary)
    submit(report, by=by, now=IN_TIME, written=a_text())
    with pytest.raises(ReportRefused):
        accept(report, by=by, now=LATER, rating="on_track", seen_submission=waiting(report))
    assert (kept(report).state, Judgement.objects.count()) == ("submitted", 0)
    colleague = actor_of(cast.chair)
    accept(report, by=colleague, now=LATER, rating="on_track", seen_submission=waiting(report))
    assert (kept(report).self_check, Judgement.objects.get().self_check) == (True, True)


def test_a_completed_report_is_accepted_with_its_figures(cast: Cast) -> None:
    report = returned(cast)
    number = indicator_of(report)
    submit(report, by=actor_of(cast.skt_liaison), now=LATER, written=a_text(values={number: Decimal("99.9")}))
    accept(report, by=actor_of(cast.secretary), now=LATER, rating="done", seen_submission=waiting(report))
    row = kept(report)
    assert (row.state, row.actual, row.ministry_rating, row.comment) == ("accepted", Decimal("99.9"), "done", "")
    assert (row.is_corrected, row.judgements.count()) == (False, 2)
