"""What each reader is shown of a card."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from council.declaration.models import Commitment
from council.reports.states import Rating, ReportState
from council.scorecard.values import Card, Measure, Status, Words
from council.scorecard.withholding import SharedCard, SharedCell, Withheld, view_for, view_for_ministry
from tests.scorecard.cards import (
    KISA,
    KT,
    LGU,
    Q1,
    Q2,
    RATE,
    RIVALS,
    SHOPS,
    SKT,
    THREE,
    card,
    cell,
    figures,
    of_three,
    row,
    together,
)

ALL = frozenset({("C01", Q1), ("C02", Q1)})


def seen(view: SharedCard, organisation: str, commitment: str = "C01") -> SharedCell:
    return next(one for one in view.cells if (one.commitment, one.organisation) == (commitment, organisation))


def sums(card: Card, *, reader: str = SKT, earlier: tuple[Card, ...] = ()) -> list[tuple[object, object]]:
    view = view_for(card, reader=reader, released=ALL, earlier=earlier)
    return [(one.total, one.withheld) for one in view.sums]


# --- Cells ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sensitivity", Commitment.Sensitivity)
@pytest.mark.parametrize("released", [frozenset(), ALL])
def test_ones_own_cell_is_seen_in_full_with_its_draft(
    sensitivity: Commitment.Sensitivity, released: frozenset[object]
) -> None:
    draft = cell("C01", SKT, 7, state=ReportState.DRAFT, rating=None, self_rating=Rating.DONE)
    view = view_for(card((row(sensitivity=sensitivity),), (draft,)), reader=SKT, released=released)  # type: ignore[arg-type]
    assert seen(view, SKT) == SharedCell("C01", SKT, Status.NOT_SUBMITTED, draft)


@pytest.mark.parametrize("sensitivity", Commitment.Sensitivity)
def test_of_anothers_cell_nothing_is_seen_and_once_released_the_status_alone(
    sensitivity: Commitment.Sensitivity,
) -> None:
    full = of_three(20, 22, 24, sensitivity=sensitivity)
    assert seen(view_for(full, reader=SKT, released=[]), KT) == SharedCell("C01", KT, None, None)
    assert seen(view_for(full, reader=SKT, released=ALL), KT) == SharedCell("C01", KT, Status.ON_TRACK, None)


def test_a_release_is_of_one_commitment_in_one_quarter() -> None:
    full = together(of_three(20, 22, 24), of_three(20, 22, 24, code="C02"))
    view = view_for(full, reader=SKT, released={("C01", Q1), ("C02", Q2)})
    assert [seen(view, KT, code).status for code in ("C01", "C02")] == [Status.ON_TRACK, None]
    assert [one.withheld for one in view.sums] == [None, Withheld.UNRELEASED]


def test_whether_another_is_late_was_corrected_or_has_begun_to_write_makes_no_difference() -> None:
    plain = cell("C01", KT, state=ReportState.NOT_SUBMITTED, rating=None)
    for other in (
        replace(plain, late=True),
        replace(plain, corrected=True),
        replace(plain, self_rating=Rating.DONE),
        replace(plain, state=ReportState.DRAFT, self_rating=Rating.DONE, figures=figures({"shops": "7"})),
    ):
        views = [view_for(card((row(),), (each,)), reader=SKT, released=ALL) for each in (plain, other)]
        assert views[0] == views[1]


def test_an_agencys_cell_is_seen_in_full_once_released() -> None:
    theirs = cell("C01", KISA, 7)
    full = card((row(owners=(SKT, KISA)),), (cell("C01", SKT, 8), theirs))
    assert seen(view_for(full, reader=KT, released=[]), KISA).status is None
    assert seen(view_for(full, reader=KT, released=ALL), KISA).full == theirs
    assert seen(view_for(full, reader=KISA, released=ALL), SKT).full is None


def test_the_ministry_sees_everything_but_what_was_not_handed_in() -> None:
    draft = cell("C01", KT, 7, state=ReportState.DRAFT, rating=None, self_rating=Rating.DONE)
    handed_in = cell("C01", SKT, 8, self_rating=Rating.ATTENTION, late=True)
    view = view_for_ministry(card((row(),), (draft, handed_in)))
    assert [seen(view, each).full for each in (SKT, KT)] == [handed_in, draft.as_handed_in()]


def test_one_who_is_nobody_here_sees_what_is_shared_with_all() -> None:
    view = view_for(of_three(20, 22, 24), reader="", released=ALL)
    assert [one.full for one in view.cells] == [None] * 3
    assert view.sums[0].total == 66


def test_cells_stand_in_an_order_that_does_not_tell_who_came_first() -> None:
    full = of_three(20, 22, 24)
    turned = replace(full, cells=full.cells[::-1])
    assert view_for(full, reader=SKT, released=ALL) == view_for(turned, reader=SKT, released=ALL)


# --- Counts -----------------------------------------------------------------------------------------------------------


def test_counts_are_of_what_the_reader_sees_and_say_how_much_more_there_is() -> None:
    hidden = of_three(1, 2, 3, code="C02")
    view = view_for(together(of_three(20, 22, 24), hidden), reader=SKT, released={("C01", Q1)})
    assert (view.tallies.total.counts[Status.ON_TRACK], view.tallies.total.withheld) == (4, 2)
    other = replace(hidden, cells=(hidden.cells[0], *(replace(one, ministry_rating=None) for one in hidden.cells[1:])))
    again = view_for(together(of_three(20, 22, 24), other), reader=SKT, released={("C01", Q1)})
    assert again.tallies == view.tallies


# --- Sums -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", [*RIVALS, KISA, ""])
def test_a_sum_of_three_even_figures_is_the_same_for_every_reader(reader: str) -> None:
    assert sums(of_three(20, 22, 24), reader=reader) == [(66, None)]


@pytest.mark.parametrize(
    ("of", "reason"),
    [
        (of_three(20, 22, 24, sensitivity=Commitment.Sensitivity.HIGH), Withheld.SENSITIVE),
        (of_three(20, 22), Withheld.FEW),
        (of_three(20), Withheld.FEW),
        (of_three(20, 22, None), Withheld.KEPT),
        (of_three(40, 0, 0), Withheld.KEPT),
        (of_three(0, 0, 0), Withheld.KEPT),
        (of_three(-20, 40, 40), Withheld.KEPT),
        (of_three(5, 6, 6), Withheld.KEPT),
        (of_three(10, 41, 22), Withheld.KEPT),
        (of_three(7, 28, 31), Withheld.KEPT),
    ],
)
def test_no_sum_is_shown_of_few_uneven_small_missing_or_sensitive_figures(of: Card, reason: Withheld) -> None:
    assert sums(of) == [(None, reason)]


def test_figures_at_the_very_edge_of_what_is_even_are_summed() -> None:
    assert sums(of_three(10, 30, 50)) == [(90, None)]
    assert sums(of_three(6, 6, 6)) == [(18, None)]
    assert sums(of_three("9.999", 30, 50)) == [(None, Withheld.KEPT)]


@pytest.mark.parametrize("state", [state for state in ReportState if state != ReportState.ACCEPTED])
def test_no_sum_is_shown_before_every_figure_is_accepted(state: ReportState) -> None:
    full = of_three(20, 22, 24)
    assert sums(replace(full, cells=(*full.cells[:2], replace(full.cells[2], state=state)))) == [(None, Withheld.KEPT)]
    assert sums(replace(full, cells=full.cells[:2])) == [(None, Withheld.KEPT)]


def test_what_is_no_rivals_is_not_in_the_sum() -> None:
    owners = (*THREE, KISA)
    cells = [cell("C01", each, figure) for each, figure in zip(owners, (20, 22, 24, 9), strict=True)]
    full = card((row(owners=owners),), tuple(cells))
    assert sums(full) == [(66, None)]
    pair = card((row(owners=(SKT, KT, KISA)),), tuple(cell("C01", each, 20) for each in (SKT, KT, KISA)))
    assert sums(pair) == [(None, Withheld.FEW)]


def test_what_cannot_be_added_up_or_is_not_scored_has_no_sum() -> None:
    rates = card((row(measures=(RATE,)),), tuple(cell("C01", each, 50, key="rate") for each in THREE))
    assert (sums(rates), view_for_ministry(rates).sums) == ([], ())
    full = of_three(20, 22, 24)
    assert sums(replace(full, rows=(row(tracked_through=("C02",)),))) == []


def test_figures_that_were_put_right_after_they_were_frozen_are_not_summed_again() -> None:
    tabled, same, other = of_three(20, 22, 24), of_three("20.0", 22, 24), of_three(20, 22, 25)
    assert sums(same, earlier=(tabled,)) == [(66, None)]
    assert sums(other, earlier=(tabled,)) == [(None, Withheld.KEPT)]
    assert sums(tabled, earlier=(tabled, other)) == [(None, Withheld.KEPT)]
    # Of incomplete figures no sum was shown, whatever they were; and another quarter is another matter.
    assert sums(other, earlier=(of_three(20, 22, None), of_three(1, 1, 1, quarter=Q2))) == [(67, None)]
    # Nor can it be tried out which figure would make a sum appear.
    assert sums(of_three(20, 22, 24), earlier=(of_three(1, 22, 24),)) == [(None, Withheld.KEPT)]


def test_the_ministry_has_every_sum_as_soon_as_it_is_complete() -> None:
    full = together(
        of_three(40, 0, 0, sensitivity=Commitment.Sensitivity.HIGH),
        of_three(3, 4, code="C02"),
        of_three(1, None, code="C03"),
    )
    found: list[tuple[object, object]] = [(one.total, one.withheld) for one in view_for_ministry(full).sums]
    assert found == [(40, None), (7, None), (None, Withheld.INCOMPLETE)]


def test_every_reason_is_said_in_words() -> None:
    assert len({str(reason.label) for reason in Withheld}) == len(Withheld)


@pytest.mark.parametrize("step", ["0", "-1"])
def test_there_are_no_steps_of_nothing(step: str) -> None:
    with pytest.raises(ValueError, match="shops"):
        Measure("shops", Words("매장"), step=Decimal(step))
    assert SHOPS.step == 1


def test_a_card_of_one_rival_alone_has_nothing_to_hide_from_it() -> None:
    view = view_for(of_three(20), reader=SKT, released=[])
    assert (view.tallies.total.withheld, view.cells[0].full) == (0, of_three(20).cells[0])
    assert seen(view_for(of_three(20, 21, 22), reader=LGU, released=[]), SKT).status is None
