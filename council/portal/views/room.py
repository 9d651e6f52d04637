"""The page for the wall of the room."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from council.meetings.models import Meeting
from council.overview.room import room
from council.portal.mixins import Page, RowMixin
from council.web.requests import CouncilRequest


class RoomView(RowMixin[Meeting], Page):
    """Which item, the clock, what comes next; the page looks again by itself."""

    request: CouncilRequest
    template_name = "portal/meetings/room.html"
    queryset = Meeting.objects.select_related("body")
    reading_is_noted = False  # it reads itself every few seconds

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        return super().get_context_data(
            meeting=self.row, room=room(self.request.standing, self.row, now=now), now=now, **kwargs
        )
