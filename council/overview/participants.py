"""Who takes part in a meeting, for one reader, with what the reader may do about each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from council.access.policy import allowed
from council.access.roles import Standing
from council.access.visibility import visible_to
from council.meetings.models import AgendaItem, Meeting, Participation


@dataclass(frozen=True, slots=True)
class Place:
    """One who was asked, and what the reader may do about it now."""

    row: Participation
    is_self: bool
    may_answer: bool
    may_delegate: bool
    # What was said about it is between their organisation and the secretariat.
    may_read_notes: bool
    shows_item: bool


@dataclass(frozen=True, slots=True)
class Participants:
    places: Sequence[Place]
    # Answers, for those who see them all; None for others, since a total tells of competitors.
    answers: Sequence[tuple[str, int]] | None

    @property
    def own(self) -> Place | None:
        """The reader's own place, if asked."""
        return next((place for place in self.places if place.is_self), None)


def participants(who: Standing, meeting: Meeting, *, now: datetime) -> Participants:
    """Those of the meeting whom the reader may know of."""
    rows = visible_to(who, Participation.objects.asked().filter(meeting=meeting))
    rows = rows.select_related("person", "organisation", "delegate", "delegation_letter", "item__meeting", "meeting")
    open_now = meeting.lies_ahead(now)
    items = visible_to(who, AgendaItem.objects.filter(meeting=meeting, guests__in=rows.values("pk")))
    shown = set(items.values_list("pk", flat=True))
    places = [_place(who, row, open_now, shown) for row in rows]
    runs_it = meeting.body_id in who.secretariat_of
    return Participants(places, _answers(places) if runs_it else None)


def _place(who: Standing, row: Participation, open_now: bool, shown: Set[int]) -> Place:
    member = row.capacity == Participation.Capacity.MEMBER
    return Place(
        row=row,
        is_self=row.person_id == who.person_id,
        may_answer=open_now and allowed(who, "answer", row),
        may_delegate=open_now and member and allowed(who, "name_delegate", row),
        may_read_notes=row.organisation_id == who.organisation_id or row.meeting.body_id in who.secretariat_of,
        shows_item=row.item_id in shown,
    )


def _answers(places: Sequence[Place]) -> list[tuple[str, int]]:
    counted = Counter(place.row.rsvp for place in places)
    return [(str(rsvp.label), counted[rsvp]) for rsvp in Participation.Rsvp]
