"""The steps around a meeting: made with it, moved with it or by hand, left out with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from council.core import audit
from council.core.actor import Actor
from council.core.calendar import BusinessCalendar, local_day
from council.core.errors import DomainError, NotAllowedNow
from council.core.wording import day_text
from council.meetings.models import DateChange, Deadline, DeadlineKind, Meeting
from council.meetings.queries import Step, steps
from council.meetings.states import MeetingState


class StepRefused(DomainError):
    """The step cannot be due then. ``field`` names its kind."""


def planned_steps(meeting: Meeting, calendar: BusinessCalendar) -> list[Step]:
    """The steps as the body's templates have them for a meeting that starts when this one does."""
    return steps(meeting.body.deadline_templates.filter(meeting_kind=meeting.kind), meeting.starts_at, calendar)


def make_deadlines(
    meeting: Meeting,
    *,
    chosen: Mapping[str, datetime | None],
    waive_because: str,
    calendar: BusinessCalendar,
    now: datetime,
) -> None:
    """Give a new meeting its steps: by the templates but for those ``chosen`` otherwise; None leaves one out.

    One that was chosen and has no template any more is made all the same: it stood on the page that was saved.

    StepRefused for a step on the wrong side of the meeting, on a closed day or in the past, and for one that is left
    out without a reason.
    """
    planned = planned_steps(meeting, calendar)
    known = {step.kind for step in planned}
    proposed = [*planned, *(Step(kind, due) for kind, due in chosen.items() if due and kind not in known)]
    left_out = [step for step in proposed if chosen.get(step.kind, step.due_at) is None]
    kept = [Step(step.kind, due) for step in proposed if (due := chosen.get(step.kind, step.due_at)) is not None]
    for step in kept:
        _check(step, meeting, calendar)
    past = [step for step in kept if step.due_at <= now]
    _require_reason([*left_out, *past], waive_because)
    gone = {step.kind for step in (*left_out, *past)}
    Deadline.objects.bulk_create(
        Deadline(
            meeting=meeting,
            kind=step.kind,
            due_at=chosen.get(step.kind) or step.due_at,
            waived_because=waive_because.strip() if step.kind in gone else "",
        )
        for step in proposed
    )


def _check(step: Step, meeting: Meeting, calendar: BusinessCalendar) -> None:
    if why_not := DeadlineKind(step.kind).misplaced(step.due_at, starts_at=meeting.starts_at):
        raise StepRefused(why_not, field=step.kind)
    if meeting.kind == Meeting.Kind.REGULAR and (why_not := closed_on(local_day(step.due_at), calendar)):
        raise StepRefused(why_not, field=step.kind)


def closed_on(day: date, calendar: BusinessCalendar) -> str:
    """That a day is not a business day and which one before it is, in words; empty for a business day."""
    if calendar.is_business_day(day):
        return ""
    return _("%(day)s is not a business day. The business day before it is %(other)s.") % {
        "day": day_text(day),
        "other": day_text(calendar.on_or_before(day)),
    }


def _require_reason(gone: Sequence[Step], waive_because: str) -> None:
    if gone and not waive_because.strip():
        raise StepRefused(
            _("These steps would lie in the past or are left out: %(steps)s. Choose other days, or give the reason.")
            % {"steps": _listed(gone)},
            field="waive_because",
        )


def _listed(gone: Iterable[Step]) -> str:
    return ", ".join(f"{DeadlineKind(step.kind).label} ({day_text(local_day(step.due_at))})" for step in gone)


def follow(
    meeting: Meeting,
    *,
    was: datetime,
    because: str,
    waive_because: str,
    calendar: BusinessCalendar,
    now: datetime,
) -> None:
    """Move the steps of a meeting that was to start at another time, and keep where they were.

    One moved by hand keeps its distance from the meeting; one without a template any more stays. One whose day has
    come stays where it is, unless its new day is still ahead. One that would fall into the past is left out with a
    reason; StepRefused without one.
    """
    old, new = Meeting(body=meeting.body, kind=meeting.kind, starts_at=was), meeting
    before = {step.kind: step.due_at for step in planned_steps(old, calendar)}
    after = {step.kind: step.due_at for step in planned_steps(new, calendar)}
    lost: list[Deadline] = []
    for deadline in meeting.deadlines.filter(waived_because="", kind__in=after):
        by_hand = deadline.due_at != before.get(deadline.kind)
        due_at = (
            _in_place(deadline, _shifted(deadline, was, meeting, calendar), meeting)
            if by_hand
            else after[deadline.kind]
        )
        if due_at > now:
            _move(deadline, due_at, because=because, now=now)
        elif deadline.due_at > now:
            deadline.due_at = due_at
            lost.append(deadline)
    _require_reason([Step(deadline.kind, deadline.due_at) for deadline in lost], waive_because)
    for deadline in lost:
        deadline.waived_because = waive_because.strip()
        deadline.save(update_fields=["waived_because", "updated_at"])


def _shifted(deadline: Deadline, was: datetime, meeting: Meeting, calendar: BusinessCalendar) -> datetime:
    if meeting.kind != Meeting.Kind.REGULAR:
        return meeting.starts_at + (deadline.due_at - was)
    distance = calendar.business_days_until(local_day(was), local_day(deadline.due_at))
    day = calendar.shift(meeting.day, distance)
    return deadline.due_at + (day - local_day(deadline.due_at))


def _in_place(deadline: Deadline, due_at: datetime, meeting: Meeting) -> datetime:
    """On its own side of the meeting, which may begin at another hour than before."""
    if deadline.step.after_the_meeting:
        return max(due_at, meeting.starts_at)
    return min(due_at, meeting.starts_at)


def _move(deadline: Deadline, due_at: datetime, *, because: str, now: datetime) -> None:
    if due_at == deadline.due_at:
        return
    DateChange.objects.create(
        meeting_id=deadline.meeting_id,
        deadline=deadline,
        was=deadline.due_at,
        became=due_at,
        because=because,
        changed_at=now,
    )
    deadline.due_at = due_at
    deadline.save(update_fields=["due_at", "updated_at"])


def change_deadline(
    deadline: Deadline, *, by: Actor, due_at: datetime | None, waived_because: str, because: str, now: datetime
) -> None:
    """Move one step of a meeting (None: it stays), leave it out with a reason, or take it up again.

    Once the meeting has been announced, moving a step needs a reason: those invited see it beside the date.
    """
    with transaction.atomic():
        meeting = Meeting.objects.select_for_update().select_related("body").get(pk=deadline.meeting_id)
        stored = Deadline.objects.select_for_update().get(pk=deadline.pk)
        if meeting.state == MeetingState.CANCELLED:
            raise NotAllowedNow(_("The steps of a cancelled meeting are not changed any more."))
        before = audit.snapshot(stored)
        if due_at and due_at != stored.due_at:
            _require_sense(meeting, Step(stored.kind, due_at), because=because, now=now)
            _move(stored, due_at, because=because.strip(), now=now)
        if waived_because.strip() != stored.waived_because:
            stored.waived_because = waived_because.strip()
            stored.save(update_fields=["waived_because", "updated_at"])
        audit.record_change(by=by, verb="deadline.changed", target=stored, before=before, reason=because.strip())


def _require_sense(meeting: Meeting, step: Step, *, because: str, now: datetime) -> None:
    try:
        _check(step, meeting, BusinessCalendar.load())
    except StepRefused as refusal:
        raise StepRefused(str(refusal), field="due_at") from refusal
    if step.due_at <= now:
        raise StepRefused(_("This moment has passed."), field="due_at")
    if meeting.opened_at and not because.strip():
        raise StepRefused(_("Those invited know this date. Say why it moves."), field="because")
