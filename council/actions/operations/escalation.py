"""Items that hang climb: to the owner's CISO, then to the agenda of the council; the secretariat may stop it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from council.actions.models import ActionItem, Escalation, EscalationRule, Verification
from council.actions.operations.errors import ActionRefused
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


def _hanging(rule: EscalationRule, today: date, **narrowed: Any) -> Iterator[tuple[int, date]]:
    """Items that hang for a rule's cause, with the day since when: neither climbed its step nor stopped since then.

    A stop is for all that the item hung on, whichever cause had climbed.
    """
    of_body = ActionItem.objects.owed().filter(body=rule.body_id, **narrowed)
    of_item = Escalation.objects.filter(action=OuterRef("pk"))
    # A business day is never longer ago than so many days: what cannot be meant is not read.
    longest = today - timedelta(days=rule.business_days)
    if rule.cause == Cause.OVERDUE:
        climbed = of_item.filter(cause=rule.cause, step=rule.step, since_on=OuterRef("due_on"))
        stopped = of_item.filter(stopped_at__date__gt=OuterRef("due_on"))
        rows = (
            of_body.overdue(today=today).filter(due_on__lte=longest).exclude(Exists(climbed)).exclude(Exists(stopped))
        )
        yield from rows.order_by("pk").values_list("pk", "due_on")
        return
    answers = Verification.objects.filter(action=OuterRef("pk"), verdict=Verification.Verdict.RETURNED)
    returned: Any = of_body.annotate(last=Subquery(answers.order_by("-id").values("at")[:1]))
    climbed = of_item.filter(cause=rule.cause, step=rule.step, raised_at__gte=OuterRef("last"))
    stopped = of_item.filter(stopped_at__gte=OuterRef("last"))
    rows = returned.filter(last__lt=end_of(longest)).exclude(submitted_at__gt=F("last"))
    rows = rows.exclude(Exists(climbed)).exclude(Exists(stopped))
    for pk, last in rows.order_by("pk").values_list("pk", "last"):
        yield pk, local_day(last)


def _raise(action_id: int, rule: EscalationRule, since: date, *, by: Actor, now: datetime) -> bool:
    with transaction.atomic():
        action = ActionItem.objects.select_for_update().get(pk=action_id)
        if (action_id, since) not in _hanging(rule, local_day(now), pk=action_id):
            return False  # handed in, moved, raised or stopped a moment ago
        raised = Escalation.objects.create(
            action=action, cause=rule.cause, step=rule.step, since_on=since, raised_at=now
        )
        audit.record(by=by, verb="action.escalated", target=raised, after=audit.snapshot(raised))
        announce("action_escalated", raised, by=by)
    return True


def stop_escalation(action: ActionItem, *, by: Actor, now: datetime, reason: str) -> None:
    """It climbs no further for what it hangs on now, and what climbed already counts no more.

    A later date that is missed as well, or another return, counts anew.
    """
    if not (because := reason.strip()):
        raise ActionRefused(_("Say why it is stopped."), field="reason")
    with transaction.atomic():
        locked = ActionItem.objects.select_for_update().get(pk=action.pk)
        running = list(Escalation.objects.running().filter(action=locked))
        if not running:
            raise NotAllowedNow(_("This item is not climbing."))
        for one in running:
            one.stopped_at, one.stopped_by_id, one.stopped_because = now, by.account, because
            one.save(update_fields=["stopped_at", "stopped_by", "stopped_because"])
            audit.record(by=by, verb="action.escalation_stopped", target=one, reason=because)
