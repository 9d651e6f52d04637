"""Reporting progress: a draft of one's own, handing it in, taking it back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from council.actions.models import ActionItem, Evidence, ProgressUpdate
from council.actions.operations.errors import ActionRefused
from council.actions.states import ACTION, OWED, UPDATE, ActionState, UpdateState
from council.clearance.operations import require_cleared
from council.core import audit
from council.core.actor import Actor
from council.core.errors import NotAllowedNow, SomebodyWasFaster
from council.core.labels import Label
from council.core.lifecycle import change_if, move
from council.core.register import version_of
from council.files.models import StoredFile
from council.files.operations import discard, taken_in
from council.mail.operations import announce


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What an owner has to say on an item: percent done, text, and what shows it.

    ``seen`` is the ``version_of`` the draft it was written over; None where nobody asks.
    """

    percent: int
    text: str
    label: str = Label.AMBER_STRICT
    uploads: Sequence[File[bytes]] = ()
    url: str = ""
    seen: str | None = None


def save_draft(action: ActionItem, *, by: Actor, progress: Progress) -> ProgressUpdate:
    """Keep what the owner has written so far. The organisation's one draft on an item is replaced, its files stay."""
    with ExitStack() as files, transaction.atomic():
        return _save_draft(action, by=by, progress=progress, files=files)


def submit_progress(action: ActionItem, *, by: Actor, now: datetime, progress: Progress) -> ProgressUpdate:
    """Hand progress in: from now on the ministry sees it, and it is not edited any more."""
    with ExitStack() as files, transaction.atomic():
        draft = _save_draft(action, by=by, progress=progress, files=files)
        _refuse_repetition(draft)
        _submit(draft, by=by, now=now)
        return draft


def submit_draft(draft: ProgressUpdate, *, by: Actor, now: datetime) -> None:
    """Hand in what the organisation's draft says as it stands, such as it was cleared."""
    with transaction.atomic():
        action = _locked_owed(draft.action)
        stored = ProgressUpdate.objects.select_for_update().get(pk=draft.pk)
        if stored.organisation_id != by.organisation_id:
            raise ActionRefused(_("This is the draft of another organisation."))
        stored.action = action
        _refuse_repetition(stored)
        _submit(stored, by=by, now=now)
    draft.refresh_from_db()


def _submit(draft: ProgressUpdate, *, by: Actor, now: datetime) -> None:
    _refuse_infected(draft)
    sha256 = fingerprint(draft)
    require_cleared(draft, sha256, organisation_id=draft.organisation_id)
    move(
        draft,
        to=UpdateState.SUBMITTED,
        by=by,
        lifecycle=UPDATE,
        verb="progress.submitted",
        submitted_at=now,
        sha256=sha256,
    )
    _in_progress(draft.action, by=by)


def enter_progress(
    action: ActionItem, *, by: Actor, now: datetime, progress: Progress, received: str
) -> ProgressUpdate:
    """The ministry enters what the owner reported outside the system, such as by a letter; marked so, the owner told.

    ``received`` says how it came: the number and day of the letter. The owner's own draft stays as it is.
    """
    if not received.strip():
        raise ActionRefused(_("Say how it was received: the number and day of the letter."), field="received")
    with ExitStack() as files, transaction.atomic():
        _locked_owed(action)
        _check(progress)
        entered = ProgressUpdate(
            action=action,
            organisation_id=action.owner_id,
            percent=progress.percent,
            text=progress.text,
            label=progress.label,
            by_id=by.account,
            state=UpdateState.SUBMITTED,
            submitted_at=now,
            on_behalf=True,
            received=received.strip(),
        )
        _refuse_repetition(entered)
        entered.save()
        _attach(entered, by=by, progress=progress, files=files)
        _refuse_infected(entered)
        change_if(entered, {}, {"sha256": fingerprint(entered)})
        audit.record(by=by, verb="progress.entered", target=entered, after=audit.snapshot(entered), reason=received)
        _in_progress(action, by=by)
        announce("progress_entered", entered, by=by)
    return entered


def withdraw_progress(update: ProgressUpdate, *, by: Actor) -> None:
    """Take back what was handed in, until the ministry has judged it; it stays in the record, marked so.

    While the item is submitted for verification, take that back first.
    """
    with transaction.atomic():
        action = ActionItem.objects.select_for_update().get(pk=update.action_id)
        if action.state not in OWED:
            raise NotAllowedNow(_("While the item waits for verification or is settled, no report is taken back."))
        if update.submitted_at and action.verifications.filter(at__gte=update.submitted_at).exists():
            raise NotAllowedNow(_("The ministry has judged this report; report what is to be corrected as a new one."))
        move(update, to=UpdateState.WITHDRAWN, by=by, lifecycle=UPDATE, verb="progress.withdrawn")


def fingerprint(update: ProgressUpdate) -> str:
    """SHA-256 of what is handed in, as the receipt names it: the item, percent, text, label and evidence.

    For many updates, prefetch ``evidence__file``.
    """
    evidence = [
        [piece.kind, piece.title, piece.file.sha256 if piece.file else piece.url] for piece in update.evidence.all()
    ]
    said = [update.action.reference, update.organisation.code, update.percent, update.text, update.label, evidence]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def _in_progress(action: ActionItem, *, by: Actor) -> None:
    if action.state != ActionState.IN_PROGRESS:
        move(action, to=ActionState.IN_PROGRESS, by=by, lifecycle=ACTION, verb="action.in_progress")


def _refuse_repetition(draft: ProgressUpdate) -> None:
    """A button pressed twice does not report twice."""
    handed_in = ProgressUpdate.objects.filter(
        action=draft.action, organisation=draft.organisation, state=UpdateState.SUBMITTED
    )
    if handed_in.order_by("-id").values_list("percent", "text").first() == (draft.percent, draft.text):
        raise ActionRefused(_("The same report has been submitted already. Say what is new."), field="text")


def _refuse_infected(draft: ProgressUpdate) -> None:
    """What nobody will be able to open shows nothing."""
    infected = draft.evidence.filter(file__scan=StoredFile.Scan.INFECTED).values_list("file__name", flat=True)
    if names := ", ".join(infected):
        raise ActionRefused(_("A virus was found in %(names)s. Remove it from the draft first.") % {"names": names})


def _refuse_overwriting(action: ActionItem, *, by: Actor, progress: Progress) -> None:
    """What a colleague has written meanwhile is not lost; the same thing sent twice is no other thing."""
    draft = action.updates.filter(organisation_id=by.organisation, state=UpdateState.DRAFT).first()
    if progress.seen in {None, version_of(draft)}:
        return
    if draft is None:
        raise SomebodyWasFaster(_("The draft was handed in meanwhile; what you wrote is still below."))
    if (draft.percent, draft.text, draft.label) != (progress.percent, progress.text, progress.label):
        raise SomebodyWasFaster(
            _("A colleague saved this draft: %(percent)s%%, “%(text)s” Yours is below; send it again to replace it.")
            % {"percent": draft.percent, "text": draft.text}
        )


def _save_draft(action: ActionItem, *, by: Actor, progress: Progress, files: ExitStack) -> ProgressUpdate:
    stored = _locked_owed(action)
    _check(progress)
    _refuse_overwriting(stored, by=by, progress=progress)
    draft, __ = ProgressUpdate.objects.update_or_create(
        action=action,
        organisation_id=by.organisation,
        state=UpdateState.DRAFT,
        defaults={
            "percent": progress.percent,
            "text": progress.text,
            "label": progress.label,
            "by_id": by.account,
        },
    )
    _attach(draft, by=by, progress=progress, files=files)
    audit.record(by=by, verb="progress.drafted", target=draft)
    return draft


def _locked_owed(action: ActionItem) -> ActionItem:
    stored = ActionItem.objects.select_for_update().get(pk=action.pk)
    if stored.state not in OWED:
        raise NotAllowedNow(_("Nothing can be handed in on this item at the moment."))
    return stored


def _check(progress: Progress) -> None:
    if not 0 <= progress.percent <= 100:
        raise ActionRefused(_("A percentage lies between 0 and 100."), field="percent")
    if not progress.text.strip():
        raise ActionRefused(_("Say what was done."), field="text")


def _attach(update: ProgressUpdate, *, by: Actor, progress: Progress, files: ExitStack) -> None:
    if progress.url and not update.evidence.filter(url=progress.url).exists():
        Evidence.objects.create(update=update, kind=Evidence.Kind.LINK, title=progress.url[:200], url=progress.url)
    for upload in progress.uploads:
        kept = files.enter_context(taken_in(upload, by=by))
        Evidence.objects.create(update=update, kind=Evidence.Kind.FILE, title=kept.name, file=kept)


def remove_from_draft(evidence: Evidence, *, by: Actor) -> None:
    """Take a piece of evidence off a draft again, its file with it. What was submitted stays as it is."""
    with transaction.atomic():
        update = ProgressUpdate.objects.select_for_update().get(pk=evidence.update_id)
        if update.state != UpdateState.DRAFT:
            raise NotAllowedNow(_("What was submitted is not changed any more."))
        if not update.evidence.filter(pk=evidence.pk).exists():
            raise SomebodyWasFaster(_("Somebody else has removed this a moment ago."))
        audit.record(by=by, verb="progress.evidence_removed", target=evidence)
        stored = evidence.file
        evidence.delete()
        discard([stored] if stored else [])
