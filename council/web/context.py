"""What every template may say about the site."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from council.web import idle


def site(request: HttpRequest) -> dict[str, Any]:
    viewing_as = getattr(request, "viewing_as", None)
    return {
        "SITE_NAME": settings.SITE_NAME,
        "OFFICIAL_BANNER": settings.OFFICIAL_BANNER,
        "DEMO": settings.DEMO,
        "CONTACT": settings.CONTACT,
        "viewing_as": viewing_as,
        "reader": viewing_as or getattr(getattr(request, "user", None), "person", None),
        **_session(request),
    }


def _session(request: HttpRequest) -> dict[str, Any]:
    """Until when somebody's session lasts."""
    signed_in = hasattr(request, "user") and request.user.is_authenticated
    end = idle.ends_at(request) if signed_in else None
    return {"session_ends": end, "session_seconds_left": idle.seconds_until(end)} if end else {}
