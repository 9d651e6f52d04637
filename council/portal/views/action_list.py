"""The list of action items: narrowed, ordered, and taken along as a file."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.utils import timezone

from council.actions.models import ActionItem, ActionItemQuerySet
from council.core.calendar import BusinessCalendar, local_day
from council.declaration.models import Pillar
from council.overview.actions import ALL, OPEN, OURS, Narrowed, narrowed_actions
from council.overview.desk import task
from council.parties.models import Organisation
from council.portal.forms.actions import ActionFilter
from council.portal.mixins import Page
from council.web import gate
from council.web.requests import CouncilRequest

PER_PAGE = 50


def narrowed(request: CouncilRequest) -> tuple[ActionItemQuerySet, ActionFilter]:
    """The action items that the address asks for; a secretary begins with everybody's, others with their own."""
    seen = gate.rows(request, ActionItem.objects.all())
    owners = gate.rows(request, Organisation.objects.filter(pk__in=seen.values("owner")).order_by("kind", "pk"))
    pillars = gate.rows(request, Pillar.objects.order_by("declaration", "order"))
    usual = Narrowed(whose=ALL if request.standing.secretariat_of else OURS, which=OPEN)
    form = ActionFilter(request.GET, owners=owners, pillars=pillars, usual=usual)
    today = local_day(timezone.now())
    return narrowed_actions(request.standing, form.asked, today=today), form


class ActionsView(Page):
    request: CouncilRequest
    template_name = "portal/actions/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows, form = narrowed(self.request)
        page = Paginator(rows, PER_PAGE).get_page(self.request.GET.get("page"))
        today, calendar = local_day(timezone.now()), BusinessCalendar.load()
        query = self.request.GET.copy()
        query.pop("page", None)
        return super().get_context_data(
            form=form,
            page=page,
            tasks=[task(action, today, calendar) for action in page.object_list],
            query=query.urlencode(),
            **kwargs,
        )
