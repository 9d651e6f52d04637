"""Items that hang climb: to the owner's CISO, then to the agenda of the council; the secretariat may stop it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from council.actions.models import ActionItem, Escalation, EscalationRule, Verification
from council.actions.operations.errors import ActionRefused
from council.actions.states import OWED, ActionState
from council.core import audit
from council.core.actor import Actor
from council.core.calendar import BusinessCalendar, end_of, local_day
from council.core.errors import NotAllowedNow
from council.mail.operations import announce

Cause = EscalationRule.Cause


def climb(*, by: Actor, now: datetime) -> int:
    """Raise what has hung for as long as its body's rules say, each step once; how many steps were taken.

    The owner's CISO, or who runs the body, is told. A cause that was stopped climbs no further.
    """
    calendar, today = BusinessCalendar.load(), local_day(now)
    steps = 0
    for rule in EscalationRule.objects.all():
        for action_id, since in _hanging(rule, today):
            if calendar.shift(since, rule.business_days) <= today:
                steps += _raise(action_id, rule, since, by=by, now=now)
    return steps


def _hanging(rule: EscalationRule, today: date) -> Iterator[tuple[int, date]]:
    """Items that hang for a rule's cause and neither climbed its step nor were stopped, and the day since when."""
    of_body = ActionItem.objects.filter(body=rule.body_id)
    settled = Escalation.objects.filter(Q(step=rule.step) | Q(stopped_at__isnull=False), cause=rule.cause)
    settled = settled.filter(action=OuterRef("pk"))
    # A business day is never longer ago than so many days: what cannot be meant is not read.
    longest = today - timedelta(days=rule.business_days)
    if rule.cause == Cause.OVERDUE:
        late = of_body.overdue(today=today).filter(due_on__lte=longest)
        rows = late.exclude(Exists(settled.filter(since_on=OuterRef("due_on"))))
        yield from rows.order_by("pk").values_list("pk", "due_on")
        return
    answers = Verification.objects.filter(action=OuterRef("pk"), verdict=Verification.Verdict.RETURNED)
    returned: Any = of_body.filter(state=ActionState.RETURNED).annotate(
        last=Subquery(answers.order_by("-id").values("at")[:1])
    )
    rows = returned.filter(last__lt=end_of(longest)).exclude(Exists(settled.filter(raised_at__gte=OuterRef("last"))))
    for pk, last in rows.order_by("pk").values_list("pk", "last"):
        yield pk, local_day(last)


def _raise(action_id: int, rule: EscalationRule, since: date, *, by: Actor, now: datetime) -> bool:
    with transaction.atomic():
        action = ActionItem.objects.select_for_update().get(pk=action_id)
        hangs = (
            action.is_overdue(local_day(now)) if rule.cause == Cause.OVERDUE else action.state == ActionState.RETURNED
        )
        if not hangs or (rule.cause == Cause.OVERDUE and action.due_on != since):
            return False
        same_cause = Escalation.objects.filter(action=action, cause=rule.cause, since_on=since)
        if same_cause.exclude(stopped_at=None).exists():
            return False
        raised, is_new = Escalation.objects.get_or_create(
            action=action, cause=rule.cause, step=rule.step, since_on=since, defaults={"raised_at": now}
        )
        if is_new:
            audit.record(by=by, verb="action.escalated", target=raised, after=audit.snapshot(raised))
            announce("action_escalated", raised, by=by)
    return is_new


def stop_escalation(action: ActionItem, *, by: Actor, now: datetime, reason: str) -> None:
    """It climbs no further for what it hangs on now, and what climbed already counts no more.

    A later date that is missed as well, or another return, counts anew.
    """
    if not (because := reason.strip()):
        raise ActionRefused(_("Say why it is stopped."), field="reason")
    with transaction.atomic():
        locked = ActionItem.objects.select_for_update().get(pk=action.pk)
        running = list(Escalation.objects.running().filter(action=locked))
        if locked.state not in OWED or not running:
            raise NotAllowedNow(_("This item is not climbing."))
        for one in running:
            one.stopped_at, one.stopped_by_id, one.stopped_because = now, by.account, because
            one.save(update_fields=["stopped_at", "stopped_by", "stopped_because"])
            audit.record(by=by, verb="action.escalation_stopped", target=one, reason=because)
