"""Of a records request, what was reported in the quarters, how it was judged, and the scorecards made of it."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from council.core.calendar import local_day
from council.core.labels import Label
from council.core.wording import day_text
from council.minutes.operations.records import Found
from council.reports.models import Judgement, ReportEvidence, Submission
from council.reports.states import SubmissionState
from council.scorecard.models import FrozenScorecard
from council.workflows.records_documents import label_of_report, of_report
from council.workflows.records_scope import Scope, found


def _of_the_body(scope: Scope) -> Q:
    return scope.about("report__commitment") & Q(report__round__body=scope.request.body_id)


def _handed_in(scope: Scope, path: str) -> Q:
    """Submitted in the period and not withdrawn."""
    standing = Q(**{f"{path}state": SubmissionState.SUBMITTED})
    return _of_the_body(scope) & standing & scope.within(f"{path}submitted_at")


ABOUT = ("report__commitment", "report__organisation", "report__round")


def _submissions(scope: Scope) -> Iterator[Found]:
    for row in Submission.objects.filter(_handed_in(scope, "")).select_related(*ABOUT):
        day, report = local_day(row.submitted_at), row.report
        title = f"{capfirst(pgettext('on a commitment', 'report'))} {of_report(report)} ({day_text(day)})"
        yield found(row, title, day, report.organisation_id, label_of_report(report))


def _evidence(scope: Scope) -> Iterator[Found]:
    rows = ReportEvidence.objects.filter(_handed_in(scope, "submission__"))
    for row in rows.select_related("submission", "file", *ABOUT):
        if row.submission:
            name = str(row) or (row.file.name if row.file else str(row.get_kind_display()))
            title = f"{_('Evidence')} {of_report(row.report)}: {name}"
            day, owner = local_day(row.submission.submitted_at), row.report.organisation_id
            yield found(row, title, day, owner, label_of_report(row.report))


def _judgements(scope: Scope) -> Iterator[Found]:
    for row in Judgement.objects.filter(_of_the_body(scope), scope.within("at")).select_related(*ABOUT):
        title = _("Answer to the report %(report)s") % {"report": of_report(row.report)}
        title += f": {row.get_verdict_display()}"
        owner = row.report.organisation_id
        yield found(row, title, local_day(row.at), scope.host, label_of_report(row.report), {owner})


def _scorecards(scope: Scope) -> Iterator[Found]:
    """Whole ones belong to no single commitment."""
    if scope.request.commitment_id:
        return
    rows = FrozenScorecard.objects.filter(scope.within("frozen_at"), body=scope.request.body_id)
    for row in rows.select_related("body"):
        title = f"{_('Scorecard')} {row.quarter.label} ({row.get_stage_display()})"
        # Each carrier's figures stand in it; none is asked about the others', which it must not know of.
        yield found(row, title, local_day(row.frozen_at), scope.host, Label.AMBER_STRICT)


OF_REPORTS = (_submissions, _evidence, _judgements, _scorecards)
