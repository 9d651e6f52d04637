"""The register of decisions, and one of them with where it comes from and what followed."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, Prefetch, QuerySet

from council.access.visibility import visible_to
from council.actions.models import ActionItem
from council.minutes.models import Decision
from council.overview.decisions import decision_page
from council.parties.models import Body
from council.portal.forms.minutes import DecisionFilter
from council.portal.mixins import Page, RowMixin
from council.web import gate
from council.web.requests import CouncilRequest

PER_PAGE = 50


class DecisionsView(Page):
    request: CouncilRequest
    template_name = "portal/minutes/decisions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows, form = narrowed(self.request)
        page = Paginator(rows, PER_PAGE).get_page(self.request.GET.get("page"))
        query = self.request.GET.copy()
        query.pop("page", None)
        return super().get_context_data(form=form, page=page, query=query.urlencode(), **kwargs)


def narrowed(request: CouncilRequest) -> tuple[QuerySet[Decision], DecisionFilter]:
    """The decisions that stand, as the address narrows them: first what is not in force yet, then the latest.

    With the action items that follow from each, as far as the reader sees them.
    """
    told = gate.rows(request, Decision.objects.standing())
    years = told.order_by("-year").values_list("year", flat=True).distinct()
    bodies = gate.rows(request, Body.objects.filter(pk__in=told.values("body")).order_by("pk"))
    form = DecisionFilter(request.GET, bodies=bodies, years=years)
    form.is_valid()
    said = form.cleaned_data
    rows = told.filter(text__icontains=said["q"]) if said.get("q") else told
    rows = rows.filter(**{name: said[name] for name in ("body", "year", "kind") if said.get(name)})
    actions = visible_to(request.standing, ActionItem.objects.select_related("owner"))
    rows = rows.select_related("body", "by_whom", "commitment").prefetch_related(Prefetch("actions", actions))
    return rows.order_by(F("in_force_at").desc(nulls_first=True), "-year", "-number", "-pk"), form


class DecisionView(RowMixin[Decision], Page):
    request: CouncilRequest
    template_name = "portal/minutes/decision.html"
    queryset = Decision.objects.select_related(
        "body", "by_whom", "commitment__pillar", "revision", "withdrawn_in", "shared_with"
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            decision=self.row, page=decision_page(self.request.standing, self.row), **kwargs
        )
