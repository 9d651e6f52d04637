"""One verb on several action items: all of them or none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from council.actions.models import ActionItem, ExtensionRequest, Verification
from council.actions.operations.extensions import request_extension
from council.actions.operations.items import cancel_action
from council.core.register import version_of
from council.parties.models import User
from tests.actions.steps import every_point, submitted
from tests.factories import Cast, actor_of, an_action, moment

type SignIn = Callable[[User], Client]

LIST = "/admin/council/actionitem/"
NOW = moment("2026-11-24 10:00")


def several(client: Client, verb: str, *actions: ActionItem, **data: Any) -> Any:
    rows: dict[str, Any] = {"row": [action.pk for action in actions]}
    rows |= {f"version-{action.pk}": version_of(ActionItem.objects.get(pk=action.pk)) for action in actions}
    return client.post(f"{LIST}several/{verb}/", rows | data, follow=True)


def test_ticked_rows_and_a_verb_lead_to_a_page_that_asks(cast: Cast, as_user: SignIn) -> None:
    client, first, open_one = as_user(cast.secretary), submitted(cast), an_action("KT", title="Not handed in")
    chosen = {"action": "return", "_selected_action": [first.pk, open_one.pk]}
    page = client.post(LIST, chosen, follow=True)
    assert [row.pk for row, _version in page.context["possible"]] == [first.pk]
    assert [row.pk for row in page.context["left_out"]] == [open_one.pk]
    assert "Not handed in" in page.text
    assert Verification.objects.count() == 0


def test_all_are_verified_with_one_checklist(cast: Cast, as_user: SignIn) -> None:
    actions = [submitted(cast), submitted(cast)]
    page = several(as_user(cast.secretary), "verify", *actions, comment="Seen", met=every_point(actions[0]))
    assert set(ActionItem.objects.values_list("state", flat=True)) == {"verified"}
    assert list(Verification.objects.values_list("comment", flat=True)) == ["Seen", "Seen"]
    assert "2건을 처리하였습니다" in page.text


def test_what_one_of_them_refuses_is_done_to_none(cast: Cast, as_user: SignIn) -> None:
    actions = [submitted(cast), submitted(cast)]
    page = several(as_user(cast.secretary), "verify", *actions, comment="Seen", met=every_point(actions[0])[1:])
    assert page.status_code == 422
    assert set(ActionItem.objects.values_list("state", flat=True)) == {"submitted"}
    assert Verification.objects.count() == 0


def test_a_row_that_changed_after_the_page_was_opened_stops_all(cast: Cast, as_user: SignIn) -> None:
    first, second = an_action(), an_action()
    rows = {"row": [first.pk, second.pk], f"version-{first.pk}": version_of(first), f"version-{second.pk}": "older"}
    page = as_user(cast.secretary).post(f"{LIST}several/cancel/", rows | {"reason": "Superseded"})
    assert page.status_code == 422
    assert second.reference in page.text
    assert set(ActionItem.objects.values_list("state", flat=True)) == {"open"}


def test_what_is_settled_meanwhile_is_left_out_and_said(cast: Cast, as_user: SignIn) -> None:
    action = an_action()
    cancel_action(action, by=actor_of(cast.secretary), reason="Superseded")
    page = several(as_user(cast.secretary), "cancel", action, reason="Superseded")
    assert "처리할 수 있는 것이 없습니다" in page.text


def test_several_extensions_are_granted_at_once(cast: Cast, as_user: SignIn) -> None:
    actions = [an_action(), an_action()]
    for action in actions:
        request_extension(
            action, by=actor_of(cast.skt_liaison), now=NOW, requested_due_on=date(2026, 12, 17), reason="Late"
        )
    several(as_user(cast.secretary), "grant_extension", *actions, answer="")
    assert set(ActionItem.objects.values_list("due_on", flat=True)) == {date(2026, 12, 17)}
    assert set(ExtensionRequest.objects.values_list("state", flat=True)) == {"granted"}


@pytest.mark.parametrize("verb", ["release", "no-such-verb", "enter"])
def test_only_some_verbs_are_for_several(cast: Cast, as_user: SignIn, verb: str) -> None:
    assert several(as_user(cast.secretary), verb, an_action()).status_code == 404


def test_rows_of_a_body_that_is_not_ones_own_are_not_among_them(cast: Cast, as_user: SignIn) -> None:
    action = an_action()
    for user in (cast.accounts,):
        answer = as_user(user).post(f"{LIST}several/cancel/", {"row": [action.pk], "reason": "x"})
        assert answer.status_code == 403
    assert ActionItem.objects.get().state == "open"
