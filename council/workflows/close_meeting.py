"""Closing a meeting: nothing is left in the air, and what is unfinished stands on the next agenda by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from council.core.actor import Actor
from council.core.errors import DomainError, Text
from council.meetings.models import AgendaItem, Meeting
from council.meetings.operations import schedule
from council.meetings.states import AgendaItemState
from council.minutes.models import Decision
from council.workflows.carry_over import carry_over


class Gap(StrEnum):
    """What keeps a meeting from being closed."""

    RESULT = "result"
    FOLLOW_UP = "follow_up"
    ATTENDANCE = "attendance"

    @property
    def label(self) -> Text:
        return SAYS[self]


SAYS: dict[Gap, Text] = {
    Gap.RESULT: _("no result has been noted"),
    Gap.FOLLOW_UP: _("no action item, and not marked as needing none"),
    Gap.ATTENDANCE: _("attendance has not been recorded"),
}


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is missing: what about, and on which item."""

    gap: Gap
    about: str
    item: AgendaItem | None = None


class NotReadyToClose(DomainError):
    """Something is left in the air; ``lacking`` says what."""

    def __init__(self, lacking: Sequence[Lack]) -> None:
        super().__init__(
            _("The meeting cannot be closed yet: %(number)d things are missing.") % {"number": len(lacking)}
        )
        self.lacking = lacking


def lacking(meeting: Meeting) -> list[Lack]:
    """What is missing for closing: results of items, what follows from decisions, who was there."""
    on_it = meeting.agenda_items.filter(state=AgendaItemState.ACCEPTED).order_by("position", "pk")
    open_items = on_it.filter(result="").exclude(kind=AgendaItem.Kind.REMARKS)
    unsettled = Decision.objects.unsettled().filter(agenda_item__meeting=meeting).select_related("agenda_item")
    places = meeting.participations.asked().filter(attendance="").select_related("person", "organisation")
    return [
        *(Lack(Gap.RESULT, item.title, item) for item in open_items),
        *(Lack(Gap.FOLLOW_UP, one.text, one.agenda_item) for one in unsettled.order_by("agenda_item__position", "pk")),
        *(Lack(Gap.ATTENDANCE, f"{place.organisation.short} {place.person.name}") for place in places),
    ]


def close_meeting(meeting: Meeting, *, by: Actor, now: datetime) -> Meeting | None:
    """Close it, and carry over to the body's next planned regular meeting; that one, or None if none is planned.

    NotReadyToClose while an item has no result (a deferred one is carried over), a decision neither an action item
    nor the mark that none is needed, or while somebody's attendance is not recorded.
    """
    with transaction.atomic():
        locked = Meeting.objects.select_for_update().get(pk=meeting.pk)
        if missing := lacking(locked):
            raise NotReadyToClose(missing)
        schedule.close_meeting(meeting, by=by, now=now)
        following = Meeting.objects.next_regular(meeting.body_id, after=meeting)
        if following:
            carry_over(following, by=by)
    return following
