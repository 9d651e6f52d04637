"""Reads about reports: who owes which, by when, and what a new one starts from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet

from council.actions.models import ProgressUpdate
from council.actions.states import UpdateState
from council.core.calendar import local_day
from council.core.quarters import Quarter
from council.core.wording import day_text
from council.declaration.models import Commitment, CommitmentOwner, Indicator
from council.meetings.models import Deadline, DeadlineKind, Meeting
from council.meetings.states import MeetingState
from council.parties.models import Body, Organisation, Person, Seat
from council.parties.queries import people_seated
from council.reports.models import Judgement, Report, Submission
from council.reports.states import Rating, ReportState, SubmissionState


class Slot(NamedTuple):
    """One report that is owed."""

    commitment: Commitment
    organisation: Organisation


def slots(body: Body, covers: Quarter) -> list[Slot]:
    """Which organisation owes a report on which commitment of a body for that quarter.

    The owners of what is tracked, not those who only have a part in it; nothing on what is tracked through others. It
    is due if one of its indicators is, and quarterly without any; what is reported once, until it was accepted as done.
    """
    tracked = Commitment.objects.filter(
        declaration__body=body, state=Commitment.State.TRACKED, tracked_through=None
    ).prefetch_related("indicators", "parts__organisation")
    done = _done_before(body, covers)
    return [
        Slot(commitment, part.organisation)
        for commitment in tracked.order_by("code", "pk")
        for part in sorted(commitment.parts.all(), key=lambda part: (part.organisation.code, part.pk))
        if part.part == CommitmentOwner.Part.OWNER
        and _is_due(commitment, covers, is_done=(commitment.pk, part.organisation_id) in done)
    ]


def _is_due(commitment: Commitment, covers: Quarter, *, is_done: bool) -> bool:
    indicators = commitment.indicators.all()
    return not indicators or any(
        indicator.is_due_in(covers) and not (is_done and indicator.cadence == Indicator.Cadence.ONCE)
        for indicator in indicators
    )


def _done_before(body: Body, covers: Quarter) -> set[tuple[int, int]]:
    """The commitments and organisations of which a report on an earlier quarter was accepted as done."""
    done = Report.objects.filter(
        round__body=body, round__covers__lt=covers, state=ReportState.ACCEPTED, ministry_rating=Rating.DONE
    )
    return set(done.values_list("commitment", "organisation"))


def indicators_due(report: Report) -> list[Indicator]:
    """The indicators whose values belong in a report."""
    return [one for one in report.commitment.indicators.all() if one.is_due_in(report.round.covers)]


@dataclass(frozen=True, slots=True)
class RoundDates:
    """When the reports of a round are due: those that a working group discusses before, by the group's number, earlier.

    ``due_on`` is None where no date follows from anything.
    """

    due_on: date | None
    of_groups: Mapping[int, date]

    def of(self, commitment: Commitment, *, due_on: date, today: date) -> date:
        """The day for one commitment, if the others are due on ``due_on``; a group's day that is over binds nobody."""
        group = commitment.pillar.working_group_id if commitment.pillar else None
        earlier = self.of_groups.get(group) if group else None
        return earlier if earlier and today <= earlier < due_on else due_on


def round_dates(
    body: Body, covers: Quarter, *, meeting: Meeting | None = None, due_on: date | None = None
) -> RoundDates:
    """The days that follow from the steps of the meeting of the next quarter and of its working groups' meetings.

    ``due_on`` is what somebody chose instead of the meeting's step. Steps that were left out give no day.
    """
    steps = Deadline.objects.filter(waived_because="").exclude(meeting__state=MeetingState.CANCELLED)
    if due_on is None and meeting is not None:
        step = steps.filter(meeting=meeting, kind=DeadlineKind.REPORTS_DUE).first()
        due_on = local_day(step.due_at) if step else None
    of_groups = steps.filter(
        kind=DeadlineKind.SECURITY_REPORTS_DUE,
        meeting__kind=Meeting.Kind.REGULAR,
        meeting__quarter=covers.next(),
        meeting__body__pillars__declaration__body=body,
    )
    days = of_groups.values_list("meeting__body", "due_at")
    return RoundDates(due_on, {group: local_day(due_at) for group, due_at in days})


def standing_submission(report: Report) -> Submission | None:
    """What was handed in last and not withdrawn: what is judged."""
    return report.submissions.filter(state=SubmissionState.SUBMITTED).order_by("-number").first()


def accepted_submission(report: Report) -> Submission | None:
    """What was accepted last; it stands until a correction is submitted."""
    accepted = report.submissions.filter(judgements__verdict=Judgement.Verdict.ACCEPTED)
    return accepted.filter(state=SubmissionState.SUBMITTED).order_by("-number").first()


def previous_report(report: Report) -> Report | None:
    """The last one that was accepted of the same organisation on the same commitment, for an earlier quarter."""
    earlier = Report.objects.filter(
        commitment=report.commitment_id,
        organisation=report.organisation_id,
        round__covers__lt=report.round.covers,
        state=ReportState.ACCEPTED,
    )
    return earlier.order_by("-round__covers").first()


def start_text(report: Report, updates: QuerySet[ProgressUpdate]) -> str:
    """What a draft starts with: what was accepted last, and below it what was handed in on action items since.

    ``updates`` are those that its organisation sees.
    """
    previous = previous_report(report)
    since = updates.filter(
        action__commitment=report.commitment_id, organisation=report.organisation_id, state=UpdateState.SUBMITTED
    )
    if previous and previous.submitted_at:
        since = since.filter(submitted_at__gt=previous.submitted_at)
    lines = _lines(since.select_related("action").order_by("submitted_at", "pk"))
    return "\n".join([*([previous.narrative] if previous else []), *lines])


def _lines(updates: QuerySet[ProgressUpdate]) -> Iterator[str]:
    for update in updates:
        day = day_text(local_day(update.submitted_at)) if update.submitted_at else ""
        yield f"- {day} {update.action.reference} ({update.percent} %) {' '.join(update.text.split())}"


def contributors(organisation_id: int, body_id: int, *, on: date) -> QuerySet[Person]:
    """Who of an organisation's departments may be asked for a part of what it hands in to a body."""
    return people_seated(body_id, [Seat.Role.CONTRIBUTOR], on=on).filter(organisation=organisation_id)
