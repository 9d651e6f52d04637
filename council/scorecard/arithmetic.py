"""Counting and comparing: exact fractions all the way, rounded where they are printed and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from council.core.errors import Text
from council.core.quarters import Quarter
from council.declaration.models import Indicator
from council.scorecard.values import Figure, Heading, Row, Status

# What each cell, by commitment and organisation, counts as; None where the reader is not told.
type Statuses = Mapping[tuple[str, str], Status | None]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many cells count as what. ``withheld``: how many more there are of which the reader is not told."""

    counts: Mapping[Status, int]
    withheld: int = 0

    @classmethod
    def of(cls, statuses: Iterable[Status | None]) -> Tally:
        all_of_them = list(statuses)
        return cls({status: all_of_them.count(status) for status in Status}, all_of_them.count(None))

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def shares(self) -> dict[Status, Fraction]:
        """Of those the reader is told of; empty if there are none."""
        return {status: Fraction(count, self.total) for status, count in self.counts.items()} if self.total else {}

    @property
    def percents(self) -> dict[Status, int]:
        """The shares as they are printed: whole numbers that add up to 100."""
        return percents(self.shares)


def percents[K](shares: Mapping[K, Fraction]) -> dict[K, int]:
    """Rounded by the largest remainder, so that they add up to 100; the earlier one goes first among equals."""
    whole = {key: int(share * 100) for key, share in shares.items()}
    lacking = 100 - sum(whole.values()) if shares else 0
    by_remainder = sorted(shares, key=lambda key: whole[key] - shares[key] * 100)
    return {key: number + (key in by_remainder[:lacking]) for key, number in whole.items()}


@dataclass(frozen=True, slots=True)
class Tallies:
    """Of each pillar in its order, of what belongs to none (under None), and of everything."""

    by_pillar: Mapping[str | None, Tally]
    total: Tally


def tallies(pillars: Iterable[Heading], rows: Iterable[Row], statuses: Statuses) -> Tallies:
    """Counts of the cells of rows that are scored."""
    pillar_of = {row.code: row.pillar for row in rows if row.unscored is None}
    counted = [(pillar_of[code], status) for (code, _owner), status in statuses.items() if code in pillar_of]
    headings = [*(pillar.code for pillar in pillars), *({None} & {*pillar_of.values()})]
    by_pillar = {code: Tally.of(status for pillar, status in counted if pillar == code) for code in headings}
    return Tallies(by_pillar, Tally.of(status for _pillar, status in counted))


@dataclass(frozen=True, slots=True)
class Point:
    """A quarter of a trend; without tallies where there is no scorecard of it."""

    quarter: Quarter
    tallies: Tallies | None


def trend(quarters: Mapping[Quarter, Tallies]) -> list[Point]:
    """From the first quarter to the last, none left out."""
    return [Point(quarter, quarters.get(quarter)) for quarter in span(quarters)]


def span(quarters: Iterable[Quarter]) -> list[Quarter]:
    """Every quarter from the first of these to the last."""
    known = sorted(quarters)
    found = known[:1]
    while found and found[-1] < known[-1]:
        found.append(found[-1].next())
    return found


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much counts went up or down. ``comparable``: as many cells were counted both times, and none withheld."""

    counts: Mapping[Status, int]
    comparable: bool


def difference(now: Tally, before: Tally | None) -> Difference | None:
    """From the quarter before to this one; None if there is no quarter before."""
    if before is None:
        return None
    counts = {status: count - before.counts.get(status, 0) for status, count in now.counts.items()}
    return Difference(counts, now.total == before.total and not now.withheld and not before.withheld)


@dataclass(frozen=True, slots=True)
class Progress:
    """Of the way from the baseline to the target, how much is behind one. May exceed 1, and may be less than 0."""

    share: Fraction

    @property
    def percent(self) -> int:
        """Rounded half away from zero, as people do."""
        size = int(abs(self.share) * 100 + Fraction(1, 2))
        return size if self.share >= 0 else -size

    @property
    def remark(self) -> Text | None:
        if self.share > 1:
            return _("beyond the target")
        return _("further from the target than at the start") if self.share < 0 else None


def progress(figure: Figure, direction: Indicator.Direction) -> Progress | None:
    """None where there is no way to measure.

    A figure is missing, the target is not on the better side of the baseline, or there is no better and worse.
    """
    start, here, goal = figure.baseline, figure.actual, figure.target
    if start is None or here is None or goal is None or not _leads(start, goal, direction):
        return None
    return Progress(Fraction(here - start) / Fraction(goal - start))


def _leads(start: Decimal, goal: Decimal, direction: Indicator.Direction) -> bool:
    if direction == Indicator.Direction.UP:
        return goal > start
    return direction == Indicator.Direction.DOWN and goal < start
