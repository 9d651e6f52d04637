"""Narrowing a list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from council.actions.models import ActionItem
from council.declaration.models import Pillar
from council.parties.models import User
from tests.factories import Cast, an_action

type SignIn = Callable[[User], Client]


@pytest.fixture
def client_of_secretary(cast: Cast, as_user: SignIn) -> Client:
    """Four items that differ in what can be filtered by."""
    an_action("SKT", title="SECURITY", due_on=date(2026, 12, 10))
    an_action("KT", title="AI", commitment="C18", due_on=date(2027, 2, 10))
    an_action("SKT", title="RUNNING", commitment="C22", due_on=date(2027, 5, 10))
    own = an_action("LGU", title="OWN-PILLAR", due_on=date(2026, 12, 11))
    ActionItem.objects.filter(pk=own.pk).update(commitment=None, pillar=Pillar.objects.get(order=3))
    ActionItem.objects.filter(title="SECURITY").update(due_on=date(2026, 11, 20))
    return as_user(cast.secretary)


def listed(client: Client, **query: str) -> set[str]:
    response = client.get("/admin/council/actionitem/", query)
    return {action.title for action in response.context["cl"].result_list}


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({}, {"SECURITY", "AI", "RUNNING", "OWN-PILLAR"}),
        ({"quarter": "2027-Q1"}, {"AI"}),
        ({"quarter": "2026-Q4"}, {"SECURITY", "OWN-PILLAR"}),
        ({"pillar": "none"}, {"RUNNING"}),
        ({"overdue": "yes"}, {"SECURITY"}),
        ({"q": "ai"}, {"AI"}),
        ({"q": "C22"}, {"RUNNING"}),
    ],
)
def test_a_filter_shows_what_it_says(client_of_secretary: Client, query: dict[str, str], titles: set[str]) -> None:
    assert listed(client_of_secretary, **query) == titles


@pytest.mark.parametrize(("order", "titles"), [(1, {"SECURITY"}), (2, set()), (3, {"AI", "OWN-PILLAR"})])
def test_a_pillar_is_the_commitments_or_the_items_own(
    client_of_secretary: Client, order: int, titles: set[str]
) -> None:
    assert listed(client_of_secretary, pillar=str(Pillar.objects.get(order=order).pk)) == titles


def test_meetings_are_narrowed_by_quarter(client_of_secretary: Client) -> None:
    response = client_of_secretary.get("/admin/council/meeting/", {"quarter": "2026-Q2"})
    assert [meeting.kind for meeting in response.context["cl"].result_list] == ["founding"]
