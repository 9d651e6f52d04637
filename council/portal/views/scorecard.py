"""The scorecard of a body, and one organisation's over the quarters."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from council.core.quarters import Quarter
from council.overview.published import quarter_of
from council.overview.scorecard import PartyPage, ScorecardPage, party_page, scorecard_page
from council.parties.models import Body, Organisation
from council.portal.mixins import Page, RowMixin
from council.scorecard.models import PublicQuarter
from council.web import gate
from council.web.issuing import MEDIA_TYPES
from council.web.requests import CouncilRequest


class ScorecardsView(Page):
    """The bodies that have promises to keep; with one alone, one is led on to it by a link."""

    template_name = "portal/scorecard/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        near = self.request.standing.community | self.request.standing.secretariat_of
        bodies = gate.rows(self.request, Body.objects.filter(declarations__isnull=False, pk__in=near).distinct())
        return super().get_context_data(bodies=bodies.order_by("pk"), **kwargs)


class OfABody(RowMixin[Body]):
    request: CouncilRequest
    queryset = Body.objects.all()


def shown_page(request: CouncilRequest, body: Body) -> ScorecardPage | None:
    """The scorecard of the quarter that the address asks for, else of the newest; None if the reader is shown none.

    Http404 if the quarter that is asked for is none, or not shown.
    """
    asked = request.GET.get("quarter", "")
    try:
        quarter = Quarter.parse(asked) if asked else None
    except ValueError as error:
        raise Http404 from error
    page = scorecard_page(request.standing, body, quarter=quarter)
    if page is None and quarter is not None:
        raise Http404
    return page


class ScorecardView(OfABody, Page):
    """Of the quarter that is asked for, else of the newest."""

    request: CouncilRequest
    template_name = "portal/scorecard/scorecard.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = shown_page(self.request, self.row)
        own = gate.rows(
            self.request, Organisation.objects.filter(pk=self.request.standing.organisation_id or 0)
        ).first()
        return super().get_context_data(body=self.row, page=page, own=own, page_forms=[*MEDIA_TYPES], **kwargs)


def shown_party(request: CouncilRequest, body: Body, code: str) -> PartyPage:
    """One organisation's page. Http404, written down, for who is shown none."""
    organisation = gate.fetch(request, Organisation.objects.all(), code=code)
    page = party_page(request.standing, body, organisation)
    if page is None:
        who = request.standing
        if organisation.pk != who.organisation_id and not who.runs(body.pk):
            gate.hide(request, "scorecard", organisation)
        raise Http404
    return page


class PartyView(OfABody, Page):
    """One organisation over the quarters: to itself, and to the ministry, which names it in the address."""

    request: CouncilRequest
    template_name = "portal/scorecard/party.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = shown_party(self.request, self.row, self.kwargs["organisation"])
        return super().get_context_data(body=self.row, page=page, page_forms=[*MEDIA_TYPES], **kwargs)


class PublicQuarterView(RowMixin[PublicQuarter], Page):
    """What the public is told of a quarter, to those it was shown to first."""

    request: CouncilRequest
    template_name = "portal/scorecard/public_quarter.html"
    queryset = PublicQuarter.objects.select_related("body")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(row=self.row, quarter=quarter_of(self.row.payload), **kwargs)
