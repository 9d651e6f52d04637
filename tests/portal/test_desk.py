"""A reader's first page: what is expected of them, by when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from council.actions.models import ActionItem
from council.parties.models import User
from tests.access.rows import an_open_meeting
from tests.actions.steps import submitted
from tests.factories import Cast, an_action

type SignIn = Callable[[User], Client]


def test_the_owners_items_stand_by_pillar_and_the_nearest_first(cast: Cast, as_user: SignIn) -> None:
    an_action("SKT", title="AI later", commitment="C18", due_on=date(2027, 1, 15))
    an_action("SKT", title="Security later", due_on=date(2027, 1, 15))
    an_action("SKT", title="Security sooner", due_on=date(2026, 12, 1))
    desk = as_user(cast.skt_liaison).get("/").context["desk"]
    shown = [(pillar.order, [task.action.title for task in tasks]) for pillar, tasks in desk.by_pillar]
    assert shown == [(1, ["Security sooner", "Security later"]), (3, ["AI later"])]


def test_the_counts_are_of_ones_own_items_only(cast: Cast, as_user: SignIn) -> None:
    submitted(cast)
    an_action("SKT")
    an_action("SKT")
    ActionItem.objects.filter(number=3).update(due_on=date(2026, 11, 23))
    for _ in range(4):
        an_action("KT", label="TLP:GREEN")
    desk = as_user(cast.skt_liaison).get("/").context["desk"]
    assert (desk.owed, desk.overdue, desk.waiting, desk.done) == (2, 1, 1, 0)


@pytest.mark.parametrize("label", ["TLP:AMBER+STRICT", "TLP:GREEN"])
def test_a_rivals_items_are_not_on_the_desk_even_if_they_may_be_read(cast: Cast, as_user: SignIn, label: str) -> None:
    an_action("SKT", title="CANARY-SKT", label=label)
    assert "CANARY-SKT" in as_user(cast.skt_liaison).get("/").text
    for user in cast.outsiders:
        response = as_user(user).get("/")
        assert response.status_code == 200
        assert "CANARY-SKT" not in response.text, user


def test_a_desk_shows_the_next_meeting_and_its_steps_once_announced(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.skt_liaison)
    before = client.get("/").context["desk"]
    assert (list(before.next_meetings), list(before.steps)) == ([], [])
    meeting = an_open_meeting()
    after = client.get("/").context["desk"]
    assert list(after.next_meetings) == [meeting]
    assert [step.deadline.kind for step in after.steps][:3] == ["agenda_call", "working_group", "items_due"]


def test_days_left_are_business_days(cast: Cast, as_user: SignIn) -> None:
    an_action("SKT", due_on=date(2026, 12, 1))
    ((_, (task,)),) = as_user(cast.skt_liaison).get("/").context["desk"].by_pillar
    assert (task.days_left, task.overdue) == (5, False)


@pytest.mark.parametrize("who", ["nobody", "accounts", "former_liaison"])
def test_without_a_seat_the_desk_is_empty(cast: Cast, as_user: SignIn, who: str) -> None:
    an_action("SKT", title="CANARY-SKT", label="TLP:CLEAR")
    an_open_meeting(title="CANARY-MEETING")
    response = as_user(getattr(cast, who)).get("/")
    assert response.context["desk"].by_pillar == []
    assert "CANARY" not in response.text


def test_an_account_without_a_person_has_a_desk_with_nothing_on_it(cast: Cast, as_user: SignIn) -> None:
    an_action("SKT", title="CANARY-SKT", label="TLP:CLEAR")
    response = as_user(User.objects.create_user("machine@msit.test")).get("/")
    assert (response.status_code, "CANARY" in response.text) == (200, False)
