"""Items that are handed in for an agenda, and what the secretary answers."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from council.core import audit
from council.core.actor import Actor
from council.core.errors import NotAllowedNow
from council.core.lifecycle import change_if, move
from council.mail.operations import announce
from council.meetings.agenda import is_late
from council.meetings.models import AgendaItem, Meeting
from council.meetings.operations.agenda import (
    AgendaRefused,
    ask_its_guests_no_more,
    check,
    open_agenda,
    put_at_the_end,
    write_item,
)
from council.meetings.states import AGENDA_ITEM, AgendaItemState

UNDER_WAY = frozenset({AgendaItemState.PROPOSED, AgendaItemState.RETURNED})


def propose_item(item: AgendaItem, *, by: Actor, now: datetime) -> None:
    """Hand in an item for the agenda of an announced meeting, or again one that was returned; the secretary is told.

    After the deadline for items it is taken and marked as late. NotAllowedNow once the meeting has begun.
    """
    check(item)
    with transaction.atomic():
        meeting = open_agenda(item.meeting_id)
        _require_time(meeting, now)
        if item.pk is None:
            if item.state != AgendaItemState.PROPOSED:
                raise NotAllowedNow(_("What is handed in is a proposal; the secretary puts it on the agenda."))
            item.position, item.proposed_at, item.late = 0, now, is_late(meeting, now=now)
            item.save()
            audit.record(by=by, verb="agenda.item_proposed", target=item, after=audit.snapshot(item))
        else:
            _change(item, by=by, now=now)
        announce("agenda_proposed", item, by=by)


def _change(item: AgendaItem, *, by: Actor, now: datetime) -> None:
    stored = AgendaItem.objects.select_for_update().get(pk=item.pk)
    if stored.state not in UNDER_WAY:
        raise NotAllowedNow(_("The item has been answered; it is changed by the secretary now."))
    if (stored.meeting_id, stored.owner_id) != (item.meeting_id, item.owner_id):
        raise AgendaRefused(_("An item stays on the agenda of its meeting."), field="meeting")
    write_item(item, stored=stored, by=by)
    if stored.state == AgendaItemState.RETURNED:
        move(
            item,
            to=AgendaItemState.PROPOSED,
            by=by,
            lifecycle=AGENDA_ITEM,
            verb="agenda.item_proposed",
            returned_because="",
            proposed_at=now,
            late=is_late(item.meeting, now=now),
        )


def _require_time(meeting: Meeting, now: datetime) -> None:
    if not meeting.lies_ahead(now):
        raise NotAllowedNow(_("Items are proposed for meetings that have been announced and have not begun."))


def accept_item(item: AgendaItem, *, by: Actor) -> None:
    """Put a proposed item on the agenda, at its end; the owner is told.

    It must be TLP:AMBER or wider: what is stricter is released by its owner first, or goes into an annex.
    """
    if why_not := AgendaItem(state=AgendaItemState.ACCEPTED).refuses_label(item.label):
        raise AgendaRefused(why_not, field="label")
    with transaction.atomic():
        meeting = open_agenda(item.meeting_id)
        move(item, to=AgendaItemState.ACCEPTED, by=by, lifecycle=AGENDA_ITEM, verb="agenda.item_accepted")
        put_at_the_end(item, meeting)
        announce("agenda_answered", item, by=by)


def return_item(item: AgendaItem, *, by: Actor, reason: str) -> None:
    """Give a proposed item back with what is missing; the owner is told and can hand it in again."""
    if not reason.strip():
        raise AgendaRefused(_("Say what is missing."), field="reason")
    with transaction.atomic():
        open_agenda(item.meeting_id)
        move(
            item,
            to=AgendaItemState.RETURNED,
            by=by,
            lifecycle=AGENDA_ITEM,
            verb="agenda.item_returned",
            reason=reason.strip(),
            returned_because=reason.strip(),
        )
        announce("agenda_answered", item, by=by)


def merge_item(item: AgendaItem, *, by: Actor, into: AgendaItem) -> None:
    """Let another item on the same agenda stand for this one, which stays in the record; the owner is told."""
    if into.pk == item.pk or into.meeting_id != item.meeting_id or into.state != AgendaItemState.ACCEPTED:
        raise AgendaRefused(_("Choose another item that stands on this agenda."), field="into")
    with transaction.atomic():
        open_agenda(item.meeting_id)
        if not AgendaItem.objects.filter(pk=into.pk, state=AgendaItemState.ACCEPTED).exists():
            raise AgendaRefused(_("Choose another item that stands on this agenda."), field="into")
        move(
            item,
            to=AgendaItemState.WITHDRAWN,
            by=by,
            lifecycle=AGENDA_ITEM,
            verb="agenda.item_merged",
            merged_into_id=into.pk,
        )
        ask_its_guests_no_more(item, by=by)
        announce("agenda_answered", item, by=by)


def note_competition_check(item: AgendaItem, *, by: Actor, opinion: str, now: datetime) -> None:
    """Write down who looked whether the item lets competitors exchange what they may not, and what they found.

    Law: 독점규제 및 공정거래에 관한 법률 제40조제1항제9호.
    """
    if by.user_id is None:
        raise NotAllowedNow(_("Competition law is checked by a person."))
    if not opinion.strip():
        raise AgendaRefused(_("Write down what was found."), field="opinion")
    with transaction.atomic():
        open_agenda(item.meeting_id)
        before = {
            "competition_checked_by": item.competition_checked_by_id,
            "competition_opinion": item.competition_opinion,
        }
        change_if(
            item,
            {"updated_at": item.updated_at},
            {
                "competition_checked_by_id": by.user_id,
                "competition_checked_at": now,
                "competition_opinion": opinion.strip(),
            },
        )
        after = {"competition_checked_by": by.user_id, "competition_opinion": opinion.strip()}
        audit.record(by=by, verb="agenda.competition_checked", target=item, before=before, after=after)
