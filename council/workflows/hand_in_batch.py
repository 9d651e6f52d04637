"""What an organisation hands in together: put before its executive as a batch, and submitted as one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from council.actions.models import Evidence, ProgressUpdate
from council.actions.operations.progress import fingerprint, submit_draft
from council.clearance.models import Clearance
from council.clearance.operations import Piece, Signature, ask_clearance, withdraw_clearance
from council.clearance.states import ClearanceState
from council.core.actor import Actor
from council.core.errors import DomainError
from council.core.labels import Label
from council.parties.models import Body, Person
from council.parties.queries import language_of
from council.reports.models import ReportDraft, ReportEvidence, Submission
from council.reports.operations.writing import submit
from council.reports.receipt import digest, drafted, own_evidence
from council.reports.states import Rating, SubmissionState


class BatchRefused(DomainError):
    """Nothing of the batch was handed in."""


def piece_of(draft: ReportDraft | ProgressUpdate) -> Piece:
    """A draft as it stands, for the executive's eyes and with the hash by which it would leave."""
    return _of_a_report(draft) if isinstance(draft, ReportDraft) else _of_progress(draft)


def _of_a_report(draft: ReportDraft) -> Piece:
    report = draft.report
    indicators = {str(one.pk): one for one in report.commitment.indicators.all()}
    figures = [
        f"{indicators[number].name}: {value} {indicators[number].unit}".strip()
        for number, value in draft.values.items()
        if number in indicators
    ]
    evidence = [_shown(piece) for piece in own_evidence(report)]
    said = [
        (_("What was done in the quarter"), draft.narrative),
        (_("Own rating"), str(Rating(draft.self_rating).label) if draft.self_rating else ""),
        (_("Figures"), "\n".join(figures)),
        (_("Evidence"), "\n".join(evidence)),
    ]
    return Piece(report, report.heading, _filled_in(said), digest(drafted(report, draft)))


def _of_progress(update: ProgressUpdate) -> Piece:
    evidence = [_shown(piece) for piece in update.evidence.all()]
    said = [
        (_("percent done"), f"{update.percent} %"),
        (_("Text"), update.text),
        (_("Label"), update.label),
        (_("Evidence"), "\n".join(evidence)),
    ]
    return Piece(update, update.action.heading, _filled_in(said), fingerprint(update))


def _shown(piece: ReportEvidence | Evidence) -> str:
    """A file by its name and hash, an address in full: what the hash of the whole is made of."""
    return f"{piece.title} (SHA-256 {piece.file.sha256})" if piece.file else piece.url or piece.title


def _filled_in(said: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(heading, text) for heading, text in said if text.strip()]


def put_before_executive(
    drafts: Sequence[ReportDraft | ProgressUpdate],
    *,
    body: Body,
    approver: Person,
    by: Actor,
    now: datetime,
    note: str = "",
    signature: Signature | None = None,
) -> Clearance:
    """Ask for the clearance of what stands in these drafts, or enter what was signed; in the executive's language.

    What is TLP:RED goes before an executive who is named on it, and before nobody else.
    """
    for draft in drafts:
        red = isinstance(draft, ProgressUpdate) and Label.RED in (draft.action.label, draft.label)
        if isinstance(draft, ProgressUpdate) and red and not draft.action.readers.filter(pk=approver.pk).exists():
            said = gettext_lazy("%(thing)s is for the people named on it alone.")
            raise BatchRefused(said % {"thing": draft.action.reference})
    with translation.override(language_of(approver)):
        pieces = [piece_of(draft) for draft in drafts]
    return ask_clearance(pieces, body=body, approver=approver, by=by, now=now, note=note, signature=signature)


def withdraw_batch(clearance: Clearance, *, by: Actor) -> None:
    """Take a batch back from the executive, or what they cleared, as long as nothing was handed in by it."""
    with transaction.atomic():
        hashes = list(clearance.pieces.values_list("sha256", flat=True))
        Clearance.objects.select_for_update().get(pk=clearance.pk)
        own = clearance.organisation_id
        handed_in = {"sha256__in": hashes, "state": SubmissionState.SUBMITTED}
        reports = Submission.objects.filter(report__organisation=own, **handed_in)
        progress = ProgressUpdate.objects.filter(organisation=own, **handed_in)
        if clearance.state == ClearanceState.CLEARED and (reports.exists() or progress.exists()):
            raise BatchRefused(gettext_lazy("Something was handed in by it already; it stays as it is."))
        withdraw_clearance(clearance, by=by)


def submit_batch(drafts: Sequence[ReportDraft | ProgressUpdate], *, by: Actor, now: datetime) -> int:
    """Hand in all of these drafts, each with its own receipt, or none of them. How many.

    BatchRefused names the first that cannot be handed in, and why.
    """
    if not drafts:
        raise BatchRefused(gettext_lazy("Choose what is to be handed in."))
    with transaction.atomic():
        for draft in sorted(drafts, key=_in_one_order):
            about = draft.report if isinstance(draft, ReportDraft) else draft.action
            try:
                if isinstance(draft, ReportDraft):
                    submit(draft.report, by=by, now=now)
                else:
                    submit_draft(draft, by=by, now=now)
            except DomainError as error:
                said = gettext_lazy("Nothing was handed in. %(thing)s: %(problem)s")
                raise BatchRefused(said % {"thing": about, "problem": error}) from error
    return len(drafts)


def _in_one_order(draft: ReportDraft | ProgressUpdate) -> tuple[str, int]:
    """Those who hand in at the same time lock in the same order."""
    key = draft.report_id if isinstance(draft, ReportDraft) else draft.action_id
    return type(draft).__name__, key
