"""The request as the doors know it."""

from __future__ import annotations

from django.http import HttpRequest

from council.access.roles import Standing
from council.core.actor import Actor
from council.parties.models import User


class CouncilRequest(HttpRequest):
    """A request after the middleware: with its actor, and the actor's standing of today (read when first needed)."""

    user: User
    actor: Actor
    standing: Standing
