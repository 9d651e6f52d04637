"""Who can see one row: everybody seated, each asked by the same rule that their lists come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date
from itertools import batched, groupby

from django.db import models
from django.db.models import BooleanField, Case, Value, When

from council.access.roles import Standing, standings
from council.access.visibility import rule_for, visible_to
from council.actions.models import ActionItem, ProgressUpdate
from council.declaration.models import Commitment
from council.files.models import StoredFile
from council.meetings.models import AgendaItem, Meeting, Paper
from council.minutes.models import Decision, Minutes
from council.parties.models import Organisation, Person, Seat
from council.reports.models import Report

# What can be asked about, by the word in its address.
KINDS: dict[str, type[models.Model]] = {
    "action": ActionItem,
    "update": ProgressUpdate,
    "file": StoredFile,
    "agenda-item": AgendaItem,
    "meeting": Meeting,
    "paper": Paper,
    "commitment": Commitment,
    "minutes": Minutes,
    "decision": Decision,
    "report": Report,
}
# People asked in one query.
AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who sees the row, with the seats held."""

    person: Person
    seats: Sequence[Seat]


@dataclass(frozen=True, slots=True)
class Readers:
    """Those of one organisation who see the row."""

    organisation: Organisation
    people: Sequence[Reader]


def readers_of(row: models.Model, *, on: date) -> list[Readers]:
    """By organisation, everybody seated anywhere on a day, or asked to its meeting, who sees the row; ministry first.

    Who has no account is read to; whose account is closed sees nothing.
    """
    seats = Seat.objects.valid_on(on).exclude(person__user__is_active=False)
    seats = seats.select_related("person__organisation", "body").order_by("person_id", "body_id")
    held = {person: list(group) for person, group in groupby(seats, key=lambda seat: seat.person)}
    held |= {person: [] for person in _asked(row) if person not in held}
    seeing = {who.person_id for who in _seeing(row, standings(held, on=on))}
    found = [Reader(person, theirs) for person, theirs in held.items() if person.pk in seeing]
    found.sort(key=lambda reader: _order(reader.person))
    groups = groupby(found, key=lambda reader: reader.person.organisation)
    return [Readers(organisation, list(people)) for organisation, people in groups]


def meeting_of(row: models.Model) -> Meeting | None:
    """The meeting that a row is or belongs to, if it belongs to one."""
    if isinstance(row, StoredFile):
        version = row.paper_versions.select_related("paper__agenda_item__meeting").first()
        return version.paper.agenda_item.meeting if version else None
    meeting = row if isinstance(row, Meeting) else getattr(getattr(row, "agenda_item", row), "meeting", None)
    return meeting if isinstance(meeting, Meeting) else None


def _asked(row: models.Model) -> Iterator[Person]:
    """Whoever was asked to the meeting that a row belongs to, or comes in their place, with an account that is open."""
    meeting = meeting_of(row)
    if meeting is not None:
        people = meeting.participations.people().exclude(user__is_active=False)
        yield from people.select_related("organisation")


def known_people(who: Standing, named: Iterable[int | None]) -> Set[int]:
    """Of people by their numbers, those whom somebody may know by name."""
    people = Person.objects.filter(pk__in={pk for pk in named if pk is not None})
    return set(visible_to(who, people).values_list("pk", flat=True))


def _order(person: Person) -> tuple[bool, str, int]:
    kind = person.organisation.kind
    return kind != Organisation.Kind.MINISTRY, person.organisation.code, person.pk


def _seeing(row: models.Model, everybody: Sequence[Standing]) -> Iterator[Standing]:
    rule, rows = rule_for(type(row)), type(row)._default_manager.filter(pk=row.pk)
    for some in batched(everybody, AT_ONCE):
        asked = [
            Case(When(rule(who), then=Value(True)), default=Value(False), output_field=BooleanField()) for who in some
        ]
        answers = rows.annotate(**{f"seen_{n}": case for n, case in enumerate(asked)}).values_list(
            *(f"seen_{n}" for n in range(len(asked)))
        )
        for answer in answers[:1]:
            yield from (who for who, sees in zip(some, answer, strict=True) if sees)
