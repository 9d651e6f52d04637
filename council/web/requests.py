"""The request as the doors know it."""

from __future__ import annotations

import uuid
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from council.access.roles import Standing
from council.core.actor import Actor
from council.parties.models import Person, User
from council.parties.queries import actor_for

# Drawn once for each request, so that all it did is found together in the record.
REQUEST_ID = "council.request_id"


class CouncilRequest(HttpRequest):
    """A request after the middleware: with its actor, and the actor's standing of today (read when first needed).

    ``viewing_as`` is the person whose pages the secretary looks at; the standing is then theirs, seen through the own.
    """

    user: User
    actor: Actor
    standing: Standing
    viewing_as: Person | None


def client_ip(request: HttpRequest) -> str:
    """The visitor's address as our own outermost proxy saw it; what a visitor wrote into the header is not believed."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    trusted: int = settings.TRUSTED_PROXY_COUNT
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    chain = [*forwarded, peer]
    candidate = chain[max(len(chain) - 1 - trusted, 0)]
    try:
        return str(ip_address(candidate))
    except ValueError:
        return peer


def way_back(request: HttpRequest, target: str, *, otherwise: str) -> str:
    """An address that a visitor named, if it leads to this site; else the other one."""
    here = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if here else otherwise


def actor_asking(request: HttpRequest) -> Actor:
    """Whoever is signed in, else a stranger."""
    return actor_from(request, request.user if request.user.is_authenticated else None)


def actor_from(request: HttpRequest, user: User | None = None) -> Actor:
    """The actor of a request before the middleware knows one: an account that is signing in, else a stranger."""
    ip, request_id = client_ip(request), request.META.setdefault(REQUEST_ID, uuid.uuid4().hex)
    return actor_for(user, ip=ip, request_id=request_id) if user else Actor("anonymous", ip=ip, request_id=request_id)
