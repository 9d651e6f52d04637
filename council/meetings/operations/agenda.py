"""Putting items on an agenda and in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from council.core import audit, register
from council.core.actor import Actor
from council.core.errors import DomainError, NotAllowedNow
from council.core.labels import refuse_change
from council.core.lifecycle import move
from council.meetings.models import AgendaItem, Meeting
from council.meetings.states import AGENDA_ITEM, PLANNED, AgendaItemState


class AgendaRefused(DomainError):
    """The item cannot stand on the agenda like this."""


def save_agenda_item(item: AgendaItem, *, by: Actor) -> None:
    """Put a new item at the end of a planned meeting's agenda, or keep the changes made to one that stands on it.

    An item's place is changed by ``reorder_agenda`` alone.
    """
    check(item)
    with transaction.atomic():
        meeting = _open_agenda(item.meeting_id)
        before: dict[str, Any] = {}
        if item.pk is None:
            item.position = (meeting.agenda_items.aggregate(last=Max("position"))["last"] or 0) + 1
            item.save()
        else:
            stored = AgendaItem.objects.select_for_update().get(pk=item.pk)
            if stored.meeting_id != item.meeting_id:
                raise AgendaRefused(_("An item stays on the agenda of its meeting."), field="meeting")
            if stored.owner_id != item.owner_id:
                raise AgendaRefused(_("An item stays with its owner; withdraw it and add another one."), field="owner")
            if stored.state == AgendaItemState.WITHDRAWN:
                raise NotAllowedNow(_("A withdrawn item is not changed any more."))
            refuse_change(item, stored)
            before = audit.snapshot(stored)
            item.position = stored.position
            register.write(item, stored)
        was, now_is = audit.changes(before, audit.snapshot(item))
        if now_is:
            audit.record(by=by, verb="agenda.item_saved", target=item, before=was, after=now_is)


def check(item: AgendaItem) -> None:
    """Refuse an item that breaks a rule, naming the field to correct."""
    if item.commitment and item.pillar:
        raise AgendaRefused(_("The pillar follows from the commitment; leave it empty."), field="pillar")
    if why_not := item.refuses_label(item.label):
        raise AgendaRefused(why_not, field="label")


def _open_agenda(meeting_id: int) -> Meeting:
    """The meeting, locked; NotAllowedNow once it was held or cancelled."""
    meeting = Meeting.objects.select_for_update().get(pk=meeting_id)
    if meeting.state not in PLANNED:
        raise NotAllowedNow(_("The agenda of a meeting that was held or cancelled is not changed any more."))
    return meeting


def withdraw_agenda_item(item: AgendaItem, *, by: Actor, reason: str) -> None:
    """Take an item off the agenda of a planned meeting; it stays in the record and says so."""
    if not reason.strip():
        raise AgendaRefused(_("Say why the item is withdrawn."), field="reason")
    with transaction.atomic():
        _open_agenda(item.meeting_id)
        move(
            item,
            to=AgendaItemState.WITHDRAWN,
            by=by,
            lifecycle=AGENDA_ITEM,
            verb="agenda.item_withdrawn",
            reason=reason,
        )


def reorder_agenda(meeting: Meeting, *, by: Actor, item_ids: Sequence[int]) -> None:
    """Give a planned meeting's items the order of ``item_ids``; those not named keep their order behind them."""
    with transaction.atomic():
        _open_agenda(meeting.pk)
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
