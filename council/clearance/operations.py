"""Putting a batch before the executive, the answer, and the rule that nothing leaves uncleared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.base import File
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from council.clearance.models import Clearance, ClearancePiece
from council.clearance.states import CLEARANCE, ClearanceState
from council.core import audit
from council.core.actor import Actor
from council.core.calendar import local_day
from council.core.errors import DomainError
from council.core.lifecycle import change_if, move
from council.files.operations import taken_in
from council.mail.operations import announce
from council.parties.models import Body, Organisation, Person, Seat
from council.parties.queries import people_seated

# Whose signature lets something out: the executive named for it, or a member of the body.
MAY_CLEAR = (Seat.Role.APPROVER, Seat.Role.MEMBER)


class ClearanceRefused(DomainError):
    """It is not cleared, or cannot be put before anybody."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A draft as it stands: what it is about, what it says for the executive's eyes, its hash as it would leave."""

    target: models.Model
    about: str
    content: Sequence[tuple[str, str]]
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What was signed on paper: the document's number and day, and a scan if there is one."""

    document: str
    scan: File[bytes] | None = None


def executives(organisation_id: int, body_id: int, *, on: date) -> models.QuerySet[Person]:
    """Who may clear what an organisation hands in to a body, those first who were named for it."""
    seated = people_seated(body_id, MAY_CLEAR, on=on).filter(organisation=organisation_id)
    named = people_seated(body_id, [Seat.Role.APPROVER], on=on).filter(pk=models.OuterRef("pk"))
    return seated.order_by(models.Exists(named).desc(), "pk")


def ask_clearance(
    pieces: Sequence[Piece],
    *,
    body: Body,
    approver: Person,
    by: Actor,
    now: datetime,
    note: str = "",
    signature: Signature | None = None,
) -> Clearance:
    """Put a batch before an executive, or enter what they signed on paper. What is changed afterwards is not cleared.

    The executive is told, also of what was entered in their name.
    """
    if not pieces:
        raise ClearanceRefused(_("Choose what is to be cleared."))
    if not executives(by.organisation, body.pk, on=local_day(now)).filter(pk=approver.pk).exists():
        raise ClearanceRefused(_("Choose an executive of your organisation."), field="approver")
    if signature is not None and not signature.document.strip():
        raise ClearanceRefused(_("Enter the number and day of the signed document."), field="document")
    with ExitStack() as files, transaction.atomic():
        row = Clearance.objects.create(
            organisation_id=by.organisation, body=body, approver=approver, note=note.strip(), asked_by_id=by.account,
            asked_at=now, **(_signed(signature, by=by, now=now, files=files) if signature else {}),
        )  # fmt: skip
        ClearancePiece.objects.bulk_create(_stored(row, piece) for piece in pieces)
        verb = "clearance.entered" if signature else "clearance.asked"
        audit.record(by=by, verb=verb, target=row, after={"sha256": [piece.sha256 for piece in pieces]})
        announce("clearance_entered" if signature else "clearance_asked", row, by=by)
    return row


def _signed(signature: Signature, *, by: Actor, now: datetime, files: ExitStack) -> dict[str, Any]:
    """What a clearance says that was signed on paper."""
    signed = files.enter_context(taken_in(signature.scan, by=by)) if signature.scan else None
    answered = {"state": ClearanceState.CLEARED, "answered_by_id": by.account, "answered_at": now}
    return answered | {"on_paper": signature.document.strip(), "signed": signed}


def _stored(row: Clearance, piece: Piece) -> ClearancePiece:
    return ClearancePiece(
        clearance=row, target_type=str(piece.target._meta.model_name), target_id=piece.target.pk,
        about=piece.about[:300], content=[list(line) for line in piece.content], sha256=piece.sha256,
    )  # fmt: skip


def answer_clearance(clearance: Clearance, *, cleared: bool, by: Actor, now: datetime, comment: str = "") -> None:
    """Let the batch out as it was put before one, or not, with a reason. Whoever asked is told."""
    if not cleared and not comment.strip():
        raise ClearanceRefused(_("Say what is to be changed."), field="comment")
    to = ClearanceState.CLEARED if cleared else ClearanceState.REFUSED
    with transaction.atomic():
        columns: dict[str, Any] = {"answered_by_id": by.account, "answered_at": now, "comment": comment.strip()}
        move(clearance, to=to, by=by, lifecycle=CLEARANCE, verb=f"clearance.{to}", **columns)
        announce("clearance_answered", clearance, by=by)


def withdraw_clearance(clearance: Clearance, *, by: Actor) -> None:
    """Take a batch back from the executive, or what they have cleared: nothing more leaves by it."""
    move(clearance, to=ClearanceState.WITHDRAWN, by=by, lifecycle=CLEARANCE, verb="clearance.withdrawn")


def require_cleared(target: models.Model, sha256: str, *, organisation_id: int) -> None:
    """ClearanceRefused where an organisation lets nothing out uncleared, and this content was not cleared."""
    if not Organisation.objects.filter(pk=organisation_id, clearance_required=True).exists():
        return
    pieces = pieces_about(type(target), [target.pk]).filter(clearance__state=ClearanceState.CLEARED)
    # Held until what is handed in stands: nobody withdraws it meanwhile.
    same = pieces.filter(sha256=sha256).values("clearance")
    held = Clearance.objects.select_for_update().filter(pk__in=same, state=ClearanceState.CLEARED)
    if list(held.order_by("pk")):
        return
    if pieces.exists():
        raise ClearanceRefused(_("This was changed after it was cleared. Put it before the executive once more."))
    raise ClearanceRefused(
        _("Your organisation hands in only what its executive has cleared. Ask for clearance first.")
    )


def pieces_about(model: type[models.Model], numbers: Iterable[int]) -> models.QuerySet[ClearancePiece]:
    """What of these things was ever put before an executive, the newest first."""
    about = ClearancePiece.objects.filter(target_type=model._meta.model_name, target_id__in=list(numbers))
    return about.order_by("-clearance_id", "-pk")


def require_clearance(organisation: Organisation, *, required: bool, by: Actor) -> None:
    """From now on nothing leaves an organisation without its executive's clearance; or it may again."""
    with transaction.atomic():
        was, to = {"clearance_required": not required}, {"clearance_required": required}
        change_if(organisation, was, to, unseen=True)
        verb = "organisation.clearance_required" if required else "organisation.clearance_not_required"
        audit.record(by=by, verb=verb, target=organisation)
