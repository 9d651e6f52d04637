"""Asking for a later day, and the ministry's answer. The days before stay visible."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from council.actions.models import ActionItem, ExtensionRequest
from council.actions.operations.errors import ActionRefused
from council.actions.operations.items import check_due_on
from council.actions.states import EXTENSION, OWED, ExtensionState
from council.core import audit
from council.core.actor import Actor
from council.core.calendar import local_day
from council.core.errors import NotAllowedNow
from council.core.lifecycle import change_if, move
from council.mail.operations import announce


def request_extension(
    action: ActionItem, *, by: Actor, now: datetime, requested_due_on: date, reason: str
) -> ExtensionRequest:
    """The owner asks for a later day, one request at a time; the secretary is told. The due date stays for now.

    ActionRefused if the day is no business day, lies before today or not after the due date, or has no reason.
    """
    if not reason.strip():
        raise ActionRefused(_("Say why more time is needed."), field="reason")
    with transaction.atomic():
        stored = ActionItem.objects.select_for_update().get(pk=action.pk)
        if stored.state not in OWED:
            raise NotAllowedNow(_("More time can be asked for only while something is owed."))
        if requested_due_on <= stored.due_on:
            raise ActionRefused(_("The new day comes after the present due date."), field="requested_due_on")
        check_due_on(requested_due_on, today=local_day(now), field="requested_due_on")
        asked = ExtensionRequest(
            action=stored, due_on=stored.due_on, requested_due_on=requested_due_on, reason=reason.strip(),
            by_id=by.account, asked_at=now,
        )  # fmt: skip
        try:
            with transaction.atomic():
                asked.save()
        except IntegrityError as error:
            raise NotAllowedNow(_("The ministry has been asked already; it has not answered yet.")) from error
        audit.record(by=by, verb="extension.requested", target=asked, after=audit.snapshot(asked), reason=reason)
        announce("extension_requested", asked, by=by)
    return asked


def grant_extension(request: ExtensionRequest, *, by: Actor, now: datetime, answer: str = "") -> None:
    """The item is due on the requested day from now on; its owner is told."""
    with transaction.atomic():
        action = ActionItem.objects.select_for_update().get(pk=request.action_id)
        if action.state not in OWED:
            raise NotAllowedNow(_("Nothing is owed on this item any more."))
        if action.due_on != request.due_on:
            raise NotAllowedNow(_("The due date has been changed since this was asked. Answer that it is not granted."))
        check_due_on(request.requested_due_on, today=local_day(now))
        _answer(request, ExtensionState.GRANTED, by=by, now=now, answer=answer)
        before = {"due_on": action.due_on}
        change_if(action, before, {"due_on": request.requested_due_on})
        audit.record(
            by=by, verb="action.due_moved", target=action, before=before, after={"due_on": action.due_on},
            reason=request.reason,
        )  # fmt: skip
        announce("extension_answered", request, by=by)


def refuse_extension(request: ExtensionRequest, *, by: Actor, now: datetime, answer: str) -> None:
    """The due date stays, for a reason; the owner is told."""
    if not answer.strip():
        raise ActionRefused(_("Say why."), field="answer")
    with transaction.atomic():
        _answer(request, ExtensionState.REFUSED, by=by, now=now, answer=answer)
        announce("extension_answered", request, by=by)


def withdraw_extension(request: ExtensionRequest, *, by: Actor, now: datetime) -> None:
    """The owner does not ask any more."""
    _answer(request, ExtensionState.WITHDRAWN, by=by, now=now, answer="")


def _answer(request: ExtensionRequest, state: ExtensionState, *, by: Actor, now: datetime, answer: str) -> None:
    move(
        request,
        to=state,
        by=by,
        lifecycle=EXTENSION,
        verb=f"extension.{state}",
        reason=answer,
        answer=answer.strip(),
        answered_by_id=by.account,
        answered_at=now,
    )
