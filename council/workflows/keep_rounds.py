"""Rounds of reports keep up with the calendar: opened when their quarter is over, moved when their meeting moves."""

from __future__ import annotations

from datetime import date, datetime

from council.core.actor import Actor
from council.core.calendar import local_day
from council.core.errors import DomainError
from council.core.quarters import Quarter
from council.meetings.models import Meeting
from council.meetings.states import MeetingState
from council.reports.models import Report, ReportingRound
from council.reports.operations.rounds import end_reopenings, open_round, plan_again
from council.reports.queries import round_dates
from council.reports.states import UNSENT, RoundState

KEEPER = Actor.system("keep_rounds")


def keep_rounds(*, now: datetime) -> int:
    """Open the round of each regular meeting of this quarter that has a date for reports ahead, once; let the dates of
    open rounds follow their meetings, unless somebody chose a day; end what was reopened. How many rounds were opened.

    Only of meetings that were announced: a date would tell of one that was not. Run again, it changes nothing.
    """
    today = local_day(now)
    quarter = Quarter.of(today)
    opened = 0
    ahead = Meeting.objects.filter(
        quarter=quarter, kind=Meeting.Kind.REGULAR, state=MeetingState.OPEN, body__declarations__isnull=False
    )
    for meeting in ahead.select_related("body").distinct():
        found = ReportingRound.objects.filter(body=meeting.body, covers=quarter.previous()).first()
        if found is None:
            opened += _opened(meeting, now=now)
        elif found.state == RoundState.OPEN and found.follows_meeting and _has_moved(found, meeting, today=today):
            plan_again(found, by=KEEPER, now=now, meeting=meeting)
    over = Report.objects.owed().filter(round__state=RoundState.CLOSED, reopened_until__lt=today)
    for closed in ReportingRound.objects.filter(pk__in=over.values("round")):
        end_reopenings(closed, by=KEEPER, now=now)
    return opened


def _opened(meeting: Meeting, *, now: datetime) -> bool:
    dates = round_dates(meeting.body, meeting.quarter.previous(), meeting=meeting)
    if dates.due_on is None or dates.due_on < local_day(now):
        return False
    try:
        open_round(body=meeting.body, covers=meeting.quarter.previous(), meeting=meeting, by=KEEPER, now=now)
    except DomainError:
        # Whoever runs the body opens it by hand, with a date, and is told there what stands in the way.
        return False
    return True


def _has_moved(row: ReportingRound, meeting: Meeting, *, today: date) -> bool:
    """Whether a date that can still follow its meeting does not stand where the meeting's steps put it."""
    dates = round_dates(row.body, row.covers, meeting=meeting)
    due_on = dates.due_on if dates.due_on and dates.due_on >= today else row.due_on
    unsent = row.reports.filter(state__in=UNSENT).select_related("commitment__pillar")
    moved = any(
        report.due_on != dates.of(report.commitment, due_on=due_on, today=today)
        for report in unsent
        if dates.of(report.commitment, due_on=due_on, today=today) >= today
    )
    return row.meeting_id != meeting.pk or row.due_on != due_on or moved
