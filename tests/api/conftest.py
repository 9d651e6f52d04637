"""A clock that stands in the round, and tokens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from time_machine import Traveller

from council.core.actor import Actor
from council.parties.models import User
from council.parties.tokens import NewToken, give_token
from council.web.second_factor import enrolled
from tests.factories import actor_of
from tests.factories.founding import clock
from tests.factories.second_factor import an_app
from tests.reports.steps import IN_TIME

__all__ = ["clock"]


@pytest.fixture(autouse=True)
def in_time(clock: Traveller) -> None:
    clock.move_to(IN_TIME, tick=False)


def a_token(user: User, scope: str = "write", *, until: date = date(2027, 12, 31)) -> NewToken:
    if not enrolled(user):
        an_app(user)
    by: Actor = actor_of(user)
    return give_token(user, name="Tracker", scope=scope, expires_on=until, by=by, now=IN_TIME)


class Program:
    """A program that holds a token."""

    def __init__(self, secret: str) -> None:
        self.client = Client(headers={"authorization": f"Bearer {secret}"} if secret else None)

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        sent = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(self.client, method)(f"/api/v1{path}", **sent)


@pytest.fixture
def program() -> Callable[..., Program]:
    """What a program of somebody's is, with a token of a scope."""
    return lambda user, scope="write": Program(a_token(user, scope).secret)
