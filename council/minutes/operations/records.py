"""Records requests: what is asked for, which pieces there are, what becomes of each, and the legal hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
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
from council.files.operations import taken_in
from council.minutes.models import IssuedDocument, MinutesRevision, MinutesSection, Publication, RecordsPiece
from council.minutes.models.records import SETTLED, RecordsRequest
from council.minutes.operations.writing import LONGEST, too_long
from council.minutes.states import RecordsState

Audience, Outcome = IssuedDocument.Audience, RecordsPiece.Outcome
LONGEST_YEARS = 5
DECIDED = _("It has been decided what becomes of the pieces. Take that back first.")
# From the narrowest to the widest: whole or in part, shown or handed over.
WIDTHS = (
    (Outcome.REFUSED, False), (Outcome.SHOWN, True), (Outcome.SHOWN, False), (Outcome.HANDED_OVER, True),
    (Outcome.HANDED_OVER, False),
)  # fmt: skip


class RecordsRefused(DomainError):
    """What was entered for a records request cannot be kept so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A thing in a scope. ``audience``: of minutes, what is handed over of them unless somebody says otherwise."""

    target_type: str
    target_id: int
    title: str
    day: date
    owner_id: int
    label: str
    audience: str = ""

    @property
    def key(self) -> str:
        return f"{self.target_type}-{self.target_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What becomes of pieces. Whatever is refused or given in part has a ground, a reason and a day for a review."""

    outcome: str
    in_part: bool = False
    audience: str = ""
    grounds: Sequence[int] = ()
    reason: str = ""
    review_on: date | None = None

    @property
    def withholds(self) -> bool:
        return self.outcome == Outcome.REFUSED or self.in_part


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
    if request.to_day > _years_later(request.from_day, LONGEST_YEARS):
        raise RecordsRefused(
            _("At most %(years)d years at once. Make several requests of it.") % {"years": LONGEST_YEARS},
            field="to_day",
        )
    if len(request.note) > LONGEST:
        raise RecordsRefused(too_long(len(request.note)), field="note")


def _years_later(day: date, years: int) -> date:
    leap_day = day.month == 2 and day.day == 29
    return day.replace(year=day.year + years, day=28 if leap_day else day.day)


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
        RecordsPiece.objects.bulk_create(
            _piece(stored, number, one, before.get(one.key)) for number, one in enumerate(found, 1)
        )
        discard(StoredFile.objects.filter(pk__in=[pk for pk in gone if pk]))
        change_if(stored, {"state": stored.state}, {"collected_at": now})
        numbers = {"collected": len(found), "new": sum(one.key not in before for one in found)}
        audit.record(by=by, verb="records.collected", target=stored, after=numbers)
    request.refresh_from_db()
    return len(found)


def _piece(request: RecordsRequest, number: int, one: Found, was: RecordsPiece | None) -> RecordsPiece:
    said = ("outcome", "in_part", "audience", "grounds", "reason", "review_on", "part_id")
    kept: dict[str, Any] = {name: getattr(was, name) for name in said} if was else {"audience": one.audience}
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


def discard(files: Iterable[StoredFile]) -> None:
    """Throw away files that nobody was given, with their contents once the transaction is over."""
    for stored in list(files):
        stored.delete()
        transaction.on_commit(lambda one=stored: one.file.delete(save=False), robust=True)  # type: ignore[misc]


def rule_on(request: RecordsRequest, *, by: Actor, today: date, keys: Collection[str], ruling: Ruling) -> int:
    """Say what becomes of pieces; how many. Once organisations were asked, theirs are given less, never more."""
    if ruling.outcome not in {Outcome.HANDED_OVER, Outcome.SHOWN, Outcome.REFUSED}:
        raise RecordsRefused(_("Choose what becomes of them."), field="outcome")
    if ruling.outcome == Outcome.REFUSED and ruling.in_part:
        raise RecordsRefused(_("What is refused is refused as a whole."), field="in_part")
    if ruling.withholds:
        for flaw in withholding_flaws(
            grounds=ruling.grounds, reason=ruling.reason, review_on=ruling.review_on, today=today
        ):
            raise flaw
    with transaction.atomic():
        stored = _taking_decisions(request)
        chosen = _chosen(stored, keys)
        asked = set(stored.opinions.values_list("organisation_id", flat=True))
        public = public_versions(chosen)
        before = {piece.key: _told(piece) for piece in chosen}
        for piece in chosen:
            _rule(piece, ruling)
            require_version(piece, stored, public)
        if stored.state == RecordsState.ASKED:
            _require_less(stored, chosen, before, asked)
        needless = [piece.part for piece in chosen if piece.part and not piece.takes_a_part]
        for piece in chosen:
            piece.part = piece.part if piece.takes_a_part else None
        RecordsPiece.objects.bulk_update(chosen, RULED)
        discard(needless)
        change_if(stored, {}, {})  # so that an older page is told
        said = {name: getattr(ruling, name) for name in ("outcome", "in_part", "review_on")}
        grounds = ",".join(map(str, sorted(ruling.grounds))) if ruling.withholds else ""
        audit.record(
            by=by,
            verb="records.ruled",
            target=stored,
            before={"chosen": " ".join(f"{key}:{outcome}" for key, (outcome, *_rest) in before.items() if outcome)},
            after={"chosen": " ".join(before), **said, "grounds": grounds},
            reason=ruling.reason.strip() if ruling.withholds else "",
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


def _told(piece: RecordsPiece) -> tuple[str, bool, str]:
    return piece.outcome, piece.in_part, piece.audience


def _rule(piece: RecordsPiece, ruling: Ruling) -> None:
    piece.outcome, piece.in_part = ruling.outcome, ruling.in_part
    piece.grounds = sorted(ruling.grounds) if ruling.withholds else []
    piece.reason = ruling.reason.strip() if ruling.withholds else ""
    piece.review_on = ruling.review_on if ruling.withholds else None
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


def public_versions(pieces: Iterable[RecordsPiece]) -> dict[int, Publication]:
    """Of the minutes among pieces, by their version, the public version that was published last."""
    revisions = [piece.target_id for piece in pieces if piece.is_minutes]
    rows = Publication.objects.published().filter(kind=Publication.Kind.MINUTES, revision__in=revisions)
    return {row.revision_id: row for row in rows.prefetch_related("redactions").order_by("number")}


def _require_less(
    request: RecordsRequest,
    chosen: Iterable[RecordsPiece],
    before: dict[str, tuple[str, bool, str]],
    asked: Collection[int],
) -> None:
    """Those asked were told what is to become of what is theirs: more than that would go past them."""
    whose = whose_words(chosen)
    for piece in chosen:
        outcome, in_part, audience = before[piece.key]
        wider = WIDTHS.index((Outcome(piece.outcome), piece.in_part)) > WIDTHS.index((Outcome(outcome), in_part))
        longer = piece.leaves and AUDIENCES.index(piece.audience) > AUDIENCES.index(audience)
        if (wider or longer) and whose[piece.key] & set(asked):
            raise RecordsRefused(
                _("Whoever was asked about “%(title)s” was told that less of it is given. Close the request and begin"
                  " another one.") % {"title": piece.title}
            )  # fmt: skip


AUDIENCES = ("", Audience.PUBLIC, Audience.COMMON, Audience.WHOLE)


def whose_words(pieces: Iterable[RecordsPiece]) -> dict[str, set[int]]:
    """Whose each piece is, by its key: the owner, and of minutes whoever said something in them or on their items."""
    whose = {piece.key: {piece.owner_id} for piece in pieces}
    kind = MinutesRevision._meta.model_name
    sections = MinutesSection.objects.filter(revision__in=[piece.target_id for piece in pieces if piece.is_minutes])
    for column in ("agenda_item__owner", "remarks__speaker__organisation"):
        for revision, organisation in sections.exclude(**{column: None}).values_list("revision", column).distinct():
            whose[f"{kind}-{revision}"].add(organisation)
    return whose


def hand_in_part(request: RecordsRequest, *, by: Actor, key: str, upload: File[bytes] | None) -> None:
    """Keep, as a file, the part of a piece that is handed over; it takes the place of the whole in the archive."""
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
        piece.part = stack.enter_context(taken_in(upload, by=by))
        piece.save()
        if older is not None:
            discard([older])
        audit.record(by=by, verb="records.part_added", target=piece, after={"sha256": piece.part.sha256})


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


def held_targets() -> set[tuple[str, int]]:
    """The kind and number of everything that a request on hold asks for: it is not destroyed."""
    held = RecordsPiece.objects.filter(request__in=RecordsRequest.objects.on_hold())
    return set(held.values_list("target_type", "target_id"))
