"""The ministry's answer: verified, or completion requested."""

from __future__ import annotations

import pytest

from council.actions.models import ActionItem, CheckPoint, Verification
from council.actions.operations.errors import ActionRefused
from council.actions.operations.judging import return_action, submit_for_verification, verify_action
from council.actions.operations.progress import submit_progress
from council.actions.states import ActionState
from council.core.actor import Actor
from council.core.errors import NotAllowedNow, SomebodyWasFaster
from tests.actions.steps import a_report, every_point, reported, submitted, verified
from tests.factories import Cast, actor_of, an_action, moment

NOW = moment("2026-11-24 11:00")


def test_verifying_settles_the_item_and_keeps_the_verdict(cast: Cast) -> None:
    action = submitted(cast)
    verified(action, by=actor_of(cast.secretary), now=NOW, comment="Seen on site")
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
        verified(action, by=actor_of(cast.secretary), now=NOW)
    assert (ActionItem.objects.get().state, Verification.objects.count()) == (ActionState.IN_PROGRESS, 0)


def test_it_may_go_back_and_forth_and_every_verdict_stays(cast: Cast) -> None:
    action, liaison, secretary = submitted(cast), actor_of(cast.skt_liaison), actor_of(cast.secretary)
    return_action(action, by=secretary, now=NOW, comment="Sign it")
    submit_for_verification(action, by=liaison, now=NOW)
    return_action(action, by=secretary, now=NOW, comment="Date it")
    submit_for_verification(action, by=liaison, now=NOW)
    verified(action, by=secretary, now=NOW)
    verdicts = Verification.objects.order_by("id").values_list("verdict", "comment")
    assert list(verdicts) == [("returned", "Sign it"), ("returned", "Date it"), ("verified", "")]


def test_the_second_of_two_verifiers_is_told_that_somebody_was_faster(cast: Cast) -> None:
    submitted(cast)
    first, second = ActionItem.objects.get(), ActionItem.objects.get()
    verified(first, by=actor_of(cast.secretary), now=NOW)
    with pytest.raises(SomebodyWasFaster):
        return_action(second, by=actor_of(cast.secretary), now=NOW, comment="No")
    assert (ActionItem.objects.get().state, Verification.objects.count()) == (ActionState.VERIFIED, 1)


def test_the_ministry_judging_its_own_item_is_marked_as_a_self_check(cast: Cast) -> None:
    action, secretary = an_action("MSIT"), actor_of(cast.secretary)
    submit_progress(action, by=secretary, now=NOW, progress=a_report(percent=100))
    submit_for_verification(action, by=secretary, now=NOW)
    verified(action, by=actor_of(cast.chair), now=NOW)
    assert Verification.objects.get().self_check is True


def test_nobody_verifies_what_they_handed_in_themselves(cast: Cast) -> None:
    action, secretary = an_action("MSIT"), actor_of(cast.secretary)
    submit_progress(action, by=secretary, now=NOW, progress=a_report(percent=100))
    submit_for_verification(action, by=secretary, now=NOW)
    with pytest.raises(ActionRefused, match="다른 직원"):
        verified(action, by=secretary, now=NOW)
    assert (ActionItem.objects.get().state, Verification.objects.count()) == (ActionState.SUBMITTED, 0)


def test_a_point_of_the_checklist_that_is_not_met_stands_in_the_way(cast: Cast) -> None:
    action, secretary = submitted(cast), actor_of(cast.secretary)
    first, *others = every_point(action)
    with pytest.raises(ActionRefused) as refused:
        verify_action(action, by=secretary, now=NOW, met=others)
    assert refused.value.field == "met"
    assert CheckPoint.objects.get(pk=first).text in str(refused.value)
    assert (ActionItem.objects.get().state, Verification.objects.count()) == (ActionState.SUBMITTED, 0)


def test_what_was_looked_at_is_kept_in_the_words_of_the_day(cast: Cast) -> None:
    action, secretary = submitted(cast), actor_of(cast.secretary)
    first, *_others = every_point(action)
    return_action(action, by=secretary, now=NOW, comment="The second half", met=[first])
    words = CheckPoint.objects.get(pk=first).text_ko
    CheckPoint.objects.all().delete()
    checks = Verification.objects.get().checks
    assert [check["met"] for check in checks] == [True, False, False]
    assert checks[0]["text"] == words


def test_the_points_of_another_body_do_not_count(cast: Cast) -> None:
    action = submitted(cast)
    CheckPoint.objects.filter(body=action.body).delete()
    verify_action(action, by=actor_of(cast.secretary), now=NOW)
    assert (ActionItem.objects.get().state, Verification.objects.get().checks) == (ActionState.VERIFIED, [])


def test_a_verdict_needs_a_person(cast: Cast) -> None:
    action = submitted(cast)
    with pytest.raises(TypeError):
        verified(action, by=Actor.system("job"), now=NOW)
    assert (ActionItem.objects.get().state, Verification.objects.count()) == (ActionState.SUBMITTED, 0)
