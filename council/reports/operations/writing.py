"""Writing a report, handing it in, and taking it back before it is judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.core.files.base import File
from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from council.clearance.operations import require_cleared
from council.core import audit
from council.core.actor import Actor
from council.core.calendar import local_day
from council.core.errors import NotAllowedNow, SomebodyWasFaster
from council.core.labels import Label
from council.core.lifecycle import move
from council.core.register import version_of
from council.declaration.models import Commitment
from council.files.models import StoredFile
from council.files.operations import discard, taken_in
from council.mail.operations import announce
from council.parties.models import Organisation
from council.reports.figures import check_value, value_text
from council.reports.models import Judgement, Report, ReportDraft, ReportEvidence, Submission
from council.reports.operations.standing import (
    UNRELEASED,
    ReportRefused,
    columns_of,
    forget_draft,
    locked,
    put_in_place,
)
from council.reports.queries import accepted_submission, standing_submission
from council.reports.receipt import Content, digest, payload_of
from council.reports.states import OWED, REPORT, SUBMISSION, Rating, ReportState, SubmissionState


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What an organisation has to say on a commitment: text, rating, values by the indicators' numbers, what shows it.

    A value that is not known is None. ``seen`` is the ``version_of`` the draft it was written over; None where nobody
    asks.
    """

    narrative: str
    self_rating: str = ""
    values: Mapping[int, Decimal | None] = field(default_factory=dict)
    uploads: Sequence[File[bytes]] = ()
    url: str = ""
    seen: str | None = None


def save_draft(report: Report, *, by: Actor, now: datetime, written: Written) -> ReportDraft:
    """Keep what an organisation has written so far, for itself alone. Its one draft is replaced, its files stay.

    While a completion is asked for, the report stays in that state. Nobody is told.
    """
    with ExitStack() as files, transaction.atomic():
        stored = _taking(report, now=now)
        _require_own(stored, by)
        draft = _save_draft(stored, by=by, written=written, files=files)
    report.refresh_from_db()
    return draft


def _taking(report: Report, *, now: datetime) -> Report:
    """The report, locked, if something can be handed in on it."""
    stored = locked(report)
    if not stored.is_open(local_day(now)):
        raise NotAllowedNow(_("This round of reports is closed. Ask the secretary to reopen the report."))
    if stored.state not in OWED:
        raise NotAllowedNow(_("Nothing can be handed in on this report at the moment."))
    return stored


def _require_own(report: Report, by: Actor) -> None:
    if by.organisation_id != report.organisation_id:
        raise ReportRefused(_("This is the report of another organisation."))


def _save_draft(report: Report, *, by: Actor, written: Written, files: ExitStack) -> ReportDraft:
    content = _content(report, written)
    _refuse_overwriting(report, content, seen=written.seen)
    draft, __ = ReportDraft.objects.update_or_create(
        report=report,
        defaults=content.columns | {"by_id": by.account},
    )
    is_there = report.evidence.filter(submission=None, url=written.url).exists()
    _attach(report, url="" if is_there else written.url, uploads=written.uploads, by=by, files=files)
    audit.record(by=by, verb="report.drafted", target=draft)
    if report.state == ReportState.NOT_SUBMITTED:
        move(report, to=ReportState.DRAFT, by=by, lifecycle=REPORT, verb="report.begun", unseen=True)
    return draft


def _content(report: Report, written: Written) -> Content:
    """What was written, checked: figures of this commitment's indicators and a rating that there is."""
    if written.self_rating not in {"", *Rating.values}:
        raise ReportRefused(_("Choose a rating."), field="self_rating")
    values = checked_figures(written.values, commitment=report.commitment)
    return Content(narrative=written.narrative, self_rating=written.self_rating, values=values)


def checked_figures(values: Mapping[int, Decimal | None], *, commitment: Commitment | None) -> dict[str, str]:
    """Those that are known, as text by the number of the indicator. Refused for what no indicator of it measures."""
    figures = {number: value for number, value in values.items() if value is not None}
    known = set(commitment.indicators.values_list("pk", flat=True)) if commitment else set()
    if not figures.keys() <= known:
        raise ReportRefused(_("This figure belongs to another commitment."), field="values")
    for value in figures.values():
        check_value(value)
    return {str(number): value_text(value) for number, value in sorted(figures.items())}


def _refuse_overwriting(report: Report, content: Content, *, seen: str | None) -> None:
    """What a colleague has written meanwhile is not lost; the same thing sent twice is no other thing."""
    draft = ReportDraft.objects.filter(report=report).first()
    if seen in {None, version_of(draft)}:
        return
    if draft is None:
        raise SomebodyWasFaster(_("The draft was handed in or discarded meanwhile; what you wrote is still below."))
    if Content.of(draft) != content:
        raise SomebodyWasFaster(
            _("A colleague saved this draft: “%(text)s” Yours is below; send it again to replace it.")
            % {"text": draft.narrative}
        )


def _attach(
    report: Report, *, url: str, uploads: Sequence[File[bytes]], by: Actor, files: ExitStack
) -> list[ReportEvidence]:
    """What shows it, on no submission yet."""
    made = []
    if url:
        made.append(ReportEvidence(report=report, kind=ReportEvidence.Kind.LINK, title=url[:200], url=url))
    for upload in uploads:
        kept = files.enter_context(taken_in(upload, by=by))
        made.append(ReportEvidence(report=report, kind=ReportEvidence.Kind.FILE, title=kept.name, file=kept))
    for piece in made:
        piece.save()
    return made


def remove_from_draft(evidence: ReportEvidence, *, by: Actor) -> None:
    """Take a piece of evidence off a draft again, its file with it. What was submitted stays as it is."""
    with transaction.atomic():
        report = locked(evidence.report)
        _require_own(report, by)
        stored = report.evidence.select_related("file").filter(pk=evidence.pk).first()
        if stored is None:
            raise SomebodyWasFaster(_("Somebody else has removed this a moment ago."))
        if stored.submission_id is not None:
            raise NotAllowedNow(_("What was submitted is not changed any more."))
        audit.record(by=by, verb="report.evidence_removed", target=stored)
        _throw_away([stored])


def _throw_away(pieces: Iterable[ReportEvidence]) -> None:
    for piece in pieces:
        piece.delete()
        discard([piece.file] if piece.file else [])


def discard_draft(report: Report, *, by: Actor) -> None:
    """Throw a draft away with what is attached to it; what was submitted before stays. Nobody is told."""
    with transaction.atomic():
        stored = locked(report)
        _require_own(stored, by)
        draft = ReportDraft.objects.filter(report=stored).first()
        if draft is None:
            raise SomebodyWasFaster(_("There is no draft any more."))
        audit.record(by=by, verb="report.draft_discarded", target=draft)
        _throw_away(stored.evidence.select_related("file").filter(submission=None))
        draft.delete()
        if stored.state == ReportState.DRAFT:
            forget_draft(stored, by=by)
    report.refresh_from_db()


def submit(
    report: Report, *, by: Actor, now: datetime, written: Written | None = None, on_behalf: bool = False
) -> Submission:
    """Hand a report in: what is ``written``, else the draft. From now on the ministry sees it; this is the receipt.

    The report says what was handed in, and the draft is gone. ``on_behalf`` the ministry enters what an organisation
    sent by letter; the organisation's own draft stays untouched, and unseen. A value that is not known stays empty.

    The secretary and the commitment's reviewers are told; of what was entered for it, the organisation's liaisons.
    """
    with ExitStack() as files, transaction.atomic():
        stored = _taking(report, now=now)
        if on_behalf:
            forget_draft(stored, by=by)
            content, pieces = _from_a_letter(stored, by=by, written=written, files=files)
        else:
            _require_own(stored, by)
            content, pieces = _from_the_draft(stored, by=by, written=written, files=files)
        submission = _hand_in(stored, content, pieces, by=by, now=now, on_behalf=on_behalf)
        announce("report_entered" if on_behalf else "report_submitted", stored, by=by)
    report.refresh_from_db()
    return submission


def _from_a_letter(
    report: Report, *, by: Actor, written: Written | None, files: ExitStack
) -> tuple[Content, list[ReportEvidence]]:
    is_ministry = Organisation.objects.filter(pk=by.organisation_id or 0, kind=Organisation.Kind.MINISTRY).exists()
    if not is_ministry:
        raise ReportRefused(_("Only the ministry enters a report on behalf of an organisation."))
    if written is None:
        raise ReportRefused(_("Enter what the letter says."), field="narrative")
    content = _content(report, written)
    return content, _attach(report, url=written.url, uploads=written.uploads, by=by, files=files)


def _from_the_draft(
    report: Report, *, by: Actor, written: Written | None, files: ExitStack
) -> tuple[Content, list[ReportEvidence]]:
    if written is not None:
        draft: ReportDraft | None = _save_draft(report, by=by, written=written, files=files)
    else:
        draft = ReportDraft.objects.filter(report=report).first()
    if draft is None:
        raise ReportRefused(_("There is nothing to hand in yet. Write the report first."), field="narrative")
    content = Content.of(draft)
    draft.delete()
    return content, list(report.evidence.filter(submission=None).select_related("file"))


def _hand_in(
    report: Report, content: Content, pieces: Sequence[ReportEvidence], *, by: Actor, now: datetime, on_behalf: bool
) -> Submission:
    _require_whole(content)
    _refuse_infected(pieces)
    handed_in = Q(submission__isnull=False) | Q(pk__in=[piece.pk for piece in pieces])
    evidence = report.evidence.filter(handed_in)
    if not on_behalf:  # what the ministry attached to a letter is not what the organisation hands in
        evidence = evidence.exclude(submission__on_behalf=True)
    payload = payload_of(report, content, evidence.select_related("file").order_by("pk"))
    last = standing_submission(report)
    if last is not None and last.sha256 == digest(payload):
        raise ReportRefused(_("The same report has been submitted already. Say what is new."), field="narrative")
    if not on_behalf:
        require_cleared(report, digest(payload), organisation_id=report.organisation_id)
    submission = Submission.objects.create(
        report=report,
        number=(report.submissions.aggregate(last=Max("number"))["last"] or 0) + 1,
        payload=payload,
        sha256=digest(payload),
        submitted_at=now,
        by_id=by.account,
        on_behalf=on_behalf,
    )
    ReportEvidence.objects.filter(pk__in=[piece.pk for piece in pieces]).update(submission=submission)
    receipt = {"number": submission.number, "sha256": submission.sha256, "on_behalf": on_behalf}
    audit.record(by=by, verb="report.receipt_given", target=submission, after=receipt)
    put_in_place(report, submission)
    columns = columns_of(report, submission)
    if report.label != Label.AMBER_STRICT:
        columns |= UNRELEASED
    move(report, to=ReportState.SUBMITTED, by=by, lifecycle=REPORT, verb="report.submitted", **columns)
    return submission


def _require_whole(content: Content) -> None:
    if not content.narrative.strip():
        raise ReportRefused(_("Write what was done in the quarter."), field="narrative")
    if not content.self_rating:
        raise ReportRefused(_("Choose a rating."), field="self_rating")


def _refuse_infected(pieces: Iterable[ReportEvidence]) -> None:
    """What nobody will be able to open shows nothing."""
    infected = [piece.file.name for piece in pieces if piece.file and piece.file.scan == StoredFile.Scan.INFECTED]
    if infected:
        raise ReportRefused(
            _("A virus was found in %(names)s. Remove it from the draft first.") % {"names": ", ".join(infected)}
        )


def withdraw(report: Report, *, by: Actor, now: datetime) -> ReportDraft:
    """Take back what was handed in, until it is judged: it is the organisation's draft again, with what shows it.

    The report says again what stood before: what was accepted last, else what was returned, else nothing. The receipt
    stays, marked as withdrawn. A draft that was written meanwhile stays as it is.
    """
    with transaction.atomic():
        stored = locked(report)
        _require_own(stored, by)
        submission = standing_submission(stored)
        if stored.state != ReportState.SUBMITTED or submission is None:
            raise NotAllowedNow(_("Only what has not been judged yet is withdrawn."))
        if not stored.is_open(local_day(now)):
            raise NotAllowedNow(_("The time to hand it in again is over. Turn to the secretary."))
        withdrawn = SubmissionState.WITHDRAWN
        move(submission, to=withdrawn, by=by, lifecycle=SUBMISSION, verb="submission.withdrawn", withdrawn_at=now)
        values = Content.handed_in(submission).columns | {"by_id": by.account}
        draft, __ = ReportDraft.objects.get_or_create(report=stored, defaults=values)
        if not submission.on_behalf:  # what the ministry attached to a letter is its own
            submission.evidence.update(submission=None)
        before = accepted_submission(stored) or standing_submission(stored)
        answered = before is not None and before.judgements.filter(verdict=Judgement.Verdict.RETURNED).exists()
        to = ReportState.RETURNED if answered else ReportState.DRAFT
        columns = columns_of(stored, before) | UNRELEASED
        move(stored, to=to, by=by, lifecycle=REPORT, verb="report.withdrawn", **columns)
        put_in_place(stored, before)
    report.refresh_from_db()
    return draft
