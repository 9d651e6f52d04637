"""Pieces of a records request about what passed between owner and ministry, and about the quarters, as documents."""

from __future__ import annotations

from datetime import datetime

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from council.actions.models import ActionComment, ExtensionRequest
from council.core.labels import Label
from council.core.wording import day_text, moment_text
from council.declaration.models import Indicator
from council.documents.official import Grid, Line, Official, rows_of
from council.reports.models import Judgement, ReportEvidence, Submission
from council.reports.receipt import Content
from council.reports.states import Rating
from council.scorecard.models import FrozenScorecard
from council.scorecard.payload import card_of
from council.workflows.records_documents import label_between, label_of_report, of_action, of_report, sheet


def comment_sheet(row: ActionComment, *, made_at: datetime, author: str) -> Official:
    """A word between an item's owner and the ministry."""
    facts = [
        (_("Action item"), of_action(row.action)),
        (_("Organisation"), row.organisation.name),
        (_("Day"), moment_text(row.at)),
    ]
    title = f"{_('Comment')} {row.action.reference}"
    return sheet(title, facts, [Line(row.text)], label_between(row.action), made_at, author)


def extension_sheet(row: ExtensionRequest, *, made_at: datetime, author: str) -> Official:
    """The owner's question for more time, with the answer."""
    facts = [
        (_("Action item"), of_action(row.action)),
        (_("Asked on"), moment_text(row.asked_at)),
        (_("Due"), day_text(row.due_on)),
        (_("New due date"), day_text(row.requested_due_on)),
        (_("State"), str(row.get_state_display())),
        (capfirst(_("answer")), row.answer),
    ]
    title = _("Request for an extension of %(action)s") % {"action": row.action.reference}
    return sheet(title, facts, [Line(row.reason)], label_between(row.action), made_at, author)


def submission_sheet(row: Submission, *, made_at: datetime, author: str) -> Official:
    """A report as it was handed in. What was attached is decided on by itself."""
    content = Content.handed_in(row)
    figures = rows_of(
        (one.name, f"{content.values[str(one.pk)]} {one.unit}".strip())
        for one in Indicator.objects.filter(pk__in=list(map(int, content.values))).order_by("pk")
    )
    facts = [
        (capfirst(pgettext("on a commitment", "report")), of_report(row.report)),
        (_("Submitted at"), moment_text(row.submitted_at)),
        (_("Own rating"), str(Rating(content.self_rating).label)),
        ("SHA-256", row.sha256),
    ]
    tables = [Grid("", (capfirst(_("indicator")), capfirst(_("value"))), figures, (70, 30))] if figures else []
    title = f"{capfirst(pgettext('on a commitment', 'report'))} {of_report(row.report)}"
    return sheet(title, facts, [Line(content.narrative), *tables], label_of_report(row.report), made_at, author)


def report_evidence_sheet(row: ReportEvidence, *, made_at: datetime, author: str) -> Official:
    """Evidence of a report that is no file."""
    facts = [
        (capfirst(pgettext("on a commitment", "report")), of_report(row.report)),
        (_("Kind"), str(row.get_kind_display())),
        (_("Title"), row.title),
        (_("Address"), row.url),
    ]
    return sheet(f"{_('Evidence')} {of_report(row.report)}", facts, [], label_of_report(row.report), made_at, author)


def judgement_sheet(row: Judgement, *, made_at: datetime, author: str) -> Official:
    """The ministry's answer to a report."""
    facts = [
        (capfirst(pgettext("on a commitment", "report")), of_report(row.report)),
        (_("Day"), moment_text(row.at)),
        (_("Verdict"), str(row.get_verdict_display())),
        (_("The ministry's rating"), str(row.get_rating_display()) if row.rating else ""),
    ]
    lines = [Line(row.comment)] if row.comment else []
    title = _("Answer to the report %(report)s") % {"report": of_report(row.report)}
    return sheet(title, facts, lines, label_of_report(row.report), made_at, author)


def scorecard_sheet(row: FrozenScorecard, *, made_at: datetime, author: str) -> Official:
    """A scorecard as it was frozen."""
    card = card_of(row.payload)
    cells = {cell.key: capfirst(str(cell.status.label)) for cell in card.cells}
    rows = tuple(
        (f"{line.code} {line.title}", *(cells.get((line.code, party.code), "–") for party in card.parties))
        for line in card.rows
    )
    facts = [
        (_("Body"), row.body.name),
        (_("Quarter"), row.quarter.label),
        (_("State"), f"{row.get_stage_display()}, {moment_text(row.frozen_at)}"),
        (_("Correction"), row.reason),
        ("SHA-256", row.sha256),
    ]
    each = min(15, 60 // max(len(card.parties), 1))
    widths = (100 - each * len(card.parties), *[each] * len(card.parties))
    heads = (_("Commitment"), *(str(party.name) for party in card.parties))
    title = f"{_('Scorecard')} {row.quarter.label}"
    return sheet(title, facts, [Grid("", heads, rows, widths)], Label.AMBER_STRICT, made_at, author)
