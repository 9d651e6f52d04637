"""Nobody opens an address by forgetting to close it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch, URLPattern, URLResolver, get_resolver

from council.web.routes import NAMESPACES, ROUTES, DoorMiddleware, Opens, opens


def every_route(resolver: URLResolver, namespaces: tuple[str, ...] = ()) -> Iterator[ResolverMatch]:
    """Each pattern of the site as if it had been asked for."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inside = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from every_route(pattern, inside)
        elif isinstance(pattern, URLPattern):
            yield ResolverMatch(pattern.callback, (), {}, pattern.name, list(namespaces), list(namespaces))


EVERY_ROUTE = list(every_route(get_resolver()))


def test_every_route_says_to_whom_it_opens() -> None:
    assert sorted(match.view_name for match in EVERY_ROUTE if opens(match) is None) == []
    assert len(EVERY_ROUTE) > 100


def test_the_table_names_no_route_that_is_gone() -> None:
    assert ROUTES.keys() - {match.view_name for match in EVERY_ROUTE} == set()
    assert NAMESPACES.keys() - {name for match in EVERY_ROUTE for name in match.namespaces} == set()


def test_the_routes_open_to_anybody_are_these() -> None:
    open_to_all = {match.view_name for match in EVERY_ROUTE if opens(match) is Opens.TO_ANYBODY}
    signing_in = {
        "access_forgotten",
        "access_link",
        "account_login",
        "account_logout",
        "mfa_authenticate",
        "mfa_login_webauthn",
    }
    told = {f"public:{name}" for name in ("start", "schema", "csv", "json", "bodies", "progress", "quarter")}
    by_token = {
        f"api:{name}"
        for name in (
            "openapi-json", "api-root", "me", "commitments", "list_actions", "one_action", "progress", "keep_draft",
            "hand_in", "list_reports", "one_report", "take_back",
        )
    }  # fmt: skip
    others = {"admin_login", "set_language", "livez", "readyz", "portal:feed", "portal:reply"}
    assert open_to_all == others | told | signing_in | by_token


def test_the_routes_open_before_the_second_factor_are_of_ones_own_account() -> None:
    """Nothing of the council opens there."""
    before = {match.view_name for match in EVERY_ROUTE if opens(match) is Opens.TO_ACCOUNTS}
    own = ("mfa_", "account_", "usersessions_", "session_clock")
    assert [name for name in before if not name.startswith(own)] == []
    assert len(before) > 10


def test_a_route_without_an_entry_opens_to_nobody() -> None:
    def view(request: object) -> HttpResponse:
        return HttpResponse("forgotten")

    request = RequestFactory().get("/forgotten/")
    request.resolver_match = ResolverMatch(view, (), {}, "forgotten")
    with pytest.raises(PermissionDenied):
        DoorMiddleware(view).process_view(request, view, (), {})
