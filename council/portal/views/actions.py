"""An action item: its page, reporting progress, submitting it for verification."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from council.access.policy import allowed
from council.actions.models import ActionItem, Evidence, ExtensionRequest, ProgressUpdate
from council.actions.operations.comments import comment_on
from council.actions.operations.extensions import request_extension, withdraw_extension
from council.actions.operations.items import reassign
from council.actions.operations.judging import submit_for_verification, withdraw_submission
from council.actions.operations.progress import (
    Progress,
    remove_from_draft,
    save_draft,
    submit_progress,
    withdraw_progress,
)
from council.actions.queries import assignable
from council.actions.states import OWED, ActionState
from council.core.calendar import local_day
from council.core.register import version_of
from council.overview.thread import ActionThread, action_thread
from council.portal.forms.actions import CommentForm, ExtensionForm, ReassignForm
from council.portal.forms.progress import SUBMIT, ProgressForm
from council.portal.mixins import ActForm, Page, RowMixin, StepView
from council.web import gate
from council.web.requests import CouncilRequest

ACTIONS = ActionItem.objects.for_display()


class ActionPage(RowMixin[ActionItem]):
    """What every page about an action item shows."""

    queryset = ACTIONS

    @cached_property
    def thread(self) -> ActionThread:
        return action_thread(self.request.standing, self.row, now=timezone.now())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        thread, row, who = self.thread, self.row, self.request.standing
        owed = row.state in OWED
        may_report = owed and allowed(who, "report", row)
        return super().get_context_data(
            action=row,
            thread=thread,
            may_report=may_report,
            may_submit=may_report and thread.draft is None and thread.has_reports,
            may_take_back=row.state == ActionState.SUBMITTED and allowed(who, "take_back", row),
            may_ask_for_time=owed and thread.open_extension is None and allowed(who, "request_extension", row),
            may_reassign=not row.is_settled and allowed(who, "reassign", row),
            may_comment=not row.is_unborn and allowed(who, "comment", row),
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

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"submits": not self.row.owner.clearance_required}

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


class ActionStep(StepView[ActionItem]):
    queryset = ACTIONS

    def back(self) -> str:
        return reverse("portal:action", args=[self.row.pk])


class SubmitView(ActionStep):
    """Submit the item for verification."""

    action = "submit"

    def step(self) -> str:
        submit_for_verification(self.row, by=self.request.actor, now=timezone.now())
        return _("The item was submitted for verification.")


class TakeBackView(ActionStep):
    """Take it back before the ministry has answered."""

    action = "take_back"

    def step(self) -> str:
        withdraw_submission(self.row, by=self.request.actor)
        return _("The item is yours again; the ministry does not verify it for now.")


class WithdrawProgressView(StepView[ProgressUpdate]):
    queryset = ProgressUpdate.objects.select_related("action", "organisation")
    action = "withdraw"

    def step(self) -> str:
        withdraw_progress(self.row, by=self.request.actor)
        return _("The report was withdrawn. It stays in the record and is marked so.")

    def back(self) -> str:
        return reverse("portal:action", args=[self.row.action_id])


class RemoveEvidenceView(StepView[Evidence]):
    """Take a piece of evidence off the draft."""

    queryset = Evidence.objects.select_related("update__action", "file")
    action = "remove"

    def step(self) -> str:
        remove_from_draft(self.row, by=self.request.actor)
        return _("The evidence was removed from the draft.")

    def back(self) -> str:
        return reverse("portal:action_report", args=[self.row.update.action_id])


class ActionForm(ActionPage, ActForm):
    """A form about an item, back to its page when it is done."""

    request: CouncilRequest
    template_name = "portal/actions/form.html"

    def get_success_url(self) -> str:
        return reverse("portal:action", args=[self.row.pk])


class ExtensionView(ActionForm):
    """Ask for a later day."""

    action = "request_extension"
    form_class = ExtensionForm
    extra_context = {
        "title": gettext_lazy("Ask for an extension"),
        "explains": gettext_lazy("The due date stays until the ministry has answered. The earlier dates stay visible."),
    }

    def act(self, form: ExtensionForm) -> None:
        request_extension(self.row, by=self.request.actor, now=timezone.now(), **form.cleaned_data)
        messages.success(self.request, _("The ministry has been asked for an extension."))


class WithdrawExtensionView(StepView[ExtensionRequest]):
    queryset = ExtensionRequest.objects.select_related("action")
    action = "withdraw"

    def step(self) -> str:
        withdraw_extension(self.row, by=self.request.actor, now=timezone.now())
        return _("The request for an extension was withdrawn.")

    def back(self) -> str:
        return reverse("portal:action", args=[self.row.action_id])


class ReassignView(ActionForm):
    """Give the item to a colleague."""

    action = "reassign"
    form_class = ReassignForm
    extra_context = {
        "title": gettext_lazy("Assign to a colleague"),
        "explains": gettext_lazy("They are told by e-mail. Without an assignee, the owner's liaisons are reminded."),
    }

    def get_form_kwargs(self) -> dict[str, Any]:
        colleagues = gate.rows(self.request, assignable(self.row, on=local_day(timezone.now())))
        return super().get_form_kwargs() | {"colleagues": colleagues}

    def get_initial(self) -> dict[str, Any]:
        return {"assignee": self.row.assignee_id}

    def act(self, form: ReassignForm) -> None:
        today = local_day(timezone.now())
        reassign(self.row, by=self.request.actor, assignee=form.cleaned_data["assignee"], today=today)
        messages.success(self.request, _("The assignee was changed."))


class CommentView(ActionForm):
    """Say something to the ministry, or to the owner."""

    action = "comment"
    form_class = CommentForm
    extra_context = {
        "title": gettext_lazy("Write a comment"),
        "explains": gettext_lazy("Only the owner and the ministry read it; the other side is told by e-mail."),
    }

    def act(self, form: CommentForm) -> None:
        comment_on(self.row, by=self.request.actor, now=timezone.now(), text=form.cleaned_data["text"])
        messages.success(self.request, _("The comment was sent."))
