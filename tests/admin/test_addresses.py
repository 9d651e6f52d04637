"""Addresses somebody typed: an answer, never a fault."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from council.parties.models import User
from tests.factories import Cast, an_action

type SignIn = Callable[[User], Client]


@pytest.mark.parametrize(
    "address",
    [
        "/admin/council/actionitem/999999/change/",
        "/admin/council/actionitem/abc/change/",
        "/admin/council/actionitem/999999/do/verify/",
        "/admin/council/actionitem/999999/history/",
        "/admin/council/nothing/",
        "/admin/council/actionitem/abc/do/verify/",
        "/admin/council/actionitem/abc/history/",
    ],
)
def test_what_is_not_there_is_not_found(cast: Cast, as_user: SignIn, address: str) -> None:
    an_action()
    assert as_user(cast.secretary).get(address, follow=True).status_code in {200, 404}


@pytest.mark.parametrize(
    "query",
    [
        "?state=x",
        "?quarter=2026-Q9",
        "?pillar=x",
        "?pillar=none",
        "?overdue=no",
        "?p=99",
        "?o=99",
        "?owner__id__exact=x",
    ],
)
def test_a_filter_that_makes_no_sense_is_no_fault(cast: Cast, as_user: SignIn, query: str) -> None:
    an_action()
    response = as_user(cast.secretary).get(f"/admin/council/actionitem/{query}", follow=True)
    assert response.status_code == 200
