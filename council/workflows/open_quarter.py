"""Opening a quarter: proposing when its bodies meet with every step around it, and planning them together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from council.core.actor import Actor
from council.core.calendar import BusinessCalendar, local_day
from council.core.errors import DomainError
from council.core.quarters import Quarter
from council.meetings.models import Meeting
from council.meetings.operations.schedule import Plan, schedule_meeting
from council.meetings.queries import Step, proposed_day, proposed_times, steps
from council.parties.models import Body
from council.workflows.carry_over import carry_over

type Times = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A body's regular meeting of a quarter: the one it has, else when it could be held; without a time if never."""

    body: Body
    quarter: Quarter
    meeting: Meeting | None
    times: Times | None
    steps: Sequence[Step]

    @property
    def key(self) -> str:
        return proposal_key(self.body, self.quarter)


def proposal_key(body: Body, quarter: Quarter) -> str:
    """What tells one proposal from the others of a plan."""
    return f"{body.code}-{quarter}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What the secretary decided about one proposal."""

    body: Body
    quarter: Quarter
    plan: Plan


class QuarterRefused(DomainError):
    """One of the meetings cannot be planned like this. ``field`` names the proposal and what to correct in it."""


def propose(
    quarters: Iterable[Quarter],
    bodies: Sequence[Body],
    *,
    today: date,
    calendar: BusinessCalendar,
    wished: Mapping[str, Times] | None = None,
) -> list[Proposal]:
    """What each quarter's meetings are or could be, the body above first; ``wished`` times by the proposals' keys.

    Between one body and its working group no day is proposed twice.
    """
    return [
        proposal
        for quarter in quarters
        for proposal in _quarter(quarter, bodies, today=today, calendar=calendar, wished=wished or {})
    ]


def _quarter(
    quarter: Quarter, bodies: Sequence[Body], *, today: date, calendar: BusinessCalendar, wished: Mapping[str, Times]
) -> list[Proposal]:
    held = Meeting.objects.not_cancelled().of_quarter(quarter).filter(kind=Meeting.Kind.REGULAR)
    meetings = {meeting.body_id: meeting for meeting in held.prefetch_related("deadlines")}
    found: dict[int, Proposal] = {}
    for body in sorted(bodies, key=lambda body: (body.parent_id is not None, body.pk)):
        if meeting := meetings.get(body.pk):
            due = [Step(deadline.kind, deadline.due_at) for deadline in meeting.deadlines.all()]
            found[body.pk] = Proposal(body, quarter, meeting, None, due)
            continue
        above = found.get(body.parent_id or 0)
        day = proposed_day(
            body,
            quarter,
            today=today,
            calendar=calendar,
            above=above.steps if above and above.meeting is None else (),
            taken={local_day(one.times[0]) for one in found.values() if one.times},
        )
        times = wished.get(proposal_key(body, quarter)) or (proposed_times(day) if day else None)
        found[body.pk] = Proposal(body, quarter, None, times, _steps(body, times, calendar) if times else ())
    return list(found.values())


def _steps(body: Body, times: Times, calendar: BusinessCalendar) -> list[Step]:
    return steps(body.deadline_templates.filter(meeting_kind=Meeting.Kind.REGULAR), times[0], calendar)


def open_quarter(chosen: Iterable[Chosen], *, by: Actor, now: datetime) -> list[Meeting]:
    """Plan these meetings as drafts with what stands on each agenda by itself, all of them or none.

    QuarterRefused names the one that cannot be held so."""
    made = []
    with transaction.atomic():
        # In one order, whatever the page sent: two who plan the same at once must not wait for each other.
        for one in sorted(chosen, key=lambda one: (str(one.quarter), one.body.pk)):
            try:
                meeting = schedule_meeting(
                    by=by, body=one.body, quarter=one.quarter, kind=Meeting.Kind.REGULAR, plan=one.plan, now=now
                )
            except DomainError as error:
                raise QuarterRefused(
                    str(error), field=f"{proposal_key(one.body, one.quarter)}-{error.field}"
                ) from error
            carry_over(meeting, by=by)
            made.append(meeting)
    return made
