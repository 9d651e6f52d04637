"""The calendar of a quarter as the secretariat sees it, drafts included, with links into the administration."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _

from council.core.calendar import local_day
from council.meetings.models import Meeting
from council.overview.calendar import quarter_asked_for, quarter_page
from council.web import gate


class CalendarPage:
    """Mixed into the pages of meetings."""

    admin_site: Any
    opts: Any

    def calendar_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.calendar_view)
        return [path("calendar/", view, name="council_meeting_calendar")]

    def calendar_view(self, request: Any) -> HttpResponse:
        gate.require(request, "browse", Meeting)
        today = local_day(timezone.now())
        quarter = quarter_asked_for(request.GET.get("quarter", ""), today=today)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Calendar of %(quarter)s") % {"quarter": quarter.label},
            "page": quarter_page(request.standing, quarter, today=today),
        }
        return render(request, "admin/council/calendar.html", context)
