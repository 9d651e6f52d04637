"""The owner's answer to the question whether something of theirs may reach more readers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from council.access.policy import allowed
from council.actions.models import ActionItem, ProgressUpdate
from council.core.labels import Label, Labelled
from council.core.register import version_of
from council.meetings.models import AgendaItem, Paper
from council.portal.forms.release import AGREE, DECLINE, AnswerForm
from council.portal.mixins import ActForm, RowMixin
from council.release.models import ReleaseRequest
from council.release.operations import ReleaseRefused, agree, decline
from council.release.states import ReleaseState
from council.reports.models import Report
from council.web import gate
from council.web.requests import CouncilRequest


class ReleaseView(RowMixin[ReleaseRequest], ActForm):
    """What is asked and why, whom it would reach, and the answer."""

    request: CouncilRequest
    queryset = ReleaseRequest.objects.select_related("body", "organisation", "asked_by__person", "answered_by__person")
    template_name = "portal/release/release.html"
    form_class = AnswerForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_answer = self.row.state == ReleaseState.ASKED and allowed(self.request.standing, "answer", self.row)
        return super().get_context_data(
            asked=self.row,
            now_reaches=Label(self.row.label_from).reach,
            would_reach=Label(self.row.label_to).reach,
            may_answer=may_answer,
            about_url=self._about_url(),
            **kwargs,
        )

    def _about_url(self) -> str:
        """The page of what is asked about, for who sees it."""
        target = self.row.target
        action = target.action if isinstance(target, ProgressUpdate) else target
        if isinstance(target, Report):
            return reverse("portal:report", args=[target.pk])
        item = target.agenda_item if isinstance(target, Paper) else target
        if isinstance(item, AgendaItem):
            return reverse("portal:meeting", args=[item.meeting_id])
        return reverse("portal:action", args=[action.pk]) if isinstance(action, ActionItem) else ""

    def seen(self) -> Labelled | None:
        return self.row.target

    def get_initial(self) -> dict[str, Any]:
        return {"seen": version_of(self.row.target)}

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        gate.require(self.request, "answer", self.row)
        return super().post(request, *args, **kwargs)

    def act(self, form: AnswerForm) -> None:
        answer, now = form.cleaned_data["answer"], timezone.now()
        if AGREE in self.request.POST:
            agree(self.row, by=self.request.actor, now=now, answer=answer, seen=self.request.POST.get("seen"))
            messages.success(self.request, _("You agreed; the label has been changed."))
        elif DECLINE not in self.request.POST:
            raise ReleaseRefused(_("Choose one of the two answers."))
        else:
            decline(self.row, by=self.request.actor, now=now, answer=answer)
            messages.success(self.request, _("You did not agree; the label stays as it is."))

    def get_success_url(self) -> str:
        return reverse("portal:release", args=[self.row.pk])
