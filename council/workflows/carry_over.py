"""What stands on an agenda by itself: the standing items, what the last meeting left, the open action items."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.text import capfirst

from council.actions.models import ActionItem, AgendaLink
from council.core import audit
from council.core.actor import Actor
from council.meetings.models import AgendaItem, Meeting, StandingItem
from council.meetings.operations.agenda import open_agenda, put_at_the_end
from council.meetings.states import AgendaItemState, MeetingState
from council.parties.queries import ministry

UNFINISHED = Q(result="") | Q(result=AgendaItem.Result.DEFERRED)


def carry_over(meeting: Meeting, *, by: Actor) -> int:
    """Put on a planned meeting's agenda what belongs there by itself; how many items were added.

    Run again, it adds only what is missing: called when the meeting is planned, and when the one before it is closed.
    """
    if meeting.by_invitation:
        return 0  # what the whole body has before it does not reach chosen people by itself
    with transaction.atomic():
        locked = open_agenda(meeting.pk)
        previous = _last_before(locked)
        added = [*_standing(locked, previous), *_unfinished(locked, previous)]
        for item in added:
            put_at_the_end(item, locked)
            audit.record(by=by, verb="agenda.carried_over", target=item, after=audit.snapshot(item))
        _link_actions(locked, by)
    return len(added)


def _last_before(meeting: Meeting) -> Meeting | None:
    """The regular meeting before, once it was held: as long as it is ahead, what it will leave is not known."""
    before = Meeting.objects.not_cancelled().filter(body=meeting.body_id, starts_at__lt=meeting.starts_at)
    last = before.filter(kind=Meeting.Kind.REGULAR).order_by("-starts_at").first()
    return last if last and last.state == MeetingState.CLOSED else None


def _standing(meeting: Meeting, previous: Meeting | None) -> Iterable[AgendaItem]:
    there = set(meeting.agenda_items.exclude(standing=None).values_list("standing", flat=True))
    convening = ministry()
    if convening is None or meeting.kind != Meeting.Kind.REGULAR:
        return
    for standing in StandingItem.objects.filter(body=meeting.body_id).exclude(pk__in=there):
        about_minutes = standing.about == StandingItem.About.PREVIOUS_MINUTES
        if about_minutes and previous is None:
            continue
        yield AgendaItem(
            meeting=meeting,
            standing=standing,
            about_meeting=previous if about_minutes else None,
            kind=standing.kind,
            title=_about(standing.title, previous) if about_minutes else standing.title,
            duration=standing.duration,
            consent=standing.consent,
            owner=convening,
            state=AgendaItemState.ACCEPTED,
        )


def _about(title: str, previous: Meeting | None) -> str:
    """In Korean, whoever plans: it stands on everybody's agenda."""
    if previous is None:
        return title
    with translation.override("ko"):
        return f"{title}: {capfirst(previous.plain_name)}"[:200]


def _unfinished(meeting: Meeting, previous: Meeting | None) -> Iterable[AgendaItem]:
    """Deferred, or left without a result, at the regular meeting before and at extraordinary ones of everybody since.

    What stands on every agenda comes by itself.
    """
    held = Meeting.objects.filter(body=meeting.body_id, state=MeetingState.CLOSED, starts_at__lt=meeting.starts_at)
    since = held.filter(by_invitation=False).exclude(kind=Meeting.Kind.FOUNDING)
    if previous is not None:
        since = since.filter(starts_at__gte=previous.starts_at)
    left = AgendaItem.objects.filter(UNFINISHED, meeting__in=since, state=AgendaItemState.ACCEPTED, standing=None)
    # Opening words have no result.
    left = left.exclude(kind=AgendaItem.Kind.REMARKS, result="")
    there = AgendaItem.objects.exclude(carried_from=None).exclude(meeting__state=MeetingState.CANCELLED)
    for item in left.exclude(pk__in=there.values("carried_from")).order_by("meeting__starts_at", "position", "pk"):
        yield AgendaItem(
            meeting=meeting,
            carried_from=item,
            kind=item.kind,
            title=item.title,
            background=item.background,
            commitment=item.commitment,
            pillar=item.pillar,
            presenter=item.presenter,
            duration=item.duration,
            label=item.label,
            owner=item.owner,
            state=AgendaItemState.ACCEPTED,
        )


def _link_actions(meeting: Meeting, by: Actor) -> None:
    """Open action items of the body stand under the item that is about them; settled ones stay where they were."""
    place = meeting.agenda_items.filter(
        standing__about=StandingItem.About.OPEN_ACTIONS, state=AgendaItemState.ACCEPTED
    ).first()
    if place is None:
        return
    there = AgendaLink.objects.filter(agenda_item=place).values("action")
    new = ActionItem.objects.owed().filter(body=meeting.body_id).exclude(pk__in=there)
    links = [AgendaLink(action=action, agenda_item=place, reason=AgendaLink.Reason.OPEN) for action in new]
    AgendaLink.objects.bulk_create(links)
    if links:
        audit.record(by=by, verb="agenda.actions_linked", target=place, after={"actions": len(links)})
