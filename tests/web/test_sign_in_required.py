"""Every address is behind sign-in, except a short list."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import get_converters

from tests.factories import Cast, link

PUBLIC = {
    "/login/", "/login/forgotten/", "/login/link/1/1/", "/livez", "/readyz", "/language/", "/calendar/1.ics",
    link("reply", 1), "/progress/", "/progress/schema.json", "/progress/1.csv", "/progress/1.json", "/progress/1/",
    "/progress/1/1/", "/progress/1/1/1/",
}  # fmt: skip
PLACE = re.compile(r"<(?:([\w-]+):)?\w+>|\(\?P<\w+>[^)]*\)")
# The administration's own sign-in page is a way to the one there is.
TO_SIGN_IN = ("/login/?next=", "/admin/login/?next=")


def one(place: re.Match[str]) -> str:
    return str(get_converters()[place[1] or "str"].to_url("1"))


def addresses(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    """Every address of the site, with what stands for 1 in place of whatever it asks for."""
    for pattern in resolver.url_patterns:
        route = PLACE.sub(one, str(pattern.pattern)).strip("^$").replace(r"\Z", "")
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, before + route)
        elif isinstance(pattern, URLPattern):
            yield before + route


EVERY_ADDRESS = sorted(set(addresses(get_resolver())))


def test_the_walk_finds_the_portal_and_the_administration() -> None:
    pages = {link("action_report", 1), link("file", 1), link("readers", 1, kind="update")}
    assert pages | {"/", "/admin/", "/admin/council/meeting/1/do/1/"} <= set(EVERY_ADDRESS)
    assert len(EVERY_ADDRESS) > 100


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.django_db
def test_a_stranger_is_sent_to_sign_in_from_everywhere_but_the_public_pages(client: Client, method: str) -> None:
    open_to_all = set()
    for address in EVERY_ADDRESS:
        response = getattr(client, method)(address)
        there = response.headers.get("Location", "")
        if response.status_code != 302 or not (there == "/login/" or there.startswith(TO_SIGN_IN)):
            open_to_all.add(address)
    not_that_way = {"/logout/"} if method == "get" else set()
    by_token = {address for address in EVERY_ADDRESS if address.startswith("/api/")}
    assert open_to_all == PUBLIC | by_token | not_that_way


@pytest.mark.django_db
def test_the_api_opens_to_nobody_without_a_token_but_its_document(client: Client) -> None:
    by_token = [address for address in EVERY_ADDRESS if address.startswith("/api/v1/") and "openapi" not in address]
    answers = {address: client.get(address).status_code for address in by_token}
    assert len(by_token) > 8
    assert {address: code for address, code in answers.items() if code not in {401, 404, 405, 429}} == {}


def test_a_stranger_is_told_nothing_of_what_is_behind(client: Client, cast: Cast) -> None:
    """The answer for a row that exists is the one for a row that does not."""
    first = client.get(link("meeting", cast.council.meetings.first().pk))  # type: ignore[union-attr]
    second = client.get(link("meeting", 999999))
    assert (first.status_code, first.content) == (second.status_code, second.content)
