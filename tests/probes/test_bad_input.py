"""Every field of every form and every parameter of every list, with the whole corpus of bad input.

Whatever is typed: an answer that is no fault, nothing typed becomes markup, nothing foreign is shown, nothing
impossible is kept. A seeded slice in the ordinary run; with PROOF=all at least a hundred thousand inputs.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.apps import apps
from django.db import models
from django.test import Client

from council.mail.models import EngineState
from council.parties.models import User
from tests.access.rows import an_agenda_item, an_open_meeting
from tests.actions.steps import submitted
from tests.factories import TODAY, Cast, an_action, link
from tests.factories.cast import PASSWORD
from tests.mail.letters import a_letter
from tests.probes.corpus import BUDGET, EVERYTHING, FAMILIES, MARK, Input
from tests.probes.pages import examples, leaks
from tests.probes.places import Place, of_a_form, of_an_address, of_the_administration
from tests.proofs import EVERYTHING as WHOLE_PROOF
from tests.proofs import PROOF, Figures
from tests.wall.changes import put_back

type SignIn = Callable[[User], Client]

SHARDS = 8
# How often each form is sent with all fields bad at once, beside once for each family.
TOGETHER = (100 if WHOLE_PROOF else 2) if PROOF else 0
# How many families of bad input each field is tried with alone.
ALONE = (len(FAMILIES) if WHOLE_PROOF else 2) if PROOF else 2
# How many fields of a form at the most are tried alone: a meeting's page has hundreds, line by line the same ones.
ONE_BY_ONE = 20 if PROOF else 2
PARAMETERS = ("q", "p", "page", "o", "next", "per_page", "language", "body", "month", "reads")
HERE = "http://testserver"
CANARY = "CANARY-of-KT"


def make_places(cast: Cast, as_user: SignIn) -> list[Place]:
    """Rows to show and to change, and every place to type about them."""
    submitted(cast, title="An item", due_on=TODAY)
    action = an_action(title="Another item")
    foreign = an_action("KT", title=CANARY, description=CANARY)
    an_agenda_item(an_open_meeting())
    a_letter(cast.skt_ceo, needs_release=True)
    EngineState.load()
    liaison, stranger = as_user(cast.skt_liaison), Client()
    clients = {"secretary": as_user(cast.secretary), "accounts": as_user(cast.accounts)}
    places = list(of_the_administration(clients))
    own = [link("action", action.pk), link("action_report", action.pk), "/", "/commitments/"]
    places.append(of_a_form("report", liaison, link("action_report", action.pk), shows=own, text="Done", url=""))
    places.append(of_a_form("sign-in", stranger, "/login/", shows=[], next="/", password=PASSWORD))
    places.append(of_a_form("forgotten", stranger, "/login/forgotten/", shows=[]))
    places.append(Place("language", liaison, "/language/", {"language": "ko", "next": "/"}, shows=["/"]))
    places.append(Place("end a session", liaison, "/account/sessions/", {"session": "1", "next": ""}, shows=[]))
    places += [
        of_an_address(f"page {address}", liaison, address, *PARAMETERS)
        for address in ("/", "/meetings/", "/commitments/", link("action", action.pk), link("action", foreign.pk))
    ]
    places.append(of_an_address("sign-in page", stranger, "/login/", "next", "username", "login"))
    places.append(of_an_address("admin sign-in", stranger, "/admin/login/", "next"))
    autocomplete = {"app_label": "council", "model_name": "seat", "field_name": "person", "term": "", "page": "1"}
    places.append(Place("autocomplete", clients["secretary"], "/admin/autocomplete/", autocomplete, method="GET"))
    for place in places:
        place.client.raise_request_exception = False
    return places


def attempts(place: Place, chance: random.Random) -> Iterator[dict[str, Input]]:
    """Each family in every field at once; then fields alone, so that what is accepted is kept and shown."""
    fields = place.fields
    for family in FAMILIES.values():
        yield {name: chance.choice(family) for name in fields}
    for _ in range(TOGETHER):
        yield {name: chance.choice(EVERYTHING) for name in fields}
    alone = fields if WHOLE_PROOF else chance.sample(fields, min(ONE_BY_ONE, len(fields)))
    for name in alone:
        for family in chance.sample(list(FAMILIES.values()), ALONE):
            yield {name: chance.choice(family)}


def problems(place: Place, inputs: dict[str, Input]) -> Iterator[str]:
    """What is wrong with the answer, and with the pages that show what was kept."""
    with put_back():
        pages = [(place.address, place.send(inputs))]
        if pages[0][1].status_code in {302, 303}:
            pages += [(shown, place.client.get(shown)) for shown in place.shows]
        for address, response in pages:
            yield from _wrong_with(address, response, place)
        if len(pages) > 1:
            yield from out_of_range()


def _wrong_with(address: str, response: Any, place: Place) -> Iterator[str]:
    if response.status_code >= 500:
        yield f"{address} answers {response.status_code}: {response.exc_info and response.exc_info[1]!r}"
        return
    location = response.headers.get("Location", "/")
    if urlsplit(urljoin(HERE + address, location)).netloc != "testserver" or location.startswith(("//", "/\\", "\\")):
        yield f"{address} leads to {location!r}"
    if any(MARK in name for name in response.headers) or MARK in response.headers.get("Set-Cookie", ""):
        yield f"{address} has a header of the visitor's: {response.headers}"
    text = response.content.decode()
    yield from (f"{address} shows {leak}" for leak in leaks(text))
    if CANARY in text and not place.name.startswith("secretary"):
        yield f"{address} shows what is KT's"


def out_of_range() -> Iterator[str]:
    """Days and numbers that no later page or sum could bear."""
    for model in apps.get_app_config("council").get_models():
        for column in model._meta.concrete_fields:
            if isinstance(column, models.DateField) and column.editable and not column.has_default():
                for value in model._base_manager.exclude(**{column.name: None}).values_list(column.name, flat=True):
                    if not date(1900, 1, 1) <= _day(value) <= date(2200, 1, 1):
                        yield f"{model.__name__}.{column.name} is {value}"


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


@pytest.mark.parametrize("shard", range(SHARDS) if PROOF else (0,))
def test_no_input_is_a_fault_or_becomes_markup(
    cast: Cast, as_user: SignIn, shard: int, request: pytest.FixtureRequest
) -> None:
    places = make_places(cast, as_user)
    found: Counter[str] = Counter()
    example: dict[str, str] = {}
    figures = Figures()
    for place in places[shard::SHARDS]:
        for attempt in attempts(place, random.Random(f"{place.name}")):
            figures.update(requests=1, inputs=len(attempt))
            for problem in problems(place, attempt):
                found[f"{place.name}: {problem[:160]}"] += 1
                example.setdefault(f"{place.name}: {problem[:160]}", ascii(attempt)[:600])
    figures.report(request, "bad input")
    assert figures["requests"] > 100
    assert not found, "\n".join(f"{count} x {problem}  e.g. {example[problem]}" for problem, count in found.items())


def test_the_places_are_all_there_are(cast: Cast, as_user: SignIn) -> None:
    """Every form of the administration and of the portal; the lists with their filters."""
    places = make_places(cast, as_user)
    kinds = Counter(place.name.rsplit(" ", 1)[-1] for place in places)
    assert kinds["list"] >= 20
    assert kinds["add"] >= 15
    assert kinds["change"] >= 15
    assert {"verify", "cancel", "convene", "withdraw", "end", "pause", "release"} <= set(kinds)
    assert sum(len(place.fields) for place in places) > 500


def test_the_corpus_is_as_large_as_was_promised() -> None:
    assert {name: len(inputs) >= BUDGET[name] for name, inputs in FAMILIES.items()} == dict.fromkeys(BUDGET, True)
    assert len(set(EVERYTHING)) == len(EVERYTHING) >= 1500


@pytest.mark.parametrize(("page", "leaks_something"), list(examples()))
def test_the_search_finds_what_became_markup_and_nothing_else(page: str, leaks_something: bool) -> None:
    assert bool(leaks(page)) is leaks_something
