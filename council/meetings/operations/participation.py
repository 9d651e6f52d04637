"""Asking people to a meeting, their answers, and who was there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from council.core import audit, register
from council.core.actor import Actor
from council.core.calendar import local_day
from council.core.errors import DomainError, NotAllowedNow
from council.core.lifecycle import change_if
from council.mail.operations import announce
from council.meetings.models import AgendaItem, Meeting, Participation
from council.meetings.states import BEGUN, PLANNED, AgendaItemState, MeetingState
from council.parties.models import Person, Seat
from council.parties.queries import AT_THE_TABLE, people_seated

Capacity, Rsvp, Attendance = Participation.Capacity, Participation.Rsvp, Participation.Attendance
# Seats whose holders are attendees; whoever else is asked is in attendance.
ATTENDEES = frozenset({Seat.Role.CHAIR, Seat.Role.MEMBER})


class ParticipationRefused(DomainError):
    """This person cannot take part like this."""


def to_be_asked(meeting: Meeting, *, now: datetime) -> list[Person]:
    """Whom announcing the meeting asks: everyone at the body's table on its day, unless only chosen people come."""
    if meeting.by_invitation:
        return [row.person for row in meeting.participations.asked().select_related("person")]
    return list(people_seated(meeting.body_id, AT_THE_TABLE, on=_day_of_seats(meeting, now)).order_by("pk"))


def _day_of_seats(meeting: Meeting, now: datetime) -> date:
    """Whoever is seated on the day of the meeting is asked, on the day itself and after it whoever is seated now."""
    return max(local_day(now), meeting.day)


def invite(meeting: Meeting, *, people: Iterable[Person], by: Actor, now: datetime) -> list[Participation]:
    """Ask people to a meeting, each in the capacity of their seats; whoever has been asked stays as they are.

    The first who holds the chair presides, the one who stands in for it only if nobody else does.
    """
    with transaction.atomic():
        Meeting.objects.select_for_update().get(pk=meeting.pk)
        asked = set(meeting.participations.values_list("person", flat=True))
        new = {person.pk: person for person in people if person.pk not in asked}
        day = _day_of_seats(meeting, now)
        seats = list(Seat.objects.valid_on(day).filter(body=meeting.body_id, person__in=list(new)))
        chair, attendees = _chair(seats), {seat.person_id for seat in seats if seat.role in ATTENDEES}
        taken = meeting.participations.filter(presides=True).exists()
        seat_on = seats_on(meeting, new, on=day)
        made = [
            _new(
                meeting,
                person,
                capacity=Capacity.MEMBER if person.pk in attendees else Capacity.OBSERVER,
                presides=person.pk == chair and not taken,
                seat_on=seat_on.get(person.pk),
            )
            for person in new.values()
        ]
        Participation.objects.bulk_create(made)
        for row in made:
            audit.record(by=by, verb="participation.invited", target=row, after=audit.snapshot(row))
    return made


def _new(meeting: Meeting, person: Person, *, capacity: str, presides: bool, seat_on: int | None) -> Participation:
    return Participation(
        meeting=meeting,
        person=person,
        organisation_id=person.organisation_id,
        position_ko=person.position_ko,
        position_en=person.position_en,
        capacity=capacity,
        presides=presides,
        seat_on_id=seat_on,
    )


def seats_on(meeting: Meeting, people: Iterable[int], *, on: date) -> dict[int, int]:
    """On which body each holds a seat at the table, the meeting's own before others; nothing for who holds none."""
    held = Seat.objects.valid_on(on).filter(person__in=list(people), role__in=AT_THE_TABLE).order_by("-pk")
    found = dict(held.values_list("person", "body"))
    return found | dict(held.filter(body=meeting.body_id).values_list("person", "body"))


def _chair(seats: Iterable[Seat]) -> int | None:
    chairs = [seat for seat in seats if seat.role == Seat.Role.CHAIR]
    return min(chairs, key=lambda seat: (seat.acting, seat.pk)).person_id if chairs else None


def keep_participation(row: Participation, *, by: Actor, now: datetime, quiet: bool = False) -> None:
    """Ask one more person, or change in which capacity somebody takes part.

    A guest is asked for one item of the agenda and sees nothing here. Once the meeting has been announced, whoever is
    asked is told, unless quiet.
    """
    with transaction.atomic():
        meeting = Meeting.objects.select_for_update().get(pk=row.meeting_id)
        if meeting.state in {MeetingState.CLOSED, MeetingState.CANCELLED}:
            raise NotAllowedNow(_("The list of a meeting that was held or cancelled is not changed any more."))
        _check_place(row, meeting)
        is_new = row._state.adding
        again = meeting.participations.filter(person=row.person_id).exclude(withdrawn_because="").first()
        if is_new and again:
            row.pk, row._state.adding, row.sequence = again.pk, False, again.sequence
            row.created_at = again.created_at
        stored = None if row._state.adding else Participation.objects.select_for_update().get(pk=row.pk)
        before = {} if stored is None else audit.snapshot(stored)
        if is_new:
            row.organisation_id = row.person.organisation_id
            row.position_ko, row.position_en = row.person.position_ko, row.person.position_en
            row.seat_on_id = seats_on(meeting, [row.person_id], on=local_day(now)).get(row.person_id)
        try:
            with transaction.atomic():
                if is_new:
                    row.save()
                elif stored is not None:
                    register.write(row, stored)
        except IntegrityError as error:
            raise ParticipationRefused(
                _("This person has been asked already, or somebody else presides at this meeting.")
            ) from error
        verb = "participation.invited" if is_new else "participation.changed"
        audit.record_change(by=by, verb=verb, target=row, before=before)
        if is_new and meeting.state == MeetingState.OPEN:
            announce("participation_invited", row, by=by, quiet=quiet)


def _check_place(row: Participation, meeting: Meeting) -> None:
    if row.presides and row.capacity != Capacity.MEMBER:
        raise ParticipationRefused(_("Only an attendee presides."), field="presides")
    others = meeting.participations.exclude(pk=row.pk)
    if row.presides and others.filter(presides=True).exists():
        raise ParticipationRefused(_("Somebody else presides at this meeting already."), field="presides")
    if (row.capacity == Capacity.GUEST) != (row.item_id is not None):
        raise ParticipationRefused(_("A guest is asked for one item, and only a guest is."), field="item")
    on_it = AgendaItem.objects.filter(meeting=meeting, state=AgendaItemState.ACCEPTED)
    if row.item_id and not on_it.filter(pk=row.item_id).exists():
        raise ParticipationRefused(_("This item is not on the agenda of this meeting."), field="item")
    if others.asked().filter(person=row.person_id).exists():
        raise ParticipationRefused(_("This person has been asked to this meeting already."), field="person")


def answer_invitation(row: Participation, *, by: Actor, rsvp: str, note: str = "", now: datetime) -> None:
    """Say whether one comes; it can be said anew until the meeting begins. NotAllowedNow after that."""
    with transaction.atomic():
        meeting = Meeting.objects.select_for_update().get(pk=row.meeting_id)
        stored = Participation.objects.select_for_update().get(pk=row.pk)
        if not meeting.lies_ahead(now) or stored.withdrawn_because:
            raise NotAllowedNow(_("The meeting has begun, was held or was cancelled; answers are not taken any more."))
        if rsvp not in {Rsvp.ACCEPTED, Rsvp.DECLINED, Rsvp.TENTATIVE}:
            raise ParticipationRefused(_("Choose an answer."), field="rsvp")
        before = {"rsvp": stored.rsvp, "rsvp_note": stored.rsvp_note}
        after = {"rsvp": rsvp, "rsvp_note": note.strip()}
        if before == after:
            return
        change_if(row, {"person": row.person_id}, {**after, "answered_at": now})
        audit.record(by=by, verb="participation.answered", target=row, before=before, after=after)


def record_attendance(row: Participation, *, by: Actor, attendance: str, reason: str = "") -> None:
    """Say who was there: present, by proxy through a confirmed delegate, excused or absent with a reason.

    From the beginning of the meeting on. An empty attendance takes back what was said.
    """
    with transaction.atomic():
        meeting = Meeting.objects.select_for_update().get(pk=row.meeting_id)
        if meeting.state not in BEGUN:
            raise NotAllowedNow(_("Attendance is recorded once the meeting has begun."))
        stored = Participation.objects.select_for_update().get(pk=row.pk)
        needs_reason = attendance in {Attendance.EXCUSED, Attendance.ABSENT}
        if attendance and attendance not in Attendance.values:
            raise ParticipationRefused(_("Choose one of the ways to attend."), field="attendance")
        if needs_reason and not reason.strip():
            raise ParticipationRefused(_("Give the reason for the absence."), field="reason")
        if attendance == Attendance.BY_PROXY and not stored.has_confirmed_delegate:
            raise ParticipationRefused(
                _("Nobody has been confirmed to come in this person's place."), field="attendance"
            )
        before = {"attendance": stored.attendance, "reason": stored.reason}
        after = {"attendance": attendance, "reason": reason.strip() if needs_reason else ""}
        if before == after:
            return
        change_if(row, {"attendance": stored.attendance}, after)
        audit.record(by=by, verb="participation.attended", target=row, before=before, after=after)


def dismiss_delegate(row: Participation, *, by: Actor) -> None:
    """Whoever was confirmed to come in this person's place is told that they do not; inside the transaction."""
    if row.has_confirmed_delegate and row.delegate_id is not None:
        row.former_delegates.add(row.delegate_id)
        announce("delegation_ended", row, by=by)


def withdraw_invitation(row: Participation, *, by: Actor, reason: str) -> None:
    """Ask somebody no more; they see the meeting no more unless they are seated.

    Before it has begun they are told. After it, access that an invitation gave can still be taken back.
    """
    if not reason.strip():
        raise ParticipationRefused(_("Say why."), field="reason")
    with transaction.atomic():
        meeting = Meeting.objects.select_for_update().get(pk=row.meeting_id)
        if row.attendance and meeting.state not in PLANNED:
            raise NotAllowedNow(_("This person was there; what the record says stays."))
        if meeting.state == MeetingState.OPEN:
            dismiss_delegate(Participation.objects.select_for_update().get(pk=row.pk), by=by)
        to = {"withdrawn_because": reason.strip(), "presides": False, "sequence": row.sequence + 1}
        change_if(row, {"withdrawn_because": "", "attendance": row.attendance}, to)
        audit.record(by=by, verb="participation.withdrawn", target=row, reason=reason.strip())
        if meeting.state == MeetingState.OPEN:
            announce("participation_withdrawn", row, by=by)
