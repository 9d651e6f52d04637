"""Every place of the site where somebody can type: the forms as it serves them, and the parameters of its lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_from_bytes

from django.contrib import admin
from django.test import Client
from django.urls import reverse

from council.admin.base import RegisterAdmin
from tests.admin.forms import filled, sent
from tests.probes.corpus import Input

type SignIn = Callable[[Any], Client]

# What every form carries for the browser, and the buttons.
NOT_TYPED = {"csrfmiddlewaretoken", "_save"}
LIST_PARAMETERS = ("q", "o", "p", "all", "e", "_popup", "_to_field", "_facets", "_changelist_filters", "nothing_known")
LOOKUPS = ("", "__exact", "__isnull", "__in", "__id__exact", "__year", "__month", "__gte", "__regex", "__contains")


@dataclass
class Place:
    """One address with fields to fill in. ``shows`` are the pages on which what was kept can be read."""

    name: str
    client: Client
    address: str
    data: dict[str, Any]
    method: str = "POST"
    shows: list[str] = field(default_factory=list)

    @property
    def fields(self) -> list[str]:
        return sorted(self.data.keys() - NOT_TYPED)

    def send(self, inputs: dict[str, Input]) -> Any:
        """The form with some fields filled in otherwise, as the bytes a browser or a script would send."""
        body = encoded(self.data | inputs)
        if self.method == "GET":
            return self.client.generic("GET", f"{self.address}?{body}")
        return self.client.generic("POST", self.address, body, content_type="application/x-www-form-urlencoded")


def encoded(data: dict[str, Any]) -> str:
    pairs = [(name, one) for name, value in data.items() for one in (value if isinstance(value, list) else [value])]
    return "&".join(f"{quote_from_bytes(name.encode())}={quote_from_bytes(_bytes(value))}" for name, value in pairs)


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


# --- The administration -----------------------------------------------------------------------------------------------


def of_the_administration(clients: dict[str, Client]) -> Iterator[Place]:
    """Adding, changing, every verb and every list of each kind of thing, by somebody who may."""
    for model, pages in admin.site._registry.items():
        assert isinstance(pages, RegisterAdmin)
        for who, client in clients.items():
            url = reverse(f"admin:council_{model._meta.model_name}_changelist")
            if client.get(url).status_code == 200:
                yield from _of_a_model(model, pages, f"{who}: {model._meta.model_name}", client, url)
                break


def _of_a_model(model: Any, pages: RegisterAdmin, name: str, client: Client, url: str) -> Iterator[Place]:
    add = client.get(f"{url}add/")
    if add.status_code == 200:
        yield Place(f"{name} add", client, f"{url}add/", filled(add), shows=[url])
    rows = list(model._default_manager.order_by("-pk")[:3])
    for row in rows[:1]:
        change = client.get(f"{url}{row.pk}/change/")
        if change.status_code == 200 and change.context.get("has_change_permission"):
            shows = [f"{url}{row.pk}/change/", url, f"{url}{row.pk}/history/"]
            yield Place(f"{name} change", client, f"{url}{row.pk}/change/", filled(change), shows=shows)
    for verb in pages.verbs:
        yield from _of_a_verb(name, client, url, rows, verb.name)
    yield Place(f"{name} list", client, url, dict.fromkeys(_parameters(model, pages), ""), method="GET")


def _of_a_verb(name: str, client: Client, url: str, rows: list[Any], verb: str) -> Iterator[Place]:
    for row in rows:
        page = client.get(f"{url}{row.pk}/do/{verb}/")
        if page.status_code == 200:
            data = {key: value for bound in page.context["form"] for key, value in sent(bound).items()} | {"x": ""}
            shows = [f"{url}{row.pk}/change/", f"{url}{row.pk}/history/"]
            yield Place(f"{name} {verb}", client, f"{url}{row.pk}/do/{verb}/", data, shows=shows)
            return


def _parameters(model: Any, pages: RegisterAdmin) -> Iterator[str]:
    yield from LIST_PARAMETERS
    named = [entry for entry in pages.list_filter if isinstance(entry, str)]
    own = [getattr(entry, "parameter_name", None) for entry in pages.list_filter if not isinstance(entry, str)]
    yield from (name for name in own if name)
    for name in [*named, pages.date_hierarchy, "id"]:
        if name:
            yield from (f"{name}{lookup}" for lookup in LOOKUPS)


# --- The portal and the session ---------------------------------------------------------------------------------------


def of_a_form(name: str, client: Client, address: str, *, shows: list[str], **data: Any) -> Place:
    """A form of the portal as its page serves it, filled in as it is, with ``data`` where it is empty."""
    page = client.get(address)
    served = {key: value for bound in page.context["form"] for key, value in sent(bound).items()}
    return Place(name, client, address, served | data, shows=shows)


def of_an_address(name: str, client: Client, address: str, *parameters: str) -> Place:
    """The parameters that a page reads or might one day read."""
    return Place(name, client, address, dict.fromkeys(parameters, ""), method="GET")
