"""From a pillar to the evidence and back: what hangs on a commitment, and where an action item comes from."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Prefetch, QuerySet

from council.access.readers import known_people
from council.access.roles import Standing
from council.access.visibility import visible_to
from council.actions.models import ActionItem, Evidence, ProgressUpdate, Verification
from council.actions.states import UpdateState
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


@dataclass(frozen=True, slots=True)
class Event:
    """One line of an item's history, newest first: an update that was handed in, or the ministry's answer."""

    at: datetime
    update: ProgressUpdate | None = None
    verification: Verification | None = None


@dataclass(frozen=True, slots=True)
class ActionThread:
    task: Task
    events: Sequence[Event]
    draft: ProgressUpdate | None
    # Of the people it names, those whom the reader may know by name.
    known: Set[int]

    @property
    def progress(self) -> int | None:
        """The percentage last handed in, among the reports the reader sees."""
        reports = (event.update for event in self.events if event.update)
        return next((update.percent for update in reports if update.state == UpdateState.SUBMITTED), None)


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
        if update.state == UpdateState.DRAFT:
            draft = update
        elif update.submitted_at:
            events.append(Event(update.submitted_at, update=update))
    return ActionThread(
        task=task(action, local_day(now), BusinessCalendar.load()),
        events=sorted(events, key=lambda event: event.at, reverse=True),
        draft=draft,
        known=known_people(who, [action.assignee_id, *(event.update.by.person_id for event in events if event.update)]),
    )
