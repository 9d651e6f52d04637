"""Handing in papers: every state is kept, the newest counts; who opened what is written down."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from datetime import datetime

from django.core.files.base import File
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from council.core import audit, register
from council.core.actor import Actor
from council.core.errors import DomainError, NotAllowedNow
from council.core.labels import refuse_change
from council.core.lifecycle import change_if
from council.files.models import StoredFile
from council.files.operations import taken_in
from council.meetings.models import AgendaItem, Meeting, Paper, PaperReceipt, PaperVersion
from council.meetings.states import AgendaItemState, MeetingState


class PaperRefused(DomainError):
    """The paper cannot be kept like this."""


def add_paper(paper: Paper, *, by: Actor, upload: File[bytes] | None, now: datetime) -> None:
    """Keep a new paper with its first version, or the document number under which it is kept elsewhere."""
    if (upload is None) == (not paper.document_number.strip()):
        raise PaperRefused(_("Attach a file, or give the number under which it is kept elsewhere."), field="upload")
    with ExitStack() as stack, transaction.atomic():
        _require_open(paper.agenda_item)
        paper.save()
        audit.record(by=by, verb="paper.added", target=paper, after=audit.snapshot(paper))
        if upload is not None:
            _add_version(paper, stack.enter_context(taken_in(upload, by=by)), by=by, remark="", now=now)


def supersede_paper(paper: Paper, *, by: Actor, upload: File[bytes], remark: str, now: datetime) -> None:
    """Hand in a newer version; the older ones stay and say so."""
    with ExitStack() as stack, transaction.atomic():
        stored = Paper.objects.select_for_update().get(pk=paper.pk)
        _require_open(stored.agenda_item)
        if stored.withdrawn_because:
            raise NotAllowedNow(_("This paper has been withdrawn."))
        _add_version(stored, stack.enter_context(taken_in(upload, by=by)), by=by, remark=remark, now=now)


def _add_version(paper: Paper, stored: StoredFile, *, by: Actor, remark: str, now: datetime) -> None:
    if by.user_id is None:
        raise NotAllowedNow(_("A paper is handed in by a person."))
    last = paper.versions.aggregate(last=Max("number"))["last"] or 0
    version = PaperVersion.objects.create(
        paper=paper, number=last + 1, file=stored, added_at=now, added_by_id=by.user_id, remark=remark.strip()
    )
    audit.record(
        by=by, verb="paper.version_added", target=paper, after={"number": version.number, "sha256": stored.sha256}
    )


def change_paper(paper: Paper, *, by: Actor) -> None:
    """Keep what was changed of its title, kind and release time; its label changes by release and tightening."""
    with transaction.atomic():
        stored = Paper.objects.select_for_update().get(pk=paper.pk)
        if stored.withdrawn_because:
            raise NotAllowedNow(_("This paper has been withdrawn."))
        if stored.agenda_item_id != paper.agenda_item_id or stored.owner_id != paper.owner_id:
            raise PaperRefused(_("A paper stays with its item and its owner."))
        if not paper.document_number.strip() and not stored.versions.exists():
            raise PaperRefused(
                _("Attach a file, or give the number under which it is kept elsewhere."), field="document_number"
            )
        refuse_change(paper, stored)
        register.keep(paper, by=by)


def withdraw_paper(paper: Paper, *, by: Actor, reason: str) -> None:
    """Take a paper back with a reason; it stays in the record, for its owner and the secretariat."""
    if not reason.strip():
        raise PaperRefused(_("Say why the paper is withdrawn."), field="reason")
    with transaction.atomic():
        if paper.withdrawn_because:
            raise NotAllowedNow(_("This paper has been withdrawn."))
        change_if(paper, {"withdrawn_because": ""}, {"withdrawn_because": reason.strip()})
        audit.record(by=by, verb="paper.withdrawn", target=paper, reason=reason.strip())


def _require_open(item: AgendaItem) -> None:
    """With the meeting locked, and the item as it is now: the one in hand may be of an older page."""
    meeting = Meeting.objects.select_for_update().get(pk=item.meeting_id)
    if meeting.state == MeetingState.CANCELLED:
        raise NotAllowedNow(_("This meeting was cancelled."))
    if AgendaItem.objects.get(pk=item.pk).state == AgendaItemState.WITHDRAWN:
        raise NotAllowedNow(_("This item has been withdrawn from the agenda."))


def note_opened(stored: StoredFile, *, by: Actor, now: datetime) -> None:
    """Give a receipt for the papers that a file is, to whoever opens it for the first time."""
    note_received(stored.paper_versions.all(), by=by, now=now)


def note_received(versions: Iterable[PaperVersion], *, by: Actor, now: datetime) -> None:
    """Give a receipt for each of these versions that somebody gets for the first time."""
    if by.person_id is None:
        return
    receipts = [PaperReceipt(version=version, person_id=by.person_id, opened_at=now) for version in versions]
    PaperReceipt.objects.bulk_create(receipts, ignore_conflicts=True)
