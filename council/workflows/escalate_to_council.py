"""Raising an item of the working group to the next meeting of the body above it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from council.core import audit
from council.core.actor import Actor
from council.core.errors import DomainError, NotAllowedNow
from council.core.lifecycle import change_if
from council.meetings.models import AgendaItem, Meeting
from council.meetings.operations.agenda import AgendaRefused, check, open_agenda, put_at_the_end
from council.meetings.states import AgendaItemState
from council.minutes.models import Decision, MinutesRevision


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """What the council reads. It is written anew: nothing of the group's own text goes along by itself."""

    title: str
    label: str
    background: str = ""
    kind: str = AgendaItem.Kind.REPORT
    duration: int = 10


def escalate_to_council(item: AgendaItem, *, by: Actor, raised: Raised) -> AgendaItem:
    """Put a working group's item on the next agenda of the body above, linked both ways.

    It is provisional until the group's minutes are approved and it is confirmed again. Once for each meeting; the
    link is followed only by who sees both ends.
    """
    if item.state != AgendaItemState.ACCEPTED:
        raise NotAllowedNow(_("Only what stands on the group's agenda is raised."))
    if item.meeting.by_invitation:
        raise NotAllowedNow(_("That a meeting of chosen people was held is not told by raising its items."))
    parent = item.meeting.body.parent_id
    if parent is None:
        raise DomainError(_("This body reports to no other."))
    meeting = Meeting.objects.next_regular(parent, after=item.meeting)
    if meeting is None:
        raise DomainError(_("No meeting of the body above is planned after this one. Plan it first."))
    with transaction.atomic():
        locked = open_agenda(meeting.pk)
        on_it = locked.agenda_items.filter(raised_from=item).exclude(state=AgendaItemState.WITHDRAWN)
        if on_it.exists():
            raise NotAllowedNow(_("This item stands on the agenda of the next meeting already."))
        new = AgendaItem(
            meeting=locked,
            title=raised.title,
            background=raised.background,
            kind=raised.kind,
            duration=raised.duration,
            label=raised.label,
            commitment=item.commitment,
            pillar=item.pillar,
            owner_id=by.organisation_id or item.owner_id,
            raised_from=item,
            provisional=True,
        )
        if not new.title.strip():
            raise AgendaRefused(_("Write what the council reads as the title."), field="title")
        check(new)
        put_at_the_end(new, locked)
        Decision.objects.current().filter(agenda_item=item, kind=Decision.Kind.MEASURE).update(raised_to=new)
        audit.record(by=by, verb="agenda.item_raised", target=new, after=audit.snapshot(new))
    return new


def reconfirm(item: AgendaItem, *, by: Actor) -> None:
    """The group's approved minutes bear the item out: it is provisional no more."""
    with transaction.atomic():
        open_agenda(item.meeting_id)
        if not item.provisional:
            raise NotAllowedNow(_("This item is not provisional."))
        approved = MinutesRevision.objects.approved().filter(minutes__meeting__agenda_items__raised_to=item)
        version = approved.order_by("-number").first()
        if version is None:
            raise NotAllowedNow(_("The working group's minutes have not been approved yet."))
        change_if(item, {"provisional": True}, {"provisional": False})
        audit.record(
            by=by,
            verb="agenda.item_reconfirmed",
            target=item,
            before={"provisional": True},
            after={"provisional": False, "version": version.number},
        )
