"""Items that hang climb by the rules of their body; those that reached the council stand on its next agenda."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from council.actions.models import ActionItem, AgendaLink, Escalation, EscalationRule
from council.actions.operations.escalation import climb, stop_escalation
from council.core import audit
from council.core.actor import Actor
from council.core.errors import NotAllowedNow
from council.meetings.models import AgendaItem, Meeting, StandingItem
from council.meetings.operations.agenda import open_agenda
from council.meetings.states import PLANNED, AgendaItemState

CLIMBER = Actor.system("escalate_overdue")


def escalate_overdue(*, now: datetime) -> int:
    """Take every step that is due, and let the agendas follow; how many were taken. Run again, it adds nothing."""
    steps = climb(by=CLIMBER, now=now)
    refer(by=CLIMBER, now=now)
    return steps


def stop_climbing(action: ActionItem, *, by: Actor, now: datetime, reason: str) -> None:
    """Stop an item's escalation, with a reason, and take it off the agenda it was put on."""
    with transaction.atomic():
        stop_escalation(action, by=by, now=now, reason=reason)
        for link in _escalated(now).filter(action=action):
            _take_back(link, by)


def refer(*, by: Actor, now: datetime) -> None:
    """What has climbed to the council stands, as such, under the open action items of its next planned agenda.

    Its own body's, or of a working group the body's above it. What climbs no more is an open item again, or, on
    another body's agenda, goes off it; what a meeting already had before it stays as it was.
    """
    running = Escalation.objects.running().filter(step=EscalationRule.Step.COUNCIL)
    wanted: dict[int, dict[int, int]] = defaultdict(dict)  # body of the agenda → action → body of the action
    for action, own, parent in running.values_list("action", "action__body", "action__body__parent"):
        wanted[parent or own][action] = own
    ahead = Meeting.objects.filter(state__in=PLANNED, kind=Meeting.Kind.REGULAR, starts_at__gt=now)
    places: dict[int, AgendaItem] = {}
    for body in wanted:
        if meeting := ahead.filter(body=body, by_invitation=False).order_by("starts_at").first():
            about = {"standing__about": StandingItem.About.OPEN_ACTIONS, "state": AgendaItemState.ACCEPTED}
            if place := meeting.agenda_items.filter(**about).first():
                places[body] = place
    for body, place in places.items():
        _put(place, set(wanted[body]), by)
    still = {action for actions in wanted.values() for action in actions}
    for link in _escalated(now).exclude(action__in=still):
        _take_back(link, by)


def _escalated(now: datetime) -> QuerySet[AgendaLink]:
    """What stands as escalated on agendas of meetings to come."""
    ahead = {"agenda_item__meeting__state__in": PLANNED, "agenda_item__meeting__starts_at__gt": now}
    rows = AgendaLink.objects.filter(reason=AgendaLink.Reason.ESCALATED, **ahead)
    return rows.select_related("action", "agenda_item__meeting")


def _put(place: AgendaItem, actions: set[int], by: Actor) -> None:
    there = AgendaLink.objects.filter(agenda_item=place, action__in=actions)
    if there.filter(reason=AgendaLink.Reason.ESCALATED).count() == len(actions):
        return
    with transaction.atomic():
        try:
            open_agenda(place.meeting_id)
        except NotAllowedNow:
            return  # it began a moment ago; the next one takes it up
        known = dict(there.values_list("action", "reason"))
        changed = there.filter(reason=AgendaLink.Reason.OPEN).update(reason=AgendaLink.Reason.ESCALATED)
        made = [
            AgendaLink(action_id=action, agenda_item=place, reason=AgendaLink.Reason.ESCALATED)
            for action in sorted(actions - set(known))
        ]
        AgendaLink.objects.bulk_create(made)
        audit.record(by=by, verb="agenda.actions_escalated", target=place, after={"actions": changed + len(made)})


def _take_back(link: AgendaLink, by: Actor) -> None:
    with transaction.atomic():
        try:
            meeting = open_agenda(link.agenda_item.meeting_id)
        except NotAllowedNow:
            return
        stands = AgendaLink.objects.filter(pk=link.pk, reason=AgendaLink.Reason.ESCALATED)
        if link.action.body_id == meeting.body_id:
            changed = stands.update(reason=AgendaLink.Reason.OPEN)
        else:
            changed, _ = stands.delete()
        if changed:
            audit.record(by=by, verb="agenda.action_not_escalated", target=link.agenda_item, after={"actions": 1})
