"""Minutes: reading them and their versions, commenting, confirming."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from council.access.policy import allowed
from council.access.visibility import visible_to
from council.minutes.models import Confirmation, Minutes, MinutesRevision, MinutesSection
from council.minutes.operations.circulation import answer, comment
from council.minutes.states import MinutesState
from council.overview.minutes import MinutesPage, differences, minutes_page, publications_of, versions_of
from council.portal.forms.minutes import AnswerForm, CommentForm
from council.portal.mixins import ActForm, Page, RowMixin
from council.web.requests import CouncilRequest


class Answering:
    """What the reader may say to a version."""

    request: CouncilRequest

    def own_confirmation(self, page: MinutesPage) -> Confirmation | None:
        """What the reader's organisation was asked and said, if it can still be said."""
        revision, now = page.revision, timezone.now()
        newest = page.versions[0].pk == revision.pk
        open_now = page.minutes.state == MinutesState.CIRCULATED and newest
        if not open_now or revision.comments_until is None or revision.comments_until < now:
            return None
        if not allowed(self.request.standing, "answer", revision):
            return None
        own = self.request.standing.organisation_id
        return next((one for one in page.confirmations if one.organisation_id == own), None)


class MinutesView(Answering, RowMixin[Minutes], Page):
    """The version that counts for the reader: the newest that they see."""

    request: CouncilRequest
    template_name = "portal/minutes/minutes.html"
    queryset = Minutes.objects.select_related("meeting__body", "convened_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions = versions_of(self.request.standing, self.row)
        if not versions:
            raise Http404
        page = minutes_page(self.request.standing, versions[0])
        return super().get_context_data(
            page=page,
            minutes=self.row,
            meeting=self.row.meeting,
            asked=self.own_confirmation(page),
            publications=publications_of(self.request.standing, self.row.meeting_id),
            **kwargs,
        )


class VersionView(Answering, RowMixin[MinutesRevision], Page):
    """One version, with what differs from the one before it."""

    request: CouncilRequest
    template_name = "portal/minutes/minutes.html"
    queryset = MinutesRevision.objects.select_related("minutes__meeting__body", "minutes__convened_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        who, minutes = self.request.standing, self.row.minutes
        page = minutes_page(who, self.row)
        before = next((version for version in page.versions if version.number < self.row.number), None)
        return super().get_context_data(
            page=page,
            minutes=minutes,
            meeting=minutes.meeting,
            asked=self.own_confirmation(page),
            before=before,
            differences=differences(minutes_page(who, before), page) if before else [],
            **kwargs,
        )


class SayView(RowMixin[MinutesRevision], ActForm):
    """What an organisation says to a version."""

    request: CouncilRequest
    queryset = MinutesRevision.objects.select_related("minutes__meeting__body")
    template_name = "portal/minutes/say.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        minutes = self.row.minutes
        return super().get_context_data(revision=self.row, minutes=minutes, meeting=minutes.meeting, **kwargs)

    def get_success_url(self) -> str:
        return reverse("portal:minutes", args=[self.row.minutes_id])


class CommentView(SayView):
    action = "comment"
    form_class = CommentForm

    def get_form_kwargs(self) -> dict[str, Any]:
        sections = visible_to(self.request.standing, MinutesSection.objects.filter(revision=self.row))
        return super().get_form_kwargs() | {"sections": sections.order_by("position", "pk")}

    def get_initial(self) -> dict[str, Any]:
        return {"section": self.request.GET.get("about", "")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(title=_("Comment on the minutes"), **kwargs)

    def act(self, form: CommentForm) -> None:
        said = form.cleaned_data
        comment(self.row, by=self.request.actor, now=timezone.now(), text=said["text"], section=said["section"])
        messages.success(self.request, _("The comment was sent; the secretary has been told."))


class AnswerView(SayView):
    action = "answer"
    form_class = AnswerForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(title=_("Answer on the minutes"), **kwargs)

    def act(self, form: AnswerForm) -> None:
        said = form.cleaned_data
        answer(self.row, by=self.request.actor, now=timezone.now(), kind=said["kind"], text=said["text"])
        messages.success(self.request, _("Your answer was sent; the secretary has been told."))
