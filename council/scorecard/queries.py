"""The scorecard of a quarter out of its reports, and those that were frozen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch, QuerySet

from council.core.quarters import Quarter
from council.declaration.models import Commitment, CommitmentOwner, Indicator, IndicatorTarget, Pillar
from council.declaration.queries import targets_for
from council.parties.models import Body, Organisation
from council.reports.models import Report
from council.reports.states import Rating, ReportState
from council.scorecard.models import FrozenScorecard, SharedRow
from council.scorecard.payload import card_of
from council.scorecard.values import Card, Cell, Figure, Heading, Measure, Party, Row, Words
from council.scorecard.withholding import Released

type Targets = QuerySet[IndicatorTarget]

CARRIER = Organisation.Kind.CARRIER


def live_card(body: Body, quarter: Quarter, *, reports: QuerySet[Report], targets: Targets) -> Card:
    """The scorecard as it stands now, of the reports and the organisations' targets that its reader may use."""
    return live_cards(body, [quarter], reports=reports, targets=targets)[quarter]


def live_cards(
    body: Body, quarters: Iterable[Quarter], *, reports: QuerySet[Report], targets: Targets
) -> dict[Quarter, Card]:
    """The same of several quarters, with as many questions as of one."""
    asked = list(quarters)
    known = {commitment.pk: commitment for commitment in _commitments(body, targets)}
    of_quarters = reports.filter(round__body=body, round__covers__in=asked, commitment__in=known)
    shown = of_quarters.select_related("organisation", "round").prefetch_related("measurements", "judgements")
    found: dict[Quarter, list[Report]] = {quarter: [] for quarter in asked}
    for report in shown.order_by("commitment__code", "organisation__code"):
        found[report.round.covers].append(report)
    pillars = tuple(_pillars(body))
    return {quarter: _card(quarter, known, pillars, of_it) for quarter, of_it in found.items()}


def _card(
    quarter: Quarter, known: Mapping[int, Commitment], pillars: tuple[Heading, ...], reports: Iterable[Report]
) -> Card:
    # Whoever reported has its place in the quarter, also when the commitment has gone to another since.
    owners = {pk: {part.organisation for part in commitment.parts.all()} for pk, commitment in known.items()}
    for report in reports:
        owners[report.commitment_id].add(report.organisation)
    return Card(
        quarter=quarter,
        parties=tuple(_parties(set().union(*owners.values()))),
        pillars=pillars,
        rows=tuple(_row(commitment, owners[pk]) for pk, commitment in known.items()),
        cells=tuple(_cell(report, known[report.commitment_id], quarter) for report in reports),
    )


def _commitments(body: Body, targets: Targets) -> list[Commitment]:
    of_body = Commitment.objects.filter(declaration__body=body).exclude(state=Commitment.State.WITHDRAWN)
    owners = CommitmentOwner.objects.filter(part=CommitmentOwner.Part.OWNER).select_related("organisation")
    indicators = Indicator.objects.order_by("pk").prefetch_related(Prefetch("targets", targets))
    related = of_body.select_related("pillar").prefetch_related(
        Prefetch("parts", owners), Prefetch("indicators", indicators), "tracked_through"
    )
    return list(related.order_by("code", "pk"))


def _row(commitment: Commitment, owners: Iterable[Organisation]) -> Row:
    return Row(
        code=commitment.code,
        title=Words(commitment.title_ko, commitment.title_en),
        pillar=commitment.pillar.code if commitment.pillar else None,
        sensitivity=Commitment.Sensitivity(commitment.sensitivity),
        kind=commitment.kind,
        owners=tuple(sorted(owner.code for owner in owners)),
        state=commitment.state,
        tracked_through=tuple(sorted(one.code for one in commitment.tracked_through.all())),
        measures=tuple(_measure(indicator) for indicator in commitment.indicators.all()),
    )


def _measure(indicator: Indicator) -> Measure:
    return Measure(
        key=str(indicator.pk),
        name=Words(indicator.name_ko, indicator.name_en),
        unit=Words(indicator.unit_ko, indicator.unit_en),
        direction=Indicator.Direction(indicator.direction),
        summable=indicator.summable,
        step=indicator.step,
    )


def _cell(report: Report, commitment: Commitment, quarter: Quarter) -> Cell:
    values = {one.indicator_id: one.value for one in report.measurements.all()}
    return Cell(
        commitment=commitment.code,
        organisation=report.organisation.code,
        quarter=quarter,
        state=ReportState(report.state),
        self_rating=Rating(report.self_rating) if report.self_rating else None,
        ministry_rating=Rating(report.ministry_rating) if report.ministry_rating else None,
        late=report.is_late,
        corrected=report.is_corrected,
        figures={str(indicator.pk): _figure(indicator, report, values) for indicator in commitment.indicators.all()},
    )


def _figure(indicator: Indicator, report: Report, values: Mapping[int, Decimal]) -> Figure:
    counts = targets_for(indicator, report.organisation)
    return Figure(actual=values.get(indicator.pk), baseline=counts.baseline, target=counts.target)


def _parties(owners: Iterable[Organisation]) -> list[Party]:
    ordered = sorted(owners, key=lambda one: (one.kind != CARRIER, one.pk))
    return [
        Party(one.code, Words(one.short_ko or one.name_ko, one.short_en or one.name_en), rival=one.kind == CARRIER)
        for one in ordered
    ]


def _pillars(body: Body) -> list[Heading]:
    pillars = Pillar.objects.filter(declaration__body=body).order_by("declaration", "order")
    return [Heading(pillar.code, Words(pillar.title_ko, pillar.title_en)) for pillar in pillars]


def released_rows(body: Body) -> Released:
    """The commitments, by code, whose status words the whole table may know, each for a quarter."""
    rows = SharedRow.objects.filter(body=body)
    return {(code, quarter) for code, quarter in rows.values_list("commitment__code", "quarter")}


@dataclass(frozen=True, slots=True)
class History:
    """What was frozen of a body's quarters, of each the oldest first."""

    kept: Mapping[Quarter, Sequence[FrozenScorecard]]

    @property
    def standing(self) -> dict[Quarter, FrozenScorecard]:
        """Of each quarter the one that counts, the newest first: the last as closed, else the last as tabled."""
        stages = list(FrozenScorecard.Stage)

        def order(one: FrozenScorecard) -> tuple[int, int]:
            return stages.index(FrozenScorecard.Stage(one.stage)), one.pk

        return {quarter: max(self.kept[quarter], key=order) for quarter in sorted(self.kept, reverse=True)}

    def earlier(self, frozen: FrozenScorecard) -> list[Card]:
        """Every card of the same quarter that was frozen before."""
        return [card_of(one.payload) for one in self.kept[frozen.quarter] if one.pk < frozen.pk]

    def corrected_by(self, frozen: FrozenScorecard) -> FrozenScorecard | None:
        """The one that it corrects."""
        return next((one for one in self.kept[frozen.quarter] if one.pk == frozen.supersedes_id), None)


def frozen_history(body: Body) -> History:
    """All that was frozen of a body, by one question."""
    kept: dict[Quarter, list[FrozenScorecard]] = {}
    for one in FrozenScorecard.objects.filter(body=body).select_related("body").order_by("pk"):
        kept.setdefault(one.quarter, []).append(one)
    return History(kept)
