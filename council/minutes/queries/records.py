"""Questions about records requests and their pieces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import QuerySet

from council.core.labels import Label
from council.minutes.models import IssuedDocument, Publication, RecordsPiece, RecordsRequest
from council.minutes.queries.opinions import earliest_disclosure, without_a_voice
from council.parties.models import Organisation
from council.parties.queries import not_ministries


def concerned(request: RecordsRequest) -> list[Organisation]:
    """Whose words are to be given away besides the ministry's; of public versions they were asked before."""
    return list(not_ministries().filter(pk__in=_given(request).values("concerns")))


def _given(request: RecordsRequest) -> QuerySet[RecordsPiece]:
    leaving = request.pieces.filter(outcome__in=RecordsPiece.LEAVES)
    return leaving.exclude(audience=IssuedDocument.Audience.PUBLIC)


def silent_of(request: RecordsRequest, asked: Iterable[Organisation], *, on: date) -> list[Organisation]:
    """Those of them who are asked on paper: nobody here could answer, or something is for its named readers alone."""
    red = set(_given(request).filter(label=Label.RED).values_list("concerns", flat=True))
    asked = list(asked)
    without = without_a_voice(request.body_id, asked, on=on)
    return [one for one in asked if one in without or one.pk in red]


def under_embargo(request: RecordsRequest, *, now: datetime) -> Publication | None:
    """A publication among what is given that may not be used yet."""
    given = request.pieces.filter(outcome__in=RecordsPiece.LEAVES, target_type=Publication._meta.model_name)
    return Publication.objects.filter(pk__in=given.values("target_id"), embargo__gt=now).first()


def public_versions(pieces: Iterable[RecordsPiece]) -> dict[int, Publication]:
    """Of the minutes among pieces, by their version, the public version that was published last."""
    revisions = [piece.target_id for piece in pieces if piece.is_minutes]
    rows = Publication.objects.published().filter(kind=Publication.Kind.MINUTES, revision__in=revisions)
    return {row.revision_id: row for row in rows.prefetch_related("redactions").order_by("number")}


def earliest_day(request: RecordsRequest) -> date | None:
    """Before which day nothing is handed over against the will of somebody; None if there is no such day."""
    return earliest_disclosure(request.opinions.all()) if request.rests_on_disclosure else None


def outcomes(pieces: Iterable[RecordsPiece]) -> list[tuple[str, int]]:
    """How many pieces have which outcome, by its name."""
    counted = Counter(piece.outcome for piece in pieces)
    return [(str(name), counted[value]) for value, name in RecordsPiece.Outcome.choices]


def held_targets() -> set[tuple[str, int]]:
    """The kind and number of everything that a request on hold asks for: it is not destroyed."""
    held = RecordsPiece.objects.filter(request__in=RecordsRequest.objects.on_hold())
    return set(held.values_list("target_type", "target_id"))
