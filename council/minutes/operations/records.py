"""Records requests: what is asked for, which pieces there are, what becomes of each, and the legal hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from council.core import audit
from council.core.actor import Actor
from council.core.calendar import local_day
from council.core.errors import DomainError, NotAllowedNow, Text
from council.core.labels import withholding_flaws
from council.core.lifecycle import change_if
from council.files.models import StoredFile
from council.files.operations import discard, taken_in
from council.minutes.models import IssuedDocument, Publication, RecordsPiece
from council.minutes.models.records import SETTLED, RecordsRequest, key_of
from council.minutes.operations.opinions import names_of
from council.minutes.operations.writing import LONGEST, too_long
from council.minutes.queries.records import concerned, public_versions
from council.minutes.states import RECORDS_SETTLED, RecordsState

Audience, Outcome = IssuedDocument.Audience, RecordsPiece.Outcome
LONGEST_YEARS = 5
DECIDED = _("It has been decided what becomes of the pieces. Take that back first.")
# From the narrowest to the widest.
WIDTHS = (Outcome.REFUSED, Outcome.SHOWN, Outcome.HANDED_OVER)


class RecordsRefused(DomainError):
    """What was entered for a records request cannot be kept so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A thing in a scope, and the organisations whose words or data are in it.

    ``audience``: of minutes, what is handed over of them unless somebody says otherwise.
    """

    target_type: str
    target_id: int
    title: str
    day: date
    owner_id: int
    label: str
    concerns: frozenset[int]
    audience: str = ""

    @property
    def key(self) -> str:
        return key_of(self.target_type, self.target_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What becomes of pieces. Whatever is refused or given in part has a reason, with the law that it rests on.

    ``grounds`` and ``review_on`` are what the Information Disclosure Act asks for, and kept of a disclosure request.
    """

    outcome: str
    in_part: bool = False
    audience: str = ""
    grounds: Sequence[int] = ()
    reason: str = ""
    review_on: date | None = None

    @property
    def withholds(self) -> bool:
        return self.outcome == Outcome.REFUSED or self.in_part

    def flaws(self, request: RecordsRequest, *, today: date) -> Iterator[DomainError]:
        """Why it cannot be kept so of a request, each with the field it is about."""
        if self.outcome not in {Outcome.HANDED_OVER, Outcome.SHOWN, Outcome.REFUSED}:
            yield RecordsRefused(_("Choose what becomes of them."), field="outcome")
        if self.outcome == Outcome.REFUSED and self.in_part:
            yield RecordsRefused(_("What is refused is refused as a whole."), field="in_part")
        if self.withholds and request.rests_on_disclosure:
            yield from withholding_flaws(
                grounds=self.grounds, reason=self.reason, review_on=self.review_on, today=today
            )
        elif self.withholds and not self.reason.strip():
            yield RecordsRefused(_("Say by what law, and why."), field="reason")


def open_request(request: RecordsRequest, *, by: Actor, now: datetime) -> None:
    """Keep a new request; its pieces are collected next."""
    _check(request, now=now)
    with transaction.atomic():
        request.save()
        audit.record(by=by, verb="records.opened", target=request, after=audit.snapshot(request))


def _check(request: RecordsRequest, *, now: datetime) -> None:
    today = local_day(now)
    if not request.requester.strip():
        raise RecordsRefused(_("Say who asks."), field="requester")
    if request.received_on > today:
        raise RecordsRefused(_("This day has not come yet."), field="received_on")
    if request.due_at <= now:
        raise RecordsRefused(_("This moment has passed."), field="due_at")
    if request.to_day < request.from_day:
        raise RecordsRefused(_("The period ends before it begins."), field="to_day")
    begins, ends = request.from_day, request.to_day
    if (ends.year - LONGEST_YEARS, ends.month, ends.day) > (begins.year, begins.month, begins.day):
        raise RecordsRefused(
            _("At most %(years)d years at once. Make several requests of it.") % {"years": LONGEST_YEARS},
            field="to_day",
        )
    if len(request.note) > LONGEST:
        raise RecordsRefused(too_long(len(request.note)), field="note")
    same = {name: getattr(request, name) for name in ("body", "kind", "requester", "reference", "from_day", "to_day")}
    same |= {"commitment": request.commitment, "received_on": request.received_on}
    if RecordsRequest.objects.filter(**same).exclude(state__in=RECORDS_SETTLED).exists():
        raise RecordsRefused(_("This request has been entered already."), field="reference")


def locked(request: RecordsRequest) -> RecordsRequest:
    """The request as it is now; nobody else changes it until the transaction is over."""
    return RecordsRequest.objects.select_for_update(of=("self",)).select_related("body").get(pk=request.pk)


def keep_pieces(request: RecordsRequest, *, by: Actor, now: datetime, found: Sequence[Found]) -> int:
    """Keep what is in the scope, in this order; what was decided on a piece that is still in it stays. How many.

    RecordsRefused if there is nothing.
    """
    with transaction.atomic():
        stored = locked(request)
        if stored.state != RecordsState.COLLECTING:
            raise NotAllowedNow(_("The pieces of this request stay as they are."))
        if not found:
            raise RecordsRefused(_("There is nothing in this scope. Choose another period or commitment."))
        before = {piece.key: piece for piece in stored.pieces.all()}
        gone = [piece.part_id for key, piece in before.items() if key not in {one.key for one in found}]
        stored.pieces.all().delete()
        made = RecordsPiece.objects.bulk_create(
            _piece(stored, number, one, before.get(one.key)) for number, one in enumerate(found, 1)
        )
        concerned = RecordsPiece.concerns.through
        concerned.objects.bulk_create(
            concerned(recordspiece_id=piece.pk, organisation_id=organisation)
            for piece, one in zip(made, found, strict=True)
            for organisation in sorted(one.concerns)
        )
        discard(StoredFile.objects.filter(pk__in=[pk for pk in gone if pk]))
        change_if(stored, {"state": stored.state}, {"collected_at": now})
        numbers = {"collected": len(found), "new": sum(one.key not in before for one in found)}
        audit.record(by=by, verb="records.collected", target=stored, after=numbers)
    request.refresh_from_db()
    return len(found)


def _piece(request: RecordsRequest, number: int, one: Found, was: RecordsPiece | None) -> RecordsPiece:
    said = ("outcome", "in_part", "audience", "grounds", "reason", "review_on", "part_id")
    decided = was is not None and was.outcome
    kept: dict[str, Any] = {name: getattr(was, name) for name in said} if decided else {"audience": one.audience}
    return RecordsPiece(
        request=request,
        position=number,
        target_type=one.target_type,
        target_id=one.target_id,
        title=one.title[:300],
        day=one.day,
        owner_id=one.owner_id,
        label=one.label,
        **kept,
    )


def rule_on(request: RecordsRequest, *, by: Actor, now: datetime, keys: Collection[str], ruling: Ruling) -> int:
    """Say what becomes of pieces; how many. Once organisations were asked, theirs are given less, never more."""
    for flaw in ruling.flaws(request, today=local_day(now)):
        raise flaw
    if not ruling.withholds:
        ruling = replace(ruling, reason="")
    if not (ruling.withholds and request.rests_on_disclosure):
        ruling = replace(ruling, grounds=(), review_on=None)
    with transaction.atomic():
        stored = _taking_decisions(request)
        chosen = _chosen(stored, keys)
        public = public_versions(chosen)
        before = {piece.key: piece.outcome for piece in chosen}
        for piece in chosen:
            _rule(piece, ruling)
            require_version(piece, stored, public)
        needless = [piece.part for piece in chosen if piece.part and not piece.takes_a_part]
        for piece in chosen:
            piece.part = piece.part if piece.takes_a_part else None
        RecordsPiece.objects.bulk_update(chosen, RULED)
        if stored.state == RecordsState.ASKED:
            _require_less(stored, chosen)
        discard(needless)
        change_if(stored, {}, {})  # so that an older page is told
        said = {name: getattr(ruling, name) for name in ("outcome", "in_part", "review_on")}
        grounds = ",".join(map(str, sorted(set(ruling.grounds))))
        audit.record(
            by=by,
            verb="records.ruled",
            target=stored,
            before={"chosen": " ".join(f"{key}:{outcome}" for key, outcome in before.items() if outcome)},
            after={"chosen": " ".join(before), **said, "grounds": grounds},
            reason=ruling.reason.strip(),
        )
    return len(chosen)


RULED = ("outcome", "in_part", "audience", "grounds", "reason", "review_on", "part")


def _taking_decisions(request: RecordsRequest) -> RecordsRequest:
    stored = locked(request)
    if not stored.takes_decisions:
        raise NotAllowedNow(SETTLED if stored.is_settled else DECIDED)
    return stored


def _chosen(request: RecordsRequest, keys: Collection[str]) -> list[RecordsPiece]:
    if not keys:
        raise RecordsRefused(_("Tick the pieces."))
    chosen = [piece for piece in request.pieces.select_related("owner", "part") if piece.key in set(keys)]
    if len(chosen) < len(set(keys)):
        raise RecordsRefused(
            _("Some of these pieces are not part of this request any more. Nothing was saved; look again.")
        )
    return chosen


def _rule(piece: RecordsPiece, ruling: Ruling) -> None:
    piece.outcome, piece.in_part = ruling.outcome, ruling.in_part
    piece.grounds, piece.review_on = sorted(set(ruling.grounds)), ruling.review_on
    piece.reason = ruling.reason.strip()
    if piece.is_minutes and piece.leaves:
        # What is given of minutes in part is what was withheld of them once, with those asked whose words they are.
        piece.audience = Audience.PUBLIC if ruling.in_part else ruling.audience or piece.audience


def require_version(piece: RecordsPiece, request: RecordsRequest, public: Mapping[int, Publication]) -> None:
    """Refuse to give minutes in a version that there is not, or that the requester must not have."""
    if not piece.is_minutes or not piece.leaves:
        return
    version = public.get(piece.target_id)
    flaw: Text | None = None
    if piece.audience == Audience.WHOLE and request.rests_on_disclosure:
        flaw = _("On a disclosure request minutes are given without the annexes of the organisations.")
    elif piece.audience == Audience.PUBLIC and version is None:
        flaw = _("There is no public version of “%(title)s”. Publish one first, or give the minutes as a whole.")
    elif piece.audience == Audience.PUBLIC and version and not piece.in_part and version.redactions.all():
        flaw = _("The public version of “%(title)s” withholds passages: it is given in part, with the ground.")
    if flaw is not None:
        raise RecordsRefused(str(flaw) % {"title": piece.title}, field="audience")


def _require_less(request: RecordsRequest, chosen: Iterable[RecordsPiece]) -> None:
    """Those asked were told what is to become of what is theirs: more than that would go past them."""
    asked = request.opinions.values("organisation")
    theirs = set(request.pieces.filter(concerns__in=asked).values_list("pk", flat=True))
    for piece in chosen:
        outcome, in_part, audience, _part = piece.at_most
        wider = WIDTHS.index(piece.outcome) > WIDTHS.index(outcome)
        fuller = piece.leaves and in_part and not piece.in_part
        longer = piece.leaves and AUDIENCES.index(piece.audience) > AUDIENCES.index(audience)
        if (wider or fuller or longer) and piece.pk in theirs:
            raise RecordsRefused(
                _("Whoever was asked about “%(title)s” was told that less of it is given. Close the request and begin"
                  " another one.") % {"title": piece.title}
            )  # fmt: skip
    require_all_asked(request)


AUDIENCES = ("", Audience.PUBLIC, Audience.COMMON, Audience.WHOLE)


def require_all_asked(request: RecordsRequest) -> None:
    """Refuse to give away words of somebody who was not asked."""
    heard = set(request.opinions.values_list("organisation_id", flat=True))
    if unasked := [one for one in concerned(request) if one.pk not in heard]:
        names = names_of(unasked)
        raise NotAllowedNow(
            _("%(names)s was not asked about what is given away of it. Give less, or close the request and begin"
              " another one.") % {"names": names}
            if request.asked_at
            else _("Something of %(names)s is given away: ask them first.") % {"names": names}
        )  # fmt: skip


def hand_in_part(request: RecordsRequest, *, by: Actor, key: str, upload: File[bytes] | None) -> None:
    """Keep, as a file, the part of a piece that is handed over; it takes the place of the whole in the archive.

    Once organisations were asked with it, it gives way to another one only while an objection of theirs is open.
    """
    if upload is None:
        raise RecordsRefused(_("Attach the part that is handed over."), field="upload")
    with ExitStack() as stack, transaction.atomic():
        stored = _taking_decisions(request)
        piece = _chosen(stored, [key])[0]
        if not piece.takes_a_part:
            raise NotAllowedNow(
                _("Only of what is handed over in part, and not of minutes, which have public versions.")
            )
        older = piece.part
        if stored.asked_at and (older or piece.asked_as[3]) and not _all_object(stored, piece):
            raise NotAllowedNow(_("This part has been shown to whose it is; another one would go past them."))
        piece.part = stack.enter_context(taken_in(upload, by=by))
        piece.save()
        if older is not None:
            discard([older])
        change_if(stored, {}, {})  # so that an older page is told
        audit.record(by=by, verb="records.part_added", target=piece, after={"sha256": piece.part.sha256})


def _all_object(request: RecordsRequest, piece: RecordsPiece) -> bool:
    """Whether whoever was asked about a piece objects: then another part of it goes past nobody."""
    asked = request.opinions.filter(organisation__in=piece.concerns.all())
    return asked.exists() and asked.count() == asked.undecided().count()


def hold(request: RecordsRequest, *, by: Actor, reason: str) -> None:
    """Nothing of what it asks for may be destroyed until the hold is lifted, whatever its retention period says."""
    _hold(request, by=by, reason=reason, on=True)


def lift_hold(request: RecordsRequest, *, by: Actor, reason: str) -> None:
    """Its pieces follow their retention periods again."""
    _hold(request, by=by, reason=reason, on=False)


def _hold(request: RecordsRequest, *, by: Actor, reason: str, on: bool) -> None:
    if not reason.strip():
        raise RecordsRefused(_("Say why."), field="reason")
    with transaction.atomic():
        stored = locked(request)
        if stored.legal_hold == on:
            raise NotAllowedNow(_("It is on hold already.") if on else _("It is not on hold."))
        was = {"legal_hold": not on, "hold_reason": stored.hold_reason}
        becomes = {"legal_hold": on, "hold_reason": reason.strip()[:300] if on else ""}
        change_if(stored, was, becomes)
        verb = "records.held" if on else "records.hold_lifted"
        audit.record(by=by, verb=verb, target=stored, before=was, after=becomes, reason=reason.strip())
    request.refresh_from_db()
