"""One's organisation's quarterly reports: read, drafted, handed in, taken back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Field, Query, Router

from council.api.answers import CHANGE, ONE, READING, number_of, refuse_unknown
from council.api.schemas import DraftOut, Key, Page, Part, Receipt, ReportIn, ReportLine, ReportOut, receipt_of
from council.core.quarters import Quarter
from council.overview.reporting import report_page, shown_state
from council.reports.models import Report
from council.reports.operations.standing import ReportRefused
from council.reports.operations.writing import Written, save_draft, submit, withdraw
from council.web import gate

router = Router(tags=["reports"])
REPORTS = Report.objects.for_page()


class Reports(Part):
    quarter: str | None = Field(None, pattern=r"^20[0-9]{2}-Q[1-4]$", description="As 2026-Q4.")


@router.get("/reports", response={200: Page[ReportLine]} | READING, summary="One's own reports, the latest first")
def list_reports(request: Any, asked: Query[Reports]) -> Any:
    refuse_unknown(request, asked)
    rows = gate.rows(request, REPORTS.filter(organisation=request.standing.organisation_id or 0))
    rows = rows.of_quarter(Quarter.parse(asked.quarter)) if asked.quarter else rows
    shown = rows.order_by("-round__covers", "commitment__code", "pk")[asked.slice]
    lines = [ReportLine(**ReportLine.values_of(row, shown_state(request.standing, row))) for row in shown]
    return Page[ReportLine](count=rows.count(), items=lines)


@router.get("/reports/{key}", response={200: ReportOut} | ONE, summary="A report")
def one_report(request: Any, key: Key) -> Any:
    row = _own(request, key)
    gate.note_read(request, row)
    return ReportOut.of(report_page(request.standing, row, now=timezone.now()), request.standing)


@router.put("/reports/{key}/draft", response={200: DraftOut} | CHANGE, summary="Keep a draft, in place of the last")
def keep_draft(request: Any, key: Key, sent: ReportIn) -> Any:
    row = _own(request, key, action="write")
    written = Written(
        narrative=sent.narrative,
        self_rating=sent.self_rating,
        values=_figures(sent),
        seen=sent.version,
    )
    return DraftOut.of(save_draft(row, by=request.actor, now=timezone.now(), written=written))


@router.post("/reports/{key}/submission", response={200: Receipt} | CHANGE, summary="Hand in the draft")
def hand_in(request: Any, key: Key) -> Any:
    row = _own(request, key, action="submit")
    return receipt_of(submit(row, by=request.actor, now=timezone.now()))


@router.delete("/reports/{key}/submission", response={200: DraftOut} | CHANGE, summary="Take back what was handed in")
def take_back(request: Any, key: Key) -> Any:
    row = _own(request, key, action="withdraw")
    return DraftOut.of(withdraw(row, by=request.actor, now=timezone.now()))


def _figures(sent: ReportIn) -> dict[int, Decimal | None]:
    """By the indicators' numbers. Refused for a key that was not given out, and for two figures of one indicator."""
    figures: dict[int, Decimal | None] = {}
    for one in sent.values:
        try:
            number = number_of("indicator", one.indicator)
        except Http404 as error:
            raise ReportRefused(_("There is no such indicator."), field="values") from error
        if number in figures:
            raise ReportRefused(_("There are two figures of one indicator."), field="values")
        figures[number] = Decimal(one.value)
    return figures


def _own(request: Any, key: str, *, action: str = "view") -> Report:
    """A report of the visitor's organisation, through the gate; others' are read on the pages."""
    pk = number_of("report", key)
    return gate.fetch(request, REPORTS.filter(organisation=request.standing.organisation_id or 0), action=action, pk=pk)
