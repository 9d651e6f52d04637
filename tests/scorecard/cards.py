"""Scorecards in short: three rivals, an agency, and rows and cells of a few words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from council.core.quarters import Quarter
from council.declaration.models import Commitment
from council.reports.states import Rating, ReportState
from council.scorecard.values import Card, Cell, Figure, Heading, Measure, Party, Row, Words

SKT, KT, LGU, MVNO, KISA = "SKT", "KT", "LGU", "MVNO", "KISA"
RIVALS = (SKT, KT, LGU, MVNO)
THREE = (SKT, KT, LGU)
PARTIES = (*(Party(code, Words(code)) for code in RIVALS), Party(KISA, Words("한국인터넷진흥원", "KISA"), rival=False))
PILLARS = (Heading("security", Words("보안체계", "Security")), Heading("benefits", Words("혜택", "Benefits")))
Q1, Q2, Q3 = Quarter(2027, 1), Quarter(2027, 2), Quarter(2027, 3)
SHOPS = Measure("shops", Words("매장 수", "Shops"), Words("개소", "shops"), summable=True)
RATE = Measure("rate", Words("이행률", "Rate"), Words("%", "%"))
USUAL = Commitment.Sensitivity.MEDIUM


def row(
    code: str = "C01",
    owners: tuple[str, ...] = THREE,
    *,
    sensitivity: Commitment.Sensitivity = USUAL,
    pillar: str | None = "security",
    measures: tuple[Measure, ...] = (SHOPS,),
    **more: object,
) -> Row:
    base = Row(
        code, Words(f"과제 {code}", f"Commitment {code}"), pillar, sensitivity, "joint", owners, measures=measures
    )
    return replace(base, **more)  # type: ignore[arg-type]


def cell(
    code: str,
    organisation: str,
    actual: str | int | None = None,
    *,
    quarter: Quarter = Q1,
    state: ReportState = ReportState.ACCEPTED,
    rating: Rating | None = Rating.ON_TRACK,
    key: str = "shops",
    **more: object,
) -> Cell:
    figures = {} if actual is None else {key: Figure(Decimal(actual))}
    base = Cell(code, organisation, quarter, state, ministry_rating=rating, figures=figures)
    return replace(base, **more)  # type: ignore[arg-type]


def card(rows: tuple[Row, ...], cells: tuple[Cell, ...], quarter: Quarter = Q1) -> Card:
    return Card(quarter, PARTIES, PILLARS, rows, tuple(replace(one, quarter=quarter) for one in cells))


def of_three(
    *actual: str | int | None, code: str = "C01", sensitivity: Commitment.Sensitivity = USUAL, quarter: Quarter = Q1
) -> Card:
    """One row of the three, or of as many as there are figures, all accepted."""
    owners = RIVALS[: len(actual)]
    cells = tuple(cell(code, owner, figure) for owner, figure in zip(owners, actual, strict=True))
    return card((row(code, owners, sensitivity=sensitivity),), cells, quarter)


def together(*cards: Card) -> Card:
    """One card of the rows of several."""
    first = cards[0]
    return replace(
        first,
        rows=tuple(one for each in cards for one in each.rows),
        cells=tuple(one for each in cards for one in each.cells),
    )


def figures(actual: Mapping[str, str]) -> dict[str, Figure]:
    return {key: Figure(Decimal(value)) for key, value in actual.items()}
