"""Seeing what somebody else would see."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from council.parties.models import Person, Seat
from council.portal.mixins import Page
from council.web import gate, view_as
from council.web.requests import CouncilRequest


class ViewAsView(Page):
    """Choose whose pages to look at."""

    template_name = "portal/view_as/choose.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        gate.require(self.request, "choose_view_as", Person)
        return super().get_context_data(seats=self._seats(), minutes=view_as.LASTS.seconds // 60, **kwargs)

    def _seats(self) -> QuerySet[Seat]:
        who = self.request.standing
        held = gate.rows(self.request, Seat.objects.valid_on(who.on)).filter(body__in=who.secretariat_of)
        others = held.exclude(person=who.person_id)
        return others.select_related("person__organisation", "body").order_by(
            "person__organisation__kind", "person__organisation__code", "person_id", "body_id"
        )

    def post(self, request: CouncilRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        gate.require(request, "choose_view_as", Person)
        person = gate.fetch(request, Person.objects.all(), action="view_as", pk=request.POST.get("person"))
        view_as.begin(request, person, now=timezone.now())
        return redirect("portal:desk")


class EndView(View):
    http_method_names = ["post"]

    def post(self, request: Any) -> HttpResponse:
        view_as.end(request)
        messages.success(request, _("You see everything with your own eyes again."))
        return redirect("portal:desk")
