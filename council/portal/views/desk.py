"""The first page."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from council.access.policy import allowed
from council.overview.desk import desk
from council.parties.models import Person
from council.portal.mixins import Page


class DeskView(Page):
    template_name = "portal/desk/desk.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        who = self.request.standing
        may_view_as = allowed(who, "choose_view_as", Person)
        return super().get_context_data(desk=desk(who, now=now), now=now, may_view_as=may_view_as, **kwargs)
