"""What is published of a meeting: reading it, answering beforehand on one's own words, and its files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from council.access.visibility import visible_to
from council.documents.official import context
from council.meetings.models import Meeting
from council.minutes.models import Publication
from council.minutes.operations.publishing import answer
from council.overview.publication import passage_groups, publication_document, publication_page
from council.portal.forms.minutes import OpinionForm
from council.portal.mixins import ActForm, Page, RowMixin
from council.web import gate
from council.web.issuing import MEDIA_TYPES, publication_file
from council.web.requests import CouncilRequest


class OfOne(RowMixin[Publication]):
    request: CouncilRequest
    queryset = Publication.objects.select_related("revision__minutes__meeting__body", "revision__minutes__convened_by")


class PublicationView(OfOne, Page):
    """Before it is out, what of it is the reader's organisation's; afterwards all that the public reads."""

    request: CouncilRequest
    template_name = "portal/publications/publication.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        who, now = self.request.standing, timezone.now()
        meeting = self.row.revision.minutes.meeting
        is_out = self.row.is_out(now)
        return super().get_context_data(
            publication=self.row,
            meeting=meeting,
            page=publication_page(who, self.row, now=now),
            groups=[] if is_out or not self.row.hides else list(passage_groups(who, self.row)),
            is_out=is_out,
            sees_meeting=visible_to(who, Meeting.objects.filter(pk=meeting.pk)).exists(),
            **(context(publication_document(self.row, made_at=now)) if is_out else {}),
            **kwargs,
        )


class AnswerView(OfOne, ActForm):
    request: CouncilRequest
    template_name = "portal/publications/answer.html"
    action = "answer"
    form_class = OpinionForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        meeting = self.row.revision.minutes.meeting
        title = _("Answer on the publication")
        return super().get_context_data(publication=self.row, meeting=meeting, title=title, **kwargs)

    def get_success_url(self) -> str:
        return reverse("portal:publication", args=[self.row.pk])

    def act(self, form: OpinionForm) -> None:
        said = form.cleaned_data
        answer(self.row, by=self.request.actor, now=timezone.now(), kind=said["kind"], text=said["text"])
        messages.success(self.request, _("Your answer was sent; the secretary has been told."))


class PublicationFileView(OfOne, View):
    """A publication as a file; before it is out the secretariat's alone."""

    request: CouncilRequest
    reading_is_noted = False  # the download is

    def get(self, request: Any, *args: Any, form: str, **kwargs: Any) -> HttpResponseBase:
        if form not in MEDIA_TYPES:
            raise Http404
        if not self.row.is_out(timezone.now()):
            gate.require(self.request, "preview", self.row)
        return publication_file(self.request, self.row, form)
