"""Meetings by quarter, and one with its agenda and deadlines."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from council.access.policy import allowed
from council.access.visibility import visible_to
from council.core.calendar import BusinessCalendar, local_day
from council.meetings.models import DateChange, Deadline, Meeting
from council.meetings.states import BEGUN
from council.minutes.models import Minutes, OfficialDocument
from council.overview.agenda import agenda_board
from council.overview.desk import due_steps
from council.overview.minutes import publications_of
from council.overview.papers import papers_by_item
from council.overview.participants import participants
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
        begun = self.row.state in BEGUN
        now, calendar = timezone.now(), BusinessCalendar.load()
        changes = visible_to(who, DateChange.objects.filter(meeting=self.row))
        deadlines = visible_to(who, Deadline.objects.filter(meeting=self.row))
        return super().get_context_data(
            meeting=self.row,
            board=agenda_board(who, self.row),
            papers=papers_by_item(who, self.row),
            may_propose=self.row.lies_ahead(now) and allowed(who, "propose", self.row),
            steps=due_steps(deadlines.prefetch_related(Prefetch("changes", changes)), local_day(now), calendar),
            minutes=visible_to(who, Minutes.objects.filter(meeting=self.row)).first() if begun else None,
            official_documents=gate.rows(
                self.request, OfficialDocument.objects.filter(meeting=self.row, withdrawn_because="").order_by("pk")
            ),
            publications=publications_of(who, self.row.pk) if begun else [],
            moves=[change for change in changes if change.deadline_id is None],
            participants=participants(who, self.row, now=now),
            now=now,
            **kwargs,
        )
