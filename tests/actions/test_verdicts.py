"""The ministry's answer: verified, or completion requested."""

from __future__ import annotations

import pytest

from council.actions.models import ActionItem, Verification
from council.actions.operations import (
    ActionRefused,
    return_action,
    submit_for_verification,
    submit_progress,
    verify_action,
)
from council.actions.states import ActionState
from council.core.actor import Actor
from council.core.errors import NotAllowedNow, SomebodyWasFaster
from tests.actions.steps import a_report, reported, submitted
from tests.factories import Cast, actor_of, an_action, moment

NOW = moment("2026-11-24 11:00")


def test_verifying_settles_the_item_and_keeps_the_verdict(cast: Cast) -> None:
    action = submitted(cast)
    verify_action(action, by=actor_of(cast.secretary), now=NOW, comment="Seen on site")
    kept, verdict = ActionItem.objects.get(), Verification.objects.get()
    assert (kept.state, kept.verified_at, kept.is_settled) == (ActionState.VERIFIED, NOW, True)
    assert (verdict.verdict, verdict.comment, verdict.by, verdict.at, verdict.self_check) == (
        "verified",
        "Seen on site",
        cast.secretary,
        NOW,
        False,
    )


def test_returning_says_what_is_missing_and_leaves_it_owed(cast: Cast) -> None:
    action = submitted(cast)
    return_action(action, by=actor_of(cast.secretary), now=NOW, comment="The second half")
    assert list(ActionItem.objects.owed()) == [action]
    assert (Verification.objects.get().verdict, Verification.objects.get().comment) == ("returned", "The second half")


@pytest.mark.parametrize("comment", ["", " \n "])
def test_returning_without_a_word_is_refused(cast: Cast, comment: str) -> None:
    action = submitted(cast)
    with pytest.raises(ActionRefused) as refused:
        return_action(action, by=actor_of(cast.secretary), now=NOW, comment=comment)
    assert refused.value.field == "comment"
    assert (ActionItem.objects.get().state, Verification.objects.count()) == (ActionState.SUBMITTED, 0)


def test_only_what_was_submitted_is_judged(cast: Cast) -> None:
    action = reported(cast)
    with pytest.raises(NotAllowedNow):
        verify_action(action, by=actor_of(cast.secretary), now=NOW)
    assert (ActionItem.objects.get().state, Verification.objects.count()) == (ActionState.IN_PROGRESS, 0)


def test_it_may_go_back_and_forth_and_every_verdict_stays(cast: Cast) -> None:
    action, liaison, secretary = submitted(cast), actor_of(cast.skt_liaison), actor_of(cast.secretary)
    return_action(action, by=secretary, now=NOW, comment="Sign it")
    submit_for_verification(action, by=liaison, now=NOW)
    return_action(action, by=secretary, now=NOW, comment="Date it")
    submit_for_verification(action, by=liaison, now=NOW)
    verify_action(action, by=secretary, now=NOW)
    verdicts = Verification.objects.order_by("id").values_list("verdict", "comment")
    assert list(verdicts) == [("returned", "Sign it"), ("returned", "Date it"), ("verified", "")]


def test_the_second_of_two_verifiers_is_told_that_somebody_was_faster(cast: Cast) -> None:
    submitted(cast)
    first, second = ActionItem.objects.get(), ActionItem.objects.get()
    verify_action(first, by=actor_of(cast.secretary), now=NOW)
    with pytest.raises(SomebodyWasFaster):
        return_action(second, by=actor_of(cast.secretary), now=NOW, comment="No")
    assert (ActionItem.objects.get().state, Verification.objects.count()) == (ActionState.VERIFIED, 1)


def test_the_ministry_judging_its_own_item_is_marked_as_a_self_check(cast: Cast) -> None:
    action, secretary = an_action("MSIT"), actor_of(cast.secretary)
    submit_progress(action, by=secretary, now=NOW, progress=a_report(percent=100))
    submit_for_verification(action, by=secretary, now=NOW)
    verify_action(action, by=secretary, now=NOW)
    assert Verification.objects.get().self_check is True


def test_a_verdict_needs_a_person(cast: Cast) -> None:
    action = submitted(cast)
    with pytest.raises(TypeError):
        verify_action(action, by=Actor.system("job"), now=NOW)
    assert (ActionItem.objects.get().state, Verification.objects.count()) == (ActionState.SUBMITTED, 0)
