"""Somebody else comes in a member's place: named by the organisation with a letter, confirmed by the ministry."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from council.core import audit
from council.core.actor import Actor
from council.core.errors import NotAllowedNow
from council.core.lifecycle import change_if
from council.files.operations import taken_in
from council.files.queries import withheld
from council.mail.operations import announce
from council.meetings.models import Meeting, Participation
from council.meetings.operations.participation import ParticipationRefused, dismiss_delegate
from council.parties.models import Person

# A place for which nobody was named to come instead.
NO_DELEGATION: dict[str, Any] = {
    "delegate_id": None,
    "delegation_letter_id": None,
    "delegation_ended_because": "",
    "delegation_confirmed_by_id": None,
    "delegation_confirmed_at": None,
}


def name_delegate(row: Participation, *, by: Actor, delegate: Person, letter: File[bytes], now: datetime) -> None:
    """Name who comes in a member's place, with the letter. It counts once the ministry has confirmed it.

    A new name takes the place of an older one, also of a confirmed one, and is confirmed anew.
    """
    with ExitStack() as stack, transaction.atomic():
        meeting = _planned(row, now)
        if row.capacity != Participation.Capacity.MEMBER:
            raise ParticipationRefused(_("Only an attendee is represented by somebody else."))
        if delegate.organisation_id != row.organisation_id:
            raise ParticipationRefused(
                _("A delegate belongs to the organisation of the one who is represented."), field="delegate"
            )
        if delegate.pk == row.person_id or _takes_part(meeting, delegate, but=row):
            raise ParticipationRefused(_("This person takes part in the meeting already."), field="delegate")
        stored = stack.enter_context(taken_in(letter, by=by))
        replaces = row.has_confirmed_delegate
        dismiss_delegate(row, by=by)
        before = {"delegate": row.delegate_id, "delegation_letter": row.delegation_letter_id}
        after = {"delegate": delegate.pk, "delegation_letter": stored.pk}
        change_if(
            row,
            {"updated_at": row.updated_at, "withdrawn_because": ""},
            NO_DELEGATION
            | {"delegate_id": delegate.pk, "delegation_letter_id": stored.pk, "sequence": row.sequence + replaces},
        )
        audit.record(by=by, verb="delegation.named", target=row, before=before, after=after)
        announce("delegation_named", row, by=by)


def _planned(row: Participation, now: datetime) -> Meeting:
    meeting = Meeting.objects.select_for_update().get(pk=row.meeting_id)
    if not meeting.lies_ahead(now) or row.withdrawn_because:
        raise NotAllowedNow(_("The meeting has begun, was held or was cancelled; delegates are not taken any more."))
    return meeting


def _takes_part(meeting: Meeting, person: Person, *, but: Participation) -> bool:
    """Whether somebody attends themselves, or was confirmed to come for another."""
    members = meeting.participations.asked().filter(capacity=Participation.Capacity.MEMBER).exclude(pk=but.pk)
    instead = members.filter(delegate=person, delegation_confirmed_at__isnull=False)
    return members.filter(person=person).exists() or instead.exists()


def confirm_delegate(row: Participation, *, by: Actor, now: datetime) -> None:
    """Take the delegate: access to this meeting and the name on the plate follow. Both sides are told."""
    with transaction.atomic():
        meeting = _planned(row, now)
        if not row.awaits_confirmation or row.delegate is None or row.delegation_letter is None:
            raise NotAllowedNow(_("No delegate waits for confirmation."))
        if _takes_part(meeting, row.delegate, but=row):
            raise ParticipationRefused(_("This person takes part in the meeting already."), field="delegate")
        if refusal := withheld(row.delegation_letter):
            raise ParticipationRefused(refusal.message)
        if by.user_id is None:
            raise NotAllowedNow(_("A delegate is confirmed by a person."))
        change_if(
            row,
            {
                "delegate": row.delegate_id,
                "delegation_confirmed_at": None,
                "delegation_ended_because": "",
                "withdrawn_because": "",
            },
            {"delegation_confirmed_by_id": by.user_id, "delegation_confirmed_at": now},
        )
        audit.record(by=by, verb="delegation.confirmed", target=row, after={"delegate": row.delegate_id})
        announce("delegation_confirmed", row, by=by)


def refuse_delegate(row: Participation, *, by: Actor, reason: str, now: datetime) -> None:
    """Do not take the delegate, with the reason that the organisation reads."""
    _end(row, by=by, reason=reason, now=now, verb="delegation.refused")


def withdraw_delegate(row: Participation, *, by: Actor, reason: str, now: datetime) -> None:
    """The member comes after all, or nobody does; the delegate sees the meeting no more."""
    _end(row, by=by, reason=reason, now=now, verb="delegation.withdrawn")


def _end(row: Participation, *, by: Actor, reason: str, now: datetime, verb: str) -> None:
    """Name and letter stay in the record until somebody else is named."""
    if not reason.strip():
        raise ParticipationRefused(_("Say why the delegate does not come."), field="reason")
    with transaction.atomic():
        _planned(row, now)
        if row.delegate_id is None or row.delegation_ended_because:
            raise NotAllowedNow(_("No delegate is named."))
        if row.has_confirmed_delegate:
            row.former_delegates.add(row.delegate_id)
        change_if(
            row,
            {"delegate": row.delegate_id, "delegation_ended_because": "", "withdrawn_because": ""},
            {
                "delegation_ended_because": reason.strip(),
                "sequence": row.sequence + 1,
                "delegation_confirmed_by_id": None,
                "delegation_confirmed_at": None,
            },
        )
        audit.record(by=by, verb=verb, target=row, before={"delegate": row.delegate_id}, reason=reason.strip())
        announce("delegation_ended", row, by=by)
