"""An action item: its page, reporting progress, submitting it for verification."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from council.access.policy import allowed
from council.actions.models import ActionItem, Evidence, ProgressUpdate
from council.actions.operations import (
    Progress,
    remove_from_draft,
    save_draft,
    submit_for_verification,
    submit_progress,
)
from council.actions.states import OWED
from council.core.errors import DomainError
from council.core.register import version_of
from council.overview.thread import ActionThread, action_thread
from council.portal.forms.progress import SUBMIT, ProgressForm
from council.portal.mixins import ActForm, Page, RowMixin
from council.web.requests import CouncilRequest

ACTIONS = ActionItem.objects.for_display()


class ActionPage(RowMixin[ActionItem]):
    """What every page about an action item shows."""

    queryset = ACTIONS

    @cached_property
    def thread(self) -> ActionThread:
        return action_thread(self.request.standing, self.row, now=timezone.now())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        thread = self.thread
        may_report = allowed(self.request.standing, "report", self.row) and self.row.state in OWED
        return super().get_context_data(
            action=self.row,
            thread=thread,
            may_report=may_report,
            may_submit=may_report and thread.draft is None and any(event.update for event in thread.events),
            **kwargs,
        )


class ActionView(ActionPage, Page):
    request: CouncilRequest
    template_name = "portal/actions/action.html"


class ReportView(ActionPage, ActForm):
    """Write progress, keep it as a draft or hand it in."""

    request: CouncilRequest
    action = "report"
    template_name = "portal/actions/report.html"
    form_class = ProgressForm

    def get_initial(self) -> dict[str, Any]:
        draft = self.thread.draft
        if draft is None:
            return {"percent": self.thread.progress or 0, "seen": version_of(None)}
        return {"percent": draft.percent, "text": draft.text, "label": draft.label, "seen": version_of(draft)}

    def seen(self) -> ProgressUpdate | None:
        """Whoever has been told what a colleague has written may overrule it."""
        return self.thread.draft

    def act(self, form: ProgressForm) -> None:
        data = form.cleaned_data
        progress = Progress(
            percent=data["percent"], text=data["text"], label=data["label"], uploads=data["uploads"], url=data["url"],
            seen=self.request.POST.get("seen"),
        )  # fmt: skip
        if SUBMIT in self.request.POST:
            submit_progress(self.row, by=self.request.actor, now=timezone.now(), progress=progress)
            messages.success(self.request, _("Your progress was submitted."))
        else:
            save_draft(self.row, by=self.request.actor, progress=progress)
            messages.success(self.request, _("The draft was saved. Nobody outside your organisation sees it."))

    def get_success_url(self) -> str:
        return reverse("portal:action", args=[self.row.pk])


class SubmitView(RowMixin[ActionItem]):
    """Submit the item for verification."""

    queryset = ACTIONS
    action = "submit"
    http_method_names = ["post"]

    def post(self, request: Any, pk: int) -> HttpResponse:
        try:
            submit_for_verification(self.row, by=request.actor, now=timezone.now())
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The item was submitted for verification."))
        return redirect("portal:action", pk=pk)


class RemoveEvidenceView(RowMixin[Evidence]):
    """Take a piece of evidence off the draft."""

    queryset = Evidence.objects.select_related("update__action", "file")
    action = "remove"
    http_method_names = ["post"]

    def post(self, request: Any, pk: int) -> HttpResponse:
        try:
            remove_from_draft(self.row, by=request.actor)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The evidence was removed from the draft."))
        return redirect("portal:action_report", pk=self.row.update.action_id)
