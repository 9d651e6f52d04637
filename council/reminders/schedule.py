"""When somebody is to be reminded of what: rules and facts in, occasions out. No database, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from council.core.calendar import BusinessCalendar

# How far back an occasion that was missed is still looked at; whether it is of use yet is decided when writing.
LOOK_BACK = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Rule:
    """A reminder rule as plain values."""

    pk: int
    kind: str
    body_id: int
    deadline_kind: str
    offset: int
    business_days: bool
    audience: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A thing with a day that rules count from.

    ``known_on`` is the day since when it has been so: nobody is reminded of what was not known yet.
    ``useful_until`` is the moment after which a reminder *before* the day is pointless.
    """

    kind: str
    body_id: int
    deadline_kind: str
    target_type: str
    target_id: int
    anchor_on: date
    known_on: date
    useful_until: datetime | None


@dataclass(frozen=True, slots=True)
class Occasion:
    """On this day this audience is to be told of this thing."""

    rule: Rule
    fact: Fact
    on: date


def occasions(
    rules: Iterable[Rule], facts: Iterable[Fact], day: date, calendar: BusinessCalendar
) -> Iterator[Occasion]:
    """The occasions that lie on ``day`` or were missed shortly before; asking again gives the same ones."""
    by_kind: dict[tuple[str, int, str], list[Rule]] = {}
    for rule in rules:
        by_kind.setdefault((rule.kind, rule.body_id, rule.deadline_kind), []).append(rule)
    for fact in facts:
        for rule in by_kind.get((fact.kind, fact.body_id, fact.deadline_kind), []):
            on = occasion_day(rule, fact.anchor_on, calendar)
            if max(day - LOOK_BACK, fact.known_on) <= on <= day:
                yield Occasion(rule, fact, on)


def occasion_day(rule: Rule, anchor: date, calendar: BusinessCalendar) -> date:
    """The business day on which a rule speaks about an anchor: before it, never later than it should be."""
    if rule.business_days:
        return calendar.shift(anchor, rule.offset)
    day = anchor + timedelta(days=rule.offset)
    return calendar.on_or_before(day) if rule.offset <= 0 else calendar.on_or_after(day)
