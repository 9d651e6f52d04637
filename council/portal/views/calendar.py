"""The calendar of a quarter."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from council.core.calendar import local_day
from council.overview.calendar import quarter_asked_for, quarter_page
from council.portal.mixins import Page


class CalendarView(Page):
    template_name = "portal/meetings/calendar.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = local_day(timezone.now())
        quarter = quarter_asked_for(self.request.GET.get("quarter", ""), today=today)
        page = quarter_page(self.request.standing, quarter, today=today)
        return super().get_context_data(page=page, **kwargs)
