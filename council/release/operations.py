"""Changing who may see a thing. Every step has a reason and is written down.

Widening takes two: the ministry asks, the owner of the thing agrees. What is the ministry's own it releases by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from council.core import audit
from council.core.actor import Actor
from council.core.calendar import local_day
from council.core.errors import DomainError, SomebodyWasFaster
from council.core.labels import Disclosure, Ground, GroundMissing, Label, Labelled, withholding_flaws
from council.core.lifecycle import change_if, move
from council.core.register import note_links, version_of
from council.mail.operations import announce
from council.parties.models import Person, Seat
from council.parties.queries import people_seated
from council.release.models import ReleaseRequest
from council.release.states import RELEASE, ReleaseState

WITHHELD = {Disclosure.PARTIAL, Disclosure.CLOSED}


class ReleaseRefused(DomainError):
    """The label cannot change like this."""


def release(row: Labelled, *, to: str, reason: str, by: Actor, now: datetime) -> ReleaseRequest | None:
    """Let a thing reach more readers: at once if it is the actor's own organisation's, else the owner is asked first.

    The request that now waits for the owner, whose people are told; None if the thing was released at once.
    ReleaseRefused if ``to`` is no wider label, would not count, or has no reason.
    """
    _check_release(row, to, reason)
    with transaction.atomic():
        if row.label_owner_id == by.organisation_id:
            _widen(row, to, reason=reason, by=by, now=now)
            return None
        request = ReleaseRequest(
            target_type=row._meta.model_name or "",
            target_id=row.pk,
            about=str(row)[:300],
            body_id=row.label_body_id,
            organisation_id=row.label_owner_id,
            label_from=row.label,
            label_to=to,
            reason=reason,
            asked_by_id=by.account,
        )
        try:
            with transaction.atomic():
                request.save()
        except IntegrityError as error:
            raise ReleaseRefused(_("The owner has been asked already.")) from error
        audit.record(by=by, verb="label.release_asked", target=row, after={"label": to}, reason=reason)
        announce("release_asked", request, by=by)
    return request


def _check_release(row: Labelled, to: str, reason: str) -> None:
    _need_reason(reason)
    if Label(to) not in Label(row.label).wider:
        raise ReleaseRefused(_("A release leads to a wider label."), field="to")
    if Label(row.label_above).width < Label(to).width:
        raise ReleaseRefused(
            _("What it belongs to carries %(label)s, which counts for it too. Release that first.")
            % {"label": row.label_above},
            field="to",
        )


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise ReleaseRefused(_("Say why."), field="reason")


def _widen(row: Labelled, to: str, *, reason: str, by: Actor, now: datetime) -> None:
    _set_label(row, to, verb="label.released", reason=reason, by=by, released_at=now)


def _set_label(row: Labelled, to: str, *, verb: str, reason: str, by: Actor, **columns: Any) -> None:
    """One conditional update, as for states: whoever read another label is told."""
    before = {"label": row.label}
    change_if(row, before, {"label": to, **columns})
    audit.record(by=by, verb=verb, target=row, before=before, after={"label": to}, reason=reason)


def agree(request: ReleaseRequest, *, by: Actor, now: datetime, answer: str = "", seen: str | None = None) -> None:
    """The owner agrees: the thing carries the wider label from now on, and the ministry is told.

    ``seen`` is the version of the thing that was read: SomebodyWasFaster if it has been changed since.
    """
    with transaction.atomic():
        row = request.locked_target()
        if row is None or row.label != request.label_from:
            raise SomebodyWasFaster(_("The label has changed since this was asked. Ask the ministry to ask again."))
        if seen is not None and seen != version_of(row):
            raise SomebodyWasFaster(_("This was changed after you opened the page. Please read it again."))
        _answer(request, ReleaseState.AGREED, by=by, now=now, answer=answer)
        _widen(row, request.label_to, reason=request.reason, by=by, now=now)
        announce("release_answered", request, by=by)


def decline(request: ReleaseRequest, *, by: Actor, now: datetime, answer: str) -> None:
    """The owner does not agree, and says why: the label stays, and the ministry is told."""
    if not answer.strip():
        raise ReleaseRefused(_("Say why."), field="answer")
    with transaction.atomic():
        _answer(request, ReleaseState.DECLINED, by=by, now=now, answer=answer)
        announce("release_answered", request, by=by)


def take_back(request: ReleaseRequest, *, by: Actor, now: datetime, reason: str) -> None:
    """The ministry does not ask any more."""
    _need_reason(reason)
    _answer(request, ReleaseState.TAKEN_BACK, by=by, now=now, answer=reason)


def _answer(request: ReleaseRequest, state: ReleaseState, *, by: Actor, now: datetime, answer: str) -> None:
    move(
        request,
        to=state,
        by=by,
        lifecycle=RELEASE,
        verb=f"label.release_{state}",
        reason=answer,
        answered_by_id=by.account,
        answered_at=now,
        answer=answer,
    )


def tighten(row: Labelled, *, to: str, reason: str, by: Actor, now: datetime) -> None:
    """Let a thing reach fewer readers than now. Refused after a release: what was read cannot be unread.

    Whoever is being asked for a release of it is asked no more. A TLP:RED thing reaches the owner's liaisons and
    members on the body until ``name_readers`` says otherwise.
    """
    _need_reason(reason)
    if Label(to) not in Label(row.label).stricter:
        raise ReleaseRefused(_("Tightening leads to a stricter label."), field="to")
    if row.released_at is not None:
        raise ReleaseRefused(
            _(
                "It has been released as %(label)s: those it reached may have read it, and that cannot be undone. "
                "Withdraw or cancel it and hand in a new one instead."
            )
            % {"label": row.label}
        )
    with transaction.atomic():
        stored = type(row)._default_manager.select_for_update().get(pk=row.pk)
        if why_not := stored.refuses_label(to):
            raise ReleaseRefused(why_not, field="to")
        _set_label(row, to, verb="label.tightened", reason=reason, by=by)
        if to == Label.RED and hasattr(row, "readers"):
            # Else it would vanish from those who have to work on it.
            row.readers.set(_answering(row, on=local_day(now)))
        asked = ReleaseRequest.objects.filter(state=ReleaseState.ASKED, target_id=row.pk)
        for request in asked.filter(target_type=row._meta.model_name):
            _answer(request, ReleaseState.TAKEN_BACK, by=by, now=now, answer=reason)


def _answering(row: Labelled, *, on: date) -> QuerySet[Person]:
    """The owner's people who answer for a thing of this body."""
    roles = [Seat.Role.LIAISON, Seat.Role.MEMBER]
    return people_seated(row.label_body_id, roles, on=on).filter(organisation=row.label_owner_id)


def name_readers(row: Any, *, people: Collection[Person], reason: str, by: Actor) -> None:
    """Say which persons a TLP:RED thing reaches besides the secretary; whoever is named no more reads it no more."""
    _need_reason(reason)
    with transaction.atomic():
        stored = type(row)._default_manager.select_for_update().get(pk=row.pk)
        if stored.label != Label.RED:
            raise ReleaseRefused(_("Readers are named on TLP:RED only."))
        if any(person.organisation_id not in {stored.label_owner_id, by.organisation_id} for person in people):
            raise ReleaseRefused(
                _("Readers are the owner's and the ministry's people. To others it is released, and the owner agrees."),
                field="people",
            )
        before = {"readers": set(row.readers.values_list("pk", flat=True))}
        row.readers.set(people)
        if note_links(row, before=before, by=by, verb="label.readers_named", reason=reason):
            change_if(row, {}, {})  # so that an older page is told


def decide_disclosure(
    row: Labelled,
    *,
    disclosure: str,
    grounds: Collection[int],
    reason: str,
    review_on: date | None,
    by: Actor,
    today: date,
) -> None:
    """Say whether the record is open to the public on request; if not, under which items, why, and until when.

    Law: 정보공개법 제9조제1항 (grounds), 제9조제2항 (to be opened once the reason is gone).
    """
    withheld = disclosure in WITHHELD
    for flaw in disclosure_flaws(
        disclosure=disclosure, grounds=grounds, reason=reason, review_on=review_on, today=today
    ):
        raise flaw
    columns = {
        "disclosure": disclosure,
        "grounds": sorted(Ground(number).value for number in grounds) if withheld else [],
        "disclosure_reason": reason if withheld else "",
        "disclosure_review_on": review_on if withheld else None,
    }
    with transaction.atomic():
        stored: Any = type(row)._default_manager.select_for_update().get(pk=row.pk)
        was, now_is = audit.changes({name: getattr(stored, name) for name in columns}, columns)
        if now_is:
            change_if(row, {}, columns)
            audit.record(by=by, verb="disclosure.decided", target=row, before=was, after=now_is)


def disclosure_flaws(
    *, disclosure: str, grounds: Collection[int], reason: str, review_on: date | None, today: date
) -> Iterator[GroundMissing]:
    """What a decision on disclosure lacks; ``decide_disclosure`` refuses the first."""
    if disclosure in WITHHELD:
        yield from withholding_flaws(grounds=grounds, reason=reason, review_on=review_on, today=today)
