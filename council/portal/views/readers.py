"""Who can see this: for everything that has a page or stands on one."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace
from typing import Any

from django.db.models import Model
from django.utils import timezone

from council.access.policy import allowed
from council.access.readers import KINDS, Readers, known_people, meeting_of, readers_of
from council.core.belonging import body_of
from council.core.calendar import local_day
from council.core.labels import Labelled
from council.meetings.models import Meeting
from council.parties.models import Body, Person, Seat
from council.portal.mixins import Page, RowMixin
from council.web import gate
from council.web.requests import CouncilRequest


class ReadersView(RowMixin[Model], Page):
    """By name those the visitor knows, of the others how many and in which seats of bodies the visitor knows."""

    request: CouncilRequest
    template_name = "portal/readers/readers.html"

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.queryset = KINDS[kwargs["kind"]]._default_manager.all()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        groups = readers_of(self.row, on=local_day(timezone.now()))
        known = known_people(self.request.standing, [one.person.pk for group in groups for one in group.people])
        groups = self._told(groups, known)
        return super().get_context_data(
            row=self.row,
            what=self.row._meta.verbose_name,
            labelled=self.row if isinstance(self.row, Labelled) else None,
            groups=groups,
            known=known,
            bodies=set(gate.rows(self.request, Body.objects.all()).values_list("pk", flat=True)),
            viewable=self._viewable(groups),
            **kwargs,
        )

    def _told(self, groups: list[Readers], known: Set[int]) -> list[Readers]:
        """That a competitor sends somebody who holds no seat is the secretariat's to know, as is who was chosen."""
        own = self.request.standing.organisation_id
        groups = [group if group.organisation.pk == own else _without_departments(group) for group in groups]
        groups = [group for group in groups if group.people]
        if body_of(self.row) in self.request.standing.secretariat_of:
            return groups
        chosen_only = isinstance(meeting := meeting_of(self.row), Meeting) and meeting.by_invitation
        shown = [
            replace(
                group,
                people=[one for one in group.people if one.person.pk in known or (one.seats and not chosen_only)],
            )
            for group in groups
        ]
        return [group for group in shown if group.people]

    def _viewable(self, groups: list[Readers]) -> bool:
        return bool(groups) and allowed(self.request.standing, "choose_view_as", Person)


def _without_departments(group: Readers) -> Readers:
    """Which department was asked for its part is its organisation's own to know."""
    inside = Seat.Role.CONTRIBUTOR
    seated = [one for one in group.people if not one.seats or any(seat.role != inside for seat in one.seats)]
    return replace(group, people=seated)
