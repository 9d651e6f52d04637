"""Charts drawn on the server: one picture for page and PDF, each with a table that says the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

import svg
from django.utils.translation import gettext as _

from council.core.quarters import Quarter
from council.scorecard.arithmetic import Tally, span
from council.scorecard.drawing import (
    FAINT,
    INK,
    PAPER,
    SIZE,
    labelled,
    length_of,
    number,
    picture,
    printed,
    rule,
    ticks,
    words,
)
from council.scorecard.symbols import HIDDEN_COLOUR, SIDE, colour_of, shape, word_of
from council.scorecard.values import Measure, Status

WIDTH, LEFT, RIGHT, TOP, PLOT, FOOT = 720, 56, 44, 28, 220, 28
BOTTOM, ROOM = TOP + PLOT, WIDTH - LEFT - RIGHT
ACTUAL_COLOUR, BASELINE_COLOUR, TARGET_COLOUR = "#0b50d0", "#464c53", "#267337"
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture and, for whoever does not see it, its title and the table of what it shows."""

    svg: str
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


# --- Statuses over the quarters ---------------------------------------------------------------------------------------


def trend_chart(series: Mapping[Quarter, Tally | None], *, title: str) -> Chart:
    """How many cells count as what, a bar for each quarter; a gap where there is no scorecard."""
    quarters = span(series)
    tallies = [series.get(quarter) for quarter in quarters]
    shown: list[Status | None] = [s for s in Status if any(tally and tally.counts.get(s, 0) for tally in tallies)]
    if any(tally and tally.withheld for tally in tallies):
        shown.append(None)
    counts = [None if tally is None else [_count(tally, status) for status in shown] for tally in tallies]
    scale = ticks(Decimal(0), Decimal(max((sum(one) for one in counts if one), default=1) or 1), most=5)
    whole = [tick for tick in scale if tick == int(tick)]
    bars = [bar for at, one in enumerate(counts) if one for bar in _bar(at, len(quarters), one, shown, whole[-1])]
    legend, height = _legend(shown)
    elements = [*_scale(whole), *bars, *_quarters(quarters), *legend]
    description = _("How many count as what in each quarter, as bars from the bottom up in the order of the legend.")
    header = (_("quarter"), *(str(word_of(status)) for status in shown), _("total"))
    rows = tuple(_tally_row(quarter, one, len(shown)) for quarter, one in zip(quarters, counts, strict=True))
    return Chart(picture(WIDTH, height, title, description, elements), title, header, rows)


def _count(tally: Tally, status: Status | None) -> int:
    return tally.withheld if status is None else tally.counts.get(status, 0)


def _tally_row(quarter: Quarter, counts: Sequence[int] | None, columns: int) -> tuple[str, ...]:
    said = [NOTHING] * (columns + 1) if counts is None else [*map(str, counts), str(sum(counts))]
    return (quarter.label, *said)


def _bar(
    at: int, of: int, counts: Sequence[int], shown: Sequence[Status | None], highest: Decimal
) -> list[svg.Element]:
    slot = ROOM / of
    wide = min(48, slot * 0.75)
    x, y, found = LEFT + slot * (at + 0.5) - wide / 2, float(BOTTOM), list[svg.Element]()
    for count, status in zip(counts, shown, strict=True):
        tall = PLOT * count / float(highest)
        y -= tall
        # A white line between two of them, as colours alone may look alike.
        fill, line = (PAPER, HIDDEN_COLOUR) if status is None else (colour_of(status), PAPER)
        if count:
            box = svg.Rect(x=number(x), y=number(y), width=number(wide), height=number(tall))
            box.fill, box.stroke, box.stroke_width = fill, line, 1
            found.append(box)
        if count and tall > SIZE + 2 and wide > length_of(str(count)) + 4:
            middle = y + tall / 2 + SIZE * 0.35
            found.append(words(x + wide / 2, middle, str(count), anchor="middle", colour=line))
    return found


def _legend(shown: Sequence[Status | None]) -> tuple[list[svg.Element], float]:
    """The signs and their words below the quarters, and how high the picture is with them."""
    x, y, found = float(LEFT), float(BOTTOM + FOOT + 8), list[svg.Element]()
    for status in shown:
        word = str(word_of(status))
        wide = SIDE + 6 + length_of(word) + 16
        if x > LEFT and x + wide > WIDTH:
            x, y = float(LEFT), y + 22
        swatch = svg.Rect(x=number(x), y=number(y + SIDE + 1), width=SIDE, height=3, fill=colour_of(status))
        found += [*shape(status, round(x, 2), y), swatch, words(x + SIDE + 6, y + SIZE + 1, word)]
        x += wide
    return found, y + SIDE + 12


# --- One indicator over the quarters ----------------------------------------------------------------------------------


def measure_chart(
    measure: Measure,
    series: Mapping[Quarter, Decimal | None],
    *,
    baseline: Decimal | None,
    target: Decimal | None,
    title: str,
) -> Chart:
    """Where an indicator started, where it is to go, and where it was each quarter. What is missing is a gap."""
    quarters = span(series)
    actual = [series.get(quarter) for quarter in quarters]
    levels = [(_("Baseline"), baseline, BASELINE_COLOUR, (6, 4)), (_("Target"), target, TARGET_COLOUR, (2, 3))]
    known = [value for value in (*actual, baseline, target) if value is not None] or [Decimal(0), Decimal(1)]
    scale = ticks(min(known), max(known))
    unit = str(measure.unit)
    elements: list[svg.Element] = [*_scale(scale), *_quarters(quarters), *_levels(levels, scale), *_line(actual, scale)]
    named = f"{measure.name} ({unit})" if unit else str(measure.name)
    elements.append(words(LEFT, SIZE + 2, named))
    description = _("A line of the figures of each quarter; dashed lines for baseline and target where they are set.")
    header = (_("quarter"), named, *(name for name, value, _colour, _dashes in levels if value is not None))
    fixed = [printed(value) for _name, value, _colour, _dashes in levels if value is not None]
    rows = tuple(
        (quarter.label, NOTHING if value is None else printed(value), *fixed)
        for quarter, value in zip(quarters, actual, strict=True)
    )
    return Chart(picture(WIDTH, BOTTOM + FOOT + 4, title, description, elements), title, header, rows)


def _height(value: Decimal, scale: Sequence[Decimal]) -> float:
    return BOTTOM - PLOT * float((value - scale[0]) / (scale[-1] - scale[0]))


def _levels(
    levels: Sequence[tuple[str, Decimal | None, str, tuple[int, int]]], scale: Sequence[Decimal]
) -> list[svg.Element]:
    """The higher one's name stands above its line, the lower one's below, so that they never meet."""
    known = [(name, value, colour, dashes) for name, value, colour, dashes in levels if value is not None]
    known.sort(key=lambda level: level[1], reverse=True)
    found: list[svg.Element] = []
    for at, (name, value, colour, dashes) in enumerate(known):
        y = _height(value, scale)
        below = at == 1 or (len(known) == 1 and y < TOP + SIZE)
        found.append(rule(LEFT, y, LEFT + ROOM, y, colour=colour, width=2, dashes=dashes))
        label = f"{name} {printed(value)}"
        found.append(words(LEFT + ROOM, y + (SIZE + 3 if below else -5), label, anchor="end", colour=colour))
    return found


def _line(actual: Sequence[Decimal | None], scale: Sequence[Decimal]) -> list[svg.Element]:
    """The points, joined where one quarter follows another."""
    slot = ROOM / max(1, len(actual))
    places = [
        None if value is None else (LEFT + slot * (at + 0.5), _height(value, scale)) for at, value in enumerate(actual)
    ]
    found: list[svg.Element] = [
        rule(*one, *other, colour=ACTUAL_COLOUR, width=2) for one, other in pairwise(places) if one and other
    ]
    for value, place in zip(actual, places, strict=True):
        if value is not None and place:
            found.append(svg.Circle(cx=number(place[0]), cy=number(place[1]), r=4, fill=ACTUAL_COLOUR))
            if slot > length_of(printed(value)):
                found.append(words(place[0], place[1] - 8, printed(value), anchor="middle", colour=ACTUAL_COLOUR))
    return found


# --- What both stand on -----------------------------------------------------------------------------------------------


def _scale(scale: Sequence[Decimal]) -> list[svg.Element]:
    found: list[svg.Element] = []
    for tick in scale:
        y = _height(tick, scale)
        colour = INK if tick == scale[0] else FAINT
        found += [
            rule(LEFT, y, LEFT + ROOM, y, colour=colour),
            words(LEFT - 6, y + SIZE * 0.35, printed(tick), anchor="end"),
        ]
    return found


def _quarters(quarters: Sequence[Quarter]) -> list[svg.Element]:
    labels = [quarter.label for quarter in quarters]
    slot = ROOM / max(1, len(labels))
    return [
        words(LEFT + slot * (at + 0.5), BOTTOM + SIZE + 6, labels[at], anchor="middle") for at in labelled(labels, slot)
    ]
