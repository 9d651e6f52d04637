"""An action item's page: what was handed in and answered, for each reader as they may see it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from council.actions.models import ActionItem, ProgressUpdate
from council.actions.operations.judging import return_action
from council.actions.operations.progress import save_draft
from council.core.labels import Label
from council.parties.models import User
from tests.actions.steps import a_report, reported, submitted
from tests.factories import Cast, actor_of, an_action, link, moment
from tests.portal.test_reporting import report

type SignIn = Callable[[User], Client]


def page(client: Client, action: ActionItem) -> str:
    response = client.get(link("action", action.pk))
    assert response.status_code == 200
    return response.text


@pytest.mark.parametrize("who", ["skt_liaison", "skt_ciso", "skt_ceo", "secretary"])
def test_owner_members_and_ministry_read_it(cast: Cast, as_user: SignIn, who: str) -> None:
    text = page(as_user(getattr(cast, who)), reported(cast, title="CANARY-TITLE", description="CANARY-DESCRIPTION"))
    assert "CANARY-TITLE" in text
    assert "CANARY-DESCRIPTION" in text
    assert a_report().text in text


@pytest.mark.parametrize(("who", "told"), [("skt_ciso", True), ("secretary", True), ("kt_liaison", False)])
def test_a_rival_with_whom_it_is_shared_learns_nobodys_name(cast: Cast, as_user: SignIn, who: str, told: bool) -> None:
    people = [cast.skt_liaison.person, cast.skt_ceo.person]
    action = reported(cast, title="SHARED", label=Label.AMBER, assignee=people[1])
    ProgressUpdate.objects.update(label=Label.AMBER)
    text = page(as_user(getattr(cast, who)), action)
    assert ("SHARED" in text, a_report().text in text) == (True, True)
    assert [person.name in text for person in people if person] == [told, told]


def test_nobody_else_does(cast: Cast, as_user: SignIn) -> None:
    action = reported(cast, title="CANARY-TITLE")
    for user in cast.outsiders:
        response = as_user(user).get(link("action", action.pk))
        assert (response.status_code, "CANARY" in response.text) == (404, False), user


@pytest.mark.parametrize(("who", "sees"), [("skt_liaison", True), ("skt_ciso", True), ("secretary", False)])
def test_a_draft_is_on_its_owners_page_and_not_on_the_ministrys(
    cast: Cast, as_user: SignIn, who: str, sees: bool
) -> None:
    action = reported(cast)
    save_draft(action, by=actor_of(cast.skt_liaison), progress=a_report(percent=77, text="CANARY-DRAFT"))
    response = as_user(getattr(cast, who)).get(link("action", action.pk))
    assert (response.context["thread"].draft is not None) is sees
    assert ("CANARY-DRAFT" in response.text) <= sees


@pytest.mark.parametrize(
    ("who", "may"), [("skt_liaison", True), ("skt_ciso", False), ("skt_ceo", False), ("secretary", False)]
)
def test_only_the_owners_liaison_is_offered_to_report(cast: Cast, as_user: SignIn, who: str, may: bool) -> None:
    response = as_user(getattr(cast, who)).get(link("action", reported(cast).pk))
    assert (response.context["may_report"], response.context["may_submit"]) == (may, may)


def test_submitting_is_offered_only_when_it_would_be_accepted(cast: Cast, as_user: SignIn) -> None:
    client, action = as_user(cast.skt_liaison), an_action()
    offered = [client.get(link("action", action.pk)).context["may_submit"]]
    report(client, action)
    offered.append(client.get(link("action", action.pk)).context["may_submit"])
    save_draft(action, by=actor_of(cast.skt_liaison), progress=a_report())
    offered.append(client.get(link("action", action.pk)).context["may_submit"])
    assert offered == [False, True, False]


def test_the_answer_is_on_the_page_and_the_newest_comes_first(cast: Cast, as_user: SignIn) -> None:
    action = submitted(cast)
    return_action(action, by=actor_of(cast.secretary), now=moment("2026-11-24 10:00"), comment="CANARY-COMMENT")
    response = as_user(cast.skt_liaison).get(link("action", action.pk))
    assert "CANARY-COMMENT" in response.text
    events = [("verdict" if event.verification else "update") for event in response.context["thread"].events]
    assert events == ["verdict", "update"]
