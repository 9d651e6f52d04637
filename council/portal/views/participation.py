"""Answering an invitation and sending a delegate."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from council.access.visibility import visible_to
from council.meetings.models import Participation
from council.meetings.operations.delegation import withdraw_delegate
from council.meetings.operations.participation import answer_invitation
from council.parties.models import Person
from council.portal.forms.participation import DelegateForm, ReasonForm, RsvpForm
from council.portal.mixins import ActForm, RowMixin
from council.web.requests import CouncilRequest
from council.workflows.send_delegate import Colleague, send_delegate


class ParticipationForm(RowMixin[Participation], ActForm):
    """A page about one place at a meeting, back to the meeting's page when it is done."""

    request: CouncilRequest
    queryset = Participation.objects.select_related("meeting__body", "person", "organisation", "delegate")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(row=self.row, meeting=self.row.meeting, **kwargs)

    def get_success_url(self) -> str:
        return reverse("portal:meeting", args=[self.row.meeting_id])


class AnswerView(ParticipationForm):
    action = "answer"
    template_name = "portal/meetings/answer.html"
    extra_context = {"title": gettext_lazy("Answer the invitation")}
    form_class = RsvpForm

    def get_initial(self) -> dict[str, Any]:
        return {"rsvp": self.row.rsvp, "note": self.row.rsvp_note}

    def act(self, form: RsvpForm) -> None:
        answer_invitation(self.row, by=self.request.actor, now=timezone.now(), **form.cleaned_data)
        messages.success(self.request, _("The answer was sent."))


class DelegateView(ParticipationForm):
    action = "name_delegate"
    template_name = "portal/meetings/delegate.html"
    extra_context = {"title": gettext_lazy("Send a delegate")}
    form_class = DelegateForm

    def get_form_kwargs(self) -> dict[str, Any]:
        colleagues = visible_to(self.request.standing, Person.objects.filter(organisation=self.row.organisation_id))
        return super().get_form_kwargs() | {"colleagues": colleagues.exclude(pk=self.row.person_id)}

    def act(self, form: DelegateForm) -> None:
        data = form.cleaned_data
        colleague = Colleague(name=data["name"], position=data["position"], email=data["email"])
        send_delegate(
            self.row,
            by=self.request.actor,
            delegate=data["delegate"] or colleague,
            letter=data["letter"],
            now=timezone.now(),
        )
        messages.success(self.request, _("The delegate was named. The ministry has been asked to confirm."))


class WithdrawDelegateView(ParticipationForm):
    action = "withdraw_delegate"
    template_name = "portal/meetings/delegate_withdraw.html"
    extra_context = {"title": gettext_lazy("The delegate does not come")}
    form_class = ReasonForm

    def act(self, form: ReasonForm) -> None:
        withdraw_delegate(self.row, by=self.request.actor, reason=form.cleaned_data["reason"], now=timezone.now())
        messages.success(self.request, _("The delegate does not come; both sides have been told."))
