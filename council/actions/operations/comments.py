"""Words between the owner of an item and the ministry."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from council.actions.models import ActionComment, ActionItem
from council.actions.operations.errors import ActionRefused
from council.core import audit
from council.core.actor import Actor
from council.core.errors import NotAllowedNow
from council.mail.operations import announce


def comment_on(action: ActionItem, *, by: Actor, now: datetime, text: str) -> ActionComment:
    """Say something about an item; only its owner and the ministry read it, and the other side is told.

    ActionRefused if nothing is said, or the same as a moment before; NotAllowedNow on an item that is not in force.
    """
    if not (said := text.strip()):
        raise ActionRefused(_("Write what you want to say."), field="text")
    if action.is_unborn:
        raise NotAllowedNow(_("This item is not in force."))
    with transaction.atomic():
        # Locked, so that a button pressed twice finds what it said the first time.
        ActionItem.objects.select_for_update().get(pk=action.pk)
        last = ActionComment.objects.filter(action=action).order_by("-id").first()
        if last and (last.by_id, last.text) == (by.account, said):
            raise ActionRefused(_("This has been said already."), field="text")
        comment = ActionComment.objects.create(
            action=action, text=said, by_id=by.account, organisation_id=by.organisation, at=now
        )
        audit.record(by=by, verb="action.commented", target=comment)
        announce("action_commented", comment, by=by)
    return comment
