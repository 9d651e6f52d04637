"""Whatever a reader is shown, over all quarters and versions, no figure and no status of a rival follows from it.

The same reasoning then convicts each rule that somebody might have thought would do.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, find, given, settings
from hypothesis import strategies as st

from council.declaration.models import Commitment
from council.reports.states import Rating, ReportState
from council.scorecard import withholding
from council.scorecard.values import Card, Cell, Measure, Row
from council.scorecard.withholding import LEAST, LEAST_STEPS, MOST, PROTECTED, SUMMED, even
from tests.scorecard.cards import KT, LGU, Q1, Q2, Q3, RIVALS, SHOPS, SKT, THREE, card, cell, of_three, row, together
from tests.scorecard.reasoning import (
    Equation,
    Publish,
    Story,
    betrayed_figures,
    betrayed_statuses,
    counted,
    equations,
    less_own,
    plus,
    solved,
    total_of,
    views,
)

# --- The rule ---------------------------------------------------------------------------------------------------------

owners = st.sampled_from([THREE] * 5 + [RIVALS, (SKT, KT), (KT, LGU)])
# Figures of a row lie near one another, and all are accepted, more often than not: else no sum would ever be shown.
near = st.fractions(Fraction(1, 2), Fraction(3, 2), max_denominator=9)
anywhere = st.one_of(near, st.integers(0, 6))
usual = st.sampled_from([6, 9, 14, 60, 1234])


@st.composite
def cards(draw: st.DrawFn, rows: tuple[Row, ...], quarter: Any) -> Card:
    ratings = st.sampled_from([None, *Rating])
    cells = []
    for one in rows:
        around, tidy = draw(usual), draw(st.integers(0, 3)) > 0
        states = st.just(ReportState.ACCEPTED) if tidy else st.sampled_from(ReportState)
        for owner in one.owners:
            actual = int(around * draw(near if tidy else anywhere))
            cells.append(cell(one.code, owner, actual, state=draw(states), rating=draw(ratings)))
    return card(rows, tuple(cells), quarter)


@st.composite
def corrected(draw: st.DrawFn, tabled: Card) -> Card:
    """The same quarter once more, with a figure or two put right."""
    wrong = draw(st.sets(st.sampled_from([one.key for one in tabled.cells]), max_size=2))
    right = {key: cell(*key, int(draw(usual) * draw(anywhere))) for key in sorted(wrong)}
    return card(tabled.rows, tuple(right.get(one.key, one) for one in tabled.cells), tabled.quarter)


@st.composite
def stories(draw: st.DrawFn) -> Story:
    rows = tuple(
        row(f"C0{number}", draw(owners), sensitivity=draw(st.sampled_from([*Commitment.Sensitivity, *sorted(SUMMED)])))
        for number in range(1, 1 + draw(st.integers(1, 3)))
    )
    told: list[Card] = []
    for quarter in (Q1, Q2)[: draw(st.integers(1, 2))]:
        told.append(draw(cards(rows, quarter)))
        if draw(st.booleans()):
            told.append(draw(corrected(told[-1])))
    pairs = sorted({(one.code, each.quarter) for each in told for one in rows})
    unreleased = draw(st.sets(st.sampled_from(pairs), max_size=1))
    return Story(tuple(told), frozenset(pairs) - unreleased)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stories(), st.sampled_from(RIVALS))
def test_for_each_hidden_figure_and_status_there_are_other_worlds_that_look_the_same(story: Story, reader: str) -> None:
    assert betrayed_figures(story, reader) == set()
    assert betrayed_statuses(story, reader) == set()
    assert solved(equations(story, reader)) == {}


@settings(max_examples=100, deadline=None)
@given(stories())
def test_even_who_takes_the_rest_of_a_sum_for_one_figure_is_wrong_by_a_fifth(story: Story) -> None:
    for each, view in zip(story.cards, views(story, "nobody"), strict=True):
        for shown in view.sums:
            if shown.total is not None:
                figures = [Fraction(figure_of(one)) for one in each.cells if one.commitment == shown.commitment]
                assert sum(figures) == shown.total
                for own, other in permutations(figures, 2):
                    assert Fraction(shown.total) - own - other >= other / 5


@given(st.tuples(*[st.integers(90, 400)] * 3), st.tuples(*[st.integers(0, 300)] * 3))
def test_who_knows_that_figures_only_grow_narrows_them_no_further(
    first: tuple[int, int, int], grown: tuple[int, int, int]
) -> None:
    second = tuple(was + by for was, by in zip(first, grown, strict=True))
    assume(even([Decimal(figure) for figure in first], SHOPS) and even([Decimal(figure) for figure in second], SHOPS))
    (low, high, rest), (low_then, high_then, rest_then) = interval(*first), interval(*second)
    most = rest_then - rest
    assert min(high, high_then) - max(low, low_then - most) >= PROTECTED * first[1]
    assert min(high_then, high + most) - max(low_then, low) >= PROTECTED * second[1]


def interval(own: int, *others: int) -> tuple[Fraction, Fraction, int]:
    """Between what another's figure lies, to a reader who knows the rule, the sum and the own one; and the rest."""
    mean, rest = Fraction(own + sum(others), 3), sum(others)
    return max(LEAST * mean, rest - MOST * mean), min(MOST * mean, rest - LEAST * mean), rest


def test_the_stories_told_here_are_of_sums_that_are_shown_and_of_sums_that_are_not() -> None:
    def shows(story: Story, number: int) -> bool:
        totals = [one.total is None for view in views(story, SKT) for one in view.sums]
        return totals.count(False) >= number and True in totals

    quickly = settings(phases=[Phase.generate], max_examples=1000, database=None, derandomize=True)
    find(stories(), lambda story: shows(story, 2), settings=quickly)
    find(stories(), lambda story: shows(story, 1) and len(story.cards) > 2, settings=quickly)


def test_the_protected_width_is_counted_out_where_figures_are_small_and_follows_where_they_are_large() -> None:
    smallest, largest = LEAST_STEPS * 3, 36
    narrowest = Fraction(1)
    for total in range(smallest, largest + 1):
        for own in range(total + 1):
            same = [y for y in range(total - own + 1) if even([Decimal(f) for f in (own, y, total - own - y)], SHOPS)]
            if same:
                narrowest = min(narrowest, Fraction(same[-1] - same[0], same[-1]))
    assert narrowest == Fraction(4, 13) >= PROTECTED
    # Two ninths of the sum, less two steps, of a figure that is five ninths of it at the most.
    assert (Fraction(2, 9) * largest - 2) / (Fraction(5, 9) * largest) >= PROTECTED


def test_figures_given_in_finer_steps_are_protected_from_a_reader_who_knows_the_step() -> None:
    fine = Measure("shops", SHOPS.name, summable=True, step=Decimal("0.1"))
    story = Story.released_all(
        card((row(measures=(fine,)),), (cell("C01", SKT, "0.8"), cell("C01", KT, "1.2"), cell("C01", LGU, "1.1")))
    )
    assert views(story, KT)[0].sums[0].total == Decimal("3.1")
    assert betrayed_figures(story, KT, step=fine.step) == set()


# --- Rules that would not do ------------------------------------------------------------------------------------------


def figure_of(one: Cell) -> Decimal:
    figure = one.figures.get("shops")
    return (figure and figure.actual) or Decimal(0)


def with_all(extra: Callable[[Card], object]) -> Publish:
    """Shows what ``views`` shows, and something of each card besides."""
    return lambda story, reader: (views(story, reader), [extra(each) for each in story.cards])


def pillar_total(each: Card) -> Decimal:
    return sum((figure_of(one) for one in each.cells), Decimal(0))


def two_rows() -> Story:
    """One of all three, whose sum may be shown, and one of two."""
    pair = card((row("C02", (SKT, KT)),), (cell("C02", SKT, 30), cell("C02", KT, 44)))
    return Story.released_all(together(of_three(20, 22, 24), pair))


def running_total(story: Story, reader: str) -> object:
    totals = [pillar_total(each) for each in story.cards]
    return views(story, reader), [sum(totals[: n + 1], Decimal(0)) for n in range(len(totals))]


def difference(story: Story, reader: str) -> object:
    totals = [pillar_total(each) for each in story.cards]
    return views(story, reader), [now - before for before, now in pairwise(totals)]


# Of the second quarter no sum is shown: the reader has it all.
UNEVEN = Story.released_all(of_three(20, 22, 24), of_three(40, 0, 0, quarter=Q2), of_three(22, 22, 24, quarter=Q3))
SENSITIVE = Story.released_all(of_three(40, 0, 0, sensitivity=Commitment.Sensitivity.HIGH))
ONE_LATE = Story.released_all(
    card((row(),), (cell("C01", SKT, 20), cell("C01", KT, 22), cell("C01", LGU, state=ReportState.MISSED)))
)

NAIVE: dict[str, tuple[Story, Publish, set[tuple[int, str, str]]]] = {
    "the total of a pillar": (two_rows(), with_all(pillar_total), {(0, "C02", KT)}),
    "the average of three": (SENSITIVE, with_all(lambda c: pillar_total(c) / 3), {(0, "C01", KT), (0, "C01", LGU)}),
    "the sum of those who have handed in": (ONE_LATE, with_all(pillar_total), {(0, "C01", KT)}),
    "the total of quarters so far": (UNEVEN, running_total, {(1, "C01", KT), (1, "C01", LGU)}),
    "the difference from the last quarter": (UNEVEN, difference, {(1, "C01", KT), (1, "C01", LGU)}),
    "the sum of two beside that of three": (
        Story.released_all(of_three(20, 22, 24)),
        with_all(lambda c: figure_of(c.cells[0]) + figure_of(c.cells[1])),
        {(0, "C01", KT), (0, "C01", LGU)},
    ),
    "bands of ten": (
        Story.released_all(of_three(40, 45, 47, sensitivity=Commitment.Sensitivity.HIGH)),
        with_all(lambda c: [int(figure_of(one)) // 10 for one in c.cells]),
        {(0, "C01", KT), (0, "C01", LGU)},
    ),
    "the largest of three": (
        Story.released_all(of_three(20, 22, 24, sensitivity=Commitment.Sensitivity.HIGH)),
        with_all(lambda c: max(c.cells, key=figure_of)),
        {(0, "C01", LGU)},
    ),
}


@pytest.mark.parametrize("name", NAIVE)
def test_figures_shown_besides_are_found_to_betray(name: str) -> None:
    story, publish, betrayed = NAIVE[name]
    assert betrayed_figures(story, SKT) == set()
    assert betrayed_figures(story, SKT, publish) == betrayed


def test_counts_of_all_cells_are_found_to_betray() -> None:
    """Where all that is hidden is alike, and where only one cell is."""
    alike = Story((of_three(None, None, None),), frozenset())
    publish = with_all(counted)
    assert betrayed_statuses(alike, SKT) == set()
    assert betrayed_statuses(alike, SKT, publish) == {(0, "C01", KT), (0, "C01", LGU)}
    single = Story((together(of_three(1, 2, 3), of_three(4, code="C02")),), frozenset({("C01", Q1)}))
    assert betrayed_statuses(single, KT) == set()
    assert betrayed_statuses(single, KT, publish) == {(0, "C02", SKT)}


WEAKER: dict[str, tuple[Any, Story, str]] = {
    "FEWEST": (2, Story.released_all(of_three(20, 24)), SKT),
    "even": (lambda figures, measure: True, Story.released_all(of_three(40, 0, 0)), SKT),
    # Small figures in whole steps: 1 and 4, and none above 25/9.
    "LEAST_STEPS": (0, Story.released_all(of_three(1, 2, 2)), SKT),
}


@pytest.mark.parametrize("name", WEAKER)
def test_each_part_of_the_rule_is_needed(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    weaker, story, reader = WEAKER[name]
    assert betrayed_figures(story, reader) == set()
    monkeypatch.setattr(withholding, name, weaker)
    assert betrayed_figures(story, reader) == {
        (0, one.commitment, one.organisation) for one in story.cards[0].cells if one.organisation != reader
    }


def test_the_usual_rule_betrays_who_knows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """ "None less than a fifth of the largest": of 44 with a 4 of one's own, that leaves 20 and 20."""
    story = Story.released_all(of_three(4, 20, 20))
    assert views(story, SKT)[0].sums[0].total is None
    assert not LEAST * Fraction(44, 3) <= 4 <= MOST * Fraction(44, 3)
    monkeypatch.setattr(withholding, "even", lambda figures, measure: min(figures) * 5 >= max(figures))
    assert views(story, SKT)[0].sums[0].total == 44
    assert betrayed_figures(story, SKT) == {(0, "C01", KT), (0, "C01", LGU)}


# --- Elimination ------------------------------------------------------------------------------------------------------


def naive_equations() -> dict[str, tuple[Story, list[Equation], set[str]]]:
    both, one = two_rows(), Story.released_all(of_three(20, 22, 24))
    sums = [total_of(both.cards[0], "C01", THREE), total_of(both.cards[0], "C02", (SKT, KT))]
    return {
        "the total of a pillar, less the sum of one row": (both, [plus(*sums)], {KT}),
        "the sum of two beside that of three": (one, [total_of(one.cards[0], "C01", (SKT, KT))], {KT, LGU}),
        "a sum of two of whom one is the reader": (both, [sums[1]], {KT}),
        "a sum of two others": (one, [total_of(one.cards[0], "C01", (KT, LGU))], set()),
    }


@pytest.mark.parametrize("name", naive_equations())
def test_equations_shown_besides_are_solved(name: str) -> None:
    story, extra, betrayed = naive_equations()[name]
    known = equations(story, SKT)
    assert len(known) == 1
    assert solved(known) == {}
    found = solved([*known, *(less_own(story, SKT, one) for one in extra)])
    assert {owner for _quarter, _commitment, owner in found} == betrayed
    true = {(each.quarter, *one.key): Fraction(figure_of(one)) for each in story.cards for one in each.cells}
    assert all(true[unknown] == value for unknown, value in found.items())
