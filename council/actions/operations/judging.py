"""Asking for verification, and the ministry's answer."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from council.actions.models import ActionItem, ProgressUpdate, Verification
from council.actions.operations.errors import ActionRefused
from council.actions.queries import check_points
from council.actions.states import ACTION, ActionState, UpdateState
from council.core.actor import Actor
from council.core.errors import NotAllowedNow
from council.core.lifecycle import move
from council.mail.operations import announce


def submit_for_verification(action: ActionItem, *, by: Actor, now: datetime) -> None:
    """Say that the item is done and ask the ministry to verify it; the secretary is told.

    At least one progress update must have been handed in, and no draft may be left lying.
    """
    with transaction.atomic():
        ActionItem.objects.select_for_update().get(pk=action.pk)
        updates = ProgressUpdate.objects.filter(action=action, organisation_id=by.organisation)
        if updates.filter(state=UpdateState.DRAFT).exists():
            raise ActionRefused(_("There is a draft on this item. Submit it first, so that the ministry can see it."))
        if not updates.filter(state=UpdateState.SUBMITTED).exists():
            raise ActionRefused(_("Report your progress before you submit the item for verification."))
        move(action, to=ActionState.SUBMITTED, by=by, lifecycle=ACTION, verb="action.submitted", submitted_at=now)
        announce("action_submitted", action, by=by)


def withdraw_submission(action: ActionItem, *, by: Actor) -> None:
    """The owner takes an item back before the ministry has answered; what was reported on it stays handed in."""
    with transaction.atomic():
        stored = ActionItem.objects.select_for_update().get(pk=action.pk)
        if stored.state != ActionState.SUBMITTED:
            raise NotAllowedNow(_("The ministry has answered already, or nothing was submitted."))
        move(action, to=ActionState.IN_PROGRESS, by=by, lifecycle=ACTION, verb="action.taken_back")


def verify_action(
    action: ActionItem, *, by: Actor, now: datetime, comment: str = "", met: Collection[int] = ()
) -> None:
    """The ministry finds the item done; its owner is told.

    ``met`` are the numbers of the points of the checklist that are met. ActionRefused while one is not, or for whoever
    handed the last report in themselves.
    """
    _refuse_own_work(action, by=by)
    if open_points := [point.text for point in check_points(action) if point.pk not in met]:
        raise ActionRefused(
            _("Not met yet: %(points)s. Ask for completion instead.") % {"points": "; ".join(open_points)},
            field="met",
        )
    _judge(action, Verification.Verdict.VERIFIED, by=by, now=now, comment=comment, met=met)


def return_action(action: ActionItem, *, by: Actor, now: datetime, comment: str, met: Collection[int] = ()) -> None:
    """The ministry asks the owner to complete it, and says what is missing; the owner is told."""
    if not comment.strip():
        raise ActionRefused(_("Say what is missing."), field="comment")
    _judge(action, Verification.Verdict.RETURNED, by=by, now=now, comment=comment, met=met)


def _refuse_own_work(action: ActionItem, *, by: Actor) -> None:
    """Nobody finds their own work done: a colleague looks at what somebody handed in or entered."""
    last = action.updates.filter(state=UpdateState.SUBMITTED).order_by("-id").first()
    if last and last.by_id == by.account:
        raise ActionRefused(_("You handed in the last report on this item yourself; a colleague has to verify it."))


def _judge(
    action: ActionItem, verdict: Verification.Verdict, *, by: Actor, now: datetime, comment: str, met: Collection[int]
) -> None:
    columns: dict[str, Any] = {"verified_at": now} if verdict == Verification.Verdict.VERIFIED else {}
    with transaction.atomic():
        move(action, to=verdict, by=by, lifecycle=ACTION, verb=f"action.{verdict}", reason=comment, **columns)
        Verification.objects.create(
            action=action,
            verdict=verdict,
            comment=comment,
            checks=[{"text": point.text_ko, "met": point.pk in met} for point in check_points(action)],
            self_check=by.organisation_id == action.owner_id,
            by_id=by.account,
            at=now,
        )
        announce(f"action_{verdict}", action, by=by)
