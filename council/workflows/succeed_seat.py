"""Somebody takes over a seat in the middle of things: what is open passes on, what was is kept as it was."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from council.actions.models import ActionItem
from council.clearance.models import Clearance
from council.clearance.operations import MAY_CLEAR
from council.clearance.states import ClearanceState
from council.core import audit, register
from council.core.actor import Actor
from council.core.calendar import local_day
from council.core.errors import DomainError
from council.core.lifecycle import change_if
from council.mail.operations import announce
from council.meetings.models import AgendaItem, Participation
from council.meetings.operations.delegation import NO_DELEGATION
from council.meetings.operations.participation import ATTENDEES, withdraw_invitation
from council.meetings.states import PLANNED, MeetingState
from council.parties.models import Person, Seat
from council.parties.operations import end_seat
from council.parties.queries import AT_THE_TABLE
from council.reports.models import Contribution
from council.reports.states import WANTED

Capacity = Participation.Capacity


def succeed_seat(seat: Seat, *, by: Actor, successor: Person, on: date, now: datetime) -> Seat:
    """From a day on somebody else holds the seat; the one before holds it until the day before.

    Open invitations with their delegations, action items that are owed, items to present and the place as an office
    contact pass on; the successor is told of the meetings and gets them in the calendar. What was signed, said and
    attended keeps the name of the time.
    """
    today = local_day(now)
    if successor.pk == seat.person_id or successor.organisation_id != seat.person.organisation_id:
        raise DomainError(_("The successor is somebody else of the same organisation."), field="successor")
    if on > today:
        raise DomainError(_("Pass the seat on when the day has come."), field="on")
    if on <= seat.starts_on:
        raise DomainError(_("The successor begins after the one before has begun."), field="on")
    if seat.ends_on and seat.ends_on < today:
        raise DomainError(_("This seat has ended; give the person a new one."), field="on")
    held = Seat.objects.filter(body=seat.body_id, person=successor, role=seat.role, ends_on=None)
    if held.exists():
        raise DomainError(_("This person holds this seat already."), field="successor")
    with transaction.atomic():
        end_seat(seat, by=by, on=on - timedelta(days=1))
        new = Seat(body=seat.body, person=successor, role=seat.role, acting=seat.acting, starts_on=on)
        register.keep(new, by=by)
        new.office_contacts.set(seat.office_contacts.exclude(pk=successor.pk))
        _pass_on_invitations(seat, successor, by=by, on=on)
        _pass_on_work(seat, successor, by=by)
        audit.record(by=by, verb="seat.succeeded", target=seat, after={"successor": successor.pk, "on": on.isoformat()})
    return new


def _pass_on_invitations(seat: Seat, successor: Person, *, by: Actor, on: date) -> None:
    """Those for which the seat was asked, also to another body's meeting; a guest of one item was asked themselves."""
    rows = Participation.objects.asked().filter(person=seat.person_id, seat_on=seat.body_id, meeting__state__in=PLANNED)
    for old in rows.exclude(capacity=Capacity.GUEST).select_related("meeting").order_by("pk"):
        if old.meeting.day >= on:
            _pass_on(old, seat, successor, by=by, on=on)


def _pass_on(old: Participation, seat: Seat, successor: Person, *, by: Actor, on: date) -> None:
    """The place of the seat goes to the successor; who keeps another seat stays asked as the holder of that.

    At the table of another body the seat had one place, which goes with the last seat that opened it.
    """
    elsewhere = old.meeting.body_id != seat.body_id
    kept = Seat.objects.valid_on(on).filter(body=seat.body_id, person=seat.person_id, role__in=AT_THE_TABLE)
    left = set(kept.exclude(pk=seat.pk).values_list("role", flat=True))
    if elsewhere and left:
        return
    attends = old.capacity == Capacity.MEMBER if elsewhere else seat.role in ATTENDEES
    presides = old.presides and (elsewhere or seat.role == Seat.Role.CHAIR)
    # Whoever stays as an attendee keeps the delegate: one person cannot come for two.
    delegation = NO_DELEGATION if left & ATTENDEES else {name: getattr(old, name) for name in NO_DELEGATION}
    if not left:
        if delegation["delegate_id"]:  # comes for the successor now, or is the successor
            change_if(old, {"updated_at": old.updated_at}, NO_DELEGATION)
        withdraw_invitation(old, by=by, reason=str(_("The seat has passed on.")))
    elif attends and not left & ATTENDEES:
        observes = {"capacity": Capacity.OBSERVER, "presides": False, **NO_DELEGATION}
        change_if(old, {"updated_at": old.updated_at}, observes)
    elif presides:
        change_if(old, {"presides": True}, {"presides": False})
    there = Participation.objects.filter(meeting=old.meeting, person=successor).first()
    active = there if there and not there.withdrawn_because and there.capacity == Capacity.MEMBER else None
    new = there or Participation(meeting=old.meeting, person=successor)
    new.organisation = successor.organisation
    new.position_ko, new.position_en = successor.position_ko, successor.position_en
    new.capacity, new.item = Capacity.MEMBER if attends or active else Capacity.OBSERVER, None
    if not (elsewhere and active):
        new.seat_on_id = seat.body_id
    new.presides = presides or bool(active and active.presides)
    if active is None:
        passes = attends and delegation["delegate_id"] != successor.pk
        for name, value in (delegation if passes else NO_DELEGATION).items():
            setattr(new, name, value)
    new.rsvp, new.rsvp_note, new.answered_at = Participation.Rsvp.NEEDS_ACTION, "", None
    new.withdrawn_because = ""
    new.save()
    audit.record(by=by, verb="participation.invited", target=new, after=audit.snapshot(new))
    if old.meeting.state == MeetingState.OPEN:
        announce("participation_invited", new, by=by)


def _pass_on_work(seat: Seat, successor: Person, *, by: Actor) -> None:
    old = seat.person_id
    for action in ActionItem.objects.owed().filter(assignee=old, body=seat.body_id).order_by("pk"):
        change_if(action, {"assignee": old}, {"assignee_id": successor.pk})
        audit.record(
            by=by, verb="action.changed", target=action, before={"assignee": old}, after={"assignee": successor.pk}
        )
    items = AgendaItem.objects.filter(presenter=old, meeting__body=seat.body_id, meeting__state__in=PLANNED)
    for item in items.order_by("pk"):
        change_if(item, {"presenter": old}, {"presenter_id": successor.pk})
        audit.record(
            by=by, verb="agenda.item_saved", target=item, before={"presenter": old}, after={"presenter": successor.pk}
        )
    _pass_on_what_is_prepared(seat, successor, by=by)
    held = Seat.objects.filter(office_contacts=old, body=seat.body_id)
    for each in held.exclude(ends_on__lt=seat.starts_on).order_by("pk"):
        before = {"office_contacts": set(each.office_contacts.values_list("pk", flat=True))}
        each.office_contacts.remove(old)
        if each.person_id != successor.pk:
            each.office_contacts.add(successor.pk)
        register.note_links(each, before=before, by=by)


def _pass_on_what_is_prepared(seat: Seat, successor: Person, *, by: Actor) -> None:
    """What a department is asked for, and what waits for an executive's clearance; each once."""
    old, body = seat.person_id, seat.body_id
    if seat.role == Seat.Role.CONTRIBUTOR:
        parts = Contribution.objects.filter(contributor=old, body=body, state__in=WANTED)
        theirs = list(Contribution.objects.filter(contributor=successor, state__in=WANTED))
        there = {(part.report_id, part.action_id) for part in theirs}
        for part in parts.order_by("pk"):
            if (part.report_id, part.action_id) not in there:
                change_if(part, {"contributor": old}, {"contributor_id": successor.pk})
                audit.record(by=by, verb="contribution.passed_on", target=part)
    if seat.role in MAY_CLEAR:
        for batch in Clearance.objects.filter(approver=old, body=body, state=ClearanceState.ASKED).order_by("pk"):
            change_if(batch, {"approver": old}, {"approver_id": successor.pk})
            audit.record(by=by, verb="clearance.passed_on", target=batch)
