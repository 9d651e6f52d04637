"""From a pillar to the evidence and back: what hangs on a commitment, and where an action item comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Prefetch, QuerySet

from council.access.policy import allowed
from council.access.readers import known_people
from council.access.roles import Standing
from council.access.visibility import visible_to
from council.actions.models import (
    ActionComment,
    ActionItem,
    Escalation,
    Evidence,
    ExtensionRequest,
    ProgressUpdate,
    Verification,
)
from council.actions.queries import ordinals
from council.actions.states import OWED, ExtensionState, UpdateState
from council.core.calendar import BusinessCalendar, local_day
from council.declaration.models import (
    Commitment,
    CommitmentOwner,
    Incident,
    Indicator,
    Milestone,
    Pillar,
    pillar_order,
)
from council.meetings.models import AgendaItem
from council.overview.desk import Task, shown_actions, task
from council.overview.reporting import ReportTask, report_task, reports_on

# Those of three carriers in a year.
LAST_REPORTS = 12


@dataclass(frozen=True, slots=True)
class CommitmentThread:
    """A commitment with what of it the reader sees."""

    commitment: Commitment
    parts: Sequence[CommitmentOwner]
    tasks: Sequence[Task]
    agenda_items: Sequence[AgendaItem]
    indicators: Sequence[Indicator]
    milestones: Sequence[Milestone]
    tracked_through: Sequence[Commitment]
    incidents: Sequence[Incident]
    # Of the last quarters, the newest first.
    reports: Sequence[ReportTask]


@dataclass(frozen=True, slots=True)
class Event:
    """One line of an item's history: what was handed in, the ministry's answer, a request for time, a comment.

    A request for time is told twice: when it was ``asked``, and when it was ``answered`` or withdrawn.
    """

    at: datetime
    update: ProgressUpdate | None = None
    verification: Verification | None = None
    asked: ExtensionRequest | None = None
    answered: ExtensionRequest | None = None
    comment: ActionComment | None = None
    # It climbed; told again, as ``stopped``, when that was stopped.
    climbed: Escalation | None = None
    stopped: Escalation | None = None
    # Of one that climbed: whether that still stands.
    stands: bool = False


@dataclass(frozen=True, slots=True)
class ActionThread:
    """``events`` come newest first."""

    task: Task
    events: Sequence[Event]
    draft: ProgressUpdate | None
    # Of the people it names, those whom the reader may know by name.
    known: Set[int]
    # Reports that the reader's organisation may still take back.
    withdrawable: Set[int]

    @property
    def _reports(self) -> Iterator[ProgressUpdate]:
        updates = (event.update for event in self.events if event.update)
        return (update for update in updates if update.state == UpdateState.SUBMITTED)

    @property
    def progress(self) -> int | None:
        """The percentage last handed in, among the reports the reader sees."""
        return next((update.percent for update in self._reports), None)

    @property
    def has_reports(self) -> bool:
        return any(self._reports)

    @property
    def extensions(self) -> list[ExtensionRequest]:
        """Each request for time that the reader sees, the newest first."""
        return [event.asked for event in self.events if event.asked]

    @property
    def open_extension(self) -> ExtensionRequest | None:
        """The request that waits for the ministry's answer."""
        return next((one for one in self.extensions if one.state == ExtensionState.REQUESTED), None)

    @property
    def climbing(self) -> Escalation | None:
        """The step of its escalation that it came to last, if it still stands."""
        return next((event.climbed for event in self.events if event.stands), None)

    @property
    def ordinals(self) -> dict[int, int]:
        """Which extension each granted request is, by its number."""
        return ordinals(self.extensions)


def commitments_by_pillar(who: Standing) -> list[tuple[Pillar | None, list[Commitment]]]:
    """Every commitment the reader sees, by pillar in its order; those without one last."""
    rows = sorted(shown_commitments(who), key=lambda c: (pillar_order(c.pillar), c.code))
    return [(pillar, list(group)) for pillar, group in groupby(rows, key=lambda c: c.pillar)]


def shown_commitments(who: Standing) -> QuerySet[Commitment]:
    """With what a list of them shows."""
    return (
        visible_to(who, Commitment.objects.all())
        .select_related("pillar", "second_pillar", "declaration")
        .prefetch_related(Prefetch("parts", CommitmentOwner.objects.select_related("organisation")))
    )


def commitment_thread(who: Standing, commitment: Commitment, *, now: datetime) -> CommitmentThread:
    """What hangs on a commitment, for one reader."""
    today, calendar = local_day(now), BusinessCalendar.load()
    actions = shown_actions(who, ActionItem.objects.filter(commitment=commitment))
    items = visible_to(who, AgendaItem.objects.filter(commitment=commitment)).select_related("meeting__body")
    return CommitmentThread(
        commitment=commitment,
        parts=list(commitment.parts.select_related("organisation")),
        tasks=[task(action, today, calendar) for action in actions],
        agenda_items=list(items),
        indicators=list(visible_to(who, Indicator.objects.filter(commitment=commitment))),
        milestones=list(visible_to(who, Milestone.objects.filter(commitment=commitment))),
        tracked_through=list(visible_to(who, commitment.tracked_through.all())),
        incidents=list(visible_to(who, commitment.incidents.all())),
        reports=[report_task(who, report, today, calendar) for report in reports_on(who, commitment)[:LAST_REPORTS]],
    )


def action_thread(who: Standing, action: ActionItem, *, now: datetime) -> ActionThread:
    """An item's history for one reader: what was handed in and answered, and the reader's own draft."""
    evidence = Prefetch("evidence", visible_to(who, Evidence.objects.select_related("file")))
    updates = visible_to(who, ProgressUpdate.objects.filter(action=action)).select_related("by__person", "organisation")
    verifications = visible_to(who, Verification.objects.filter(action=action)).select_related(
        "by__person__organisation"
    )
    events = [Event(v.at, verification=v) for v in verifications]
    draft = None
    for update in updates.prefetch_related(evidence):
        update.action = action
        if update.state == UpdateState.DRAFT:
            draft = update
        elif update.submitted_at:
            events.append(Event(update.submitted_at, update=update))
    events += _said(who, action)
    events += _climbed(who, action)
    judged_at = max((event.at for event in events if event.verification), default=None)
    return ActionThread(
        task=task(action, local_day(now), BusinessCalendar.load()),
        events=sorted(events, key=lambda event: event.at, reverse=True),
        draft=draft,
        known=known_people(who, [action.assignee_id, *map(_by, events)]),
        withdrawable={
            event.update.pk
            for event in events
            if event.update
            and event.update.state == UpdateState.SUBMITTED
            and action.state in OWED
            and (judged_at is None or event.at > judged_at)
            and allowed(who, "withdraw", event.update)
        },
    )


def _said(who: Standing, action: ActionItem) -> Iterator[Event]:
    """What owner and ministry said to each other beside reports and verdicts."""
    comments = visible_to(who, ActionComment.objects.filter(action=action))
    for comment in comments.select_related("by__person", "organisation"):
        yield Event(comment.at, comment=comment)
    requests = visible_to(who, ExtensionRequest.objects.filter(action=action))
    for request in requests.select_related("by__person", "answered_by__person__organisation"):
        yield Event(request.asked_at, asked=request)
        if request.answered_at:
            yield Event(request.answered_at, answered=request)


def _climbed(who: Standing, action: ActionItem) -> Iterator[Event]:
    rows: Any = visible_to(who, Escalation.objects.filter(action=action)).with_running()
    for row in rows.select_related("stopped_by__person__organisation"):
        yield Event(row.raised_at, climbed=row, stands=row.runs)
        if row.stopped_at:
            yield Event(row.stopped_at, stopped=row)


def _by(event: Event) -> int | None:
    """Whose doing it was on the owner's side; the ministry's people are known to everybody."""
    said = event.update or event.comment or event.asked or event.answered
    return said.by.person_id if said else None
