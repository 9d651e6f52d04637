"""A body's scorecard as one reader sees it: the matrix, what was counted, how it went over the quarters.

The ministry reads the scorecard as it stands and all that were frozen; everybody else what is shared of frozen ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext

from council.access.roles import Standing
from council.access.visibility import visible_to
from council.core.quarters import Quarter
from council.declaration.models import IndicatorTarget
from council.parties.models import Body, Organisation
from council.reports.models import Report, ReportingRound
from council.scorecard.arithmetic import Difference, Tallies, Tally, difference
from council.scorecard.charts import Chart, measure_chart, trend_chart
from council.scorecard.models import FrozenScorecard
from council.scorecard.payload import card_of, digest, payload_of
from council.scorecard.queries import History, frozen_history, live_cards, released_rows
from council.scorecard.values import Card, Figure, Heading, Measure, Party, Row, Status
from council.scorecard.withholding import SharedCard, SharedCell, SharedSum, Withheld, view_for, view_for_ministry

# No organisation has this code: who belongs to none sees what is shared with all.
NOBODYS = ""


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A commitment with a cell for each party; None where it has none. ``sums`` are of its indicators."""

    row: Row
    cells: Sequence[SharedCell | None]
    sums: Sequence[tuple[Measure, SharedSum]]


@dataclass(frozen=True, slots=True)
class PillarPart:
    """A pillar, or what belongs to none, with its rows and what they count."""

    heading: Heading | None
    rows: Sequence[MatrixRow]
    tally: Tally
    change: Difference | None
    # What was counted in each quarter; nothing where there is no scorecard of it.
    series: Mapping[Quarter, Tally | None]

    @property
    def trend(self) -> Chart:
        """How its statuses went over the quarters."""
        return trend_chart(self.series, title=gettext("Statuses over the quarters"))

    @property
    def counts(self) -> list[tuple[Status, int, int]]:
        """Each status that occurs, how often, and its share in whole percents that add up to 100."""
        percents = self.tally.percents
        return [(status, number, percents[status]) for status, number in self.tally.counts.items() if number]


@dataclass(frozen=True, slots=True)
class ScorecardPage:
    """``frozen`` is None for the ministry's own view of a quarter whose scorecard stands as the reports do."""

    body: Body
    quarter: Quarter
    quarters: Sequence[Quarter]
    card: SharedCard
    parties: Sequence[Party]
    parts: Sequence[PillarPart]
    total: PillarPart
    frozen: FrozenScorecard | None
    for_ministry: bool


def scorecard_page(who: Standing, body: Body, *, quarter: Quarter | None) -> ScorecardPage | None:
    """The scorecard of a quarter, the newest if none is named; None if nothing of it is shown to the reader."""
    views = _Views(who, body)
    chosen = quarter or next(iter(views.quarters), None)
    if chosen is None or (card := views.card(chosen)) is None:
        return None
    until = views.tallies(until=chosen)
    totals = {quarter: tallies.total if tallies else None for quarter, tallies in until.items()}
    change = difference(card.tallies.total, totals.get(chosen.previous()))
    return ScorecardPage(
        body=body,
        quarter=chosen,
        quarters=views.quarters,
        card=card,
        parties=in_order(card.parties),
        parts=_parts(card, until),
        total=PillarPart(None, (), card.tallies.total, change, totals),
        frozen=views.shown_frozen(chosen),
        for_ministry=views.for_ministry,
    )


class _Views:
    """The cards of a body as one reader sees them, quarter by quarter."""

    def __init__(self, who: Standing, body: Body) -> None:
        self.who, self.body = who, body
        self.for_ministry = who.runs(body.pk)
        # Whoever merely keeps the register knows the body, and sits at no table of it.
        at_the_table = body.pk in who.community and (who.through is None or body.pk in who.through.community)
        self.history = frozen_history(body) if at_the_table or self.for_ministry else History({})
        self.frozen = self.history.standing
        own = visible_to(who, Organisation.objects.filter(pk=who.organisation_id or 0))
        code = own.values_list("code", flat=True).first()
        own_alone = who.through is None or who.through.runs(body.pk)
        self.reader = code if code and own_alone and body.pk in who.answers_for_owner_in else NOBODYS
        self.released = released_rows(body)
        self._made: dict[Quarter, SharedCard | None] = {}

    @cached_property
    def quarters(self) -> list[Quarter]:
        """The newest first."""
        return sorted({*self.frozen, *self._live}, reverse=True)

    @cached_property
    def _live(self) -> dict[Quarter, Card]:
        """The ministry's own, of the quarters with reports whose scorecard has not been frozen."""
        if not self.for_ministry:
            return {}
        rounds = visible_to(self.who, ReportingRound.objects.filter(body=self.body)).exclude(covers__in=self.frozen)
        quarters = list(rounds.order_by("covers").values_list("covers", flat=True))
        if not quarters:
            return {}
        return live_cards(
            self.body,
            quarters,
            reports=visible_to(self.who, Report.objects.all()),
            targets=visible_to(self.who, IndicatorTarget.objects.all()),
        )

    def card(self, quarter: Quarter) -> SharedCard | None:
        if quarter not in self._made:
            self._made[quarter] = self._card(quarter)
        return self._made[quarter]

    def _card(self, quarter: Quarter) -> SharedCard | None:
        frozen = self.frozen.get(quarter)
        if frozen is None:
            return view_for_ministry(self._live[quarter]) if quarter in self._live else None
        return view_for_ministry(card_of(frozen.payload)) if self.for_ministry else self._shared(frozen)

    def shown_frozen(self, quarter: Quarter) -> FrozenScorecard | None:
        """The frozen one that a reader is told of: to others than the ministry, of those that look the same to them,
        the first. A correction that changes nothing they see would tell that somebody else's report was corrected."""
        frozen = self.frozen.get(quarter)
        if frozen is None or self.for_ministry:
            return frozen
        now = digest(payload_of(self._shared(frozen)))
        while (before := self.history.corrected_by(frozen)) and digest(payload_of(self._shared(before))) == now:
            frozen = before
        return frozen

    def _shared(self, frozen: FrozenScorecard) -> SharedCard:
        card = card_of(frozen.payload)
        return view_for(card, reader=self.reader, released=self.released, earlier=self.history.earlier(frozen))

    def tallies(self, *, until: Quarter) -> Mapping[Quarter, Tallies | None]:
        shown = [quarter for quarter in self.quarters if quarter <= until]
        cards = {quarter: self.card(quarter) for quarter in shown}
        return {quarter: card.tallies if card else None for quarter, card in cards.items()}


def in_order(parties: Iterable[Party]) -> list[Party]:
    """The carriers first, as in every other table."""
    return sorted(parties, key=lambda party: (not party.rival, party.code))


def _parts(card: SharedCard, until: Mapping[Quarter, Tallies | None]) -> list[PillarPart]:
    cells = {(cell.commitment, cell.organisation): cell for cell in card.cells}
    sums: dict[str, dict[str, SharedSum]] = {}
    for one in card.sums:
        if one.withheld == Withheld.SENSITIVE:
            continue  # not even what such a commitment is measured by is everybody's to know
        sums.setdefault(one.commitment, {})[one.measure] = one
    rows = [
        MatrixRow(
            row=row,
            cells=[cells.get((row.code, party.code)) for party in in_order(card.parties)],
            sums=[(one, sums[row.code][one.key]) for one in row.measures if one.key in sums.get(row.code, {})],
        )
        for row in card.rows
    ]
    headings: list[Heading | None] = [*card.pillars, None]
    parts = (_part(heading, rows, card, until) for heading in headings)
    return [part for part in parts if part.rows]


def _part(
    heading: Heading | None, rows: Iterable[MatrixRow], card: SharedCard, until: Mapping[Quarter, Tallies | None]
) -> PillarPart:
    code = heading.code if heading else None
    series = {quarter: tallies.by_pillar.get(code) if tallies else None for quarter, tallies in until.items()}
    tally = card.tallies.by_pillar.get(code, Tally.of(()))
    return PillarPart(
        heading=heading,
        rows=[one for one in rows if one.row.pillar == code],
        tally=tally,
        change=difference(tally, series.get(card.quarter.previous())),
        series=series,
    )


# --- One organisation -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A commitment of one organisation over the quarters: what it counted as, and a chart of each indicator."""

    row: Row
    cells: Sequence[tuple[Quarter, SharedCell | None]]
    charts: Sequence[Chart]


@dataclass(frozen=True, slots=True)
class PartyPage:
    body: Body
    party: Party
    quarters: Sequence[Quarter]
    lines: Sequence[OwnLine]


def party_page(who: Standing, body: Body, organisation: Organisation) -> PartyPage | None:
    """What one organisation did over the quarters, to itself and to the ministry; None for anybody else."""
    views = _Views(who, body)
    if not (views.for_ministry or organisation.code == views.reader):
        return None
    quarters = sorted(views.quarters)
    cards = {quarter: card for quarter in quarters if (card := views.card(quarter))}
    if not cards:
        return None
    last = cards[max(cards)]
    party = next((one for one in last.parties if one.code == organisation.code), None)
    if party is None:
        return None
    found = {
        quarter: {cell.commitment: cell for cell in card.cells if cell.organisation == party.code}
        for quarter, card in cards.items()
    }
    rows = [row for row in last.rows if any(row.code in cells for cells in found.values())]
    return PartyPage(
        body=body,
        party=party,
        quarters=sorted(cards),
        lines=[
            OwnLine(
                row=row,
                cells=[(quarter, found[quarter].get(row.code)) for quarter in sorted(cards)],
                charts=[chart for measure in row.measures if (chart := _chart(row, measure, found))],
            )
            for row in rows
        ],
    )


def _chart(row: Row, measure: Measure, found: Mapping[Quarter, Mapping[str, SharedCell]]) -> Chart | None:
    """None as long as there is no figure.

    Baseline and target are those of the last quarter: earlier ones are in the quarters' own scorecards."""
    figures: dict[Quarter, Figure] = {}
    for quarter, cells in sorted(found.items()):
        cell = cells.get(row.code)
        full = cell.full if cell else None
        figures[quarter] = full.figures.get(measure.key, Figure()) if full else Figure()
    last = next((one for one in reversed(figures.values()) if one != Figure()), Figure())
    if all(figure.actual is None for figure in figures.values()):
        return None
    series = {quarter: figure.actual for quarter, figure in figures.items()}
    title = f"{row.code} {measure.name}"
    return measure_chart(measure, series, baseline=last.baseline, target=last.target, title=title)
