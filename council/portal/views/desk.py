"""The first page."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from council.overview.desk import desk
from council.portal.mixins import Page


class DeskView(Page):
    template_name = "portal/desk/desk.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        return super().get_context_data(desk=desk(self.request.standing, now=now), now=now, **kwargs)
