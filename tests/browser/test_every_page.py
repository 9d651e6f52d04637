"""Every page in a real browser: nothing against the policy, no fault in the console, no request elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from council.actions.operations.progress import save_draft, submit_progress
from council.minutes.operations.circulation import comment
from council.parties.models import User
from council.release.operations import release
from tests.access.rows import an_agenda_item, an_open_meeting
from tests.actions.steps import a_report
from tests.factories import Cast, actor_of, an_action, moment, pdf
from tests.minutes.held import SENT, circulated_minutes
from tests.proofs import PROOF
from tests.wall import feeders
from tests.wall.addresses import Route, routes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
NOW = moment("2026-11-24 10:00")
# These do not answer with a page.
NO_PAGE = feeders.ENDS_SESSION | {"portal:feed", "session_clock", "livez", "readyz", "admin:jsi18n"}
NO_PAGE |= {f"api:{name}" for name in feeders.BY_TOKEN.split()}


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


def a_full_table(cast: Cast) -> None:
    """Something on every page: an item with reports, a draft, a question of release, a meeting with an agenda."""
    action, by = an_action("SKT"), actor_of(cast.skt_liaison)
    submit_progress(action, by=by, now=NOW, progress=a_report(uploads=[pdf()], url="https://carrier.test/proof"))
    save_draft(action, by=by, progress=a_report(text="A draft"))
    release(action, to="TLP:AMBER", reason="For the council", by=actor_of(cast.secretary), now=NOW)
    ahead = an_open_meeting(quarter="2027-Q3", starts_at=moment("2027-08-19 10:00"))
    an_agenda_item(ahead)
    revision = circulated_minutes(cast)
    comment(revision, by=by, now=SENT, text="A comment")


def addresses() -> Iterator[str]:
    """Each route that answers with a page, with one row where it takes any."""
    for route in routes():
        if route.name not in NO_PAGE and not route.name.endswith(">"):
            yield from filled(route)


def filled(route: Route) -> Iterator[str]:
    values: dict[str, Any] = {}
    for place in route.places:
        row = feeders.model_of(route)._default_manager.first() if place in feeders.NUMBERS else None
        if place in feeders.NUMBERS and row is None:
            return
        values[place] = row.pk if row is not None else feeders.VALUES[place](route)[0]
    yield route.address(**values)


# In the daily suite each of them looks at every twelfth page, others at others.
STEP = 1 if PROOF else 12
ROLES = ["secretary", "accounts", "skt_liaison"]


@pytest.mark.parametrize("name", ROLES)
def test_no_page_breaks_the_policy_or_asks_another_server(
    cast: Cast, visit: Any, as_user: Callable[[User], Client], name: str
) -> None:
    a_full_table(cast)
    asking = as_user(getattr(cast, name))
    visitor = visit(getattr(cast, name))
    found, shown = [], 0
    for address in list(addresses())[ROLES.index(name) % STEP :: STEP]:
        visitor.faults.clear()
        answer = asking.get(address)
        answer.close()
        if answer.status_code == 405 or answer.has_header("Content-Disposition"):
            continue  # takes what is sent to it, or is a download: no page
        status = visitor.go(address)
        shown += status == 200
        # A page that is refused says so in the console by itself; what it shows must keep the policy all the same.
        faults = [fault for fault in visitor.faults if status == 200 or "Failed to load resource" not in fault]
        found += [f"{address} ({status}): {fault}" for fault in faults] + (
            [f"{address} broke"] if status >= 500 else []
        )
    assert found == []
    assert shown >= {"secretary": 90, "accounts": 30, "skt_liaison": 20}[name] // (1 if PROOF else 16)
