"""A quarter day by day for one reader: meetings, their steps, what the own organisation has to do, and closed days."""

from __future__ import annotations

from calendar import Calendar
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.dates import WEEKDAYS

from council.access.roles import Standing
from council.access.visibility import visible_to
from council.actions.models import ActionItem
from council.actions.states import ActionState
from council.core.calendar import END_OF_DAY, SEOUL, at, local_day, statutory_holidays
from council.core.models import Closure
from council.core.quarters import Quarter
from council.core.reach import FIRST_YEAR, LAST_YEAR
from council.meetings.models import Deadline, Meeting
from council.meetings.states import MeetingState
from council.parties.models import Body

# As far ahead as quarters are planned.
YEARS_AHEAD = 3


@dataclass(frozen=True, slots=True)
class Event:
    """One thing on a day; of the three rows one is given. ``at`` is the moment where a clock time is known."""

    day: date
    at: datetime | None = None
    meeting: Meeting | None = None
    deadline: Deadline | None = None
    action: ActionItem | None = None
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """A day with what happens on it. ``holiday`` is the statutory one, in Korean; ``closure`` what staff entered."""

    date: date
    holiday: str
    closure: str
    events: Sequence[Event]
    is_today: bool

    @property
    def is_off(self) -> bool:
        return self.date.weekday() >= 5 or bool(self.holiday or self.closure)

    @property
    def is_worth_a_line(self) -> bool:
        return bool(self.events or self.holiday or self.closure)


@dataclass(frozen=True, slots=True)
class Month:
    """A month in weeks from Monday to Sunday; None stands for a day of the month before or after."""

    first: date
    weeks: Sequence[Sequence[Day | None]]

    @property
    def days(self) -> list[Day]:
        return [day for week in self.weeks for day in week if day]


@dataclass(frozen=True, slots=True)
class QuarterPage:
    """``unplanned`` are bodies without a regular meeting, for whoever plans it; ``plannable``: there is still time."""

    quarter: Quarter
    months: Sequence[Month]
    unplanned: Sequence[Body]
    plannable: bool

    @property
    def weekdays(self) -> list[str]:
        return [str(WEEKDAYS[number]) for number in range(7)]

    @property
    def lines(self) -> list[Day]:
        """The days that a list of them shows."""
        return [day for month in self.months for day in month.days if day.is_worth_a_line]

    @property
    def is_empty(self) -> bool:
        return not any(day.events for day in self.lines)

    @property
    def before(self) -> Quarter | None:
        return self.quarter.previous() if self.quarter > Quarter(FIRST_YEAR, 1) else None

    @property
    def after(self) -> Quarter | None:
        return self.quarter.next() if self.quarter < Quarter(LAST_YEAR, 4) else None


def quarter_asked_for(text: str, *, today: date) -> Quarter:
    """The quarter that an address names; the current one if it names none that a calendar reaches."""
    try:
        quarter = Quarter.parse(text)
    except ValueError:
        return Quarter.of(today)
    return quarter if FIRST_YEAR <= quarter.year <= LAST_YEAR else Quarter.of(today)


def quarter_page(who: Standing, quarter: Quarter, *, today: date) -> QuarterPage:
    """What somebody sees of a quarter."""
    days, current = _days(who, quarter, today), Quarter.of(today)
    starts = [quarter.starts_on.replace(month=quarter.starts_on.month + n) for n in range(3)]
    too_far = quarter > Quarter(current.year + YEARS_AHEAD, 4)
    return QuarterPage(
        quarter=quarter,
        months=[_month(first, days) for first in starts],
        unplanned=[] if too_far else _without_a_meeting(who, quarter, over=quarter < current),
        plannable=quarter >= current and not too_far,
    )


def _month(first: date, days: Mapping[date, Day]) -> Month:
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    return Month(first, [[days[day] if day.month == first.month else None for day in week] for week in weeks])


def _days(who: Standing, quarter: Quarter, today: date) -> dict[date, Day]:
    span = (quarter.starts_on, quarter.ends_on)
    holidays = statutory_holidays(quarter.year)
    closures = dict(visible_to(who, Closure.objects.filter(date__range=span)).values_list("date", "name"))
    events: dict[date, list[Event]] = defaultdict(list)
    for event in [*_meetings(who, quarter), *_steps(who, quarter), *_actions(who, quarter, today)]:
        events[event.day].append(event)
    number = (quarter.ends_on - quarter.starts_on).days + 1
    return {
        day: Day(day, holidays.get(day, ""), closures.get(day, ""), events[day], day == today)
        for day in (quarter.starts_on + timedelta(days=n) for n in range(number))
    }


def _moments(quarter: Quarter) -> tuple[datetime, datetime]:
    """The first moment of a quarter in Seoul and the last one."""
    return at(quarter.starts_on, time.min), at(quarter.ends_on, time.max)


def _meetings(who: Standing, quarter: Quarter) -> Iterator[Event]:
    """By the day on which they are, which may lie outside the quarter they are counted in."""
    rows = visible_to(who, Meeting.objects.filter(starts_at__range=_moments(quarter))).select_related("body")
    for meeting in rows.order_by("starts_at", "pk"):
        yield Event(meeting.day, at=None if meeting.day_only else meeting.starts_at, meeting=meeting)


def _steps(who: Standing, quarter: Quarter) -> Iterator[Event]:
    """Of meetings that were not cancelled: with those their steps are off."""
    rows = visible_to(who, Deadline.objects.filter(due_at__range=_moments(quarter)))
    rows = rows.exclude(meeting__state=MeetingState.CANCELLED).select_related("meeting__body")
    for step in rows.order_by("due_at", "meeting_id", "pk"):
        all_day = step.due_at.astimezone(SEOUL).time() == END_OF_DAY
        yield Event(local_day(step.due_at), at=None if all_day else step.due_at, deadline=step)


def _actions(who: Standing, quarter: Quarter, today: date) -> Iterator[Event]:
    """What the reader's own organisation has or had to do."""
    span = (quarter.starts_on, quarter.ends_on)
    rows = visible_to(who, ActionItem.objects.filter(owner=who.organisation_id, due_on__range=span))
    for action in rows.exclude(state=ActionState.CANCELLED).order_by("due_on", "number"):
        yield Event(action.due_on, action=action, overdue=action.is_overdue(today))


def _without_a_meeting(who: Standing, quarter: Quarter, *, over: bool) -> list[Body]:
    """Bodies run by the reader that meet quarterly and have no regular meeting in a quarter.

    Of a quarter that is over, only those that had met before it.
    """
    if not who.secretariat_of:
        return []
    meetings = visible_to(who, Meeting.objects.not_cancelled())
    regular = meetings.of_quarter(quarter).filter(kind=Meeting.Kind.REGULAR)
    bodies = visible_to(who, Body.objects.filter(pk__in=who.secretariat_of, cadence=Body.Cadence.QUARTERLY))
    if over:
        bodies = bodies.filter(pk__in=meetings.filter(starts_at__lt=_moments(quarter)[0]).values("body"))
    return list(bodies.exclude(pk__in=regular.values("body")))
