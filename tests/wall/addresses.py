"""Every address of the site, from its own table of routes, filled in with every row a route can take."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.contrib import admin
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

from council.access.readers import KINDS

PLACE = re.compile(r"<(?:[\w-]+:)?(\w+)>")
GROUP = re.compile(r"\(\?P<(\w+)>[^)]*\)")
ADMIN_PAGE = re.compile(r"^/admin/council/(\w+)/")


@dataclass(frozen=True)
class Route:
    """One pattern of the site: ``template`` has ``<name>`` where something has to be filled in."""

    name: str
    template: str
    view: Any
    pattern: URLPattern = field(compare=False)

    def __str__(self) -> str:
        return self.name

    @property
    def places(self) -> list[str]:
        return PLACE.findall(self.template)

    @property
    def page(self) -> str:
        """What a page of the administration does: changelist, add, change, history, delete, do, …"""
        return self.name.rpartition("_")[2] if self.model_admin else self.name

    @property
    def model_admin(self) -> Any | None:
        found = ADMIN_PAGE.match(self.template)
        by_name = {model._meta.model_name: page for model, page in admin.site._registry.items()}
        return by_name.get(found[1]) if found else None

    @property
    def model(self) -> type[models.Model] | None:
        """The kind of row behind the route: of its page in the administration, else of its view's queryset."""
        if page := self.model_admin:
            return page.model  # type: ignore[no-any-return]
        view = getattr(self.view, "view_class", None)
        if word := self.pattern.default_args.get("kind"):
            return KINDS[word]
        rows = getattr(view, "queryset", None)
        return rows.model if rows is not None else getattr(view, "model", None)

    @property
    def form_class(self) -> Any | None:
        return getattr(getattr(self.view, "view_class", None), "form_class", None)

    def address(self, **values: Any) -> str:
        converters = self.pattern.pattern.converters

        def filled_in(place: re.Match[str]) -> str:
            name, value = place[1], values[place[1]]
            return str(converters[name].to_url(value) if name in converters else value)

        return PLACE.sub(filled_in, self.template)


def _text(pattern: Any) -> str:
    if isinstance(pattern, RegexPattern):
        return GROUP.sub(r"<\1>", str(pattern)).strip("^$").removesuffix(r"\Z")
    return PLACE.sub(r"<\1>", str(pattern))


def _walk(resolver: URLResolver, before: str, namespace: str) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern, before + _text(pattern.pattern), inner)
        elif isinstance(pattern, URLPattern):
            template = before + _text(pattern.pattern)
            name = namespace + (pattern.name or f"<{template.removeprefix('/')}>")
            yield Route(name, template, pattern.callback, pattern)


@cache
def routes() -> list[Route]:
    """Each once; of two with the same address the first, which is the one that answers."""
    by_template: dict[str, Route] = {}
    for route in _walk(get_resolver(), "/", ""):
        by_template.setdefault(route.template, route)
    return list(by_template.values())


def named(names: Iterable[str]) -> list[Route]:
    return [route for route in routes() if route.name in set(names)]
