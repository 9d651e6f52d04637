"""The agenda as a timetable, fixed as a version, and what has changed since. Reads only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Any

from django.utils.translation import gettext_lazy as _

from council.meetings.models import AgendaItem, AgendaSection, AgendaSnapshot, Deadline, DeadlineKind, Meeting
from council.meetings.states import AgendaItemState

# Stands at the head of every agenda. Law: 독점규제 및 공정거래에 관한 법률 제40조제1항제9호.
COMPETITION_NOTICE = _(
    "Competition-sensitive information such as prices, output, costs or terms of trade is not exchanged"
    " at these meetings."
)


@dataclass(frozen=True, slots=True)
class Slot:
    """An item in its place: its number and its time, which nobody types."""

    item: AgendaItem
    number: int
    starts_at: datetime | None
    change: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A section with its items; without a heading what stands in none."""

    section: AgendaSection | None
    slots: Sequence[Slot]

    @property
    def minutes(self) -> int:
        return sum(slot.item.duration for slot in self.slots)


@dataclass(frozen=True, slots=True)
class Timetable:
    parts: Sequence[Part]
    minutes: int
    overrun: int

    @property
    def slots(self) -> list[Slot]:
        return [slot for part in self.parts for slot in part.slots]

    def marked(self, changes: Mapping[int, str]) -> Timetable:
        """The same with its changes since it was fixed, by the items' numbers."""
        return replace(
            self,
            parts=[
                replace(part, slots=[replace(slot, change=changes.get(slot.item.pk, "")) for slot in part.slots])
                for part in self.parts
            ],
        )


def timetable(meeting: Meeting, items: Iterable[AgendaItem]) -> Timetable:
    """The accepted ones among these items in order, with numbers, times and how many minutes they are too long.

    The items come with their sections.
    """
    on_it = [item for item in items if item.state == AgendaItemState.ACCEPTED]
    ordered = sorted(on_it, key=_place)
    slots, at = [], None if meeting.day_only else meeting.starts_at
    for number, item in enumerate(ordered, 1):
        slots.append(Slot(item, number, at))
        at = at + timedelta(minutes=item.duration) if at else None
    minutes = sum(item.duration for item in on_it)
    parts = [Part(section, list(group)) for section, group in groupby(slots, key=lambda slot: slot.item.section)]
    return Timetable(parts, minutes, max(minutes - length(meeting), 0) if meeting.ends_at else 0)


def _place(item: AgendaItem) -> tuple[int, int, int, int]:
    section = item.section
    return (section.position if section else 0, section.pk if section else 0, item.position, item.pk)


def length(meeting: Meeting) -> int:
    """Minutes between a meeting's start and its end; 0 where no end is known."""
    return int((meeting.ends_at - meeting.starts_at).total_seconds()) // 60 if meeting.ends_at else 0


class Change(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    MOVED = "moved"


# What of an item a fixed agenda keeps: what is printed.
KEPT = ("title", "kind", "duration", "label", "consent", "presenter_id", "section_id", "commitment_id", "pillar_id")


def as_fixed(slots: Iterable[Slot]) -> list[dict[str, Any]]:
    """The agenda as plain values, in its order."""
    return [{"id": slot.item.pk} | {name: getattr(slot.item, name) for name in KEPT} for slot in slots]


def digest(items: Sequence[dict[str, Any]]) -> str:
    """The hash by which a fixed agenda is known again."""
    return hashlib.sha256(json.dumps(items, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def changes_since(snapshot: AgendaSnapshot | None, slots: Sequence[Slot]) -> dict[int, str]:
    """How the items differ from the fixed agenda: added, changed in what is printed, or in another order."""
    if snapshot is None:
        return {}
    fixed = {entry["id"]: entry for entry in snapshot.items}
    order = [pk for pk in fixed if pk in {slot.item.pk for slot in slots}]
    kept = [slot.item.pk for slot in slots if slot.item.pk in fixed]
    found: dict[int, str] = {}
    for entry in as_fixed(slots):
        before = fixed.get(entry["id"])
        if before is None:
            found[entry["id"]] = Change.ADDED
        elif before != entry:
            found[entry["id"]] = Change.CHANGED
        elif order.index(entry["id"]) != kept.index(entry["id"]):
            found[entry["id"]] = Change.MOVED
    return found


def removed_since(snapshot: AgendaSnapshot | None, slots: Sequence[Slot]) -> list[int]:
    """The numbers of the items that stood on the fixed agenda and do not any more."""
    there = {slot.item.pk for slot in slots}
    return [entry["id"] for entry in snapshot.items if entry["id"] not in there] if snapshot else []


def is_late(meeting: Meeting, *, now: datetime) -> bool:
    """Whether the day by which items were due has passed; never where there is no such day."""
    due = Deadline.objects.filter(meeting=meeting, kind=DeadlineKind.ITEMS_DUE, waived_because="")
    return due.filter(due_at__lt=now).exists()
