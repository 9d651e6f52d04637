"""One promise, decision or action item with all it comes from and leads to: from its pillar to its evidence.

A row belongs to the commitment it names; naming none, to that of what it comes from, as far as the reader sees that.
What comes from something the reader does not see stands where what comes from nothing else does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q

from council.access.reach import NOTHING
from council.access.roles import Standing
from council.access.visibility import visible_to
from council.actions.models import ActionItem, AgendaLink, Evidence, ProgressUpdate, Verification
from council.actions.states import ActionState, UpdateState
from council.core.calendar import BusinessCalendar, local_day
from council.declaration.models import Commitment, CommitmentOwner, Incident, Milestone, Pillar
from council.meetings.models import AgendaItem
from council.minutes.models import Decision
from council.overview.desk import Task, task
from council.overview.reporting import ReportTask, report_task, reports_on
from council.overview.thread import Event
from council.parties.models import Organisation
from council.reports.states import UNSENT

type Start = Commitment | Decision | ActionItem


@dataclass(frozen=True, slots=True)
class ActionStep:
    """An item with what was handed in on it and answered, oldest first, and the agendas it stood on."""

    task: Task
    events: Sequence[Event]
    agendas: Sequence[AgendaItem]

    @property
    def action(self) -> ActionItem:
        return self.task.action

    @property
    def updates(self) -> list[ProgressUpdate]:
        return [event.update for event in self.events if event.update]

    @property
    def progress(self) -> int | None:
        """The percentage last handed in, among the reports the reader sees."""
        return self.updates[-1].percent if self.updates else None


@dataclass(frozen=True, slots=True)
class DecisionStep:
    decision: Decision
    replaces: Sequence[Decision]
    replaced_by: Decision | None
    raised_to: AgendaItem | None
    actions: Sequence[ActionStep]


@dataclass(frozen=True, slots=True)
class ItemStep:
    """An agenda item with what was decided on it."""

    item: AgendaItem
    carried_from: AgendaItem | None
    raised_from: AgendaItem | None
    decisions: Sequence[DecisionStep]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """``decisions`` and ``actions`` are those that stand under no agenda item and no decision."""

    start: Start
    # Whose eyes it was put together for.
    reader: Organisation | None
    pillars: Sequence[Pillar]
    commitment: Commitment | None
    parts: Sequence[CommitmentOwner]
    incidents: Sequence[Incident]
    milestones: Sequence[Milestone]
    tracked_through: Sequence[Commitment]
    items: Sequence[ItemStep]
    decisions: Sequence[DecisionStep]
    actions: Sequence[ActionStep]
    # Of a commitment that the sheet starts from: what was handed in or missed, the newest quarter first.
    reports: Sequence[ReportTask]

    @property
    def all_decisions(self) -> Iterator[DecisionStep]:
        for item in self.items:
            yield from item.decisions
        yield from self.decisions

    @property
    def all_actions(self) -> Iterator[ActionStep]:
        for decision in self.all_decisions:
            yield from decision.actions
        yield from self.actions

    @property
    def counts(self) -> Mapping[str, int]:
        """Of what is on the sheet, and of nothing else."""
        tasks = [step.task for step in self.all_actions]
        return {
            "items": len(self.items),
            "decisions": sum(1 for _ in self.all_decisions),
            "actions": len(tasks),
            "verified": sum(one.action.state == ActionState.VERIFIED for one in tasks),
            "overdue": sum(one.overdue for one in tasks),
            "reports": len(self.reports),
        }


def trace_of(who: Standing, start: Start, *, now: datetime) -> Trace:
    """What somebody sees before and behind a row that they see. Drafts and withdrawn reports are no part of it."""
    about_item, about_decision, about_action = _about(who, start)
    actions = _actions(who, about_action)
    decisions = _decisions(who, about_decision | Q(pk__in=_keys(action.decision_id for action in actions)))
    items = _items(who, about_item | Q(pk__in=_keys(decision.agenda_item_id for decision in decisions)))
    commitment = _commitment(who, start, actions, decisions, items)
    steps = _Steps(who, now, actions, decisions, items)
    return Trace(
        start=start,
        reader=visible_to(who, Organisation.objects.filter(pk=who.organisation_id or 0)).first(),
        pillars=_pillars(who, commitment, [*actions, *items]),
        commitment=commitment,
        parts=list(
            visible_to(who, CommitmentOwner.objects.filter(commitment=commitment)).select_related("organisation")
        ),
        incidents=list(visible_to(who, Incident.objects.filter(commitments=commitment)) if commitment else []),
        milestones=list(visible_to(who, Milestone.objects.filter(commitment=commitment))),
        tracked_through=list(visible_to(who, commitment.tracked_through.all()) if commitment else []),
        items=[steps.of_item(item) for item in items],
        decisions=[steps.of_decision(one) for one in decisions if one.agenda_item_id not in steps.items],
        actions=[steps.of_action(one) for one in actions if one.decision_id not in steps.decisions],
        reports=steps.of_reports_on(start) if isinstance(start, Commitment) else [],
    )


def _about(who: Standing, start: Start) -> tuple[Q, Q, Q]:
    """Which agenda items, decisions and action items belong to the row by themselves, not as a way to it."""
    match start:
        case ActionItem():
            return NOTHING, NOTHING, Q(pk=start.pk)
        case Decision():
            return NOTHING, Q(pk=start.pk), Q(decision=start)
    item = Q(commitment=start)
    items = visible_to(who, AgendaItem.objects.filter(item)).values("pk")
    decision = Q(commitment=start) | Q(commitment=None, agenda_item__in=items)
    decisions = visible_to(who, Decision.objects.filter(decision)).values("pk")
    return item, decision, Q(commitment=start) | Q(commitment=None, decision__in=decisions)


def _keys(named: Iterable[int | None]) -> set[int]:
    return {pk for pk in named if pk is not None}


def _actions(who: Standing, which: Q) -> list[ActionItem]:
    evidence = visible_to(who, Evidence.objects.select_related("file"))
    updates = visible_to(who, ProgressUpdate.objects.filter(state=UpdateState.SUBMITTED)).select_related("organisation")
    answers = visible_to(who, Verification.objects.select_related("by__person__organisation"))
    links = visible_to(who, AgendaLink.objects.select_related("agenda_item__meeting__body"))
    rows = visible_to(who, ActionItem.objects.filter(which)).for_display()
    return list(
        rows.select_related("decision")
        .prefetch_related(
            Prefetch("updates", updates.prefetch_related(Prefetch("evidence", evidence)).order_by("pk")),
            Prefetch("verifications", answers.order_by("pk")),
            Prefetch("agenda_links", links.order_by("agenda_item__meeting__starts_at", "pk")),
        )
        .order_by("owner", "number")
    )


def _decisions(who: Standing, which: Q) -> list[Decision]:
    """The agenda item comes along unasked: it says how far its decision reaches, and is not shown."""
    rows = visible_to(who, Decision.objects.filter(which))
    return list(
        rows.select_related("body", "by_whom", "revision", "withdrawn_in", "agenda_item__meeting").order_by("pk")
    )


def _items(who: Standing, which: Q) -> list[AgendaItem]:
    rows = visible_to(who, AgendaItem.objects.filter(which))
    return list(rows.select_related("meeting__body", "owner").order_by("meeting__starts_at", "position", "pk"))


def _commitment(
    who: Standing,
    start: Start,
    actions: Sequence[ActionItem],
    decisions: Sequence[Decision],
    items: Sequence[AgendaItem],
) -> Commitment | None:
    """The one that the row belongs to."""
    if isinstance(start, Commitment):
        named: list[int | None] = [start.pk]
    else:
        own = actions if isinstance(start, ActionItem) else []
        named = [action.commitment_id for action in own]
        named += [*(one.commitment_id for one in decisions), *(one.commitment_id for one in items)]
    key = next(filter(None, named), 0)
    return visible_to(who, Commitment.objects.filter(pk=key)).first()


def _pillars(who: Standing, commitment: Commitment | None, rows: Sequence[ActionItem | AgendaItem]) -> Sequence[Pillar]:
    """Its own first, then the other one it also concerns."""
    named = [commitment.pillar_id, commitment.second_pillar_id] if commitment else [row.pillar_id for row in rows]
    pillars = visible_to(who, Pillar.objects.filter(pk__in=_keys(named)))
    return sorted(pillars, key=lambda pillar: named.index(pillar.pk))


class _Steps:
    """Puts what was found under what it comes from."""

    def __init__(
        self,
        who: Standing,
        now: datetime,
        actions: Sequence[ActionItem],
        decisions: Sequence[Decision],
        items: Sequence[AgendaItem],
    ) -> None:
        self.who, self.today, self.calendar = who, local_day(now), BusinessCalendar.load()
        self.actions, self.items = actions, {item.pk for item in items}
        self.decisions = {decision.pk: decision for decision in decisions}
        near = [key for item in items for key in (item.carried_from_id, item.raised_from_id)]
        near += [decision.raised_to_id for decision in decisions]
        linked = visible_to(who, AgendaItem.objects.filter(pk__in=_keys(near))).select_related("meeting__body")
        self.near = {item.pk: item for item in linked}
        replacing = _keys(decision.superseded_by_id for decision in decisions)
        around = _decisions(who, Q(pk__in=replacing) | Q(superseded_by__in=[*self.decisions]))
        self.around = {decision.pk: decision for decision in around}

    def of_item(self, item: AgendaItem) -> ItemStep:
        return ItemStep(
            item=item,
            carried_from=self.near.get(item.carried_from_id or 0),
            raised_from=self.near.get(item.raised_from_id or 0),
            decisions=[self.of_decision(one) for one in self.decisions.values() if one.agenda_item_id == item.pk],
        )

    def of_decision(self, decision: Decision) -> DecisionStep:
        return DecisionStep(
            decision=decision,
            replaces=[one for one in self.around.values() if one.superseded_by_id == decision.pk],
            replaced_by=self.around.get(decision.superseded_by_id or 0),
            raised_to=self.near.get(decision.raised_to_id or 0),
            actions=[self.of_action(one) for one in self.actions if one.decision_id == decision.pk],
        )

    def of_reports_on(self, commitment: Commitment) -> list[ReportTask]:
        rows = reports_on(self.who, commitment).exclude(state__in=UNSENT)
        return [report_task(self.who, report, self.today, self.calendar) for report in rows]

    def of_action(self, action: ActionItem) -> ActionStep:
        events = [Event(one.submitted_at, update=one) for one in action.updates.all() if one.submitted_at]
        events += [Event(answer.at, verification=answer) for answer in action.verifications.all()]
        return ActionStep(
            task=task(action, self.today, self.calendar),
            events=sorted(events, key=lambda event: event.at),
            agendas=[link.agenda_item for link in action.agenda_links.all()],
        )
