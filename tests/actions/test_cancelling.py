"""Cancelling an item, with a reason that stays with it."""

from __future__ import annotations

import pytest

from council.actions.models import ActionItem
from council.actions.operations.errors import ActionRefused
from council.actions.operations.items import cancel_action
from council.actions.operations.progress import submit_progress
from council.actions.states import ActionState
from council.core.errors import NotAllowedNow
from council.core.models import AuditEntry
from tests.actions.steps import a_report, submitted, verified
from tests.factories import Cast, actor_of, an_action, moment


def test_the_reason_stays_with_the_item_and_in_the_audit(cast: Cast) -> None:
    action = an_action()
    cancel_action(action, by=actor_of(cast.secretary), reason="Taken over by C12")
    kept = ActionItem.objects.get()
    assert (kept.state, kept.cancelled_because) == (ActionState.CANCELLED, "Taken over by C12")
    assert AuditEntry.objects.get(verb="action.cancelled").reason == "Taken over by C12"


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_no_reason_no_cancellation(cast: Cast, reason: str) -> None:
    action = an_action()
    with pytest.raises(ActionRefused) as refused:
        cancel_action(action, by=actor_of(cast.secretary), reason=reason)
    assert refused.value.field == "reason"
    assert ActionItem.objects.get().state == ActionState.OPEN


def test_what_was_submitted_is_answered_not_cancelled(cast: Cast) -> None:
    action = submitted(cast)
    with pytest.raises(NotAllowedNow):
        cancel_action(action, by=actor_of(cast.secretary), reason="Too late")
    assert ActionItem.objects.get().state == ActionState.SUBMITTED


def test_what_was_verified_is_not_cancelled(cast: Cast) -> None:
    action = submitted(cast)
    verified(action, by=actor_of(cast.secretary), now=moment("2026-11-24 11:00"))
    with pytest.raises(NotAllowedNow):
        cancel_action(action, by=actor_of(cast.secretary), reason="Too late")
    assert ActionItem.objects.get().cancelled_because == ""


def test_nothing_is_handed_in_on_a_cancelled_item(cast: Cast) -> None:
    action = an_action()
    cancel_action(action, by=actor_of(cast.secretary), reason="Superseded")
    with pytest.raises(NotAllowedNow):
        submit_progress(action, by=actor_of(cast.skt_liaison), now=moment("2026-11-24 11:00"), progress=a_report())
    assert action.updates.count() == 0
