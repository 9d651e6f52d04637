"""The reports of a quarter for one reader: what is owed, one report with its history, and who has reported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

from django.db.models import Prefetch, Q, QuerySet

from council.access.readers import known_people
from council.access.roles import Standing
from council.access.visibility import visible_to
from council.actions.models import ProgressUpdate
from council.core.calendar import BusinessCalendar, local_day
from council.declaration.models import Commitment, Indicator, IndicatorTarget, Pillar, pillar_order
from council.declaration.queries import Targets, targets_for
from council.parties.models import Organisation
from council.reports.models import (
    Judgement,
    Measurement,
    Report,
    ReportDraft,
    ReportEvidence,
    ReportingRound,
    Submission,
)
from council.reports.queries import previous_report, start_text
from council.reports.states import OWED, ReportState, RoundState


def shown_state(who: Standing, report: Report) -> ReportState:
    """Its state as a reader may know it: that somebody has begun to write is their own organisation's to know."""
    own = report.organisation_id == who.organisation_id and who.through is None
    return ReportState(report.state) if own else report.told_state


@dataclass(frozen=True, slots=True)
class ReportTask:
    """A report as of a day. ``days_left`` counts business days; negative: past."""

    report: Report
    state: ReportState
    days_left: int
    overdue: bool
    # One of the two between whom it goes: others are not told when it came, nor that it was corrected.
    concerned: bool

    @property
    def is_owed(self) -> bool:
        return self.state in OWED


def report_task(who: Standing, report: Report, today: date, calendar: BusinessCalendar) -> ReportTask:
    return ReportTask(
        report=report,
        state=shown_state(who, report),
        days_left=calendar.business_days_until(today, report.last_day),
        overdue=report.is_overdue(today),
        concerned=report.organisation_id == who.organisation_id or who.runs(report.round.body_id),
    )


def shown_reports(who: Standing, reports: QuerySet[Report]) -> QuerySet[Report]:
    """What somebody sees of these, with what a list of them shows."""
    seen = visible_to(who, reports).select_related("round__body", "commitment__pillar", "organisation")
    return seen.prefetch_related(Prefetch("judgements", visible_to(who, Judgement.objects.all())))


def reports_on(who: Standing, commitment: Commitment) -> QuerySet[Report]:
    """What somebody sees of the reports on a commitment, the newest quarter first."""
    rows = shown_reports(who, Report.objects.filter(commitment=commitment))
    return rows.order_by("-round__covers", "organisation__code", "pk")


def own_reports(who: Standing, *, today: date, calendar: BusinessCalendar) -> list[ReportTask]:
    """What one's own organisation still owes, the most urgent first."""
    may_still = Q(round__state=RoundState.OPEN) | Q(reopened_until__gte=today)
    rows = shown_reports(who, Report.objects.owed().filter(may_still, organisation=who.organisation_id))
    return [report_task(who, row, today, calendar) for row in rows.order_by("due_on", "commitment__code")]


def reports_to_judge(who: Standing, *, today: date, calendar: BusinessCalendar) -> list[ReportTask]:
    """What waits for an answer of whoever runs the body or was asked to judge; of nobody else."""
    mine = Q(round__body__in=who.secretariat_of) | Q(commitment__reviewers=who.person_id)
    rows = shown_reports(who, Report.objects.filter(mine, state=ReportState.SUBMITTED)).distinct()
    return [report_task(who, row, today, calendar) for row in rows.order_by("submitted_at", "pk")]


# --- A round ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GridRow:
    """A commitment with what each organisation of the grid's columns reports on it; None where nothing is owed."""

    commitment: Commitment
    cells: Sequence[ReportTask | None]


@dataclass(frozen=True, slots=True)
class Missing:
    """An organisation that owes reports in a round, and which."""

    organisation: Organisation
    tasks: Sequence[ReportTask]


@dataclass(frozen=True, slots=True)
class Grid:
    """A round for one reader: commitments by pillar against organisations, and what is still lacking."""

    columns: Sequence[Organisation]
    by_pillar: Sequence[tuple[Pillar | None, Sequence[GridRow]]]
    missing: Sequence[Missing]
    counts: Mapping[ReportState, int]
    late: int

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def handed_in(self) -> int:
        """Accepted, or waiting for the ministry."""
        return self.counts[ReportState.ACCEPTED] + self.counts[ReportState.SUBMITTED]


def round_grid(who: Standing, reporting_round: ReportingRound, *, now: datetime) -> Grid:
    """What of a round a reader sees; a carrier its own column."""
    today, calendar = local_day(now), BusinessCalendar.load()
    rows = shown_reports(who, Report.objects.filter(round=reporting_round))
    tasks = [report_task(who, report, today, calendar) for report in rows.order_by("commitment__code")]
    carrier = Organisation.Kind.CARRIER
    columns = sorted({task.report.organisation for task in tasks}, key=lambda one: (one.kind != carrier, one.pk))
    lines = sorted(_rows(tasks, columns), key=lambda row: (pillar_order(row.commitment.pillar), row.commitment.code))
    owed = [task for task in tasks if task.is_owed]
    lacking = [Missing(one, [task for task in owed if task.report.organisation_id == one.pk]) for one in columns]
    return Grid(
        columns=columns,
        by_pillar=[(pillar, list(group)) for pillar, group in groupby(lines, key=lambda row: row.commitment.pillar)],
        missing=[one for one in lacking if one.tasks],
        counts={state: sum(task.state == state for task in tasks) for state in ReportState},
        late=sum(task.report.is_late for task in tasks if task.concerned),
    )


def _rows(tasks: Iterable[ReportTask], columns: Sequence[Organisation]) -> Iterator[GridRow]:
    for commitment, group in groupby(tasks, key=lambda task: task.report.commitment):
        found = {task.report.organisation_id: task for task in group}
        yield GridRow(commitment, [found.get(organisation.pk) for organisation in columns])


# --- One report -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """An indicator with where its organisation started, is and wants to be, and where it was the time before."""

    indicator: Indicator
    counts: Targets
    actual: Decimal | None
    before: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        return None if self.actual is None or self.before is None else self.actual - self.before


@dataclass(frozen=True, slots=True)
class ReportEvent:
    """One line of a report's history: what was handed in, withdrawn, or answered."""

    at: datetime
    submission: Submission | None = None
    withdrawn: Submission | None = None
    judgement: Judgement | None = None


@dataclass(frozen=True, slots=True)
class ReportPage:
    """``events`` come newest first; ``previous`` is what was accepted the time before."""

    task: ReportTask
    lines: Sequence[IndicatorLine]
    events: Sequence[ReportEvent]
    evidence: Sequence[ReportEvidence]
    draft: ReportDraft | None
    draft_evidence: Sequence[ReportEvidence]
    previous: Report | None
    known: frozenset[int]

    @property
    def standing(self) -> Submission | None:
        """What was handed in last and not withdrawn."""
        handed_in = (event.submission for event in self.events if event.submission)
        return next((one for one in handed_in if one.withdrawn_at is None), None)


def report_page(who: Standing, report: Report, *, now: datetime) -> ReportPage:
    """A report with what of it the reader sees."""
    evidence = list(visible_to(who, ReportEvidence.objects.filter(report=report)).select_related("file"))
    events = sorted(_events(who, report), key=lambda event: event.at, reverse=True)
    previous = previous_report(report)
    return ReportPage(
        task=report_task(who, report, local_day(now), BusinessCalendar.load()),
        lines=_lines(who, report, previous),
        events=events,
        evidence=[piece for piece in evidence if piece.submission_id is not None],
        draft=visible_to(who, ReportDraft.objects.filter(report=report)).first(),
        draft_evidence=[piece for piece in evidence if piece.submission_id is None],
        previous=visible_to(who, Report.objects.filter(pk=previous.pk)).first() if previous else None,
        known=frozenset(known_people(who, [event.submission.by.person_id for event in events if event.submission])),
    )


def _lines(who: Standing, report: Report, previous: Report | None) -> list[IndicatorLine]:
    targets = visible_to(who, IndicatorTarget.objects.all())
    indicators = visible_to(who, Indicator.objects.filter(commitment=report.commitment_id))
    measured = visible_to(who, Measurement.objects.filter(report__in=[report, *([previous] if previous else [])]))
    values = {(one.report_id, one.indicator_id): one.value for one in measured}
    return [
        IndicatorLine(
            indicator=indicator,
            counts=targets_for(indicator, report.organisation),
            actual=values.get((report.pk, indicator.pk)),
            before=values.get((previous.pk, indicator.pk)) if previous else None,
        )
        for indicator in indicators.order_by("pk").prefetch_related(Prefetch("targets", targets))
    ]


def _events(who: Standing, report: Report) -> Iterator[ReportEvent]:
    submissions = visible_to(who, Submission.objects.filter(report=report))
    for submission in submissions.select_related("by__person__organisation"):
        yield ReportEvent(submission.submitted_at, submission=submission)
        if submission.withdrawn_at:
            yield ReportEvent(submission.withdrawn_at, withdrawn=submission)
    judgements = visible_to(who, Judgement.objects.filter(report=report))
    for judgement in judgements.select_related("by__person__organisation", "submission"):
        yield ReportEvent(judgement.at, judgement=judgement)


def first_words(who: Standing, report: Report) -> str:
    """What a new draft starts with: last time's text, and what was handed in on action items since."""
    return start_text(report, visible_to(who, ProgressUpdate.objects.all()))
