"""Reads about meetings: dates that can be proposed, deadlines that follow from a date."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import F, QuerySet

from council.core.calendar import BusinessCalendar, at, end_of, local_day
from council.core.quarters import Quarter
from council.meetings.models import Deadline, DeadlineKind, DeadlineTemplate, Meeting, Participation
from council.meetings.states import MeetingState
from council.parties.models import Body

USUAL_START, USUAL_END = time(10), time(11, 30)
# Weeks of a quarter that keep clear of its end and mostly of 설 and 추석, the best first.
USUAL_WEEKS = (8, 9, 7, 10, 6)
THURSDAY = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One deadline as it would be."""

    kind: str
    due_at: datetime


def steps(templates: Iterable[DeadlineTemplate], starts_at: datetime, calendar: BusinessCalendar) -> list[Step]:
    """The deadlines that follow from a meeting's start, in order of time.

    Papers do not go out before the notice they come with: over long holidays their business days reach further back
    than its days of the calendar, and then it goes out with them.
    """
    due = {template.kind: due_at(template, starts_at, calendar) for template in templates}
    if {DeadlineKind.NOTICE, DeadlineKind.PAPERS_OUT} <= due.keys():
        due[DeadlineKind.NOTICE] = min(due[DeadlineKind.NOTICE], due[DeadlineKind.PAPERS_OUT])
    order = DeadlineKind.values.index
    return sorted((Step(*step) for step in due.items()), key=lambda step: (step.due_at, order(step.kind)))


def due_at(template: DeadlineTemplate, starts_at: datetime, calendar: BusinessCalendar) -> datetime:
    """When one step of a meeting is due."""
    day = local_day(starts_at)
    match template.unit:
        case DeadlineTemplate.Unit.HOURS:
            return starts_at + timedelta(hours=template.offset)
        case DeadlineTemplate.Unit.CALENDAR:
            return end_of(calendar.on_or_before(day + timedelta(days=template.offset)))
        case _:
            return end_of(calendar.shift(day, template.offset))


def usual_days(quarter: Quarter, calendar: BusinessCalendar) -> Iterator[date]:
    """Business days of a quarter on which a meeting is usual, the best first."""
    weeks = [quarter.starts_on + timedelta(weeks=week - 1) for week in USUAL_WEEKS]
    days = [[start + timedelta(days=n) for n in range(7)] for start in weeks]
    thursdays = [day for week in days for day in week if day.weekday() == THURSDAY]
    others = [day for week in days for day in week if day.weekday() != THURSDAY]
    return (day for day in [*thursdays, *others] if calendar.is_business_day(day))


def proposed_day(
    body: Body,
    quarter: Quarter,
    *,
    today: date,
    calendar: BusinessCalendar,
    above: Iterable[Step] = (),
    taken: Collection[date] = (),
) -> date | None:
    """A business day for a body's regular meeting that leaves time for every step before it; None if none is left.

    A working group meets where the council's deadline for it lies, if the council's meeting is planned, or is to be
    planned with the steps ``above``, even if that leaves little time for its own steps: later it would speak too late
    for the council. Days that other meetings have or are to have (``taken``) are left free.
    """
    asked_for = [local_day(step.due_at) for step in above if step.kind == DeadlineKind.WORKING_GROUP]
    planned = _steps_for_working_group(body, today=today).filter(meeting__quarter=quarter)
    for day in [*asked_for, *(local_day(step.due_at) for step in planned)]:
        if day in quarter and day > today and day not in taken and calendar.is_business_day(day):
            return day
    taken = {*taken, *_days_taken(quarter)}
    earliest = calendar.shift(calendar.on_or_after(today), _days_of_preparation(body))
    return next((day for day in usual_days(quarter, calendar) if day >= earliest and day not in taken), None)


def _steps_for_working_group(body: Body, *, today: date) -> QuerySet[Deadline]:
    """The days on which the meetings ahead of the body above want this working group to have met; none without one."""
    return Deadline.objects.filter(
        kind=DeadlineKind.WORKING_GROUP,
        waived_because="",
        due_at__gt=end_of(today),
        meeting__in=Meeting.objects.planned().filter(body=body.parent_id, kind=Meeting.Kind.REGULAR),
    ).select_related("meeting")


def proposed_times(day: date) -> tuple[datetime, datetime]:
    """The usual clock times on a day."""
    return at(day, USUAL_START), at(day, USUAL_END)


def next_plannable(body: Body, *, today: date, calendar: BusinessCalendar) -> tuple[Quarter, date]:
    """The first quarter without a regular meeting of the body in which there is still a day for one, and that day.

    For a working group, the first one in which the body above meets; by itself only if that has planned nothing.
    """
    planned = set(
        Meeting.objects.not_cancelled().filter(body=body, kind=Meeting.Kind.REGULAR).values_list("quarter", flat=True)
    )
    for step in _steps_for_working_group(body, today=today):
        quarter, day = step.meeting.quarter, local_day(step.due_at)
        if quarter not in planned and day in quarter:
            return quarter, day
    quarter = Quarter.of(today)
    while quarter in planned or not (free := proposed_day(body, quarter, today=today, calendar=calendar)):
        quarter = quarter.next()
    return quarter, free


def _days_taken(quarter: Quarter) -> Collection[date]:
    known = Meeting.objects.not_cancelled().filter(by_invitation=False)
    starts = known.of_quarter(quarter).values_list("starts_at", flat=True)
    return {local_day(start) for start in starts}


def _days_of_preparation(body: Body) -> int:
    """Business days between the call for items and the meeting, by the body's templates."""
    template = body.deadline_templates.filter(
        meeting_kind=Meeting.Kind.REGULAR, unit=DeadlineTemplate.Unit.BUSINESS, offset__lt=0
    ).order_by("offset")
    first = template.first()
    return -first.offset if first else 0


def invitation(pk: int, *, on: date) -> Participation | None:
    """What an invitation that went out says, as long as its letter opens something.

    None for one that was withdrawn or never sent, for a meeting that has begun, and for somebody who has lost the seat,
    the organisation or the account meanwhile.
    """
    rows = Participation.objects.asked().while_seated(on).filter(organisation=F("person__organisation"))
    rows = rows.filter(meeting__opened_at__isnull=False, meeting__state__in=[MeetingState.OPEN, MeetingState.CANCELLED])
    rows = rows.exclude(person__user__is_active=False)
    return rows.filter(pk=pk).select_related("meeting__body", "person", "organisation").first()
