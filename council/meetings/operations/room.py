"""On the day: which item is being dealt with, what became of it, and what was noted."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from council.core import audit
from council.core.actor import Actor
from council.core.errors import DomainError, NotAllowedNow, SomebodyWasFaster
from council.meetings.models import AgendaItem, ItemNote, Meeting
from council.meetings.states import BEGUN, AgendaItemState, MeetingState


class TextChanged(SomebodyWasFaster):
    """Somebody else saved other notes meanwhile; ``theirs`` is what is stored, with its ``version``."""

    def __init__(self, theirs: str, version: int) -> None:
        super().__init__(
            _("Somebody else has saved these notes meanwhile. Both texts are shown; nothing you typed is lost."),
            field="text",
        )
        self.theirs, self.version = theirs, version


class ResultChanged(SomebodyWasFaster):
    """Somebody else noted another result meanwhile, ``theirs``."""

    def __init__(self, theirs: str) -> None:
        name = AgendaItem.Result(theirs).label if theirs else pgettext_lazy("result", "none")
        super().__init__(
            _("Somebody else has noted a result meanwhile: %(result)s. Save again to overrule.") % {"result": name},
            field="result",
        )
        self.theirs = theirs


def call_item(meeting: Meeting, *, by: Actor, item: AgendaItem, now: datetime) -> None:
    """The meeting turns to this item; everybody in the room sees it."""
    with transaction.atomic():
        stored = _in_session(meeting)
        if item.meeting_id != stored.pk or item.state != AgendaItemState.ACCEPTED:
            raise NotAllowedNow(_("This item does not stand on the agenda."))
        if stored.current_item_id == item.pk:
            return
        stored.current_item, stored.current_since = item, now
        stored.save(update_fields=["current_item", "current_since"])
        audit.record(by=by, verb="room.item_called", target=item)


def _in_session(meeting: Meeting) -> Meeting:
    stored = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if stored.state != MeetingState.IN_PROGRESS:
        raise NotAllowedNow(_("The meeting is not in session."))
    return stored


def note_result(item: AgendaItem, *, by: Actor, result: str, seen: str) -> None:
    """What became of an item; empty takes it back. While the meeting is in session.

    ResultChanged if it is neither as it was ``seen`` nor as it is to be.
    """
    if result and result not in AgendaItem.Result.values:
        raise DomainError(_("Choose one of the results."), field="result")
    with transaction.atomic():
        _in_session(item.meeting)
        stored = AgendaItem.objects.select_for_update().get(pk=item.pk)
        if stored.state != AgendaItemState.ACCEPTED:
            raise NotAllowedNow(_("This item does not stand on the agenda."))
        if stored.result == result:
            return
        if stored.result != seen:
            raise ResultChanged(stored.result)
        before, stored.result = stored.result, result
        stored.save(update_fields=["result", "updated_at"])
        audit.record(
            by=by, verb="agenda.result_noted", target=item, before={"result": before}, after={"result": result}
        )


def save_note(item: AgendaItem, *, by: Actor, text: str, seen: int) -> int:
    """Keep the notes on an item, written over the version that was ``seen``; the new version's number.

    TextChanged, with what is stored, if somebody else has saved other words meanwhile. From the beginning of the
    meeting on. The notes are the secretariat's; the minutes grow from them.
    """
    with transaction.atomic():
        meeting = Meeting.objects.select_for_update().get(pk=item.meeting_id)
        if meeting.state not in BEGUN:
            raise NotAllowedNow(_("Notes are taken once the meeting has begun."))
        stored = AgendaItem.objects.select_for_update().get(pk=item.pk)
        note = ItemNote.objects.filter(item=stored).first() or ItemNote(item=stored)
        if note.text == text:
            return note.version
        if note.version != seen:
            raise TextChanged(note.text, note.version)
        note.text, note.version = text, note.version + 1
        note.save()
        audit.record(by=by, verb="room.note_saved", target=note, after={"version": note.version})
        return note.version
