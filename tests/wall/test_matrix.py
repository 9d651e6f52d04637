"""Each route × each kind of row × everybody × each method: what is answered is what the domain's rules say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from council.core.models import AuditEntry
from council.parties.models import User
from tests.proofs import EVERYTHING, PROOF, Figures, share
from tests.wall import feeders
from tests.wall.actors import EVERYBODY, Who
from tests.wall.addresses import Route, routes
from tests.wall.changes import fingerprint, undone
from tests.wall.expectations import ABOUT_ONESELF, TAKEN, expected
from tests.wall.reading import said_by
from tests.wall.world import World

type SignIn = Callable[[User], Client]

# For the daily slice one of each kind whose rights differ most.
SLICE = {"clerk", "skt_liaison", "observer", "former_liaison", "anonymous"}
PEOPLE = [who for who in EVERYBODY if PROOF or who.name in SLICE]
METHODS = ("GET", "POST", "POST filled in", "PUT", "DELETE")


class Matrix:
    """One visitor's cells."""

    def __init__(self, world: World, who: Who, client: Client) -> None:
        self.world, self.who, self.client = world, who, client
        self.wrong: list[str] = []
        self.leaks: list[str] = []
        self.figures = Figures()
        self.before = fingerprint()
        client.raise_request_exception = False

    def of(self, route: Route) -> None:
        """A route with each row and method. To whom the administration is closed, one row of it says as much as all."""
        closed = route.template.startswith("/admin/")
        most = 1 if closed and not PROOF else None
        for number, values in enumerate(feeders.arguments(self.world, route, most=most)):
            pk = next((value for place, value in values.items() if place in feeders.NUMBERS), None)
            row = None if pk is None else feeders.row_of(self.world, feeders.model_of(route), pk)
            for method in METHODS[: self.asked(number, closed)]:
                self.cell(route, values, row, method)
            if closed and not self.who.is_staff:
                return

    def asked(self, number: int, closed: bool) -> int:
        """How many methods a row is asked with: all for the first one of a page, which says as much as the next.

        The slice asks the administration with fewer, and fewest whoever may not enter it.
        """
        if EVERYTHING or not (PROOF or closed):
            return len(METHODS)
        if PROOF and closed and not self.who.is_staff:
            return 2
        if PROOF:
            return len(METHODS) if number == 0 else 2
        return 3 if self.who.is_staff and number == 0 else 2

    def cell(self, route: Route, values: dict[str, Any], row: Any, method: str) -> None:
        right = expected(self.world.oracle, self.who, route, row, method.split()[0], values)
        address, must = route.address(**values), method == "POST" and self.through_the_gate(route, row, values)
        with undone(self.client) as writes:
            last = AuditEntry.objects.order_by("-pk").values_list("pk", flat=True)[0] if must else 0
            response = self.ask(route, address, method, values)
            status = response.status_code
            cell = f"{address} ({method}) as {self.who.name} about {row!r}: {status}"
            if (status not in right) if right is not None else status >= 500:
                self.wrong.append(f"{cell} instead of {right}")
            if writes.tables and right is not None and not right >= TAKEN and fingerprint() != self.before:
                self.wrong.append(f"{cell}, but {sorted(writes.tables)} changed")
            if must and status in {403, 404} and not self.is_written_down(last):
                self.wrong.append(f"{cell}, which the record says nothing of")
            self.leaks += [f"{address} ({status}): {leak}" for leak in self.world.leaks(self.who, said_by(response))]
        self.figures["cells"] += 1
        self.figures[f"cells answered {status}"] += 1

    def ask(self, route: Route, address: str, method: str, values: dict[str, Any]) -> Any:
        data = feeders.filled_in(self.world, route, values) if method == "POST filled in" else {}
        return self.client.generic(method, address) if method in {"PUT", "DELETE"} else (
            self.client.get(address) if method == "GET" else self.client.post(address, data)
        )  # fmt: skip

    def through_the_gate(self, route: Route, row: Any, values: dict[str, Any]) -> bool:
        """An attempt at a row that exists, at an address that does, by somebody we know."""
        known = row is not None and self.who.signed_in and values.get("verb") != feeders.NO_VERB
        staff = self.who.is_staff and route.page in {"do", "change", "delete"}
        return known and (staff or route.name.startswith("portal:"))

    def is_written_down(self, last: int) -> bool:
        user = self.world.users[self.who.name]
        return AuditEntry.objects.filter(pk__gt=last, refused=True, actor_user_id=user.pk).exists()


@pytest.mark.parametrize("who", PEOPLE, ids=[who.name for who in PEOPLE])
def test_each_cell_is_answered_as_the_rules_say(
    world: World, who: Who, as_user: SignIn, request: pytest.FixtureRequest
) -> None:
    client = as_user(world.users[who.name]) if who.signed_in else Client()
    matrix = Matrix(world, who, client)
    for route in share(list(routes()), PEOPLE.index(who), 4):
        if route.name not in feeders.LEFT_OUT:
            matrix.of(route)
    matrix.figures["actors"] = 1
    matrix.figures.report(request, "matrix")
    assert matrix.wrong == []
    assert matrix.leaks == []
    assert fingerprint() == matrix.before
    assert matrix.figures["cells"] >= (450 if PROOF else 100)


def test_what_concerns_only_oneself_is_a_route() -> None:
    assert {route.name for route in routes()} >= ABOUT_ONESELF
