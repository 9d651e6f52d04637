"""The accepted reports of a quarter as a paper for its reader: for a carrier, of its own and what is released."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby

from django.db.models import Prefetch
from django.utils.text import capfirst
from django.utils.translation import gettext

from council.access.roles import Standing
from council.access.visibility import visible_to
from council.core.labels import Label
from council.core.languages import languages
from council.core.wording import day_text
from council.declaration.models import Indicator, IndicatorTarget, pillar_order
from council.declaration.queries import targets_for
from council.documents.official import Grid, Line, Official
from council.reports.models import Measurement, Report, ReportingRound
from council.scorecard.drawing import printed

WIDTHS = (34, 22, 11, 11, 11, 11)


def paper_of(who: Standing, reporting_round: ReportingRound, *, author: str, made_at: datetime) -> Official:
    """One heading a pillar, one a commitment, the organisations below it with both ratings, text and figures."""
    reports = _accepted(who, reporting_round)
    labels = [report.counting_label for report in reports]
    return Official(
        title=gettext("Progress on the commitments in %(quarter)s") % {"quarter": reporting_round.covers.label},
        language=languages()[0],
        author=author,
        made_at=made_at,
        label=Label.strictest([Label.AMBER, *labels]),
        facts=(
            (gettext("Body"), reporting_round.body.name),
            (gettext("As of"), day_text(reporting_round.as_of)),
            (gettext("Reports accepted"), str(len(reports))),
        ),
        parts=tuple(_parts(reports)) or (Line(gettext("No report has been accepted that you can see.")),),
    )


def _accepted(who: Standing, reporting_round: ReportingRound) -> list[Report]:
    measured = visible_to(who, Measurement.objects.all())
    targets = visible_to(who, IndicatorTarget.objects.all())
    indicators = visible_to(who, Indicator.objects.order_by("pk")).prefetch_related(Prefetch("targets", targets))
    rows = visible_to(who, Report.objects.accepted().filter(round=reporting_round))
    rows = rows.select_related("organisation", "commitment__pillar", "round").prefetch_related(
        Prefetch("measurements", measured), Prefetch("commitment__indicators", indicators)
    )
    return sorted(rows, key=_order)


def _order(report: Report) -> tuple[tuple[bool, int, int], str, int]:
    return pillar_order(report.commitment.pillar), report.commitment.code, report.organisation_id


def _parts(reports: Sequence[Report]) -> Iterator[Line | Grid]:
    for pillar, of_pillar in groupby(reports, key=lambda report: report.commitment.pillar):
        yield Line(pillar.title if pillar else gettext("Running of the council"), level=0, heading=True)
        for commitment, several in groupby(of_pillar, key=lambda report: report.commitment):
            yield Line(str(commitment), level=1)
            own = list(several)
            for report in own:
                yield from _said(report)
            if rows := tuple(row for report in own for row in _figures(report)):
                yield Grid("", _columns(), rows, WIDTHS)


def _columns() -> tuple[str, ...]:
    return (
        gettext("Indicator"), gettext("Organisation"), gettext("Baseline"), gettext("Target"), gettext("Actual"),
        gettext("Unit"),
    )  # fmt: skip


def _said(report: Report) -> Iterator[Line]:
    ratings = gettext("own rating %(own)s, the ministry's %(ministry)s") % {
        "own": report.get_self_rating_display(),
        "ministry": report.get_ministry_rating_display(),
    }
    marks = [gettext("Self-check")] * report.self_check
    yield Line(f"{report.organisation.short}: {', '.join([ratings, *marks])}", level=2)
    yield from (Line(text.strip()) for text in report.narrative.splitlines() if text.strip())


def _figures(report: Report) -> Iterator[tuple[str, ...]]:
    values = {one.indicator_id: one.value for one in report.measurements.all()}
    for indicator in report.commitment.indicators.all():
        counts = targets_for(indicator, report.organisation)
        figures = (counts.baseline, counts.target, values.get(indicator.pk))
        yield (indicator.name, report.organisation.short, *map(_text, figures), capfirst(indicator.unit))


def _text(value: Decimal | None) -> str:
    return "–" if value is None else printed(value)
