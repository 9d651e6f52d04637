"""Handing a report in: what it takes, what stands then, and the receipt."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import Any

import pytest

from council.core.errors import NotAllowedNow
from council.core.models import AuditEntry
from council.reports.models import Measurement, ReportDraft, ReportEvidence, Submission
from council.reports.operations.standing import ReportRefused
from council.reports.operations.writing import save_draft, submit
from council.reports.receipt import digest
from council.reports.states import ReportState
from tests.factories import Cast, actor_of, moment, pdf
from tests.reports.steps import (
    CLOSED,
    DUE,
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
)

pytestmark = pytest.mark.both_databases


def test_what_is_handed_in_stands_in_the_report(cast: Cast) -> None:
    report = a_report()
    number = indicator_of(report)
    submission = submit(
        report, by=actor_of(cast.skt_liaison), now=IN_TIME, written=a_text(values={number: Decimal("1234.5")})
    )
    row = kept(report)
    assert said(report) == (ReportState.SUBMITTED, "Roaming was widened", "on_track", Decimal("1234.5"))
    assert (row.submitted_at, row.first_submitted_at, row.ministry_rating) == (IN_TIME, IN_TIME, "")
    assert Measurement.objects.values_list("report", "indicator", "value").get() == (row.pk, number, Decimal("1234.5"))
    assert (submission.number, submission.by, submission.on_behalf) == (1, cast.skt_liaison, False)
    assert report.state == ReportState.SUBMITTED


def test_a_draft_is_handed_in_as_it_is_and_gone_then(cast: Cast) -> None:
    report, by = a_report(), actor_of(cast.skt_liaison)
    save_draft(report, by=by, now=IN_TIME, written=a_text(narrative="Drafted", uploads=[pdf()]))
    submission = submit(report, by=by, now=LATER)
    assert (submission.payload["narrative"], kept(report).submitted_at) == ("Drafted", LATER)
    assert ReportDraft.objects.count() == 0
    assert ReportEvidence.objects.get().submission == submission


def test_a_receipt_holds_the_content_and_its_hash(cast: Cast) -> None:
    report = a_report()
    number = indicator_of(report)
    written = a_text(narrative="로밍", values={number: Decimal("30.0")}, uploads=[pdf()], url="https://skt.test/a")
    submit(report, by=actor_of(cast.skt_liaison), now=IN_TIME, written=written)
    submission = Submission.objects.get()
    stored = ReportEvidence.objects.get(kind="file").file
    assert stored is not None
    assert submission.payload == {
        "commitment": "C12",
        "organisation": "SKT",
        "quarter": "2026-Q4",
        "narrative": "로밍",
        "self_rating": "on_track",
        "values": {str(number): "30"},
        "evidence": [
            {"kind": "link", "title": "https://skt.test/a", "url": "https://skt.test/a"},
            {"kind": "file", "title": "evidence.pdf", "sha256": stored.sha256},
        ],
    }
    text = json.dumps(submission.payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert submission.sha256 == hashlib.sha256(text.encode()).hexdigest() == digest(submission.payload)
    entry = AuditEntry.objects.get(verb="report.receipt_given")
    assert entry.after == {"number": 1, "sha256": submission.sha256, "on_behalf": False}


def test_the_first_indicators_value_is_the_actual_one(cast: Cast) -> None:
    report = a_report("LGU", "C06")
    second = indicator_of(report, 1)
    by = actor_of(cast.lgu_liaison)
    submit(report, by=by, now=IN_TIME, written=a_text(values={second: Decimal(7)}))
    assert (kept(report).actual, Measurement.objects.get().indicator_id) == (None, second)
    other = a_report("SKT", "C12")
    submit(other, by=actor_of(cast.skt_liaison), now=IN_TIME, written=a_text(values={indicator_of(other): Decimal(5)}))
    assert kept(other).actual == Decimal(5)


def test_a_value_that_is_not_known_may_stay_empty(cast: Cast) -> None:
    report = submitted(cast)
    assert (kept(report).actual, Measurement.objects.count()) == (None, 0)
    assert Submission.objects.get().payload["values"] == {}


@pytest.mark.parametrize(("values", "field"), [({"narrative": " "}, "narrative"), ({"self_rating": ""}, "self_rating")])
def test_text_and_rating_are_needed_and_the_attempt_leaves_nothing(
    cast: Cast, values: dict[str, str], field: str
) -> None:
    report = a_report()
    with pytest.raises(ReportRefused) as refusal:
        submit(report, by=actor_of(cast.skt_liaison), now=IN_TIME, written=a_text(uploads=[pdf()], **values))
    assert (refusal.value.field, Submission.objects.count(), ReportDraft.objects.count()) == (field, 0, 0)
    assert (ReportEvidence.objects.count(), kept(report).state) == (0, ReportState.NOT_SUBMITTED)


def test_an_unfinished_draft_stays_as_it_was(cast: Cast) -> None:
    report, by = a_report(), actor_of(cast.skt_liaison)
    save_draft(report, by=by, now=IN_TIME, written=a_text(self_rating=""))
    with pytest.raises(ReportRefused):
        submit(report, by=by, now=LATER)
    assert (kept(report).state, ReportDraft.objects.count()) == (ReportState.DRAFT, 1)


def test_without_a_draft_there_is_nothing_to_hand_in(cast: Cast) -> None:
    report = a_report()
    with pytest.raises(ReportRefused):
        submit(report, by=actor_of(cast.skt_liaison), now=IN_TIME)
    assert (kept(report).state, Submission.objects.count()) == (ReportState.NOT_SUBMITTED, 0)


@pytest.mark.parametrize("user", ["kt_liaison", "secretary", "nobody"])
def test_nobody_hands_in_the_report_of_another_organisation(cast: Cast, user: str) -> None:
    report = a_report()
    with pytest.raises(ReportRefused):
        submit(report, by=actor_of(getattr(cast, user)), now=IN_TIME, written=a_text())
    assert (said(report), Submission.objects.count()) == ((ReportState.NOT_SUBMITTED, "", "", None), 0)


@pytest.mark.parametrize("step", [submitted, accepted])
def test_a_button_pressed_twice_hands_in_once(cast: Cast, step: Any) -> None:
    report = step(cast)
    state = report.state
    with pytest.raises(NotAllowedNow):
        submit(report, by=actor_of(cast.skt_liaison), now=LATER, written=a_text(narrative="Other"))
    assert (receipts(report), kept(report).state) == ([(1, "submitted")], state)


def test_the_same_content_is_not_submitted_again_after_it_was_returned(cast: Cast) -> None:
    report, by = returned(cast, uploads=[pdf()]), actor_of(cast.skt_liaison)
    with pytest.raises(ReportRefused):
        submit(report, by=by, now=LATER, written=a_text())
    assert (receipts(report), kept(report).state) == ([(1, "submitted")], ReportState.RETURNED)
    submit(report, by=by, now=LATER, written=a_text(uploads=[pdf("more.pdf")]))
    assert receipts(report) == [(1, "submitted"), (2, "submitted")]


def test_a_completed_report_replaces_what_stood_and_says_all_that_shows_it(cast: Cast) -> None:
    report = a_report()
    number, by = indicator_of(report), actor_of(cast.skt_liaison)
    returned(cast, report, values={number: Decimal(1)}, uploads=[pdf("first.pdf")])
    written = a_text(narrative="Completed", self_rating="review", uploads=[pdf("second.pdf")])
    submission = submit(report, by=by, now=LATER, written=written)
    assert said(report) == (ReportState.SUBMITTED, "Completed", "review", None)
    assert Measurement.objects.count() == 0
    assert [piece["title"] for piece in submission.payload["evidence"]] == ["first.pdf", "second.pdf"]
    assert [(one.title, one.submission.number) for one in report.evidence.all() if one.submission] == [
        ("first.pdf", 1),
        ("second.pdf", 2),
    ]
    row = kept(report)
    assert (row.first_submitted_at, row.submitted_at, row.comment) == (IN_TIME, LATER, "Which plans?")


@pytest.mark.parametrize(
    ("at", "late"), [("2027-02-05 23:59", False), ("2027-02-06 00:00", True), ("2027-02-08 10:00", True)]
)
def test_late_is_what_is_first_submitted_after_the_day_ends_in_seoul(cast: Cast, at: str, late: bool) -> None:
    report = a_report()
    submit(report, by=actor_of(cast.skt_liaison), now=moment(at), written=a_text())
    assert (kept(report).due_on, kept(report).is_late) == (DUE, late)


def test_what_was_in_time_and_is_completed_later_is_not_late(cast: Cast) -> None:
    report = returned(cast)
    submit(report, by=actor_of(cast.skt_liaison), now=LATE, written=a_text(narrative="Completed"))
    assert (kept(report).submitted_at, kept(report).is_late) == (LATE, False)


def test_nothing_is_handed_in_after_the_round_was_closed(cast: Cast) -> None:
    report = missed(cast)
    with pytest.raises(NotAllowedNow):
        submit(report, by=actor_of(cast.skt_liaison), now=CLOSED, written=a_text())
    assert (kept(report).state, Submission.objects.count()) == (ReportState.MISSED, 0)


def test_the_ministry_reports_on_its_own_commitments_like_anybody(cast: Cast) -> None:
    report = a_report("MSIT", "C07")
    submission = submit(report, by=actor_of(cast.secretary), now=IN_TIME, written=a_text())
    assert (kept(report).state, submission.on_behalf) == (ReportState.SUBMITTED, False)


def test_the_ministry_enters_what_came_by_letter(cast: Cast) -> None:
    report = a_report()
    written = a_text(narrative="From the letter", uploads=[pdf("letter.pdf")])
    submission = submit(report, by=actor_of(cast.secretary), now=IN_TIME, written=written, on_behalf=True)
    assert (submission.on_behalf, submission.by) == (True, cast.secretary)
    assert said(report)[:2] == (ReportState.SUBMITTED, "From the letter")
    assert [one.submission for one in report.evidence.all()] == [submission]


def test_a_letter_leaves_the_organisations_own_draft_alone_and_does_not_tell_of_it(cast: Cast) -> None:
    report = a_report()
    own = a_text(narrative="Our own", uploads=[pdf("own.pdf")], url="https://skt.test/same")
    save_draft(report, by=actor_of(cast.skt_liaison), now=IN_TIME, written=own)
    letter = a_text(narrative="From the letter", url="https://skt.test/same")
    submission = submit(report, by=actor_of(cast.secretary), now=LATER, written=letter, on_behalf=True)
    assert [piece["title"] for piece in submission.payload["evidence"]] == ["https://skt.test/same"]
    assert (ReportDraft.objects.get().narrative, kept(report).narrative) == ("Our own", "From the letter")
    assert sorted(one.title for one in report.evidence.filter(submission=None)) == ["https://skt.test/same", "own.pdf"]


@pytest.mark.parametrize(("user", "written"), [("kt_liaison", True), ("observer", True), ("secretary", False)])
def test_only_the_ministry_enters_a_letter_and_says_what_is_in_it(cast: Cast, user: str, written: bool) -> None:
    report = a_report()
    with pytest.raises(ReportRefused):
        submit(
            report,
            by=actor_of(getattr(cast, user)),
            now=IN_TIME,
            written=a_text() if written else None,
            on_behalf=True,
        )
    assert (kept(report).state, Submission.objects.count()) == (ReportState.NOT_SUBMITTED, 0)
