"""A reader's first page: what is expected of them, by when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import F, Max, Q, QuerySet

from council.access.roles import FOR_THE_OWNER, Standing
from council.access.visibility import visible_to
from council.actions.models import ActionItem, ActionItemQuerySet, ProgressUpdate
from council.actions.states import OWED, SETTLED, ActionState
from council.clearance.models import Clearance
from council.core.calendar import BusinessCalendar, local_day
from council.declaration.models import Pillar, pillar_order
from council.meetings.models import Deadline, DeadlineKind, Meeting
from council.meetings.states import BEGUN, PLANNED
from council.minutes.models import Confirmation, Opinion, RecordsOpinion
from council.minutes.states import MinutesState, PublicationState, RecordsState
from council.overview.preparing import asked_of, to_clear
from council.overview.reporting import ReportTask, own_reports
from council.release.models import ReleaseRequest
from council.release.states import ReleaseState
from council.reports.models import Contribution


@dataclass(frozen=True, slots=True)
class Task:
    """An action item with what its date means today. ``days_left`` counts business days; negative: past."""

    action: ActionItem
    days_left: int
    overdue: bool


@dataclass(frozen=True, slots=True)
class DueStep:
    """A deadline of a meeting, with the business days left."""

    deadline: Deadline
    days_left: int


@dataclass(frozen=True, slots=True)
class Desk:
    by_pillar: Sequence[tuple[Pillar | None, Sequence[Task]]]
    owed: int
    overdue: int
    waiting: int
    done: int
    next_meetings: Sequence[Meeting]
    steps: Sequence[DueStep]
    releases: Sequence[ReleaseRequest]
    # Minutes that the reader's organisation is asked to confirm.
    minutes: Sequence[Confirmation]
    # Publications on which it is asked.
    opinions: Sequence[Opinion]
    # Records requests on which it is asked.
    records: Sequence[RecordsOpinion]
    # What the reader is asked to contribute, inside their organisation.
    parts: Sequence[Contribution]
    # What waits for their own clearance.
    clearances: Sequence[Clearance]
    # Reports that its organisation owes, the most urgent first.
    reports: Sequence[ReportTask]


def desk(who: Standing, *, now: datetime) -> Desk:
    """Everything on a reader's desk at a moment: the items of their own organisation, and what is ahead."""
    today, calendar = local_day(now), BusinessCalendar.load()
    current = shown_actions(who, ActionItem.objects.filter(owner=who.organisation_id).exclude(state__in=SETTLED))
    done = visible_to(who, ActionItem.objects.filter(owner=who.organisation_id, state=ActionState.VERIFIED))
    tasks = [task(action, today, calendar) for action in current.order_by("due_on", "number")]
    return Desk(
        by_pillar=by_pillar(tasks),
        owed=sum(t.action.state in OWED for t in tasks),
        overdue=sum(t.overdue for t in tasks),
        waiting=sum(t.action.state == ActionState.SUBMITTED for t in tasks),
        done=done.count(),
        next_meetings=next_meetings(who, now=now),
        steps=next_steps(who, now=now, calendar=calendar),
        releases=list(_releases_to_answer(who)),
        minutes=list(_minutes_to_confirm(who, now=now)),
        opinions=list(_opinions_to_give(who, now=now)),
        records=list(_records_to_answer_on(who, now=now)),
        reports=own_reports(who, today=today, calendar=calendar),
        parts=asked_of(who),
        clearances=to_clear(who),
    )


def shown_actions(who: Standing, actions: ActionItemQuerySet) -> ActionItemQuerySet:
    """What somebody sees of these, with what a list of them shows."""
    reports = visible_to(who, ProgressUpdate.objects.all())
    return visible_to(who, actions).for_display().with_progress(reports)


def _releases_to_answer(who: Standing) -> QuerySet[ReleaseRequest]:
    """What the ministry asks the reader's organisation to release."""
    return visible_to(who, ReleaseRequest.objects.filter(state=ReleaseState.ASKED, organisation=who.organisation_id))


def _minutes_to_confirm(who: Standing, *, now: datetime) -> QuerySet[Confirmation]:
    """Versions of minutes to which the reader's organisation has not answered and still can."""
    asked = visible_to(who, Confirmation.objects.awaited().filter(organisation=who.organisation_id))
    open_now = asked.filter(
        revision__comments_until__gte=now,
        revision__minutes__state=MinutesState.CIRCULATED,
        revision__minutes__meeting__body__in=who.bodies(FOR_THE_OWNER),
    )
    shown = "revision__minutes__revisions"
    last = Max(f"{shown}__number", filter=Q(**{f"{shown}__circulated_at__isnull": False}))
    newest = open_now.annotate(last=last).filter(revision__number=F("last"))
    return newest.select_related("revision__minutes__meeting__body").order_by("revision__comments_until")


def _opinions_to_give(who: Standing, *, now: datetime) -> QuerySet[Opinion]:
    """On what the reader's organisation was asked before it is published, and can still answer."""
    asked = visible_to(who, Opinion.objects.awaited().filter(organisation=who.organisation_id))
    open_now = asked.filter(
        publication__opinions_until__gte=now,
        publication__state=PublicationState.ASKED,
        publication__revision__minutes__meeting__body__in=who.bodies(FOR_THE_OWNER),
    )
    return open_now.select_related("publication__revision__minutes__meeting__body").order_by(
        "publication__opinions_until"
    )


def _records_to_answer_on(who: Standing, *, now: datetime) -> QuerySet[RecordsOpinion]:
    """On what of its own the reader's organisation was asked before it is handed over, and can still answer."""
    asked = visible_to(who, RecordsOpinion.objects.awaited().filter(organisation=who.organisation_id))
    open_now = asked.filter(request__opinions_until__gte=now, request__state=RecordsState.ASKED)
    return open_now.select_related("request__body").order_by("request__opinions_until")


def task(action: ActionItem, today: date, calendar: BusinessCalendar) -> Task:
    """An item as of a day."""
    return Task(action, calendar.business_days_until(today, action.due_on), action.is_overdue(today))


def by_pillar(tasks: Iterable[Task]) -> list[tuple[Pillar | None, list[Task]]]:
    """Grouped by pillar in its order, what has none last; within one, the order it came in."""
    groups = groupby(
        sorted(tasks, key=lambda item: pillar_order(item.action.own_pillar)), key=lambda item: item.action.own_pillar
    )
    return [(pillar, list(group)) for pillar, group in groups]


def next_meetings(who: Standing, *, now: datetime) -> Sequence[Meeting]:
    """The next meeting of each body the reader sees."""
    ahead = visible_to(who, Meeting.objects.planned().filter(starts_at__gte=now)).select_related("body")
    first: dict[int, Meeting] = {}
    for meeting in ahead.order_by("starts_at"):
        first.setdefault(meeting.body_id, meeting)
    return list(first.values())


def next_steps(who: Standing, *, now: datetime, calendar: BusinessCalendar, limit: int = 8) -> Sequence[DueStep]:
    """The deadlines ahead, the nearest first; once a meeting has begun, those that follow it."""
    still = Q(meeting__state__in=PLANNED) | Q(meeting__state__in=BEGUN, kind__in=DeadlineKind.following())
    ahead = visible_to(who, Deadline.objects.filter(still, due_at__gte=now, waived_because=""))
    return due_steps(ahead.select_related("meeting__body").order_by("due_at")[:limit], local_day(now), calendar)


def due_steps(deadlines: Iterable[Deadline], today: date, calendar: BusinessCalendar) -> list[DueStep]:
    """Deadlines as of a day."""
    return [DueStep(step, calendar.business_days_until(today, local_day(step.due_at))) for step in deadlines]
