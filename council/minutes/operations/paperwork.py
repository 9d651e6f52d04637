"""Recordings, the ministry's own documents, and the forms of its divisions: entering them and taking them back."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from council.core import audit
from council.core.actor import Actor
from council.core.calendar import local_day
from council.core.errors import DomainError, NotAllowedNow, SomebodyWasFaster
from council.core.lifecycle import change_if
from council.files.operations import taken_in
from council.meetings.models import Meeting
from council.meetings.states import BEGUN
from council.minutes.models import DocumentForm, Minutes, MinutesRevision, OfficialDocument, Recording
from council.minutes.operations.locking import lock_minutes
from council.minutes.queries.publications import latest_opening
from council.parties.models import Body


class PaperworkRefused(DomainError):
    """What was entered cannot be kept like this."""


def add_recording(
    minutes: Minutes,
    *,
    by: Actor,
    now: datetime,
    kind: str,
    upload: File[bytes] | None = None,
    kept_as: str = "",
    closed_until: date | None = None,
) -> Recording:
    """Add what was written down or recorded word for word, as a file or by the number under which it is kept."""
    if kind not in Recording.Kind.values:
        raise PaperworkRefused(_("Choose what it is."), field="kind")
    if (upload is None) == (not kept_as.strip()):
        raise PaperworkRefused(_("Attach a file, or give the number under which it is kept elsewhere."), field="upload")
    if closed_until is not None and not minutes.meeting.day < closed_until <= latest_opening(minutes.meeting):
        raise PaperworkRefused(
            _("A recording is withheld for ten years at the most, from the first of January after the meeting."),
            field="closed_until",
        )
    with ExitStack() as stack, transaction.atomic():
        stored = lock_minutes(pk=minutes.pk)
        if stored.meeting.state not in BEGUN:
            raise NotAllowedNow(_("The meeting has not begun yet."))
        row = Recording.objects.create(
            minutes=stored,
            kind=kind,
            file=stack.enter_context(taken_in(upload, by=by)) if upload is not None else None,
            kept_as=kept_as.strip(),
            closed_until=closed_until,
            added_by_id=by.user_id,
            added_at=now,
        )
        audit.record(by=by, verb="recording.added", target=row, after={"kind": kind, "kept_as": row.kept_as})
    return row


def withdraw_recording(row: Recording, *, by: Actor, reason: str) -> None:
    """Take back what was added by mistake; while no version is approved that rests on it."""
    if not reason.strip():
        raise PaperworkRefused(_("Say why."), field="reason")
    with transaction.atomic():
        minutes = lock_minutes(pk=row.minutes_id)
        if minutes.revisions.approved().filter(approved_at__gte=row.added_at).exists():
            raise NotAllowedNow(_("The minutes have been approved with it; it stays."))
        change_if(row, {"withdrawn_because": ""}, {"withdrawn_because": reason.strip()[:300]})
        audit.record(by=by, verb="recording.withdrawn", target=row, reason=reason.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """An official document as the ministry's document system holds it."""

    kind: str
    document_number: str
    approver: str
    route: str
    channel: str
    sent_at: datetime | None = None


def refer_to(meeting: Meeting, *, by: Actor, now: datetime, reference: Reference) -> OfficialDocument:
    """Enter an official document around a meeting, by its number and route."""
    _check(reference, now=now)
    with transaction.atomic():
        Meeting.objects.select_for_update().get(pk=meeting.pk)
        alike = OfficialDocument.objects.filter(meeting=meeting, kind=reference.kind, withdrawn_because="")
        if alike.filter(document_number=reference.document_number.strip()).exists():
            raise PaperworkRefused(_("This document has been entered already."), field="document_number")
        row = OfficialDocument.objects.create(
            meeting=meeting,
            kind=reference.kind,
            document_number=reference.document_number.strip(),
            approver=reference.approver.strip(),
            route=reference.route,
            channel=reference.channel,
            sent_at=reference.sent_at,
            entered_by_id=by.user_id,
        )
        audit.record(by=by, verb="official.entered", target=row, after=audit.snapshot(row))
    return row


def _check(reference: Reference, *, now: datetime) -> None:
    if not reference.document_number.strip():
        raise PaperworkRefused(_("Enter the document number."), field="document_number")
    if not reference.approver.strip():
        raise PaperworkRefused(_("Say who approved."), field="approver")
    for field, values in (
        ("kind", OfficialDocument.Kind.values),
        ("route", MinutesRevision.Route.values),
        ("channel", OfficialDocument.Channel.values),
    ):
        if getattr(reference, field) not in values:
            raise PaperworkRefused(_("Choose one of these."), field=field)
    is_inside = reference.channel == OfficialDocument.Channel.INTERNAL
    if is_inside != (reference.sent_at is None):
        raise PaperworkRefused(_("Say when it was sent; what is kept inside was not."), field="sent_at")
    if reference.kind in OfficialDocument.INSIDE and not is_inside:
        raise PaperworkRefused(_("The report of the results stays inside the ministry."), field="channel")
    if reference.sent_at is not None and local_day(reference.sent_at) > local_day(now):
        raise PaperworkRefused(_("This day is still to come."), field="sent_at")


def withdraw_reference(row: OfficialDocument, *, by: Actor, reason: str) -> None:
    """Take back what was entered by mistake; it stays in the record with the reason."""
    if not reason.strip():
        raise PaperworkRefused(_("Say why."), field="reason")
    with transaction.atomic():
        change_if(row, {"withdrawn_because": ""}, {"withdrawn_because": reason.strip()[:300]})
        audit.record(by=by, verb="official.withdrawn", target=row, reason=reason.strip())


def use_form(
    body: Body, *, by: Actor, now: datetime, kind: str, upload: File[bytes], fields: Sequence[str]
) -> DocumentForm:
    """From now on documents of a kind come out in this form; the one before it is put aside.

    ``fields`` are those that were found in it; whether each is known has been looked at before.
    """
    if kind not in DocumentForm.Kind.values:
        raise PaperworkRefused(_("Choose one of these."), field="kind")
    with ExitStack() as stack, transaction.atomic():
        Body.objects.select_for_update(no_key=True).get(pk=body.pk)
        for older in DocumentForm.objects.filter(body=body, kind=kind, put_aside_at=None):
            _put_aside(older, by=by, now=now)
        row = DocumentForm.objects.create(
            body=body,
            kind=kind,
            file=stack.enter_context(taken_in(upload, by=by)),
            fields_found=list(fields),
            added_by_id=by.user_id,
        )
        audit.record(by=by, verb="form.added", target=row, after={"kind": kind, "fields": ", ".join(fields)})
    return row


def put_aside(row: DocumentForm, *, by: Actor, now: datetime) -> None:
    """Documents of its kind come out in the system's own form again; what was issued stays."""
    with transaction.atomic():
        try:
            _put_aside(row, by=by, now=now)
        except SomebodyWasFaster as error:
            raise SomebodyWasFaster(_("This form has been put aside already.")) from error


def _put_aside(row: DocumentForm, *, by: Actor, now: datetime) -> None:
    change_if(row, {"put_aside_at": None}, {"put_aside_at": now})
    audit.record(by=by, verb="form.put_aside", target=row)
