"""Letters about taking part in a meeting, each with the calendar entry of the one it goes to (RFC 5545, RFC 5546)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from council.core.errors import Text
from council.documents import ics
from council.mail.models import Notice
from council.mail.registry import MailKind
from council.mail.states import Unwanted
from council.meetings.models import Meeting, Participation
from council.meetings.states import MeetingState
from council.parties.models import Person
from council.reminders import recipients
from council.reminders.second_look import unless
from council.reminders.targets import target_of

REQUEST, CANCEL = "REQUEST", "CANCEL"


def event_of(meeting: Meeting, *, plain: bool = False, place: Participation | None = None) -> ics.Event:
    """A meeting as an entry of a calendar: when and where, and nothing of what it is about.

    ``plain`` for whoever does not see it any more: not even its title and place.
    """
    name = meeting.plain_name if plain else meeting.name
    return ics.Event(
        uid=f"{meeting.uid}@{settings.MAIL_DOMAIN}",
        sequence=meeting.sequence + (place.sequence if place else 0),
        stamp=meeting.updated_at,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        day_only=meeting.day_only,
        summary=f"[{meeting.body.short}] {capfirst(name)}",
        location="" if plain else meeting.venue or str(meeting.get_mode_display()),
        url=settings.SITE_URL.rstrip("/") + reverse("portal:meeting", args=[meeting.pk]),
        cancelled=meeting.state == MeetingState.CANCELLED,
        tentative=meeting.state == MeetingState.DRAFT,
    )


def calendar_entry(meeting: Meeting, notice: Notice) -> tuple[str, str]:
    """What the letter of a notice does to the recipient's calendar, and the entry; nothing for other letters."""
    method = METHODS.get(notice.kind, "")
    row = notice_row(meeting, notice)
    if notice.kind == "guest_told":
        method = CANCEL if meeting.state == MeetingState.CANCELLED else REQUEST
    if notice.kind == "delegation_confirmed" and (row is None or row.delegate_id != notice.recipient_id):
        return "", ""  # it is the delegate's calendar that changes
    if notice.kind == "delegation_ended" and (row is None or not _was_to_come(row, notice)):
        return "", ""
    if method == REQUEST and meeting.state == MeetingState.CANCELLED:
        method = ""
    if not method or not notice.recipient.email:
        return "", ""
    organizer = ics.Party(name=meeting.body.short, email=settings.ORGANIZER_EMAIL)
    attendee = ics.Party(name=notice.recipient.name, email=notice.recipient.email)
    event = event_of(meeting, plain=notice.kind in TO_OUTSIDERS, place=row)
    if method == CANCEL:
        return method, ics.cancellation(event, organizer=organizer, attendee=attendee).decode()
    answer = ics.Answer(row.rsvp) if row and row.person_id == notice.recipient_id else ics.Answer.NEEDS_ACTION
    return method, ics.invitation(event, organizer=organizer, attendee=attendee, answer=answer).decode()


def notice_row(meeting: Meeting, notice: Notice) -> Participation | None:
    """The recipient's own place among those asked, or the one they stand in for, or the one the notice is about."""
    if notice.target_type == "participation":
        return meeting.participations.filter(pk=notice.target_id).first()
    asked = meeting.participations.asked()
    instead = asked.filter(delegate=notice.recipient_id, delegation_confirmed_at__isnull=False)
    return asked.filter(person=notice.recipient_id).first() or instead.first()


def reply_path(meeting: Meeting, notice: Notice) -> str:
    """Where the recipient can answer without signing in; empty if there is nothing to answer."""
    if METHODS.get(notice.kind) != REQUEST or notice.kind == "delegation_confirmed":
        return ""
    row = notice_row(meeting, notice)
    return reverse("portal:reply", args=[row.pk]) if row and row.person_id == notice.recipient_id else ""


def meeting_not_in(*states: str) -> Callable[[Meeting, Notice], Unwanted | None]:
    return lambda meeting, notice: None if meeting.state in states else Unwanted.SETTLED


def _asked_no_more(row: Participation, notice: Notice) -> Unwanted | None:
    if row.meeting.state != MeetingState.OPEN or row.withdrawn_because:
        return Unwanted.SETTLED
    return None


def _still_asked(row: Participation, notice: Notice) -> Unwanted | None:
    return None if row.withdrawn_because else Unwanted.SETTLED


def _not_waiting(row: Participation, notice: Notice) -> Unwanted | None:
    return None if row.awaits_confirmation else Unwanted.SETTLED


def _not_confirmed(row: Participation, notice: Notice) -> Unwanted | None:
    return None if row.has_confirmed_delegate else Unwanted.SETTLED


def _not_ended(row: Participation, notice: Notice) -> Unwanted | None:
    return None if row.delegation_ended_because else Unwanted.SETTLED


def _was_to_come(row: Participation, notice: Notice) -> bool:
    """Whether the recipient was to come in somebody's place, and is not any more."""
    if row.delegate_id == notice.recipient_id:
        return bool(row.withdrawn_because) or not row.has_confirmed_delegate
    return _was_confirmed(row, notice)


def _was_confirmed(row: Participation, notice: Notice) -> bool:
    """While they are colleagues: whoever has gone to another organisation is told nothing more."""
    return row.former_delegates.filter(pk=notice.recipient_id, organisation=row.organisation_id).exists()


def _former(row: Participation, notice: Notice) -> bool:
    return _was_confirmed(row, notice) and _was_to_come(row, notice)


def _guest_settled(row: Participation, notice: Notice) -> Unwanted | None:
    return Unwanted.SETTLED if row.withdrawn_because or row.capacity != Participation.Capacity.GUEST else None


def _themselves(row: Participation, on: date) -> Collection[Person]:
    return [row.person]


def _kind(
    code: str,
    label: Text,
    audience: Callable[[Any, date], Collection[Person]],
    check: Callable[[Any, Notice], Unwanted | None],
    *,
    at_once: bool = False,
    ahead: bool = True,
    though_unseen: Callable[[Any, Notice], bool] = lambda target, notice: False,
) -> MailKind:
    """``ahead``: of use only before the meeting begins. ``though_unseen``: who is told of what they see no more."""
    looked_at = unless(check)

    def unwanted(notice: Notice, now: datetime) -> Unwanted | None:
        target = target_of(notice) if ahead else None
        meeting = getattr(target, "meeting", target)
        if isinstance(meeting, Meeting) and meeting.starts_at <= now:
            return Unwanted.SETTLED
        if target is not None and though_unseen(target, notice):
            return None
        return looked_at(notice, now)

    return MailKind(code, label, audience, unwanted, digest=False, alone=True, at_once=at_once)


# What letters of a kind do to a calendar.
METHODS = {
    "meeting_convened": REQUEST,
    "meeting_called": REQUEST,
    "meeting_moved": REQUEST,
    "meeting_cancelled": CANCEL,
    "participation_invited": REQUEST,
    "participation_withdrawn": CANCEL,
    "delegation_confirmed": REQUEST,
    "delegation_ended": CANCEL,
}
# They go to people who do not see the meeting any more.
TO_OUTSIDERS = frozenset({"participation_withdrawn", "delegation_ended"})
_held = meeting_not_in(MeetingState.OPEN)
_cancelled = meeting_not_in(MeetingState.CANCELLED)
KINDS = [
    _kind("meeting_convened", _("a meeting was announced"), recipients.asked, _held),
    _kind("meeting_called", _("an urgent meeting was announced"), recipients.asked, _held, at_once=True),
    _kind("meeting_moved", _("a meeting was moved"), recipients.asked, _held),
    _kind("meeting_cancelled", _("a meeting was cancelled"), recipients.asked, _cancelled, ahead=False),
    _kind("participation_invited", _("somebody more was asked to a meeting"), _themselves, _asked_no_more),
    _kind("participation_withdrawn", _("somebody is not asked to a meeting any more"), _themselves, _still_asked),
    _kind("guest_told", _("a guest's meeting was moved or cancelled"), _themselves, _guest_settled),
    _kind("delegation_named", _("a delegate was named"), recipients.secretariat_of, _not_waiting),
    _kind("delegation_confirmed", _("a delegate was confirmed"), recipients.representing, _not_confirmed),
    _kind(
        "delegation_ended",
        _("a delegate does not come"),
        recipients.representing,
        _not_ended,
        though_unseen=_former,
    ),
]
