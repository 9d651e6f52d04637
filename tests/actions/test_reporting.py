"""Handing progress in."""

from __future__ import annotations

from typing import Any

import pytest

from council.actions.models import ActionItem, ProgressUpdate
from council.actions.operations.errors import ActionRefused
from council.actions.operations.judging import return_action
from council.actions.operations.progress import save_draft, submit_progress
from council.actions.states import ActionState, UpdateState
from council.core.errors import NotAllowedNow
from council.core.models import AuditEntry
from tests.actions.steps import a_report, reported, submitted, verified
from tests.factories import Cast, actor_of, an_action, moment

NOW = moment("2026-11-24 10:00")


def test_a_first_report_sets_the_item_in_progress(cast: Cast) -> None:
    action = an_action()
    update = submit_progress(action, by=actor_of(cast.skt_liaison), now=NOW, progress=a_report(percent=40))
    assert (action.state, ActionItem.objects.get().state) == (ActionState.IN_PROGRESS, ActionState.IN_PROGRESS)
    assert (update.state, update.submitted_at, update.by, update.organisation) == (
        UpdateState.SUBMITTED,
        NOW,
        cast.skt_liaison,
        cast.skt,
    )


def test_the_draft_becomes_the_report(cast: Cast) -> None:
    action, by = an_action(), actor_of(cast.skt_liaison)
    draft = save_draft(action, by=by, progress=a_report(percent=10))
    submit_progress(action, by=by, now=NOW, progress=a_report(percent=60))
    update = ProgressUpdate.objects.get()
    assert (update.pk, update.percent, update.state) == (draft.pk, 60, UpdateState.SUBMITTED)


def test_what_was_handed_in_stays_as_it_was_when_more_is_reported(cast: Cast) -> None:
    action, by = an_action(), actor_of(cast.skt_liaison)
    submit_progress(action, by=by, now=NOW, progress=a_report(percent=40, text="First"))
    submit_progress(action, by=by, now=NOW, progress=a_report(percent=70, text="Second"))
    rows = ProgressUpdate.objects.order_by("id").values_list("percent", "text", "state")
    assert list(rows) == [(40, "First", UpdateState.SUBMITTED), (70, "Second", UpdateState.SUBMITTED)]


def test_the_percentage_shown_is_the_one_last_handed_in_not_the_drafted_one(cast: Cast) -> None:
    action, by = an_action(), actor_of(cast.skt_liaison)
    submit_progress(action, by=by, now=NOW, progress=a_report(percent=40))
    submit_progress(action, by=by, now=NOW, progress=a_report(percent=30))
    save_draft(action, by=by, progress=a_report(percent=99))
    shown: Any = ActionItem.objects.with_progress(ProgressUpdate.objects.all()).get()
    assert shown.progress == 30
    unseen: Any = ActionItem.objects.with_progress(ProgressUpdate.objects.none()).get()
    assert unseen.progress is None


def test_both_steps_are_in_the_audit(cast: Cast) -> None:
    action = reported(cast)
    verbs = AuditEntry.objects.filter(target_type__in=["actionitem", "progressupdate"]).order_by("id")
    assert list(verbs.values_list("verb", flat=True)) == [
        "action.opened",
        "progress.drafted",
        "progress.submitted",
        "action.in_progress",
    ]
    assert action.updates.count() == 1


@pytest.mark.parametrize("percent", [140, 101, -1])
def test_a_percentage_outside_its_bounds_leaves_nothing(cast: Cast, percent: int) -> None:
    action = an_action()
    with pytest.raises(ActionRefused) as refused:
        submit_progress(action, by=actor_of(cast.skt_liaison), now=NOW, progress=a_report(percent=percent))
    assert refused.value.field == "percent"
    assert ProgressUpdate.objects.count() == 0
    assert ActionItem.objects.get().state == ActionState.OPEN


@pytest.mark.parametrize("percent", [0, 100])
def test_the_bounds_themselves_are_taken(cast: Cast, percent: int) -> None:
    submit_progress(an_action(), by=actor_of(cast.skt_liaison), now=NOW, progress=a_report(percent=percent))
    assert ProgressUpdate.objects.get().percent == percent


def test_nothing_is_handed_in_while_the_ministry_looks(cast: Cast) -> None:
    action = submitted(cast)
    with pytest.raises(NotAllowedNow):
        submit_progress(action, by=actor_of(cast.skt_liaison), now=NOW, progress=a_report(text="Sneaked in"))
    assert not ProgressUpdate.objects.filter(text="Sneaked in").exists()


def test_nothing_is_handed_in_on_what_was_verified(cast: Cast) -> None:
    action = submitted(cast)
    verified(action, by=actor_of(cast.secretary), now=NOW)
    with pytest.raises(NotAllowedNow):
        submit_progress(action, by=actor_of(cast.skt_liaison), now=NOW, progress=a_report(text="Afterwards"))
    assert not ProgressUpdate.objects.filter(text="Afterwards").exists()


def test_a_report_takes_a_returned_item_up_again(cast: Cast) -> None:
    action = submitted(cast)
    return_action(action, by=actor_of(cast.secretary), now=NOW, comment="Numbers are missing")
    submit_progress(action, by=actor_of(cast.skt_liaison), now=NOW, progress=a_report(percent=90))
    assert ActionItem.objects.get().state == ActionState.IN_PROGRESS
