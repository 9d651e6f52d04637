"""Who is told what before it happens, so that nobody is written to by surprise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from council.core.actor import Actor
from council.core.calendar import local_day
from council.meetings.models import Meeting
from council.meetings.operations.participation import to_be_asked
from council.meetings.states import MeetingState
from council.parties.models import Organisation, Person
from council.parties.queries import high_ranking
from council.reminders.recipients import asked


@dataclass(frozen=True, slots=True)
class Told:
    """One who would be written to."""

    person: Person
    waits: bool

    @property
    def reachable(self) -> bool:
        return bool(self.person.email)


def told_of(meeting: Meeting, *, by: Actor, now: datetime) -> Sequence[tuple[Organisation, Sequence[Told]]]:
    """Whom announcing, moving or cancelling a meeting writes to as things stand, by organisation.

    Nobody while it is a draft that is only changed or cancelled; that the caller knows.
    """
    today = local_day(now)
    people = [*asked(meeting, today)]
    if meeting.state == MeetingState.DRAFT:
        listed = set(meeting.participations.values_list("person", flat=True))
        people += [person for person in to_be_asked(meeting, now=now) if person.pk not in listed]
    people += [guest.person for guest in meeting.participations.guests().select_related("person")]
    known = Person.objects.filter(pk__in={person.pk for person in people} - {by.person_id})
    rows = known.select_related("organisation").order_by("organisation", "name_ko", "pk")
    waiting = high_ranking(rows, on=today)
    lines = [Told(person, person.pk in waiting) for person in rows]
    return [(one, list(group)) for one, group in groupby(lines, key=lambda line: line.person.organisation)]
