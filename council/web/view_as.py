"""Seeing what somebody else would see: for the secretary, for half an hour, only looking, and written down.

Nothing is shown that the secretary would not see too, so that no draft of a carrier is reached this way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from council.access.policy import allowed
from council.access.roles import Standing
from council.core import audit
from council.core.actor import Actor
from council.parties.models import Person
from council.web.requests import CouncilRequest

KEY = "view_as"
LASTS = timedelta(minutes=30)
SAFE = {"GET", "HEAD", "OPTIONS"}
# What may be sent off all the same.
LEADS_OUT = {"portal:view_as_end", "account_logout", "session_clock", "set_language"}


def begin(request: CouncilRequest, person: Person, *, now: datetime) -> None:
    """Look at everything as a person whom the gate has let the visitor choose."""
    request.session[KEY] = {"person": person.pk, "until": (now + LASTS).isoformat()}
    audit.record(by=request.actor, verb="view_as.begun", target=person)


def end(request: CouncilRequest) -> None:
    """Look through one's own eyes again."""
    if request.session.pop(KEY, None) and request.viewing_as:
        audit.record(by=request.actor, verb="view_as.ended", target=request.viewing_as)


def person_viewed_as(request: HttpRequest, own: Standing) -> Person | None:
    """Whom the visitor looks as, asked anew at each request: it ends with its time, and with either one's seat."""
    kept = request.session.get(KEY)
    if not kept or not request.user.is_authenticated:
        return None
    person = Person.objects.select_related("organisation", "user").filter(pk=kept["person"]).first()
    in_time = timezone.now() < datetime.fromisoformat(kept["until"])
    if person is not None and in_time and allowed(own, "view_as", person):
        return person
    del request.session[KEY]
    return None


def actor(own: Actor, person: Person) -> Actor:
    """The visitor as the audit is to name them while looking as somebody else."""
    return replace(own, label=f"{own.label} → {person.name_ko}", on_behalf_of=person.pk)


class ReadOnlyMiddleware:
    """While looking as somebody else nothing is sent off, and the administration, which they do not have, is closed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if request.viewing_as is None or match.view_name in LEADS_OUT:
            return None
        if request.method in SAFE and "admin" not in match.namespaces:
            return None
        reason = f"{request.method} {match.view_name}"
        audit.record_refusal(by=request.actor, verb="view_as", target=request.viewing_as, reason=reason)
        return render(request, "portal/view_as/refused.html", status=403)
