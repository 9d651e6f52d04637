"""Planning, moving, convening, holding and cancelling a meeting."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from council.core import audit, register
from council.core.actor import Actor
from council.core.calendar import BusinessCalendar, local_day
from council.core.errors import DomainError, NotAllowedNow
from council.core.lifecycle import move
from council.core.quarters import Quarter
from council.core.wording import day_text
from council.mail.operations import announce
from council.meetings.models import DateChange, Meeting
from council.meetings.operations.deadlines import closed_on, follow, make_deadlines
from council.meetings.operations.participation import invite, to_be_asked
from council.meetings.states import MEETING, PLANNED, MeetingState
from council.parties.models import Body, Person


class MeetingRefused(DomainError):
    """The meeting cannot be planned like this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """When and how a meeting is to be held.

    ``steps`` are dates chosen for its steps other than those of the templates, None for one that is left out;
    ``waive_because`` says why steps are left out, those included that would lie in the past.
    """

    starts_at: datetime
    ends_at: datetime
    mode: str = Meeting.Mode.IN_PERSON
    venue: str = ""
    title: str = ""
    outside_quarter_because: str = ""
    waive_because: str = ""
    steps: Mapping[str, datetime | None] = field(default_factory=dict)


def schedule_meeting(
    *,
    by: Actor,
    body: Body,
    quarter: Quarter,
    kind: str,
    plan: Plan,
    now: datetime,
    only: Collection[Person] | None = None,
) -> Meeting:
    """Plan a meeting: a draft with all its steps, which nobody is told of yet.

    ``only``: an extraordinary meeting of these people, of which nobody else seated learns. MeetingRefused or
    StepRefused, with nothing kept, if the plan breaks a rule or the body has a regular meeting in the quarter already.
    """
    calendar = BusinessCalendar.load()
    check(plan, quarter=quarter, kind=kind, calendar=calendar)
    if only is not None and kind != Meeting.Kind.EXTRAORDINARY:
        raise MeetingRefused(_("Only an extraordinary meeting is held with chosen people."), field="invitees")
    meeting = Meeting(body=body, quarter=quarter, kind=kind, by_invitation=only is not None)
    try:
        with transaction.atomic():
            _apply(meeting, plan)
            meeting.save()
            make_deadlines(meeting, chosen=plan.steps, waive_because=plan.waive_because, calendar=calendar, now=now)
            audit.record(by=by, verb="meeting.scheduled", target=meeting, after=audit.snapshot(meeting))
            if only is not None:
                invite(meeting, people=only, by=by, now=now)
    except IntegrityError as error:
        raise MeetingRefused(_("This body has a regular meeting in this quarter already."), field="quarter") from error
    return meeting


def check(plan: Plan, *, quarter: Quarter, kind: str, calendar: BusinessCalendar) -> None:
    """Refuse a plan that breaks a rule, naming the field to correct."""
    day = local_day(plan.starts_at)
    if plan.ends_at <= plan.starts_at:
        raise MeetingRefused(_("The meeting must end after it starts."), field="ends_at")
    if day not in quarter and not plan.outside_quarter_because.strip():
        raise MeetingRefused(
            _("%(day)s lies outside %(quarter)s. Give the reason, or choose another day.")
            % {"day": day_text(day), "quarter": quarter.label},
            field="outside_quarter_because",
        )
    if kind == Meeting.Kind.REGULAR and (why_not := closed_on(day, calendar)):
        raise MeetingRefused(why_not, field="starts_at")


def change_meeting(
    meeting: Meeting, *, by: Actor, plan: Plan, now: datetime, because: str = "", quiet: bool = False
) -> None:
    """Change a planned meeting. If it moves, its steps move with it; of a new time or place those invited are told.

    ``quiet`` tells nobody. One that has been announced is moved with a reason, which those invited see.
    """
    calendar = BusinessCalendar.load()
    with transaction.atomic():
        stored = Meeting.objects.select_for_update().get(pk=meeting.pk)
        if stored.state not in PLANNED:
            raise NotAllowedNow(_("A meeting that was held or cancelled is not changed any more."))
        check(plan, quarter=stored.quarter, kind=stored.kind, calendar=calendar)
        before = audit.snapshot(stored)
        moved = (stored.starts_at, stored.ends_at) != (plan.starts_at, plan.ends_at)
        is_open = stored.state == MeetingState.OPEN
        elsewhere = is_open and (stored.mode, stored.venue) != (plan.mode, plan.venue)
        if moved and is_open and not because.strip():
            raise MeetingRefused(_("Those invited know this date. Say why it moves."), field="because")
        _apply(meeting, plan)
        register.write(meeting, stored)
        if moved or elsewhere:
            _follow_change(meeting, stored, plan, because=because.strip(), calendar=calendar, now=now)
        audit.record_change(by=by, verb="meeting.changed", target=meeting, before=before, reason=because.strip())
        if is_open and (moved or elsewhere):
            announce("meeting_moved", meeting, by=by, quiet=quiet)
            _tell_guests("guest_told", meeting, by=by, quiet=quiet)


def _follow_change(
    meeting: Meeting, stored: Meeting, plan: Plan, *, because: str, calendar: BusinessCalendar, now: datetime
) -> None:
    """What a new time or place brings with it: a higher sequence for calendars, the steps, the history of the date."""
    meeting.sequence += 1
    meeting.save(update_fields=["sequence"])
    if meeting.starts_at == stored.starts_at:
        return
    if plan.starts_at <= now:
        raise MeetingRefused(_("This moment has passed."), field="starts_at")
    DateChange.objects.create(
        meeting=meeting, was=stored.starts_at, became=meeting.starts_at, because=because, changed_at=now
    )
    follow(
        meeting,
        was=stored.starts_at,
        because=because,
        waive_because=plan.waive_because,
        calendar=calendar,
        now=now,
    )


def convene_meeting(meeting: Meeting, *, by: Actor, now: datetime, quiet: bool = False, urgent: bool = False) -> None:
    """Announce a planned meeting: those invited can see it and are told, unless quiet.

    Invited is everyone seated on the body on that day, or whom the secretary chose. ``urgent`` letters go at any hour
    and wait for nobody's release.
    """
    if meeting.by_invitation and not meeting.participations.asked().exists():
        raise NotAllowedNow(_("Nobody has been invited to this meeting yet."))
    with transaction.atomic():
        move(meeting, to=MeetingState.OPEN, by=by, lifecycle=MEETING, verb="meeting.convened", opened_at=now)
        if not meeting.by_invitation:
            invite(meeting, people=to_be_asked(meeting, now=now), by=by, now=now)
        announce("meeting_called" if urgent else "meeting_convened", meeting, by=by, quiet=quiet)
        _tell_guests("participation_invited", meeting, by=by, quiet=quiet)


def begin_meeting(meeting: Meeting, *, by: Actor) -> None:
    """The meeting is in session; it gets the next number of its body and kind, unless others must not learn of it."""
    with transaction.atomic():
        Body.objects.select_for_update(no_key=True).get(pk=meeting.body_id)
        held = Meeting.objects.filter(body_id=meeting.body_id, kind=meeting.kind)
        number = None if meeting.by_invitation else (held.aggregate(last=Max("number"))["last"] or 0) + 1
        move(meeting, to=MeetingState.IN_PROGRESS, by=by, lifecycle=MEETING, verb="meeting.begun", number=number)


def close_meeting(meeting: Meeting, *, by: Actor, now: datetime) -> None:
    """The meeting was held."""
    move(meeting, to=MeetingState.CLOSED, by=by, lifecycle=MEETING, verb="meeting.closed", closed_at=now)


def cancel_meeting(meeting: Meeting, *, by: Actor, now: datetime, reason: str, quiet: bool = False) -> None:
    """Call a planned meeting off, with a reason; those who were invited are told, unless quiet."""
    if not reason.strip():
        raise DomainError(_("Say why the meeting is cancelled."), field="reason")
    was_open = meeting.state == MeetingState.OPEN
    with transaction.atomic():
        move(
            meeting,
            to=MeetingState.CANCELLED,
            by=by,
            lifecycle=MEETING,
            verb="meeting.cancelled",
            reason=reason,
            cancelled_at=now,
            cancelled_because=reason,
            sequence=meeting.sequence + 1,
        )
        if was_open:
            announce("meeting_cancelled", meeting, by=by, quiet=quiet)
            _tell_guests("guest_told", meeting, by=by, quiet=quiet)


def _tell_guests(kind: str, meeting: Meeting, *, by: Actor, quiet: bool) -> None:
    """Guests of one item do not see the meeting; they are written to about their own place."""
    for guest in meeting.participations.guests():
        announce(kind, guest, by=by, quiet=quiet)


def _apply(meeting: Meeting, plan: Plan) -> None:
    meeting.starts_at, meeting.ends_at = plan.starts_at, plan.ends_at
    meeting.mode, meeting.venue, meeting.title = plan.mode, plan.venue, plan.title
    meeting.outside_quarter_because = plan.outside_quarter_because
