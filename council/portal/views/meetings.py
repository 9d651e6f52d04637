"""Meetings by quarter, and one with its agenda and deadlines."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.utils import timezone

from council.access.visibility import visible_to
from council.core.calendar import BusinessCalendar, local_day
from council.meetings.models import AgendaItem, Deadline, Meeting
from council.meetings.states import AgendaItemState
from council.overview.desk import due_steps
from council.portal.mixins import Page, RowMixin
from council.web import gate
from council.web.requests import CouncilRequest


class MeetingsView(Page):
    template_name = "portal/meetings/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = gate.rows(self.request, Meeting.objects.select_related("body")).order_by("-quarter", "-starts_at")
        quarters = [(quarter, list(group)) for quarter, group in groupby(rows, key=lambda meeting: meeting.quarter)]
        return super().get_context_data(quarters=quarters, **kwargs)


class MeetingView(RowMixin[Meeting], Page):
    request: CouncilRequest
    template_name = "portal/meetings/meeting.html"
    queryset = Meeting.objects.select_related("body", "declaration")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        who = self.request.standing
        items = visible_to(who, AgendaItem.objects.filter(meeting=self.row, state=AgendaItemState.ACCEPTED))
        now, calendar = timezone.now(), BusinessCalendar.load()
        deadlines = visible_to(who, Deadline.objects.filter(meeting=self.row))
        return super().get_context_data(
            meeting=self.row,
            agenda=items.select_related("commitment__pillar", "pillar", "presenter", "owner"),
            steps=due_steps(deadlines, local_day(now), calendar),
            now=now,
            **kwargs,
        )
