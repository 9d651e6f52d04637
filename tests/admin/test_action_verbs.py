"""Verifying, returning and cancelling an item by its buttons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from council.actions.models import ActionItem, Escalation, Verification
from council.actions.operations.progress import save_draft
from council.parties.models import User
from tests.actions.steps import a_report, every_point, reported, submitted
from tests.factories import Cast, actor_of, an_action, moment
from tests.factories.rows import link

type SignIn = Callable[[User], Client]


def do(client: Client, action: ActionItem, verb: str, **data: Any) -> int:
    data = {"met": every_point(action)} | data
    return client.post(f"/admin/council/actionitem/{action.pk}/do/{verb}/", data).status_code


def test_verifying(cast: Cast, as_user: SignIn) -> None:
    action = submitted(cast)
    assert do(as_user(cast.secretary), action, "verify", comment="Seen") == 302
    assert (ActionItem.objects.get().state, Verification.objects.get().comment) == ("verified", "Seen")


def test_returning_says_what_is_missing(cast: Cast, as_user: SignIn) -> None:
    client, action = as_user(cast.secretary), submitted(cast)
    assert do(client, action, "return", comment="") == 422
    assert Verification.objects.count() == 0
    assert do(client, action, "return", comment="Sign it") == 302
    assert (ActionItem.objects.get().state, Verification.objects.get().comment) == ("returned", "Sign it")


def test_cancelling_asks_for_a_reason(cast: Cast, as_user: SignIn) -> None:
    client, action = as_user(cast.secretary), an_action()
    assert do(client, action, "cancel", reason="") == 422
    assert do(client, action, "cancel", reason="Superseded") == 302
    assert ActionItem.objects.get().cancelled_because == "Superseded"


def test_an_escalation_is_seen_by_its_owner_and_stopped_with_a_reason(cast: Cast, as_user: SignIn) -> None:
    client, action = as_user(cast.secretary), an_action(label="TLP:AMBER")
    assert do(client, action, "stop_escalation", reason="Nothing climbs") == 422
    Escalation.objects.create(
        action=action, cause="overdue", step="council", since_on=action.due_on, raised_at=moment("2026-12-28 09:00")
    )
    page, told = link("action", action.pk), "협의체 안건으로 상향되었습니다"
    assert [told in as_user(who).get(page).text for who in (cast.skt_liaison, cast.kt_liaison)] == [True, False]
    assert f"{action.reference}" in as_user(cast.skt_liaison).get("/actions/?which=escalated").text
    assert f"{action.reference}" not in as_user(cast.kt_liaison).get("/actions/?which=escalated&whose=all").text
    assert f"/actionitem/{action.pk}/" in client.get("/admin/council/actionitem/?escalation=council").text
    assert f"/actionitem/{action.pk}/" not in client.get("/admin/council/actionitem/?escalation=lead").text
    assert do(client, action, "stop_escalation", reason="") == 422
    assert do(client, action, "stop_escalation", reason="A plan was agreed") == 302
    page_of_owner = as_user(cast.skt_liaison).get(page).text
    assert told not in page_of_owner
    assert "A plan was agreed" in page_of_owner
    assert "A plan was agreed" not in as_user(cast.kt_liaison).get(page).text


@pytest.mark.parametrize("verb", ["verify", "return"])
def test_only_what_was_submitted_is_judged(cast: Cast, as_user: SignIn, verb: str) -> None:
    action = reported(cast)
    assert do(as_user(cast.secretary), action, verb, comment="c") in {422, 403}
    assert (ActionItem.objects.get().state, Verification.objects.count()) == ("in_progress", 0)


def test_the_page_offers_what_can_be_done_next_and_shows_what_was_handed_in(cast: Cast, as_user: SignIn) -> None:
    client, action = as_user(cast.secretary), submitted(cast)
    page = client.get(f"/admin/council/actionitem/{action.pk}/change/")
    assert [verb["url"].split("/")[-2] for verb in page.context["verbs"]] == [
        "verify", "return", "comment", "release", "tighten", "disclose",
    ]  # fmt: skip
    assert [event.update.text for event in page.context["thread"].events] == [a_report().text]


def test_a_carriers_draft_is_not_on_the_ministrys_page(cast: Cast, as_user: SignIn) -> None:
    action = reported(cast)
    save_draft(action, by=actor_of(cast.skt_liaison), progress=a_report(text="CANARY-DRAFT"))
    page = as_user(cast.secretary).get(f"/admin/council/actionitem/{action.pk}/change/")
    assert page.context["thread"].draft is None
    assert "CANARY-DRAFT" not in page.text


def test_the_history_is_the_audit(cast: Cast, as_user: SignIn) -> None:
    client, action, other = as_user(cast.secretary), submitted(cast), an_action("KT")
    do(client, action, "verify", comment="")
    page = client.get(f"/admin/council/actionitem/{action.pk}/history/")
    assert [line.entry.verb for line in page.context["entries"]] == [
        "action.verified", "action.submitted", "action.in_progress", "action.opened",
    ]  # fmt: skip
    assert str(other.pk) not in {line.entry.target_id for line in page.context["entries"]}
    assert page.context["entries"][0].what == "이행 확인 완료"
