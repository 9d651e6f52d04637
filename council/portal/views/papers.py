"""Handing in papers, newer versions of them, and taking them back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from council.meetings.models import AgendaItem, Paper
from council.meetings.operations.papers import add_paper, supersede_paper, withdraw_paper
from council.portal.forms.agenda import PaperForm, VersionForm, WithdrawForm
from council.portal.mixins import ActForm, RowMixin
from council.web.requests import CouncilRequest


class AddPaperView(RowMixin[AgendaItem], ActForm):
    request: CouncilRequest
    queryset = AgendaItem.objects.select_related("meeting__body")
    action = "add_paper"
    template_name = "portal/agenda/paper.html"
    extra_context = {"title": gettext_lazy("Hand in a paper")}
    form_class = PaperForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(item=self.row, meeting=self.row.meeting, **kwargs)

    def act(self, form: PaperForm) -> None:
        data = form.cleaned_data
        upload = data.pop("upload")
        paper = Paper(agenda_item=self.row, owner_id=self.request.standing.organisation_id or 0, **data)
        add_paper(paper, by=self.request.actor, upload=upload, now=timezone.now())
        messages.success(self.request, _("The paper was handed in."))

    def get_success_url(self) -> str:
        return reverse("portal:agenda_item", args=[self.row.pk])


class PaperPage(RowMixin[Paper], ActForm):
    request: CouncilRequest
    queryset = Paper.objects.select_related("agenda_item__meeting__body")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        item = self.row.agenda_item
        return super().get_context_data(paper=self.row, item=item, meeting=item.meeting, **kwargs)

    def get_success_url(self) -> str:
        return reverse("portal:agenda_item", args=[self.row.agenda_item_id])


class SupersedeView(PaperPage):
    action = "supersede"
    template_name = "portal/agenda/supersede.html"
    extra_context = {"title": gettext_lazy("Hand in a newer version")}
    form_class = VersionForm

    def act(self, form: VersionForm) -> None:
        supersede_paper(self.row, by=self.request.actor, now=timezone.now(), **form.cleaned_data)
        messages.success(self.request, _("The newer version was handed in; the older one stays in the record."))


class WithdrawPaperView(PaperPage):
    action = "take_back"
    template_name = "portal/agenda/withdraw_paper.html"
    extra_context = {"title": gettext_lazy("Withdraw the paper")}
    form_class = WithdrawForm

    def act(self, form: WithdrawForm) -> None:
        withdraw_paper(self.row, by=self.request.actor, reason=form.cleaned_data["reason"])
        messages.success(self.request, _("The paper was withdrawn."))
