"""Planning, moving, convening, holding and cancelling a meeting."""

from __future__ import annotations

from dataclasses import dataclass
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
from council.meetings.models import Deadline, Meeting
from council.meetings.queries import steps
from council.meetings.states import MEETING, PLANNED, MeetingState
from council.parties.models import Body


class MeetingRefused(DomainError):
    """The meeting cannot be planned like this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """When and how a meeting is to be held."""

    starts_at: datetime
    ends_at: datetime
    mode: str = Meeting.Mode.IN_PERSON
    venue: str = ""
    title: str = ""
    outside_quarter_because: str = ""


def schedule_meeting(*, by: Actor, body: Body, quarter: Quarter, kind: str, plan: Plan) -> Meeting:
    """Plan a meeting: a draft with all its deadlines, which nobody is told of yet.

    MeetingRefused if the plan breaks a rule or the body has a regular meeting in the quarter already.
    """
    calendar = BusinessCalendar.load()
    check(plan, quarter=quarter, kind=kind, calendar=calendar)
    meeting = Meeting(body=body, quarter=quarter, kind=kind)
    try:
        with transaction.atomic():
            _apply(meeting, plan)
            meeting.save()
            _make_deadlines(meeting, calendar)
            audit.record(by=by, verb="meeting.scheduled", target=meeting, after=audit.snapshot(meeting))
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
    if kind == Meeting.Kind.REGULAR and not calendar.is_business_day(day):
        raise MeetingRefused(
            _("%(day)s is not a business day. The business day before it is %(other)s.")
            % {"day": day_text(day), "other": day_text(calendar.on_or_before(day))},
            field="starts_at",
        )


def change_meeting(meeting: Meeting, *, by: Actor, plan: Plan, quiet: bool = False) -> None:
    """Change a planned meeting. If it moves, its deadlines move with it, and those invited are told unless quiet."""
    calendar = BusinessCalendar.load()
    with transaction.atomic():
        stored = Meeting.objects.select_for_update().get(pk=meeting.pk)
        if stored.state not in PLANNED:
            raise NotAllowedNow(_("A meeting that was held or cancelled is not changed any more."))
        check(plan, quarter=stored.quarter, kind=stored.kind, calendar=calendar)
        before = audit.snapshot(stored)
        moved = (stored.starts_at, stored.ends_at) != (plan.starts_at, plan.ends_at)
        _apply(meeting, plan)
        register.write(meeting, stored)
        if moved:
            meeting.sequence += 1
            meeting.save(update_fields=["sequence"])
            _move_deadlines(meeting, calendar)
        was, now_is = audit.changes(before, audit.snapshot(meeting))
        if now_is:
            audit.record(by=by, verb="meeting.changed", target=meeting, before=was, after=now_is)
        if moved and meeting.state == MeetingState.OPEN:
            announce("meeting_moved", meeting, by=by, quiet=quiet)


def convene_meeting(meeting: Meeting, *, by: Actor, now: datetime, quiet: bool = False) -> None:
    """Announce a planned meeting: everyone seated on the body can see it and is told, unless quiet."""
    with transaction.atomic():
        move(meeting, to=MeetingState.OPEN, by=by, lifecycle=MEETING, verb="meeting.convened", opened_at=now)
        announce("meeting_convened", meeting, by=by, quiet=quiet)


def begin_meeting(meeting: Meeting, *, by: Actor) -> None:
    """The meeting is in session; it gets the next number of its body and kind."""
    with transaction.atomic():
        Body.objects.select_for_update().get(pk=meeting.body_id)
        held = Meeting.objects.filter(body_id=meeting.body_id, kind=meeting.kind)
        number = (held.aggregate(last=Max("number"))["last"] or 0) + 1
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
        )
        if was_open:
            announce("meeting_cancelled", meeting, by=by, quiet=quiet)


def _apply(meeting: Meeting, plan: Plan) -> None:
    meeting.starts_at, meeting.ends_at = plan.starts_at, plan.ends_at
    meeting.mode, meeting.venue, meeting.title = plan.mode, plan.venue, plan.title
    meeting.outside_quarter_because = plan.outside_quarter_because


def _make_deadlines(meeting: Meeting, calendar: BusinessCalendar) -> None:
    templates = meeting.body.deadline_templates.filter(meeting_kind=meeting.kind)
    Deadline.objects.bulk_create(
        Deadline(meeting=meeting, kind=step.kind, due_at=step.due_at)
        for step in steps(templates, meeting.starts_at, calendar)
    )


def _move_deadlines(meeting: Meeting, calendar: BusinessCalendar) -> None:
    templates = meeting.body.deadline_templates.filter(meeting_kind=meeting.kind)
    due = {step.kind: step.due_at for step in steps(templates, meeting.starts_at, calendar)}
    deadlines = [d for d in meeting.deadlines.filter(waived_because="") if d.kind in due]
    for deadline in deadlines:
        deadline.due_at = due[deadline.kind]
    Deadline.objects.bulk_update(deadlines, ["due_at"])
