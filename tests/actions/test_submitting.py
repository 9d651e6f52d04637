"""Asking the ministry to verify an item."""

from __future__ import annotations

import pytest

from council.actions.models import ActionItem
from council.actions.operations.errors import ActionRefused
from council.actions.operations.items import cancel_action
from council.actions.operations.judging import return_action, submit_for_verification
from council.actions.operations.progress import save_draft, submit_progress
from council.actions.states import ActionState
from council.core.errors import NotAllowedNow
from tests.actions.steps import a_report, reported, submitted
from tests.factories import Cast, actor_of, an_action, moment

NOW = moment("2026-11-24 10:00")


def test_a_reported_item_can_be_submitted(cast: Cast) -> None:
    action = reported(cast)
    submit_for_verification(action, by=actor_of(cast.skt_liaison), now=NOW)
    kept = ActionItem.objects.get()
    assert (kept.state, kept.submitted_at) == (ActionState.SUBMITTED, NOW)


def test_nothing_reported_nothing_to_verify(cast: Cast) -> None:
    action = an_action()
    with pytest.raises(ActionRefused):
        submit_for_verification(action, by=actor_of(cast.skt_liaison), now=NOW)
    assert ActionItem.objects.get().state == ActionState.OPEN


def test_a_draft_left_lying_stands_in_the_way(cast: Cast) -> None:
    action = reported(cast)
    save_draft(action, by=actor_of(cast.skt_liaison), progress=a_report(percent=100))
    with pytest.raises(ActionRefused):
        submit_for_verification(action, by=actor_of(cast.skt_liaison), now=NOW)
    assert ActionItem.objects.get().state == ActionState.IN_PROGRESS


def test_the_report_of_another_organisation_does_not_count(cast: Cast) -> None:
    action = an_action()
    submit_progress(action, by=actor_of(cast.kt_liaison), now=NOW, progress=a_report())
    with pytest.raises(ActionRefused):
        submit_for_verification(action, by=actor_of(cast.skt_liaison), now=NOW)
    assert ActionItem.objects.get().state == ActionState.IN_PROGRESS


def test_a_second_submission_is_refused(cast: Cast) -> None:
    action = submitted(cast)
    with pytest.raises(NotAllowedNow):
        submit_for_verification(action, by=actor_of(cast.skt_liaison), now=moment("2026-11-24 12:00"))
    assert ActionItem.objects.get().submitted_at == moment("2026-11-24 09:30")


def test_a_returned_item_can_be_submitted_again(cast: Cast) -> None:
    action = submitted(cast)
    return_action(action, by=actor_of(cast.secretary), now=NOW, comment="Sign it")
    submit_for_verification(action, by=actor_of(cast.skt_liaison), now=moment("2026-11-24 12:00"))
    kept = ActionItem.objects.get()
    assert (kept.state, kept.submitted_at) == (ActionState.SUBMITTED, moment("2026-11-24 12:00"))


def test_a_cancelled_item_is_not_submitted(cast: Cast) -> None:
    action = reported(cast)
    cancel_action(action, by=actor_of(cast.secretary), reason="Superseded")
    with pytest.raises(NotAllowedNow):
        submit_for_verification(action, by=actor_of(cast.skt_liaison), now=NOW)
    assert ActionItem.objects.get().state == ActionState.CANCELLED
