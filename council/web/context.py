"""What every template may say about the site."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    viewing_as = getattr(request, "viewing_as", None)
    return {
        "SITE_NAME": settings.SITE_NAME,
        "OFFICIAL_BANNER": settings.OFFICIAL_BANNER,
        "DEMO": settings.DEMO,
        "CONTACT": settings.CONTACT,
        "viewing_as": viewing_as,
        "reader": viewing_as or getattr(getattr(request, "user", None), "person", None),
    }
