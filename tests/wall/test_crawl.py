"""Every page as everybody: no canary that is not theirs, anywhere; and their own ones, so that this can fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from council.parties.models import User
from tests.proofs import EVERYTHING, PROOF, Figures, share
from tests.wall import feeders
from tests.wall.actors import EVERYBODY, Who
from tests.wall.addresses import Route, routes
from tests.wall.reading import said_by
from tests.wall.world import World

# One of each kind of visitor walks through the whole site in the daily suite; the long proof takes everybody.
DAILY = {"clerk", "skt_liaison", "skt_delegate", "expert", "anonymous"}
PEOPLE = [who for who in EVERYBODY if PROOF or who.name in DAILY]

type SignIn = Callable[[User], Client]

# Shown to them on their pages: at least so many of the canaries they may see.
SHOWN = {
    "accounts": 10, "anonymous": 0, "nobody": 0, "former_liaison": 0, "observer": 10, "skt_delegate": 8,
    "skt_network": 2, "expert": 5,
}  # fmt: skip


class Crawl:
    """One visitor's way through the whole site."""

    def __init__(self, world: World, who: Who, client: Client) -> None:
        self.world, self.who, self.client = world, who, client
        self.leaks: list[str] = []
        self.shown: set[str] = set()
        self.figures = Figures()
        client.raise_request_exception = False

    def visit(self, route: Route, address: str) -> Any:
        response = self.client.get(address)
        text = said_by(response)
        self.figures["requests"] += 1
        self.shown |= self.world.canaries.in_text(text)
        self.leaks += [f"{address} ({response.status_code}): {leak}" for leak in self.world.leaks(self.who, text)]
        if response.status_code >= 500:
            self.leaks.append(f"{address} broke with {response.status_code}")
        return response

    def of(self, route: Route) -> None:
        """A route with every row and query; a list also searched, ordered and filtered."""
        if route.name in feeders.LEFT_OUT:
            return
        self.figures["routes"] += 1
        for number, values in enumerate(feeders.arguments(self.world, route)):
            address = route.address(**values)
            response = self.visit(route, address)
            if route.name.startswith("portal:") and response.status_code == 200:
                self.figures["requests"] += 1
                self.leaks += self.world.leaks(self.who, said_by(self.client.head(address)))
            if is_list(response):
                self.narrow(route, address, response)
            if number == 0 and (response.status_code == 200 or route.name == "admin:autocomplete"):
                for query in feeders.queries(route):
                    self.visit(route, address + query)
            if not self.who.is_staff and route.template.startswith("/admin/"):
                return  # closed to them: one row says as much as all

    def narrow(self, route: Route, address: str, page: Any) -> None:
        """A list by each of its filters, and searched for what is hidden: nothing is found, nothing is counted."""
        changes = page.context["cl"]
        for spec in changes.filter_specs:
            choices = list(spec.choices(changes))
            for choice in choices if EVERYTHING else choices[-1:] * (self.who.name == "secretary"):
                self.visit(route, address + choice["query_string"])
        theirs = self.world.foreign(self.who) if changes.search_fields else set()
        hidden = sorted(t for t in theirs if type(self.world.canaries.by_token[t].row) is route.model)
        for token in hidden if EVERYTHING else hidden[:: max(len(hidden) // 2, 1)][:2]:
            # Without its last letter, so that the search field's echo is none.
            response = self.visit(route, f"{address}?q={token[:-1]}")
            if is_list(response) and response.context["cl"].result_count:
                self.leaks.append(f"{address}?q= counts {self.world.canaries.by_token[token]}")


def is_list(response: Any) -> bool:
    return response.status_code == 200 and response.context is not None and "cl" in response.context


def a_client(world: World, who: Who, as_user: SignIn) -> Client:
    return as_user(world.users[who.name]) if who.signed_in else Client()


@pytest.mark.parametrize("who", PEOPLE, ids=[who.name for who in PEOPLE])
def test_nobody_is_shown_what_is_not_theirs(
    world: World, who: Who, as_user: SignIn, request: pytest.FixtureRequest
) -> None:
    crawl = Crawl(world, who, a_client(world, who, as_user))
    # The clerk, to whom the administration is open, has by far the longest way: a third of its pages in the suite.
    for route in share(list(routes()), 0, 3) if who.is_staff else routes():
        crawl.of(route)
    own, shown = world.own(who), crawl.shown & world.own(who)
    crawl.figures |= {"canaries of others": len(world.foreign(who)), "own canaries shown": len(shown), "actors": 1}
    crawl.figures.report(request, "crawl")
    assert crawl.leaks == []
    assert len(shown) >= SHOWN.get(who.name, 25), f"Was shown {len(shown)} of the {len(own)} canaries of their own."
