"""The ministry's answer to a report: accepted with a rating, or to be completed; and asking for a correction later."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from council.core.actor import Actor
from council.core.calendar import local_day
from council.core.errors import NotAllowedNow, SomebodyWasFaster
from council.core.lifecycle import move
from council.mail.operations import announce
from council.reports.models import Judgement, Report, Submission
from council.reports.operations.standing import ReportRefused, locked, reopening
from council.reports.queries import accepted_submission, standing_submission
from council.reports.states import REPORT, Rating, ReportState, RoundState

Verdict = Judgement.Verdict


def accept(
    report: Report, *, by: Actor, now: datetime, rating: str, seen_submission: int, comment: str = ""
) -> Judgement:
    """The ministry accepts what was submitted and rates it; both ratings stand side by side.

    ``seen_submission`` is the number (pk) of the submission that was shown: SomebodyWasFaster if another one waits by
    now, or somebody else has judged it. Judged by the organisation that owns it, it is marked as a self-check.

    The organisation's liaisons are told.
    """
    if rating not in Rating.values:
        raise ReportRefused(_("Choose a rating."), field="rating")
    return _judge(report, Verdict.ACCEPTED, by=by, now=now, seen=seen_submission, comment=comment, rating=rating)


def return_for_completion(report: Report, *, by: Actor, now: datetime, comment: str, seen_submission: int) -> Judgement:
    """The ministry asks the organisation to complete a report, and says what is missing.

    ``seen_submission`` as for ``accept``. What was submitted still stands in the report, without a rating.

    The organisation's liaisons are told.
    """
    if not comment.strip():
        raise ReportRefused(_("Say what is missing."), field="comment")
    return _judge(report, Verdict.RETURNED, by=by, now=now, seen=seen_submission, comment=comment)


def _judge(
    report: Report, verdict: Verdict, *, by: Actor, now: datetime, seen: int, comment: str, rating: str = ""
) -> Judgement:
    with transaction.atomic():
        stored = _unchanged(report)
        submission = standing_submission(stored)
        if stored.state != ReportState.SUBMITTED or submission is None:
            raise NotAllowedNow(_("Nothing on this report waits to be judged."))
        if submission.pk != seen:
            raise SomebodyWasFaster(_("Another version was submitted meanwhile. Look at it first; nothing was saved."))
        _refuse_own_work(submission, by=by)
        judgement = _answered(stored, submission, verdict, by=by, now=now, comment=comment, rating=rating)
    report.refresh_from_db()
    return judgement


def _refuse_own_work(submission: Submission, *, by: Actor) -> None:
    """Nobody judges what they handed in or entered themselves: a colleague looks at it."""
    if submission.by_id == by.account:
        raise ReportRefused(_("You handed this report in yourself; a colleague has to judge it."))


def _unchanged(report: Report) -> Report:
    """The report, locked; SomebodyWasFaster if it is in another state than the one in hand."""
    stored = locked(report)
    if stored.state != report.state:
        raise SomebodyWasFaster(_("Somebody else changed this a moment ago. Nothing was saved; look again."))
    return stored


def _answered(
    report: Report,
    submission: Submission,
    verdict: Verdict,
    *,
    by: Actor,
    now: datetime,
    comment: str,
    rating: str = "",
    **columns: Any,
) -> Judgement:
    """Keep a judgement, and what it says of the report beside its state."""
    self_check = by.organisation_id == report.organisation_id
    judgement = Judgement.objects.create(
        report=report,
        submission=submission,
        verdict=verdict,
        rating=rating,
        comment=comment.strip(),
        self_check=self_check,
        by_id=by.account,
        at=now,
    )
    columns |= {"comment": comment.strip(), "judged_at": now, "judged_by_id": by.account, "self_check": self_check}
    columns |= {"ministry_rating": rating} if rating else {}
    move(report, to=verdict, by=by, lifecycle=REPORT, verb=f"report.{verdict}", reason=comment.strip(), **columns)
    announce(f"report_{verdict}", report, by=by)
    return judgement


def ask_correction(report: Report, *, by: Actor, now: datetime, reason: str, until: date | None = None) -> Judgement:
    """Ask for a correction of what was accepted, with a reason; it stands, with its rating, until one is submitted.

    In a closed round the report is reopened for it ``until`` a day; if none comes, it is as it was.

    The organisation's liaisons are told.
    """
    if not reason.strip():
        raise ReportRefused(_("Say what is to be corrected."), field="reason")
    with transaction.atomic():
        stored = _unchanged(report)
        submission = accepted_submission(stored)
        if stored.state != ReportState.ACCEPTED or submission is None:
            raise NotAllowedNow(_("A correction is asked for of what was accepted."))
        if until is None and stored.round.state == RoundState.CLOSED:
            raise ReportRefused(_("This round is closed: say until when the correction is to come."), field="until")
        columns = {} if until is None else reopening(until, reason, today=local_day(now))
        judgement = _answered(stored, submission, Verdict.RETURNED, by=by, now=now, comment=reason, **columns)
    report.refresh_from_db()
    return judgement
