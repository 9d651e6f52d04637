"""Approving the minutes: the decisions come into force, and what follows from them is to be done."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from council.actions.models import ActionItem
from council.actions.operations.items import put_into_force
from council.actions.states import ActionState
from council.core.actor import Actor
from council.mail.operations import announce
from council.minutes.models import Decision, MinutesRevision
from council.minutes.operations.approval import Approval, approve
from council.workflows.apply_decisions import apply_decisions


def approve_minutes(
    revision: MinutesRevision, *, by: Actor, now: datetime, approval: Approval, quiet: bool = False
) -> None:
    """Approve a version, let its decisions have their effect on commitments, open their provisional action items, and
    tell everybody concerned.
    """
    with transaction.atomic():
        approve(revision, by=by, now=now, approval=approval)
        meeting = revision.minutes.meeting_id
        waiting = ActionItem.objects.filter(decision__agenda_item__meeting=meeting, state=ActionState.DRAFT)
        decided = Decision.objects.filter(agenda_item__meeting=meeting, in_force_at=now).order_by("pk")
        apply_decisions(decided, by=by)
        put_into_force(waiting.filter(decision__in_force_at__isnull=False).order_by("pk"), by=by)
        announce("minutes_approved", revision, by=by, quiet=quiet)
