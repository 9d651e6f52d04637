"""Comments between owner and ministry, another assignee, taking back, and entering for the owner."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from council.access.policy import can
from council.access.roles import FOR_THE_OWNER, SECRETARIAT
from council.actions.models import ActionComment, ActionItem, Evidence, ProgressUpdate
from council.actions.operations.comments import comment_on
from council.actions.operations.errors import ActionRefused
from council.actions.operations.items import cancel_action, reassign
from council.actions.operations.judging import return_action, submit_for_verification, withdraw_submission
from council.actions.operations.progress import (
    enter_progress,
    fingerprint,
    save_draft,
    submit_progress,
    withdraw_progress,
)
from council.actions.queries import ANSWERING, RUNNING, assignable
from council.core.errors import NotAllowedNow
from council.core.models import AuditEntry
from council.mail.models import Notice
from council.parties.queries import actor_of as reader_of
from tests.actions.steps import a_report, reported, submitted, verified
from tests.factories import TODAY, Cast, actor_of, an_action, moment, pdf

NOW = moment("2026-11-24 10:00")


def told(kind: str) -> set[int]:
    return set(Notice.objects.filter(kind=kind).values_list("recipient_id", flat=True))


# --- Comments -------------------------------------------------------------------------------------------------------


def test_a_comment_reaches_the_other_side_and_nobody_else(cast: Cast) -> None:
    action = an_action()
    comment_on(action, by=actor_of(cast.skt_liaison), now=NOW, text="Which sites are meant?")
    assert told("action_commented") == {cast.secretary.person_id}
    Notice.objects.all().delete()
    comment_on(action, by=actor_of(cast.secretary), now=NOW, text="Those of the declaration")
    assert told("action_commented") == {cast.skt_liaison.person_id}


@pytest.mark.parametrize("text", ["", " \n"])
def test_nothing_said_is_no_comment(cast: Cast, text: str) -> None:
    with pytest.raises(ActionRefused) as refused:
        comment_on(an_action(), by=actor_of(cast.secretary), now=NOW, text=text)
    assert (refused.value.field, ActionComment.objects.count()) == ("text", 0)


def test_a_button_pressed_twice_says_it_once(cast: Cast) -> None:
    action, by = an_action(), actor_of(cast.secretary)
    comment_on(action, by=by, now=NOW, text="Please look")
    with pytest.raises(ActionRefused):
        comment_on(action, by=by, now=NOW, text="Please look ")
    assert ActionComment.objects.count() == 1


# --- Another assignee -----------------------------------------------------------------------------------------------


def test_the_new_assignee_is_told_and_the_change_is_in_the_record(cast: Cast) -> None:
    action = an_action()
    reassign(action, by=actor_of(cast.skt_liaison), assignee=cast.skt_ciso.person, today=TODAY)
    assert ActionItem.objects.get().assignee == cast.skt_ciso.person
    assert told("action_assigned") == {cast.skt_ciso.person_id}
    entry = AuditEntry.objects.get(verb="action.reassigned")
    assert entry.after == {"assignee_id": cast.skt_ciso.person_id}


def test_only_the_owners_people_who_hold_a_seat_near_it_can_be_chosen(cast: Cast) -> None:
    action = an_action()
    near = {cast.skt_liaison.person_id, cast.skt_ciso.person_id, cast.skt_ceo.person_id}
    seated = set(assignable(action, on=TODAY).values_list("pk", flat=True))
    assert near <= seated
    assert cast.former_liaison.person_id not in seated
    for stranger in (cast.kt_liaison, cast.former_liaison, cast.secretary):
        with pytest.raises(ActionRefused) as refused:
            reassign(action, by=actor_of(cast.skt_liaison), assignee=stranger.person, today=TODAY)
        assert refused.value.field == "assignee"
    assert ActionItem.objects.get().assignee is None


def test_an_item_can_be_given_back_to_nobody_in_particular(cast: Cast) -> None:
    action = an_action(assignee=cast.skt_liaison.person)
    reassign(action, by=actor_of(cast.skt_ciso), assignee=None, today=TODAY)
    reassign(action, by=actor_of(cast.skt_ciso), assignee=None, today=TODAY)
    assert ActionItem.objects.get().assignee is None
    assert AuditEntry.objects.filter(verb="action.reassigned").count() == 1


def test_what_is_settled_is_not_given_to_anybody(cast: Cast) -> None:
    action = an_action()
    cancel_action(action, by=actor_of(cast.secretary), reason="Superseded")
    with pytest.raises(NotAllowedNow):
        reassign(action, by=actor_of(cast.skt_liaison), assignee=cast.skt_ciso.person, today=TODAY)


def test_whoever_an_item_can_be_given_to_can_read_it(cast: Cast) -> None:
    assert set(ANSWERING) == FOR_THE_OWNER
    assert set(RUNNING) == SECRETARIAT
    for code in ("SKT", "MSIT"):
        action = an_action(code)
        people = list(assignable(action, on=TODAY))
        assert people
        for person in people:
            assert can(reader_of(person), "view", action), person


# --- Taking back ----------------------------------------------------------------------------------------------------


def test_a_report_taken_back_stays_in_the_record_and_counts_no_more(cast: Cast) -> None:
    action = reported(cast)
    withdraw_progress(ProgressUpdate.objects.get(), by=actor_of(cast.skt_liaison))
    assert ProgressUpdate.objects.get().state == "withdrawn"
    with pytest.raises(ActionRefused):
        submit_for_verification(action, by=actor_of(cast.skt_liaison), now=NOW)


def test_what_the_ministry_has_judged_is_not_taken_back(cast: Cast) -> None:
    action, liaison = submitted(cast), actor_of(cast.skt_liaison)
    return_action(action, by=actor_of(cast.secretary), now=NOW, comment="Sign it")
    with pytest.raises(NotAllowedNow):
        withdraw_progress(ProgressUpdate.objects.get(), by=liaison)
    later = submit_progress(action, by=liaison, now=moment("2026-11-24 11:00"), progress=a_report(percent=100))
    withdraw_progress(later, by=liaison)
    assert list(ProgressUpdate.objects.order_by("id").values_list("state", flat=True)) == ["submitted", "withdrawn"]


def test_a_draft_is_not_taken_back(cast: Cast) -> None:
    action, liaison = an_action("SKT"), actor_of(cast.skt_liaison)
    draft = save_draft(action, by=liaison, progress=a_report(percent=50))
    with pytest.raises(NotAllowedNow):
        withdraw_progress(draft, by=liaison)
    assert ProgressUpdate.objects.get().state == "draft"


@pytest.mark.parametrize("then", ["waits", "verified"])
def test_while_it_waits_or_once_it_is_settled_no_report_is_taken_back(cast: Cast, then: str) -> None:
    action = submitted(cast)
    if then == "verified":
        verified(action, by=actor_of(cast.secretary), now=NOW)
    with pytest.raises(NotAllowedNow):
        withdraw_progress(ProgressUpdate.objects.get(), by=actor_of(cast.skt_liaison))


def test_a_submission_is_taken_back_until_it_is_answered(cast: Cast) -> None:
    action, liaison = submitted(cast), actor_of(cast.skt_liaison)
    withdraw_submission(action, by=liaison)
    assert ActionItem.objects.get().state == "in_progress"
    submit_for_verification(action, by=liaison, now=NOW)
    verified(ActionItem.objects.get(), by=actor_of(cast.secretary), now=NOW)
    with pytest.raises(NotAllowedNow):
        withdraw_submission(action, by=liaison)
    assert ActionItem.objects.get().state == "verified"


# --- The receipt ----------------------------------------------------------------------------------------------------


CHANGES: dict[str, Callable[[ProgressUpdate], object]] = {
    "text": lambda update: setattr(update, "text", "Something else"),
    "percent": lambda update: setattr(update, "percent", 41),
    "label": lambda update: setattr(update, "label", "TLP:GREEN"),
    "evidence": lambda update: Evidence.objects.create(update=update, kind="link", url="https://carrier.test/x"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_the_receipt_names_what_was_handed_in(cast: Cast, what: str) -> None:
    action = an_action()
    progress = a_report(uploads=[pdf("proof.pdf")])
    submit_progress(action, by=actor_of(cast.skt_liaison), now=NOW, progress=progress)
    update = ProgressUpdate.objects.get()
    assert update.sha256 == fingerprint(update)
    CHANGES[what](update)
    assert update.sha256 != fingerprint(update)


# --- Entered by the ministry ----------------------------------------------------------------------------------------


def test_what_came_by_letter_is_entered_for_the_owner_and_marked_so(cast: Cast) -> None:
    action = an_action()
    draft = save_draft(action, by=actor_of(cast.skt_liaison), progress=a_report(text="Ours, not yet handed in"))
    entered = enter_progress(
        action, by=actor_of(cast.secretary), now=NOW, progress=a_report(), received="SKT-2026-17, 23 Nov 2026"
    )
    kept = ProgressUpdate.objects.get(pk=entered.pk)
    assert (kept.organisation, kept.by, kept.on_behalf) == (cast.skt, cast.secretary, True)
    assert (kept.state, kept.sha256, ActionItem.objects.get().state) == (
        "submitted", fingerprint(kept), "in_progress",
    )  # fmt: skip
    assert ProgressUpdate.objects.get(pk=draft.pk).text == "Ours, not yet handed in"
    assert told("progress_entered") == {cast.skt_liaison.person_id}


def test_its_owner_may_take_it_back(cast: Cast) -> None:
    entered = enter_progress(
        an_action(), by=actor_of(cast.secretary), now=NOW, progress=a_report(), received="By telephone"
    )
    withdraw_progress(entered, by=actor_of(cast.skt_liaison))
    assert ProgressUpdate.objects.get().state == "withdrawn"


def test_whoever_entered_it_does_not_verify_it(cast: Cast) -> None:
    action, secretary = an_action(), actor_of(cast.secretary)
    enter_progress(action, by=secretary, now=NOW, progress=a_report(percent=100), received="By letter")
    submit_for_verification(action, by=actor_of(cast.skt_liaison), now=NOW)
    with pytest.raises(ActionRefused, match="다른 직원"):
        verified(action, by=secretary, now=NOW)


@pytest.mark.parametrize(
    ("values", "received", "field"),
    [({}, " ", "received"), ({"text": " "}, "By letter", "text"), ({"percent": 101}, "By letter", "percent")],
)
def test_what_says_too_little_is_not_entered(cast: Cast, values: dict[str, object], received: str, field: str) -> None:
    action = an_action()
    with pytest.raises(ActionRefused) as refused:
        enter_progress(action, by=actor_of(cast.secretary), now=NOW, progress=a_report(**values), received=received)
    assert refused.value.field == field
    assert (ProgressUpdate.objects.count(), Notice.objects.count(), ActionItem.objects.get().state) == (0, 0, "open")
