"""A reader who works out what is not shown: by elimination, and by asking which other worlds would look the same.

A figure is betrayed unless there are two worlds, both of which look to the reader as the true one does, in which it
differs by the protected width. Whatever decides what is shown is asked anew in each world, so the reader knows the rule
and learns from what is withheld, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from council.core.quarters import Quarter
from council.reports.states import Rating
from council.scorecard import withholding
from council.scorecard.values import Card, Cell, Figure, Status
from council.scorecard.withholding import PROTECTED, SharedCard


@dataclass(frozen=True, slots=True)
class Story:
    """Cards in the order in which they were frozen, and what has been released of them."""

    cards: tuple[Card, ...]
    released: frozenset[tuple[str, Quarter]]

    @classmethod
    def released_all(cls, *cards: Card) -> Story:
        return cls(cards, frozenset((row.code, card.quarter) for card in cards for row in card.rows))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure stands: in which cards, and in which cell of theirs."""

    cards: tuple[int, ...]
    commitment: str
    organisation: str
    measure: str


type Publish = Callable[[Story, str], object]


def views(story: Story, reader: str) -> list[SharedCard]:
    """All that a reader is shown."""
    return [
        withholding.view_for(card, reader=reader, released=story.released, earlier=story.cards[:number])
        for number, card in enumerate(story.cards)
    ]


def _cells(card: Card, commitment: str, organisation: str, change: Callable[[Cell], Cell]) -> Card:
    key = (commitment, organisation)
    return replace(card, cells=tuple(change(cell) if cell.key == key else cell for cell in card.cells))


def _with(story: Story, place: Place, value: Decimal) -> Story:
    def change(cell: Cell) -> Cell:
        return replace(cell, figures={**cell.figures, place.measure: Figure(value)})

    cards = [
        _cells(card, place.commitment, place.organisation, change) if number in place.cards else card
        for number, card in enumerate(story.cards)
    ]
    return replace(story, cards=tuple(cards))


def _value(story: Story, place: Place) -> Decimal | None:
    for cell in story.cards[place.cards[0]].cells:
        if cell.key == (place.commitment, place.organisation) and place.measure in cell.figures:
            return cell.figures[place.measure].actual
    return None


def hidden_figures(story: Story, reader: str) -> Iterator[Place]:
    """Every figure of a rival; one that stands in several cards of a quarter, also as one."""
    for number, card in enumerate(story.cards):
        again = tuple(n for n, other in enumerate(story.cards) if other.quarter == card.quarter)
        for cell in card.cells:
            if cell.organisation == reader or cell.organisation not in card.rivals:
                continue
            for measure, figure in cell.figures.items():
                place = Place((number,), *cell.key, measure)
                same = tuple(n for n in again if _value(story, replace(place, cards=(n,))) == figure.actual)
                yield from {place, replace(place, cards=same)}


def _moves(story: Story, place: Place, reader: str) -> Iterator[Callable[[Decimal], Story | None]]:
    """Ways to make a figure another one: alone, or with another rival's figure of the row making up for it."""
    value = _value(story, place)
    assert value is not None
    row = next(row for row in story.cards[place.cards[0]].rows if row.code == place.commitment)
    others = [replace(place, organisation=owner) for owner in row.owners if owner not in {reader, place.organisation}]
    for other in (None, *others):
        known = None if other is None else _value(story, other)
        if other is not None and known is None:
            continue

        def move(by: Decimal, other: Place | None = other, known: Decimal | None = known) -> Story | None:
            # That nothing is counted below nothing, everybody knows.
            if value + by < 0 or (known is not None and known - by < 0):
                return None
            moved = _with(story, place, value + by)
            return moved if other is None or known is None else _with(moved, other, known - by)

        yield move


def _reach(looks_the_same: Callable[[Decimal], bool], step: Decimal, most: int) -> Decimal:
    """How far a figure can be moved, in steps, without its being seen; by halving, so at least so far."""
    low, high = 0, 1
    while high <= most and looks_the_same(step * high):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if looks_the_same(step * middle) else (low, middle)
    return step * low


def width_of(story: Story, place: Place, reader: str, publish: Publish = views, step: Decimal = Decimal(1)) -> Fraction:
    """Between which worlds that look the same to a reader a figure differs most."""
    seen, value = publish(story, reader), _value(story, place)
    assert value is not None
    widest = Fraction(0)
    for move in _moves(story, place, reader):

        def same(by: Decimal, move: Callable[[Decimal], Story | None] = move) -> bool:
            world = move(by)
            return world is not None and publish(world, reader) == seen

        most = int(value / step) + 1
        width = _reach(same, step, most) + _reach(lambda by, same=same: same(-by), step, most)  # type: ignore[misc]
        widest = max(widest, Fraction(width))
        if widest and widest >= PROTECTED * Fraction(value):
            break
    return widest


def betrayed_figures(
    story: Story, reader: str, publish: Publish = views, step: Decimal = Decimal(1)
) -> set[tuple[int, str, str]]:
    """The figures (card, commitment, organisation) that a reader can narrow further than is allowed."""
    widest: dict[tuple[int, str, str, str], Fraction] = {}
    values: dict[tuple[int, str, str, str], Fraction] = {}
    for place in hidden_figures(story, reader):
        width = width_of(story, place, reader, publish, step)
        for number in place.cards:
            where = (number, place.commitment, place.organisation, place.measure)
            widest[where] = max(widest.get(where, Fraction(0)), width)
            values[where] = Fraction(_value(story, place) or 0)
    return {where[:3] for where, width in widest.items() if not width or width < PROTECTED * values[where]}


def betrayed_statuses(story: Story, reader: str, publish: Publish = views) -> set[tuple[int, str, str]]:
    """The cells whose status is not shown and could be no other word."""
    seen = publish(story, reader)
    found = set()
    for number, view in enumerate(views(story, reader)):
        hidden = [cell for cell in view.cells if cell.status is None]
        for cell in hidden:
            others = [(one.commitment, one.organisation) for one in hidden if one is not cell]
            worlds = _other_statuses(story, number, (cell.commitment, cell.organisation), others)
            if not any(publish(world, reader) == seen for world in worlds):
                found.add((number, cell.commitment, cell.organisation))
    return found


def _other_statuses(
    story: Story, number: int, key: tuple[str, str], others: Iterable[tuple[str, str]]
) -> Iterator[Story]:
    """Worlds in which a cell has another rating, or another cell's and that one its."""
    card = story.cards[number]
    rated = {cell.key: cell.ministry_rating for cell in card.cells}
    exchanged: list[Mapping[tuple[str, str], Rating | None]] = [{key: rating} for rating in Rating]
    exchanged += [{key: rated[other], other: rated[key]} for other in others]
    for ratings in exchanged:
        if ratings[key] != rated[key]:
            cells = tuple(replace(c, ministry_rating=ratings.get(c.key, c.ministry_rating)) for c in card.cells)
            cards = (*story.cards[:number], replace(card, cells=cells), *story.cards[number + 1 :])
            yield replace(story, cards=cards)


# --- Elimination ------------------------------------------------------------------------------------------------------

type Unknown = tuple[Quarter, str, str]
type Equation = tuple[Mapping[Unknown, Fraction], Fraction]


def equations(story: Story, reader: str) -> list[Equation]:
    """Each sum that is shown, less one's own part."""
    found: list[Equation] = []
    for card, view in zip(story.cards, views(story, reader), strict=True):
        rows = {row.code: row for row in card.rows}
        for one in view.sums:
            owners = set(rows[one.commitment].owners) & card.rivals
            found += [total_of(card, one.commitment, owners)] if one.total is not None else []
    return [less_own(story, reader, equation) for equation in found]


def total_of(card: Card, commitment: str, owners: Iterable[str]) -> Equation:
    asked = [cell for cell in card.cells if cell.commitment == commitment and cell.organisation in set(owners)]
    total = sum((Fraction(cell.figures["shops"].actual or 0) for cell in asked), Fraction(0))
    return {(card.quarter, *cell.key): Fraction(1) for cell in asked}, total


def plus(*several: Equation) -> Equation:
    """What is known where only their total is."""
    sides = {unknown: factor for known, _total in several for unknown, factor in known.items()}
    return sides, sum((total for _known, total in several), Fraction(0))


def less_own(story: Story, reader: str, equation: Equation) -> Equation:
    factors, total = equation
    own = {
        (card.quarter, *cell.key): Fraction(cell.figures["shops"].actual or 0)
        for card in story.cards
        for cell in card.cells
        if cell.organisation == reader and "shops" in cell.figures
    }
    known = sum((factor * own[one] for one, factor in factors.items() if one in own), Fraction(0))
    return {one: factor for one, factor in factors.items() if one not in own}, total - known


def solved(equations: Iterable[Equation]) -> dict[Unknown, Fraction]:
    """The unknowns that linear equations determine, by exact elimination."""
    rows = [(dict(factors), total) for factors, total in equations if factors]
    unknowns = sorted({one for factors, _total in rows for one in factors})
    done: list[tuple[dict[Unknown, Fraction], Fraction]] = []
    for unknown in unknowns:
        pivot = next((row for row in rows if row[0].get(unknown)), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        scale = pivot[0][unknown]
        pivot = ({one: factor / scale for one, factor in pivot[0].items()}, pivot[1] / scale)
        rows, done = ([_without(row, pivot, unknown) for row in each] for each in (rows, done))
        done.append(pivot)
    alone = [([one for one, factor in factors.items() if factor], total) for factors, total in done]
    return {names[0]: total for names, total in alone if len(names) == 1}


def _without(
    row: tuple[dict[Unknown, Fraction], Fraction], pivot: tuple[dict[Unknown, Fraction], Fraction], unknown: Unknown
) -> tuple[dict[Unknown, Fraction], Fraction]:
    times = row[0].get(unknown, Fraction(0))
    names = row[0].keys() | pivot[0].keys()
    factors = {one: row[0].get(one, Fraction(0)) - times * pivot[0].get(one, Fraction(0)) for one in names}
    return factors, row[1] - times * pivot[1]


def counted(card: Card) -> dict[tuple[str | None, Status], int]:
    """The counts by pillar that somebody who had not thought about it would show."""
    pillars = {row.code: row.pillar for row in card.rows}
    found: dict[tuple[str | None, Status], int] = {}
    for cell in card.cells:
        key = (pillars[cell.commitment], cell.status)
        found[key] = found.get(key, 0) + 1
    return found
