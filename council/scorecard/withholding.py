"""What each reader may see of a scorecard that rivals share.

The rule
    1.  One's own cells are seen in full. The ministry sees all that was handed in, of everybody.
    2.  Of a row that the ministry has released for the quarter, everybody sees the status word of each cell: that word
        alone, not the organisation's own rating, not whether it was late or corrected. What a ministry or an agency
        has in such a row is seen in full.
    3.  Statuses are counted for a reader over the cells whose statuses that reader sees. How many more there are is
        said too: it follows from who owns what, and that is no secret.
    4.  A sum is shown of one indicator of one released row in one quarter, over all rivals that own the row. It is
        shown if the row is of low or medium sensitivity, there are at least three of them, the ministry has accepted
        the figure of each, and the figures are *even*: none below a third and none above five thirds of their mean,
        and the mean no less than six steps of the indicator. Once complete figures have been frozen, a later card with
        other figures of that quarter shows no sum any more.
    5.  Nothing else is made of rivals' figures: no average, no band, no total of a pillar, of several quarters or of
        some of the owners, no sum of baselines or targets. A row of high sensitivity has status words and no more;
        five words are bands wide enough, and nobody stands near the edge of one by arithmetic.

Why nothing can be worked out
    Statuses and counts: what a reader is shown is computed from words the reader is shown (``_view`` has nothing else
    to count), so it says no more than those words.

    Each figure stands in one sum at the most, and no two sums share one (4: one row, one indicator, one quarter, first
    figures only). So equations cannot be combined, and it is enough to look at one sum S of n figures, at a reader who
    owns one of them, x, and so knows the sum R = S - x of the others, and at the rule itself, which the reader knows
    too: a rule that is safe only while it is secret is not safe.

    n = 3. For another's figure y it is known that S/9 <= y <= 5S/9, and the same of R - y. All such y lie around R/2,
    between max(S/9, R - 5S/9) and min(5S/9, R - S/9): a width of at least R/4, at least two fifths of y, whatever x
    is. Figures in whole steps lose less than two steps of that width. Of figures with a mean of six steps and more
    three tenths of y remain (counted out up to a mean of 12, from which on S/18 is two steps), which is ``PROTECTED``.
    What links figures beyond that, such as that they only grow from one quarter to the next, or that an indicator is
    the sum of two others, links intervals that all lie around half of what is known, and leaves a quarter of R too.
    n > 3. Of the interval from S/3n to 5S/3n nothing can be excluded: four fifths of y.
    A reader who disregards the rule and says "y is at most R" is wrong by a fifth of y at least, since a third figure
    is no less than a fifth of y (the p % rule with p = 20).

    A sum that is *not* shown says that the figures are incomplete, uneven, small, or not the first ones, and not which
    of these. The decision falls the same for every reader and, since figures must have been accepted and are taken
    once, it cannot be probed by handing in one figure after another.

What it does not prevent: two rivals who put their figures together know that of a third one from any sum of three.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from council.core.errors import Text
from council.core.quarters import Quarter
from council.declaration.models import Commitment
from council.reports.states import ReportState
from council.scorecard.arithmetic import Statuses, Tallies, tallies
from council.scorecard.values import Card, Cell, Heading, Measure, Party, Row, Status

FEWEST = 3
SUMMED = frozenset({Commitment.Sensitivity.LOW, Commitment.Sensitivity.MEDIUM})
LEAST, MOST = Fraction(1, 3), Fraction(5, 3)
LEAST_STEPS = 6
# How wide the interval is, as a part of the figure, to which anybody can narrow another's figure.
PROTECTED = Fraction(3, 10)

# The commitments, by code, that the ministry has released to all, each for a quarter.
type Released = Collection[tuple[str, Quarter]]


class Withheld(StrEnum):
    """Why a sum is not shown. All that depends on the figures themselves is one reason, for it would tell of them."""

    SENSITIVE = "sensitive"
    UNRELEASED = "unreleased"
    FEW = "few"
    KEPT = "kept"
    INCOMPLETE = "incomplete"

    @property
    def label(self) -> Text:
        return WITHHELD_BECAUSE[self]


WITHHELD_BECAUSE: dict[Withheld, Text] = {
    Withheld.SENSITIVE: _("Of a sensitive commitment the status alone is shared."),
    Withheld.UNRELEASED: _("Not released yet."),
    Withheld.FEW: _("There is no sum of fewer than three organisations."),
    Withheld.KEPT: _("Not shown, so that no organisation's figure can be worked out."),
    Withheld.INCOMPLETE: _("Not all figures have been accepted yet."),
}


@dataclass(frozen=True, slots=True)
class SharedCell:
    """A cell as one reader sees it: in full, its status alone, or (``status`` is None) nothing of it."""

    commitment: str
    organisation: str
    status: Status | None
    full: Cell | None


@dataclass(frozen=True, slots=True)
class SharedSum:
    """The sum of one indicator over the rivals who own the row, or why there is none."""

    commitment: str
    measure: str
    total: Decimal | None
    withheld: Withheld | None


@dataclass(frozen=True, slots=True)
class SharedCard:
    """A card as one reader sees it; ``reader`` is None for the ministry. Pages and documents are made of this alone."""

    quarter: Quarter
    reader: str | None
    parties: tuple[Party, ...]
    pillars: tuple[Heading, ...]
    rows: tuple[Row, ...]
    cells: tuple[SharedCell, ...]
    sums: tuple[SharedSum, ...]
    tallies: Tallies

    @property
    def statuses(self) -> Statuses:
        return statuses_of(self.cells)


def statuses_of(cells: Iterable[SharedCell]) -> Statuses:
    return {(cell.commitment, cell.organisation): cell.status for cell in cells}


def view_for_ministry(card: Card) -> SharedCard:
    """Everything that was handed in."""
    cells = [SharedCell(*cell.key, cell.status, cell.as_handed_in()) for cell in card.cells]
    sums = [_sum(row, measure, card) for row, measure in _summable(card)]
    return _view(card, None, cells, sums)


def view_for(card: Card, *, reader: str, released: Released, earlier: Iterable[Card] = ()) -> SharedCard:
    """What an organisation, by its code, sees of a card; one that has no cells sees what is shared with all.

    ``earlier``: every card of the same quarter that was frozen before this one. To carriers, frozen cards are shown and
    no others: a card that changes from day to day would tell each figure by the day on which it comes.
    """
    released_here = {code for code, quarter in released if quarter == card.quarter}
    cells = [_shared(cell, reader, card, released_here) for cell in card.cells]
    before = [one for one in earlier if one.quarter == card.quarter]
    sums = [_shared_sum(row, one, card, before, row.code in released_here) for row, one in _summable(card)]
    return _view(card, reader, cells, sums)


def _view(card: Card, reader: str | None, cells: Iterable[SharedCell], sums: Iterable[SharedSum]) -> SharedCard:
    # In an order that tells nothing of when something was handed in.
    ordered = tuple(sorted(cells, key=lambda cell: (cell.commitment, cell.organisation)))
    counted = tallies(card.pillars, card.rows, statuses_of(ordered))
    return SharedCard(card.quarter, reader, card.parties, card.pillars, card.rows, ordered, tuple(sums), counted)


def _summable(card: Card) -> list[tuple[Row, Measure]]:
    return [(row, measure) for row in card.scored for measure in row.measures if measure.summable]


def _shared(cell: Cell, reader: str, card: Card, released: Collection[str]) -> SharedCell:
    if cell.organisation == reader:
        return SharedCell(*cell.key, cell.status, cell)
    if cell.commitment not in released:
        return SharedCell(*cell.key, None, None)
    return SharedCell(*cell.key, cell.status, None if cell.organisation in card.rivals else cell.as_handed_in())


def _sum(row: Row, measure: Measure, card: Card) -> SharedSum:
    """For the ministry: as soon as there is one."""
    figures = _figures(row, measure, card)
    if figures is None:
        return SharedSum(row.code, measure.key, None, Withheld.INCOMPLETE)
    return SharedSum(row.code, measure.key, sum(figures, Decimal(0)), None)


def _shared_sum(row: Row, measure: Measure, card: Card, before: Sequence[Card], released: bool) -> SharedSum:
    """For everybody else, the same for each of them."""
    figures = _figures(row, measure, card)
    reason = _public_reason(row, card, released)
    if reason is None and (figures is None or not _first(figures, row, measure, before) or not even(figures, measure)):
        reason = Withheld.KEPT
    total = None if reason else sum(figures or (), Decimal(0))
    return SharedSum(row.code, measure.key, total, reason)


def _public_reason(row: Row, card: Card, released: bool) -> Withheld | None:
    """Why there is no sum whatever the figures are."""
    if row.sensitivity not in SUMMED:
        return Withheld.SENSITIVE
    if not released:
        return Withheld.UNRELEASED
    return Withheld.FEW if len(card.rivals & set(row.owners)) < FEWEST else None


def _figures(row: Row, measure: Measure, card: Card) -> tuple[Decimal, ...] | None:
    """The accepted figure of each rival that owns the row; None unless there are all of them."""
    cells = {cell.organisation: cell for cell in card.cells if cell.commitment == row.code}
    owners = [cells.get(owner) for owner in sorted(card.rivals & set(row.owners))]
    figures = [
        cell.figures[measure.key].actual if cell and measure.key in cell.figures else None
        for cell in owners
        if cell is None or cell.state == ReportState.ACCEPTED
    ]
    found = tuple(figure for figure in figures if figure is not None)
    return found if found and len(found) == len(owners) else None


def _first(figures: Sequence[Decimal], row: Row, measure: Measure, before: Sequence[Card]) -> bool:
    """Whether no other complete figures were frozen before, nor complete ones of other owners."""
    for card in before:
        for earlier in card.rows:
            found = _figures(earlier, measure, card) if earlier.code == row.code else None
            if found is not None and (found != figures or set(earlier.owners) != set(row.owners)):
                return False
    return True


def even(figures: Sequence[Decimal], measure: Measure) -> bool:
    """Whether no figure stands out, so that their sum tells of none; see the reasoning above."""
    mean = sum(map(Fraction, figures), Fraction(0)) / len(figures)
    if mean < LEAST_STEPS * Fraction(measure.step):
        return False
    return all(LEAST * mean <= Fraction(figure) <= MOST * mean for figure in figures)
