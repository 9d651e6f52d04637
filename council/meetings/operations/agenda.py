"""Putting items on an agenda and in order."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from council.core import audit, register
from council.core.actor import Actor
from council.core.errors import DomainError, NotAllowedNow
from council.core.labels import refuse_change
from council.core.lifecycle import move
from council.meetings.models import AgendaItem, AgendaSection, Meeting
from council.meetings.operations.participation import withdraw_invitation
from council.meetings.states import AGENDA_ITEM, PLANNED, AgendaItemState


class AgendaRefused(DomainError):
    """The item cannot stand on the agenda like this."""


def save_agenda_item(item: AgendaItem, *, by: Actor) -> None:
    """Put a new item at the end of a planned meeting's agenda, or keep the changes made to one that stands on it.

    An item's place is changed by ``reorder_agenda`` alone.
    """
    check(item)
    with transaction.atomic():
        meeting = open_agenda(item.meeting_id)
        if item.pk is None:
            put_at_the_end(item, meeting)
            audit.record_change(by=by, verb="agenda.item_saved", target=item, before={})
        else:
            stored = AgendaItem.objects.select_for_update().get(pk=item.pk)
            if stored.meeting_id != item.meeting_id:
                raise AgendaRefused(_("An item stays on the agenda of its meeting."), field="meeting")
            if stored.owner_id != item.owner_id:
                raise AgendaRefused(_("An item stays with its owner; withdraw it and add another one."), field="owner")
            if stored.state == AgendaItemState.WITHDRAWN:
                raise NotAllowedNow(_("A withdrawn item is not changed any more."))
            write_item(item, stored=stored, by=by)


def put_at_the_end(item: AgendaItem, meeting: Meeting) -> None:
    """Save an item as the last on the agenda, but before what stands at the end of every agenda.

    Inside the transaction that has the meeting locked.
    """
    item.position = (meeting.agenda_items.aggregate(last=Max("position"))["last"] or 0) + 1
    item.save(update_fields=None if item._state.adding else ["position", "updated_at"])
    closing = meeting.agenda_items.filter(standing__last=True).exclude(pk=item.pk).order_by("position", "id")
    if item.standing is None or not item.standing.last:
        for number, each in enumerate(closing, 1):
            each.position = item.position + number
            each.save(update_fields=["position"])


def write_item(item: AgendaItem, *, stored: AgendaItem, by: Actor) -> None:
    """Write what was edited of an item that may be edited; its place stays. ``stored``: as it is now, locked."""
    refuse_change(item, stored)
    before = audit.snapshot(stored)
    _forget_check_of_other_words(item, stored)
    item.position = stored.position
    register.write(item, stored)
    audit.record_change(by=by, verb="agenda.item_saved", target=item, before=before)


def _forget_check_of_other_words(item: AgendaItem, stored: AgendaItem) -> None:
    """What was checked against competition law were the words of then."""
    if (item.title, item.background) != (stored.title, stored.background):
        stored.competition_checked_by, stored.competition_checked_at, stored.competition_opinion = None, None, ""
        stored.save(update_fields=["competition_checked_by", "competition_checked_at", "competition_opinion"])


def check(item: AgendaItem) -> None:
    """Refuse an item that breaks a rule, naming the field to correct."""
    if item.commitment and item.pillar:
        raise AgendaRefused(_("The pillar follows from the commitment; leave it empty."), field="pillar")
    if why_not := item.refuses_label(item.label):
        raise AgendaRefused(why_not, field="label")
    if item.section and item.section.meeting_id != item.meeting_id:
        raise AgendaRefused(_("This section belongs to another agenda."), field="section")


def open_agenda(meeting_id: int) -> Meeting:
    """The meeting, locked for its agenda; NotAllowedNow once it was held or cancelled. Inside a transaction."""
    meeting = Meeting.objects.select_for_update().get(pk=meeting_id)
    if meeting.state not in PLANNED:
        raise NotAllowedNow(_("The agenda of a meeting that was held or cancelled is not changed any more."))
    return meeting


def withdraw_agenda_item(item: AgendaItem, *, by: Actor, reason: str) -> None:
    """Take an item off the agenda of a planned meeting; it stays in the record and says so."""
    if not reason.strip():
        raise AgendaRefused(_("Say why the item is withdrawn."), field="reason")
    with transaction.atomic():
        open_agenda(item.meeting_id)
        move(
            item,
            to=AgendaItemState.WITHDRAWN,
            by=by,
            lifecycle=AGENDA_ITEM,
            verb="agenda.item_withdrawn",
            reason=reason,
        )
        ask_its_guests_no_more(item, by=by)


def ask_its_guests_no_more(item: AgendaItem, *, by: Actor) -> None:
    """Nobody comes for an item that is not dealt with; inside the transaction that takes it off."""
    for guest in item.guests.asked():
        withdraw_invitation(guest, by=by, reason=str(_("The item was taken off the agenda.")))


def reorder_agenda(meeting: Meeting, *, by: Actor, item_ids: Sequence[int]) -> None:
    """Give a planned meeting's items the order of ``item_ids``; those not named keep their order behind them.

    Two at once: the meeting is locked, and the order of the one who comes last holds.
    """
    with transaction.atomic():
        open_agenda(meeting.pk)
        items = {item.pk: item for item in meeting.agenda_items.order_by("position", "id")}
        if unknown := set(item_ids) - items.keys():
            raise AgendaRefused(_("These items are not on this agenda: %(ids)s.") % {"ids": sorted(unknown)})
        order = [*dict.fromkeys(item_ids), *(pk for pk in items if pk not in set(item_ids))]
        if order == list(items):
            return
        for position, pk in enumerate(order, 1):
            items[pk].position = position
        AgendaItem.objects.bulk_update(items.values(), ["position"])
        audit.record(by=by, verb="agenda.reordered", target=meeting, after={"items": ",".join(map(str, order))})


def move_item(item: AgendaItem, *, by: Actor, up: bool) -> None:
    """Let an item change places with its neighbour in the same section; at the end nothing happens."""
    with transaction.atomic():
        meeting = open_agenda(item.meeting_id)
        on_it = meeting.agenda_items.filter(state=AgendaItemState.ACCEPTED).order_by("position", "id")
        order = list(on_it.values_list("pk", "section"))
        near = [pk for pk, section in order if section == item.section_id]
        if item.pk not in near:
            raise NotAllowedNow(_("This item does not stand on the agenda."))
        at = near.index(item.pk)
        other = at - 1 if up else at + 1
        if 0 <= other < len(near):
            near[at], near[other] = near[other], near[at]
            waiting = iter(near)
            reorder_agenda(
                meeting,
                by=by,
                item_ids=[next(waiting) if section == item.section_id else pk for pk, section in order],
            )


def save_section(section: AgendaSection, *, by: Actor) -> None:
    """Keep a heading of a planned meeting's agenda; a new one comes last."""
    if not section.title.strip():
        raise AgendaRefused(_("Give the section a title."), field="title")
    with transaction.atomic():
        meeting = open_agenda(section.meeting_id)
        if section.pk is None:
            section.position = (meeting.sections.aggregate(last=Max("position"))["last"] or 0) + 1
        register.keep(section, by=by)


def remove_section(section: AgendaSection, *, by: Actor) -> None:
    """Take a heading away; what stood under it stands under none."""
    with transaction.atomic():
        open_agenda(section.meeting_id)
        register.remove(section, by=by)
