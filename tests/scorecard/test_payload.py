"""The form in which a card is frozen: the same for the same card, and all of it."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from django.utils import translation

from council.declaration.models import Commitment, Indicator
from council.reports.states import Rating, ReportState
from council.scorecard.payload import Change, card_of, changes, digest, payload_of
from council.scorecard.values import Card, Figure, Measure, Words
from council.scorecard.withholding import view_for
from tests.scorecard.cards import KT, LGU, Q1, RATE, SHOPS, SKT, card, cell, of_three, row

ALL = frozenset({("C01", Q1)})


def a_card() -> Card:
    unit, step = Words("배", "×"), Decimal("0.001")
    fine = Measure("fine", Words("비율", "Ratio"), unit, Indicator.Direction.DOWN, summable=True, step=step)
    rows = (
        row("C01", measures=(SHOPS, RATE)),
        row(
            "C02", (SKT, KT), sensitivity=Commitment.Sensitivity.HIGH, pillar=None, measures=(fine,), state="fulfilled"
        ),
        row("C03", (LGU,), tracked_through=("C01", "C02")),
    )
    cells = (
        cell("C01", SKT, "20.50", self_rating=Rating.DONE, late=True),
        cell("C01", KT, state=ReportState.MISSED, rating=None),
        cell("C02", KT, "0.125", key="fine", rating=None, corrected=True),
        cell("C02", SKT, figures={"fine": Figure(Decimal("1.5"), Decimal(3), Decimal("0.5"))}),
    )
    return card(rows, cells)


def test_what_is_frozen_is_read_back() -> None:
    kept = json.loads(json.dumps(payload_of(a_card())))
    again = card_of(kept)
    assert payload_of(again) == kept
    by_key = {one.key: one for one in again.cells}
    assert [by_key[one.key] for one in a_card().cells] == list(a_card().cells)
    assert {one.code: replace(one, owners=(), measures=()) for one in again.rows} == {
        one.code: replace(one, owners=(), measures=()) for one in a_card().rows
    }
    assert (again.parties, again.pillars) == (tuple(sorted(a_card().parties, key=lambda p: p.code)), a_card().pillars)
    assert {m.key: m for one in again.rows for m in one.measures} == {
        m.key: m for one in a_card().rows for m in one.measures
    }


def test_the_order_in_which_rows_cells_and_owners_came_does_not_matter() -> None:
    one = a_card()
    rows = [
        replace(each, **{name: getattr(each, name)[::-1] for name in ("owners", "measures", "tracked_through")})
        for each in one.rows
    ]
    hashes = {
        digest(payload_of(replace(one, rows=tuple(order), cells=tuple(cells), parties=one.parties[::-1])))
        for order in permutations(rows)
        for cells in permutations(one.cells)
    }
    assert hashes == {digest(payload_of(one))}


def test_how_a_number_is_written_and_in_which_language_does_not_matter() -> None:
    one = digest(payload_of(of_three("20.5", "100", "0")))
    assert one == digest(payload_of(of_three("20.500", "1E2", "-0.00")))
    with translation.override("en"):
        assert one == digest(payload_of(of_three("20.5", "100", "0")))


def test_the_hash_is_that_of_the_canonical_text() -> None:
    assert digest({"b": "가", "a": [1, None]}) == "fdbdae36fc68455b96f33f3a410e9e62acd1f8a932a3156c8e40b42770e12d5b"


@pytest.mark.parametrize(
    "change",
    [
        {"self_rating": Rating.REVIEW},
        {"ministry_rating": None},
        {"late": False},
        {"corrected": True},
        {"state": ReportState.RETURNED},
        {"figures": {"shops": Figure(Decimal("20.501"))}},
    ],
)
def test_whatever_is_different_has_another_hash(change: dict[str, Any]) -> None:
    one = a_card()
    other = replace(one, cells=(replace(one.cells[0], **change), *one.cells[1:]))
    assert digest(payload_of(other)) != digest(payload_of(one))


def test_a_draft_is_not_frozen() -> None:
    draft = cell("C01", SKT, "4711", state=ReportState.DRAFT, rating=None, self_rating=Rating.DONE)
    kept = payload_of(card((row(),), (draft,)))
    assert "4711" not in json.dumps(kept)
    assert (kept["cells"][0]["state"], kept["cells"][0]["self_rating"]) == ("not_submitted", None)


def test_a_carriers_payload_holds_nothing_that_is_withheld() -> None:
    full = of_three(20, "22.4711", 24)
    views = [payload_of(view_for(each, reader=SKT, released=ALL)) for each in (full, of_three(20, "21.4711", 25))]
    assert "4711" not in json.dumps(views[0]["cells"])
    assert views[0]["sums"][0]["total"] == "66.4711"
    # The same sum of other figures: so there is nothing in it, nor in its hash, to try figures out on.
    assert digest(views[0]) == digest(views[1])


# --- What changed -----------------------------------------------------------------------------------------------------


def test_what_was_put_right_between_two_cards_is_listed_value_by_value() -> None:
    before = a_card()
    after = replace(
        before,
        rows=(replace(before.rows[0], sensitivity=Commitment.Sensitivity.LOW), *before.rows[1:]),
        cells=(
            replace(before.cells[0], ministry_rating=Rating.REVIEW, figures={"shops": Figure(Decimal(21))}),
            *before.cells[1:],
        ),
    )
    assert changes(payload_of(before), payload_of(after)) == [
        Change("rows", ("C01",), "sensitivity", "medium", "low"),
        Change("cells", ("C01", SKT), "figures.shops.actual", "20.5", "21"),
        Change("cells", ("C01", SKT), "ministry_rating", "on_track", "review"),
    ]
    assert changes(payload_of(before), payload_of(before)) == []


def test_a_cell_that_was_not_there_before_is_listed_with_all_it_says() -> None:
    full = of_three(20, 22, 24)
    found = changes(payload_of(replace(full, cells=full.cells[:2])), payload_of(full))
    assert {(one.of, one.was) for one in found} == {(("C01", LGU), None)}
    assert ("figures.shops.actual", "24") in {(one.what, one.now) for one in found}


def test_a_carrier_is_told_of_the_changes_it_can_see() -> None:
    before, after = of_three(20, 22, 24), of_three(21, 22, 25)
    tabled = view_for(before, reader=SKT, released=ALL)
    confirmed = view_for(after, reader=SKT, released=ALL, earlier=(before,))
    assert changes(payload_of(tabled), payload_of(confirmed)) == [
        Change("cells", ("C01", SKT), "full.figures.shops.actual", "20", "21"),
        Change("sums", ("C01", "shops"), "total", "66", None),
        Change("sums", ("C01", "shops"), "withheld", None, "kept"),
    ]
