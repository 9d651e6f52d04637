"""Every kind of letter the system writes: whom an announcement reaches, and when a notice is not wanted any more.

Filled into the outbox's registry once, when the application starts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from council.access.roles import standing
from council.access.visibility import visible_to
from council.actions.models import ActionItem
from council.actions.states import OWED, ActionState
from council.core.calendar import local_day
from council.core.quarters import Quarter
from council.mail.models import Notice
from council.mail.registry import MailKind, registry
from council.mail.states import Unwanted
from council.meetings.models import Deadline, Meeting
from council.meetings.states import MeetingState
from council.parties.models import Body, Person
from council.parties.queries import actor_of
from council.release.models import ReleaseRequest
from council.release.states import ReleaseState
from council.reminders import accounts, messages, recipients
from council.reminders.models import ReminderRule
from council.reminders.queries import announced
from council.reminders.targets import target_of


def unless(check: Callable[[Any, Notice], Unwanted | None]) -> Callable[[Notice, datetime], Unwanted | None]:
    """A second look: gone, not visible to the recipient on that day, or what the kind itself looks at."""

    def unwanted(notice: Notice, now: datetime) -> Unwanted | None:
        target = target_of(notice)
        if target is None:
            return Unwanted.GONE
        reader = standing(actor_of(notice.recipient), on=local_day(now))
        if not visible_to(reader, type(target)._default_manager.filter(pk=target.pk)).exists():
            return Unwanted.NOT_VISIBLE
        return check(target, notice)

    return unwanted


def action_not_owed(action: ActionItem, notice: Notice) -> Unwanted | None:
    if action.state not in OWED:
        return Unwanted.SETTLED
    return Unwanted.MOVED if action.due_on != notice.anchor_on else None


def action_not_in(*states: str) -> Callable[[ActionItem, Notice], Unwanted | None]:
    return lambda action, notice: None if action.state in states else Unwanted.SETTLED


def release_not_in(*states: str) -> Callable[[ReleaseRequest, Notice], Unwanted | None]:
    return lambda request, notice: None if request.state in states else Unwanted.SETTLED


def meeting_not_in(*states: str) -> Callable[[Meeting, Notice], Unwanted | None]:
    return lambda meeting, notice: None if meeting.state in states else Unwanted.SETTLED


def deadline_not_open(deadline: Deadline, notice: Notice) -> Unwanted | None:
    if deadline.waived_because:
        return Unwanted.WAIVED
    if deadline.meeting.state == MeetingState.CANCELLED:
        return Unwanted.SETTLED
    return Unwanted.MOVED if local_day(deadline.due_at) != notice.anchor_on else None


def quarter_announced(body: Body, notice: Notice) -> Unwanted | None:
    return Unwanted.PLANNED if announced(body.pk, Quarter.of(notice.anchor_on)) else None


def quarter_not_announced(body: Body, notice: Notice) -> Unwanted | None:
    return None if announced(body.pk, Quarter.of(notice.anchor_on)) else Unwanted.SETTLED


def secretariat_of(target: Any, on: date) -> Collection[Person]:
    return list(recipients.secretariat(target.body_id, on))


def seated_on(meeting: Meeting, on: date) -> Collection[Person]:
    return list(recipients.seated(meeting.body_id, on))


def nobody(target: Any, on: date) -> Collection[Person]:
    """Reminders are planned from rules, not announced."""
    return []


def register() -> None:
    """Tell the outbox about every kind of letter."""
    rules = ReminderRule.Kind
    registry.render = messages.render
    registry.add(*accounts.KINDS)
    registry.add(
        MailKind(rules.QUARTER_UNPLANNED, rules.QUARTER_UNPLANNED.label, nobody, unless(quarter_announced)),
        MailKind(rules.QUARTER_AHEAD, rules.QUARTER_AHEAD.label, nobody, unless(quarter_not_announced)),
        MailKind(rules.MEETING_DEADLINE, rules.MEETING_DEADLINE.label, nobody, unless(deadline_not_open)),
        MailKind(rules.ACTION_DUE, rules.ACTION_DUE.label, nobody, unless(action_not_owed)),
        MailKind(rules.ACTION_OVERDUE, rules.ACTION_OVERDUE.label, nobody, unless(action_not_owed)),
        _announcement(
            "action_assigned", _("an action item was assigned"), recipients.responsible, action_not_in(*OWED)
        ),
        _announcement(
            "action_submitted",
            _("an action item was submitted"),
            secretariat_of,
            action_not_in(ActionState.SUBMITTED),
        ),
        _announcement(
            "action_returned",
            _("completion of an action item was requested"),
            recipients.responsible,
            action_not_in(*OWED),
        ),
        _announcement(
            "action_verified",
            _("an action item was verified"),
            recipients.responsible,
            action_not_in(ActionState.VERIFIED),
        ),
        _announcement(
            "release_asked",
            _("the owner was asked to agree to a release"),
            lambda request, on: list(recipients.consenting(request, on)),
            release_not_in(ReleaseState.ASKED),
        ),
        _announcement(
            "release_answered",
            _("the owner answered on a release"),
            secretariat_of,
            release_not_in(ReleaseState.AGREED, ReleaseState.DECLINED),
        ),
        _announcement("meeting_convened", _("a meeting was announced"), seated_on, meeting_not_in(MeetingState.OPEN)),
        _announcement("meeting_moved", _("a meeting was moved"), seated_on, meeting_not_in(MeetingState.OPEN)),
        _announcement(
            "meeting_cancelled", _("a meeting was cancelled"), seated_on, meeting_not_in(MeetingState.CANCELLED)
        ),
    )


def _announcement(
    code: str,
    label: Any,
    audience: Callable[[Any, date], Collection[Person]],
    check: Callable[[Any, Notice], Unwanted | None],
) -> MailKind:
    return MailKind(code, label, audience, unless(check), digest=False)
