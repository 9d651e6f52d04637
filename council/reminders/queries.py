"""The facts that rules speak about, read for a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain

from django.db.models import Q

from council.actions.models import ActionItem
from council.core.calendar import END_OF_DAY, at, end_of, local_day
from council.core.quarters import Quarter
from council.meetings.models import Deadline, DeadlineKind, Meeting
from council.meetings.states import MeetingState
from council.parties.models import Body
from council.reminders.models import ReminderRule
from council.reminders.schedule import LOOK_BACK, Fact, Rule
from council.reports.models import Report, ReportingRound
from council.reports.states import RoundState

Kind = ReminderRule.Kind
# The furthest a rule may look ahead of its day.
LOOK_AHEAD = 4 * LOOK_BACK


def active_rules() -> list[Rule]:
    return [
        Rule(
            pk=rule.pk,
            kind=rule.kind,
            body_id=rule.body_id,
            deadline_kind=rule.deadline_kind,
            offset=rule.offset,
            business_days=rule.unit == ReminderRule.Unit.BUSINESS,
            audience=rule.audience,
        )
        for rule in ReminderRule.objects.filter(active=True)
    ]


def facts(day: date) -> Iterator[Fact]:
    """Everything a rule could speak about on a day."""
    return chain(_quarters(day), _deadlines(day), _actions(day), _reports(day))


def still_owes(deadline: Deadline, organisation_id: int) -> bool:
    """Whether an organisation owes what a step of a meeting asks for; of other steps than reports that is not known.

    Nor is it while no round of reports is open for that meeting's quarter.
    """
    if deadline.kind not in {DeadlineKind.REPORTS_DUE, DeadlineKind.SECURITY_REPORTS_DUE}:
        return True
    meeting = deadline.meeting
    rounds = ReportingRound.objects.filter(covers=meeting.quarter.previous(), state=RoundState.OPEN)
    reports = Report.objects.filter(round__in=rounds.filter(Q(body=meeting.body_id) | Q(body=meeting.body.parent_id)))
    if deadline.kind == DeadlineKind.SECURITY_REPORTS_DUE:
        reports = reports.filter(commitment__pillar__working_group=meeting.body_id)
    return not reports.exists() or reports.owed().filter(organisation=organisation_id).exists()


def announced(body_id: int, quarter: Quarter) -> bool:
    """Whether a body's regular meeting of a quarter has been announced."""
    told = {MeetingState.OPEN, MeetingState.IN_PROGRESS, MeetingState.CLOSED}
    return Meeting.objects.filter(body=body_id, quarter=quarter, kind=Meeting.Kind.REGULAR, state__in=told).exists()


def _quarters(day: date) -> Iterator[Fact]:
    quarter = Quarter.of(day).next()
    for body in Body.objects.filter(cadence=Body.Cadence.QUARTERLY):
        for soon in (quarter.previous(), quarter, quarter.next()):
            yield Fact(
                kind=Kind.QUARTER_AHEAD if announced(body.pk, soon) else Kind.QUARTER_UNPLANNED,
                body_id=body.pk,
                deadline_kind="",
                target_type="body",
                target_id=body.pk,
                anchor_on=soon.starts_on,
                known_on=local_day(body.created_at),
                useful_until=at(soon.ends_on, END_OF_DAY),
            )


def _deadlines(day: date) -> Iterator[Fact]:
    near = Deadline.objects.filter(
        due_at__gte=end_of(day - LOOK_BACK), due_at__lte=end_of(day + LOOK_AHEAD), waived_because=""
    ).exclude(meeting__state=MeetingState.CANCELLED)
    for deadline in near.select_related("meeting").iterator(chunk_size=500):
        meeting = deadline.meeting
        yield Fact(
            kind=Kind.MEETING_DEADLINE,
            body_id=meeting.body_id,
            deadline_kind=deadline.kind,
            target_type="deadline",
            target_id=deadline.pk,
            anchor_on=local_day(deadline.due_at),
            known_on=local_day(meeting.opened_at or meeting.created_at),
            useful_until=deadline.due_at,
        )


def _actions(day: date) -> Iterator[Fact]:
    near = ActionItem.objects.owed().filter(due_on__gte=day - LOOK_BACK, due_on__lte=day + LOOK_AHEAD)
    for action in near.iterator(chunk_size=500):
        for kind, useful_until in ((Kind.ACTION_DUE, end_of(action.due_on)), (Kind.ACTION_OVERDUE, None)):
            yield Fact(
                kind=kind,
                body_id=action.body_id,
                deadline_kind="",
                target_type="actionitem",
                target_id=action.pk,
                anchor_on=action.due_on,
                known_on=local_day(action.created_at),
                useful_until=useful_until,
            )


def _reports(day: date) -> Iterator[Fact]:
    """What is past its date and can still be handed in."""
    late = Report.objects.overdue(today=day, since=day - LOOK_BACK).filter(round__state=RoundState.OPEN)
    for report in late.select_related("round").iterator(chunk_size=500):
        yield Fact(
            kind=Kind.REPORT_OVERDUE,
            body_id=report.round.body_id,
            deadline_kind="",
            target_type="report",
            target_id=report.pk,
            anchor_on=report.last_day,
            known_on=local_day(report.created_at),
            useful_until=None,
        )
