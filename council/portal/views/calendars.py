"""Meetings for one's own calendar program: one as a download, all of them under an address of one's own."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.generic import View

from council.access.visibility import visible_to
from council.core.errors import DomainError
from council.documents import ics
from council.meetings.models import CalendarFeed, Meeting
from council.meetings.operations.feeds import digest_of, give_feed, revoke_feed
from council.parties.queries import actor_for
from council.portal.mixins import Page, RowMixin
from council.reminders.invitations import event_of
from council.web import gate
from council.web.downloads import NOTHING_RUNS
from council.web.requests import CouncilRequest

HEADERS = {"Cache-Control": "private, no-store"} | NOTHING_RUNS


def calendar_file(content: bytes, *, name: str) -> HttpResponse:
    """A calendar as a download."""
    disposition = {"Content-Disposition": f'attachment; filename="{name}.ics"'}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=HEADERS | disposition)


class MeetingCalendarView(RowMixin[Meeting]):
    """One meeting, as it is now."""

    queryset = Meeting.objects.select_related("body")

    def get(self, request: Any, pk: int) -> HttpResponse:
        content = ics.published([event_of(self.row)], name=self.row.body.short)
        return calendar_file(content, name=f"meeting-{self.row.day:%Y%m%d}")


class SubscribeView(Page):
    """Getting, changing and taking back the address of one's own calendar."""

    request: CouncilRequest
    template_name = "portal/meetings/subscribe.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = gate.rows(self.request, CalendarFeed.objects.filter(user=self.request.user.pk))
        return super().get_context_data(feed=own.first(), **kwargs)

    def post(self, request: Any) -> HttpResponse:
        """The address is shown in the answer itself, this once; it is kept nowhere."""
        gate.require(request, "give", CalendarFeed)
        if "revoke" in request.POST:
            return self._revoke(request)
        secret = give_feed(request.user, by=request.actor)
        address = request.build_absolute_uri(reverse("portal:feed", args=[secret]))
        return render(request, self.template_name, self.get_context_data(address=address))

    @staticmethod
    def _revoke(request: Any) -> HttpResponse:
        try:
            revoke_feed(request.user, by=request.actor)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The address opens nothing any more."))
        return redirect("portal:subscribe")


class FeedView(View):
    """Whoever has the address reads when and where its owner's meetings are, and nothing of what they are about."""

    http_method_names = ["get", "head"]

    def get(self, request: Any, secret: str) -> HttpResponse:
        feeds = CalendarFeed.objects.select_related("user__person").filter(user__is_active=True)
        feed = feeds.filter(digest=digest_of(secret)).first()
        if feed is None:
            raise Http404
        meetings = visible_to(actor_for(feed.user), Meeting.objects.select_related("body")).order_by("starts_at", "pk")
        with translation.override(feed.user.language):
            content = ics.published((event_of(meeting) for meeting in meetings), name=str(settings.SITE_NAME))
        return calendar_file(content, name="council")
