"""The briefing pack of a meeting: asked for, watched while it is made, downloaded."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from council.meetings.models import BriefingPack, Meeting
from council.portal.mixins import Page, RowMixin
from council.web import gate
from council.web.doorbell import ring
from council.web.downloads import attachment
from council.web.requests import CouncilRequest
from council.workflows.bind_papers import ask_for_pack, fingerprint, note_downloaded


class PackView(RowMixin[Meeting], Page):
    """Asks for it, and shows how far it is; the page looks again by itself while it is being made."""

    request: CouncilRequest
    template_name = "portal/meetings/pack.html"
    queryset = Meeting.objects.select_related("body")
    reading_is_noted = False  # it looks again every few seconds; the download is written down

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pack = own_pack(self.request, self.row)
        outdated = pack is not None and pack.made_at is not None and not is_current(self.request, pack, self.row)
        return super().get_context_data(meeting=self.row, pack=pack, outdated=outdated, **kwargs)

    def post(self, request: Any, pk: int) -> HttpResponse:
        gate.require(request, "bind", self.row)
        ask_for_pack(self.row, user=request.user, by=request.actor)
        ring()
        return redirect("portal:pack", pk=pk)


class PackFileView(RowMixin[Meeting]):
    """The file itself; one that was made of another state of the papers is not handed out any more."""

    request: CouncilRequest
    queryset = Meeting.objects.select_related("body")
    reading_is_noted = False  # a download is written down as one

    def get(self, request: Any, pk: int) -> HttpResponseBase:
        pack = own_pack(request, self.row)
        if pack is None or pack.made_at is None:
            raise Http404
        if not is_current(request, pack, self.row):
            messages.warning(request, _("The papers have changed since this pack was made. Have it made anew."))
            return redirect("portal:pack", pk=pk)
        if request.method == "GET":
            note_downloaded(pack, who=request.standing, by=request.actor, now=timezone.now())
        name = f"{self.row.day:%Y%m%d}-{self.row.body.code}.pdf"
        return attachment(request, pack.file.open("rb"), name=name, media_type="application/pdf")


def own_pack(request: CouncilRequest, meeting: Meeting) -> BriefingPack | None:
    """The visitor's own pack of a meeting. Nobody has one through somebody else's eyes."""
    if request.viewing_as is not None:
        return None
    return gate.rows(request, BriefingPack.objects.filter(meeting=meeting, user=request.user.pk)).first()


def is_current(request: CouncilRequest, pack: BriefingPack, meeting: Meeting) -> bool:
    """Whether a pack still says what the visitor may have."""
    return pack.contents == fingerprint(request.standing, meeting, language=request.user.language)
