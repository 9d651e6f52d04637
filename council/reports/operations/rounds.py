"""Opening a round of reports, moving its dates with the meeting, closing it, and reopening a single report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from council.core import audit
from council.core.actor import Actor
from council.core.calendar import local_day
from council.core.errors import DomainError, NotAllowedNow
from council.core.lifecycle import change_if, move, not_possible_while
from council.core.quarters import Quarter
from council.mail.operations import announce
from council.meetings.models import Meeting
from council.meetings.states import MeetingState
from council.parties.models import Body
from council.reports.models import Report, ReportingRound
from council.reports.operations.standing import (
    UNRELEASED,
    ReportRefused,
    columns_of,
    forget_draft,
    locked,
    locked_reports,
    locked_round,
    put_in_place,
    reopening,
)
from council.reports.queries import RoundDates, accepted_submission, round_dates, slots, standing_submission
from council.reports.states import OWED, REPORT, ROUND, UNSENT, ReportState, RoundState


class RoundRefused(DomainError):
    """The round of reports cannot be opened, moved or closed like this."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A round, and how many reports were added to it."""

    round: ReportingRound
    added: int


def open_round(
    *,
    body: Body,
    covers: Quarter,
    meeting: Meeting | None,
    by: Actor,
    now: datetime,
    due_on: date | None = None,
    quiet: bool = False,
) -> Opening:
    """Open the round of a body for a quarter, with a report for each organisation and commitment that owes one.

    Due by the steps of the meeting it prepares, or ``due_on``. A second call leaves the round as it is and adds only
    what is missing, due today at the earliest. The quarter may still be running: reports are as of its last day.

    If anything was added, the liaisons of the organisations that owe one are told, unless ``quiet``.
    """
    today = local_day(now)
    _require_fitting(meeting, body=body, covers=covers)
    with transaction.atomic():
        found = ReportingRound.objects.filter(body=body, covers=covers).first()
        row = locked_round(found or _opened(body, covers, meeting, by=by, today=today, due_on=due_on))
        if row.state != RoundState.OPEN:
            raise NotAllowedNow(_("This round of reports is closed. Reopen single reports instead."))
        dates = round_dates(body, covers, meeting=row.meeting, due_on=row.due_on)
        added = _add_missing(row, dates, today=today)
        if added:
            audit.record(by=by, verb="round.reports_added", target=row, after={"added": added})
            announce("round_opened", row, by=by, quiet=quiet)
    return Opening(row, added)


def _require_fitting(meeting: Meeting | None, *, body: Body, covers: Quarter) -> None:
    if meeting is None:
        return
    if meeting.body_id != body.pk or meeting.state == MeetingState.CANCELLED:
        raise RoundRefused(_("Choose a meeting of this body that is not cancelled."), field="meeting")
    if meeting.quarter.previous() != covers:
        raise RoundRefused(
            _("The meeting in %(quarter)s is prepared by the reports on %(covers)s.")
            % {"quarter": meeting.quarter.label, "covers": meeting.quarter.previous().label},
            field="covers",
        )


def _opened(
    body: Body, covers: Quarter, meeting: Meeting | None, *, by: Actor, today: date, due_on: date | None
) -> ReportingRound:
    chosen, due_on = due_on, round_dates(body, covers, meeting=meeting, due_on=due_on).due_on
    if due_on is None:
        raise RoundRefused(_("No date follows from a meeting: say by when the reports are due."), field="due_on")
    if due_on < today:
        raise RoundRefused(_("The day by which the reports are due lies in the past."), field="due_on")
    values = {
        "meeting": meeting, "as_of": covers.ends_on, "opens_on": today, "due_on": due_on,
        "follows_meeting": chosen is None,
    }  # fmt: skip
    row, is_new = ReportingRound.objects.get_or_create(body=body, covers=covers, defaults=values)
    if is_new:
        audit.record(by=by, verb="round.opened", target=row, after=audit.snapshot(row))
    return row


def _add_missing(row: ReportingRound, dates: RoundDates, *, today: date) -> int:
    there = set(row.reports.values_list("commitment", "organisation"))
    missing = [slot for slot in slots(row.body, row.covers) if (slot.commitment.pk, slot.organisation.pk) not in there]
    due_on = max(row.due_on, today)
    Report.objects.bulk_create(
        Report(
            round=row,
            commitment=commitment,
            organisation=organisation,
            due_on=dates.of(commitment, due_on=due_on, today=today),
        )
        for commitment, organisation in missing
    )
    return len(missing)


def plan_again(reporting_round: ReportingRound, *, by: Actor, now: datetime, meeting: Meeting | None = None) -> int:
    """Let the due dates follow the meeting, or another ``meeting`` that the round prepares from now on.

    Also where a day was chosen instead of the meeting's: from now on it follows.

    Only those of reports on which nothing was handed in yet; no date is moved into the past. How many were moved.
    """
    today = local_day(now)
    with transaction.atomic():
        row = locked_round(reporting_round)
        if row.state != RoundState.OPEN:
            raise NotAllowedNow(_("This round of reports is closed."))
        _require_fitting(meeting, body=row.body, covers=row.covers)
        before = audit.snapshot(row)
        dates = round_dates(row.body, row.covers, meeting=meeting or row.meeting)
        due_on = dates.due_on if dates.due_on and dates.due_on >= today else row.due_on
        change_if(row, {}, {"meeting": meeting or row.meeting, "due_on": due_on, "follows_meeting": True})
        audit.record_change(by=by, verb="round.planned_again", target=row, before=before)
        moved = [_follow(one, dates, due_on, by=by, today=today) for one in locked_reports(row, state__in=UNSENT)]
    reporting_round.refresh_from_db()
    return sum(moved)


def _follow(report: Report, dates: RoundDates, due_on: date, *, by: Actor, today: date) -> bool:
    """Move one report's day, and write it down; whether it moves."""
    due = dates.of(report.commitment, due_on=due_on, today=today)
    if due == report.due_on or due < today:
        return False
    before = {"due_on": report.due_on}
    change_if(report, before, {"due_on": due})
    audit.record(by=by, verb="report.due_on_moved", target=report, before=before, after={"due_on": due})
    return True


def close_round(reporting_round: ReportingRound, *, by: Actor, now: datetime) -> None:
    """Nothing more is handed in for that quarter: what was not submitted is missed, and says so.

    NotAllowedNow while reports wait for the ministry's judgement, or can still be handed in on time. Where a correction
    was asked for and did not come, what was accepted stands.
    """
    with transaction.atomic():
        row = locked_round(reporting_round)
        reports = locked_reports(row)
        _require_judged(sum(report.state == ReportState.SUBMITTED for report in reports))
        owed = [report for report in reports if report.state in OWED]
        _require_over(owed, today=local_day(now))
        for report in owed:
            _end(report, by=by)
        move(row, to=RoundState.CLOSED, by=by, lifecycle=ROUND, verb="round.closed", closed_at=now)
    reporting_round.refresh_from_db()


def _require_judged(waiting: int) -> None:
    if waiting:
        raise NotAllowedNow(
            ngettext_lazy(
                "%(number)d report waits to be judged. Accept it or ask for completion first.",
                "%(number)d reports wait to be judged. Accept them or ask for completion first.",
                waiting,
            )
            % {"number": waiting}
        )


def _require_over(owed: list[Report], *, today: date) -> None:
    if early := sum(report.last_day >= today for report in owed):
        raise NotAllowedNow(
            ngettext_lazy(
                "%(number)d report can still be handed in on time. Close the round after that.",
                "%(number)d reports can still be handed in on time. Close the round after that.",
                early,
            )
            % {"number": early}
        )


def _end(report: Report, *, by: Actor) -> None:
    """Nothing more is expected: what was accepted before stands, else it was missed."""
    accepted = accepted_submission(report)
    if accepted is None:
        forget_draft(report, by=by)
        move(report, to=ReportState.MISSED, by=by, lifecycle=REPORT, verb="report.missed")
        return
    columns = columns_of(report, accepted)
    if standing_submission(report) != accepted:
        columns |= UNRELEASED
    move(report, to=ReportState.ACCEPTED, by=by, lifecycle=REPORT, verb="report.not_corrected", **columns)
    put_in_place(report, accepted)


def reopen(report: Report, *, until: date, reason: str, by: Actor, now: datetime) -> None:
    """Let one organisation hand in what it missed until a day, for a reason; it stays late.

    The organisation's liaisons are told.
    """
    if not reason.strip():
        raise ReportRefused(_("Say why the report is reopened."), field="reason")
    with transaction.atomic():
        stored = locked(report)
        if stored.state != ReportState.MISSED:  # one that was begun may go back as well, which is not this step
            raise not_possible_while(stored.told_state.label)
        columns = reopening(until, reason, today=local_day(now))
        move(
            stored,
            to=ReportState.NOT_SUBMITTED,
            by=by,
            lifecycle=REPORT,
            verb="report.reopened",
            reason=reason.strip(),
            **columns,
        )
        announce("report_reopened", stored, by=by)
    report.refresh_from_db()


def end_reopenings(reporting_round: ReportingRound, *, by: Actor, now: datetime) -> int:
    """What was reopened in a closed round and did not come by its day ends as it was; how many there were."""
    with transaction.atomic():
        row = locked_round(reporting_round)
        if row.state != RoundState.CLOSED:
            return 0
        over = locked_reports(row, state__in=OWED, reopened_until__lt=local_day(now))
        for report in over:
            _end(report, by=by)
    return len(over)
