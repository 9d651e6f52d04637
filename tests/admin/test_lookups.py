"""A list is narrowed by its filters only: what is not shown is not guessed letter by letter through the address."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from council.parties.models import User
from tests.factories import Cast, an_action

type SignIn = Callable[[User], Client]


@pytest.mark.parametrize(
    ("account", "address"),
    [
        ("accounts", "/admin/council/user/?password__startswith=md5"),
        ("accounts", "/admin/council/user/?person__organisation__name_ko__startswith=K"),
        ("secretary", "/admin/council/auditentry/?after__icontains=title"),
        ("secretary", "/admin/council/delivery/?html__contains=x"),
        ("secretary", "/admin/council/actionitem/?description__startswith=x"),
        ("secretary", "/admin/council/actionitem/?owner__code__startswith=K"),
    ],
)
def test_what_no_filter_offers_is_refused(cast: Cast, as_user: SignIn, account: str, address: str) -> None:
    assert as_user(getattr(cast, account)).get(address).status_code == 400


def test_what_a_filter_offers_narrows_the_list(cast: Cast, as_user: SignIn) -> None:
    an_action("SKT", title="CANARY-SKT")
    an_action("KT", title="CANARY-KT")
    page = as_user(cast.secretary).get(f"/admin/council/actionitem/?owner__id__exact={cast.kt.pk}&state__exact=open")
    assert ("CANARY-KT" in page.text, "CANARY-SKT" in page.text) == (True, False)
