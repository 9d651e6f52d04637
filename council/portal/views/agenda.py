"""An agenda item: its page, proposing one, changing and taking back one's own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from council.access.policy import allowed
from council.access.readers import known_people
from council.access.visibility import visible_to
from council.core.errors import DomainError, SomebodyWasFaster
from council.core.register import version_of
from council.declaration.models import Commitment, Pillar
from council.meetings.agenda import is_late
from council.meetings.models import AgendaItem, Meeting
from council.meetings.operations.agenda import withdraw_agenda_item
from council.meetings.operations.proposals import UNDER_WAY, propose_item
from council.meetings.states import AgendaItemState
from council.overview.papers import item_page
from council.portal.forms.agenda import ProposalForm, WithdrawForm
from council.portal.mixins import ActForm, Page, RowMixin
from council.web import gate
from council.web.requests import CouncilRequest


class ItemView(RowMixin[AgendaItem], Page):
    request: CouncilRequest
    template_name = "portal/agenda/item.html"
    queryset = AgendaItem.objects.select_related(
        "meeting__body",
        "commitment__pillar",
        "pillar",
        "presenter",
        "owner",
        "section",
        "competition_checked_by__person",
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        who = self.request.standing
        may_revise = allowed(who, "revise", self.row) and self.row.state in UNDER_WAY
        return super().get_context_data(
            item=self.row,
            meeting=self.row.meeting,
            page=item_page(who, self.row),
            known=known_people(who, [self.row.presenter_id]),
            may_revise=may_revise,
            may_add=allowed(who, "add_paper", self.row),
            **kwargs,
        )


class ProposalFields(ActForm):
    """What proposing and changing a proposal have in common."""

    request: CouncilRequest
    template_name = "portal/agenda/propose.html"
    form_class = ProposalForm

    def get_form_kwargs(self) -> dict[str, Any]:
        who = self.request.standing
        withdrawn = Commitment.State.WITHDRAWN
        choices = {
            "commitments": visible_to(who, Commitment.objects.exclude(state=withdrawn).order_by("code")),
            "pillars": visible_to(who, Pillar.objects.order_by("declaration", "order")),
        }
        return super().get_form_kwargs() | choices

    @staticmethod
    def fill(item: AgendaItem, data: dict[str, Any]) -> None:
        for name in ("title", "kind", "background", "commitment", "pillar", "duration", "label"):
            setattr(item, name, data[name])


class ProposeView(RowMixin[Meeting], ProposalFields):
    request: CouncilRequest
    queryset = Meeting.objects.select_related("body")
    action = "propose"
    extra_context = {"title": gettext_lazy("Propose an item")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        late = is_late(self.row, now=timezone.now())
        return super().get_context_data(meeting=self.row, late=late, item=None, **kwargs)

    def act(self, form: ProposalForm) -> None:
        item = AgendaItem(
            state=AgendaItemState.PROPOSED, meeting=self.row, owner_id=self.request.standing.organisation_id or 0
        )
        self.fill(item, form.cleaned_data)
        propose_item(item, by=self.request.actor, now=timezone.now())
        self.item = item
        messages.success(self.request, _("The item was proposed; the secretary has been told."))

    def get_success_url(self) -> str:
        return reverse("portal:agenda_item", args=[self.item.pk])


class ReviseView(RowMixin[AgendaItem], ProposalFields):
    """Change what was proposed, or hand it in again after it was returned."""

    request: CouncilRequest
    queryset = AgendaItem.objects.select_related("meeting__body", "commitment", "pillar")
    action = "revise"
    extra_context = {"title": gettext_lazy("Change the proposal")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"keep_label": self.row.label}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(meeting=self.row.meeting, item=self.row, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        names = ("title", "kind", "background", "commitment", "pillar", "duration", "label")
        return {name: getattr(self.row, name) for name in names} | {"seen": version_of(self.row)}

    def seen(self) -> AgendaItem:
        return gate.rows(self.request, AgendaItem.objects.filter(pk=self.row.pk)).get()

    def act(self, form: ProposalForm) -> None:
        if (seen := form.cleaned_data["seen"]) and seen != version_of(self.row):
            raise SomebodyWasFaster(_("Somebody else changed this while you were editing. Save again to overrule."))
        self.fill(self.row, form.cleaned_data)
        propose_item(self.row, by=self.request.actor, now=timezone.now())
        messages.success(self.request, _("The item was handed in."))

    def get_success_url(self) -> str:
        return reverse("portal:agenda_item", args=[self.row.pk])


class TakeBackView(RowMixin[AgendaItem], ActForm):
    """Withdraw one's own proposal."""

    request: CouncilRequest
    queryset = AgendaItem.objects.select_related("meeting__body")
    action = "take_back"
    template_name = "portal/agenda/take_back.html"
    extra_context = {"title": gettext_lazy("Withdraw the proposal")}
    form_class = WithdrawForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(item=self.row, meeting=self.row.meeting, **kwargs)

    def act(self, form: WithdrawForm) -> None:
        if self.row.state not in UNDER_WAY:
            raise DomainError(_("It stands on the agenda already. Ask the secretary to take it off."))
        withdraw_agenda_item(self.row, by=self.request.actor, reason=form.cleaned_data["reason"])
        messages.success(self.request, _("The item was withdrawn."))

    def get_success_url(self) -> str:
        return reverse("portal:meeting", args=[self.row.meeting_id])
