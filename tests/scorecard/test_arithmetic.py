"""Counting and comparing."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from council.core.quarters import Quarter
from council.declaration.models import Indicator
from council.reports.states import Rating, ReportState
from council.scorecard.arithmetic import Tally, difference, percents, progress, span, tallies, trend
from council.scorecard.values import Card, Figure, Status
from council.scorecard.withholding import view_for_ministry
from tests.scorecard.cards import KT, LGU, PILLARS, Q1, Q2, Q3, SKT, THREE, card, cell, of_three, row

# --- What a cell counts as --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ReportState)
@pytest.mark.parametrize("rating", Rating)
def test_the_ministrys_rating_is_what_counts_where_there_is_one(state: ReportState, rating: Rating) -> None:
    assert cell("C01", SKT, state=state, rating=rating, self_rating=Rating.DONE).status == Status(rating)


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (ReportState.NOT_SUBMITTED, Status.NOT_SUBMITTED),
        (ReportState.DRAFT, Status.NOT_SUBMITTED),
        (ReportState.SUBMITTED, Status.SUBMITTED),
        (ReportState.RETURNED, Status.SUBMITTED),
        (ReportState.ACCEPTED, Status.SUBMITTED),
        (ReportState.MISSED, Status.MISSED),
    ],
)
def test_without_one_it_counts_as_how_far_it_has_come_and_never_as_no_evidence(
    state: ReportState, status: Status
) -> None:
    assert cell("C01", SKT, state=state, rating=None, self_rating=Rating.NO_EVIDENCE).status == status


def test_of_a_draft_nothing_is_left_for_others() -> None:
    draft = cell("C01", SKT, 7, state=ReportState.DRAFT, rating=None, self_rating=Rating.DONE)
    assert draft.as_handed_in() == cell(
        "C01", SKT, state=ReportState.NOT_SUBMITTED, rating=None, figures={"shops": Figure()}
    )
    returned = cell("C01", SKT, 7, state=ReportState.RETURNED, rating=None, self_rating=Rating.DONE)
    assert returned.as_handed_in() == returned


# --- Counts and shares ------------------------------------------------------------------------------------------------


def a_card() -> Card:
    rows = (
        row("C01"),
        row("C02", (SKT, KT), pillar="benefits"),
        row("C03", (SKT,), pillar=None),
        row("C04", (SKT, LGU), state="discussed"),
        row("C05", (KT,), tracked_through=("C01", "C02")),
        row("C06", (KT,), state="withdrawn"),
    )
    cells = [cell(one.code, owner) for one in rows for owner in one.owners]
    cells[1] = cell("C01", KT, rating=None, state=ReportState.MISSED)
    cells[3] = cell("C02", SKT, rating=Rating.NO_EVIDENCE)
    return card(rows, tuple(cells))


def test_cells_are_counted_by_pillar_in_their_order_and_what_has_none_last() -> None:
    counted = view_for_ministry(a_card()).tallies
    found = {code: {s: n for s, n in tally.counts.items() if n} for code, tally in counted.by_pillar.items()}
    assert list(found.items()) == [
        ("security", {Status.ON_TRACK: 2, Status.MISSED: 1}),
        ("benefits", {Status.ON_TRACK: 1, Status.NO_EVIDENCE: 1}),
        (None, {Status.ON_TRACK: 1}),
    ]
    assert counted.total.total == 6
    assert counted.total.counts[Status.NOT_SUBMITTED] == 0
    assert counted.total.shares[Status.ON_TRACK] == Fraction(2, 3)


def test_what_is_discussed_withdrawn_or_tracked_elsewhere_is_not_scored_and_says_why() -> None:
    with translation.override("en"):
        said = {one.code: str(one.unscored) for one in a_card().rows if one.unscored}
    assert said == {
        "C04": "Discussed only; it is scored once a meeting has adopted it.",
        "C05": "Scored through C01, C02.",
        "C06": "Withdrawn.",
    }
    assert [one.code for one in a_card().scored] == ["C01", "C02", "C03"]


def test_a_pillar_without_commitments_is_counted_as_empty_and_has_no_shares() -> None:
    counted = tallies(PILLARS, (), {})
    assert counted.by_pillar == {"security": Tally.of([]), "benefits": Tally.of([])}
    assert (counted.total.shares, counted.total.percents) == ({}, {})


@given(st.lists(st.integers(0, 40), min_size=1, max_size=8).filter(any))
def test_percentages_add_up_to_100_and_each_is_less_than_one_off(counts: list[int]) -> None:
    shares = {at: Fraction(count, sum(counts)) for at, count in enumerate(counts)}
    rounded = percents(shares)
    assert sum(rounded.values()) == 100
    assert all(abs(rounded[at] - share * 100) < 1 for at, share in shares.items())


def test_what_is_lacking_goes_to_the_largest_remainder_and_among_equals_to_the_first() -> None:
    assert percents(dict.fromkeys("abc", Fraction(1, 3))) == {"a": 34, "b": 33, "c": 33}
    assert percents({"a": Fraction(1, 6), "b": Fraction(5, 6)}) == {"a": 17, "b": 83}


@pytest.mark.parametrize(
    "change",
    [
        {"rows": (row(), row())},
        {"cells": (cell("C01", SKT), cell("C01", SKT))},
        {"cells": (cell("C02", SKT),)},
        {"cells": (cell("C01", "MVNO"),)},
    ],
)
def test_what_does_not_fit_together_is_no_scorecard(change: dict[str, tuple[object, ...]]) -> None:
    made = {"rows": (row(owners=THREE),), "cells": (cell("C01", SKT),)}
    with pytest.raises(ValueError, match="2027-Q1"):
        card(**(made | change))  # type: ignore[arg-type]
    assert card(**made).cells == (cell("C01", SKT),)  # type: ignore[arg-type]


def test_a_cell_of_another_quarter_does_not_belong() -> None:
    with pytest.raises(ValueError, match="2027-Q2"):
        Card(Q2, (), (), (row(),), (cell("C01", SKT, quarter=Q1),))


# --- Over time --------------------------------------------------------------------------------------------------------


def test_a_trend_leaves_no_quarter_out() -> None:
    first, third = (view_for_ministry(of_three(1, 2, 3, quarter=quarter)).tallies for quarter in (Q1, Q3))
    assert [(point.quarter, point.tallies) for point in trend({Q3: third, Q1: first})] == [
        (Q1, first),
        (Q2, None),
        (Q3, third),
    ]
    assert trend({}) == []
    assert span([Quarter(2027, 4), Quarter(2028, 1)]) == [Quarter(2027, 4), Quarter(2028, 1)]


def test_the_difference_from_the_quarter_before_says_whether_the_same_was_counted() -> None:
    before, now = Tally.of([Status.ON_TRACK, Status.REVIEW]), Tally.of([Status.ON_TRACK, Status.DONE])
    found = difference(now, before)
    assert found is not None
    assert {status: by for status, by in found.counts.items() if by} == {Status.REVIEW: -1, Status.DONE: 1}
    assert found.comparable
    assert difference(now, None) is None
    for other in (Tally.of([Status.DONE]), Tally.of([Status.ON_TRACK, Status.DONE, None])):
        assert [one and one.comparable for one in (difference(now, other), difference(other, now))] == [False, False]


# --- Progress ---------------------------------------------------------------------------------------------------------


def on_the_way(
    actual: int | None, baseline: int | None, target: int | None, direction: Indicator.Direction
) -> Fraction | None:
    said = (None if one is None else Decimal(one) for one in (actual, baseline, target))
    found = progress(Figure(*said), direction)
    return found.share if found else None


@pytest.mark.parametrize(
    ("actual", "baseline", "target", "direction", "share"),
    [
        (60, 50, 80, Indicator.Direction.UP, Fraction(1, 3)),
        (60, 80, 50, Indicator.Direction.DOWN, Fraction(2, 3)),
        (50, 50, 80, Indicator.Direction.UP, Fraction(0)),
        (0, 0, 3, Indicator.Direction.UP, Fraction(0)),
        (95, 50, 80, Indicator.Direction.UP, Fraction(3, 2)),
        (90, 80, 50, Indicator.Direction.DOWN, Fraction(-1, 3)),
        (60, 50, 50, Indicator.Direction.UP, None),
        (60, 50, 50, Indicator.Direction.DOWN, None),
        (60, 80, 50, Indicator.Direction.UP, None),
        (60, 50, 80, Indicator.Direction.DOWN, None),
        (60, 50, 80, Indicator.Direction.NONE, None),
        (None, 50, 80, Indicator.Direction.UP, None),
        (60, None, 80, Indicator.Direction.UP, None),
        (60, 50, None, Indicator.Direction.UP, None),
    ],
)
def test_progress_is_the_part_of_the_way_that_is_behind(
    actual: int | None, baseline: int | None, target: int | None, direction: Indicator.Direction, share: Fraction | None
) -> None:
    assert on_the_way(actual, baseline, target, direction) == share


def test_progress_beyond_the_target_and_backwards_says_so() -> None:
    places = [Figure(Decimal(at), Decimal(100), Decimal(300)) for at in (500, 300, 100, 71)]
    found = [one for one in (progress(place, Indicator.Direction.UP) for place in places) if one]
    with translation.override("en"):
        said = [(one.percent, one.remark and str(one.remark)) for one in found]
    assert said == [
        (200, "beyond the target"),
        (100, None),
        (0, None),
        (-15, "further from the target than at the start"),
    ]
