"""A records request as an organisation that was asked sees it: what is to become of its own, and its answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from council.access.policy import allowed
from council.access.visibility import visible_to
from council.minutes.models import RecordsOpinion, RecordsPiece
from council.minutes.operations.records_answer import answer
from council.portal.forms.minutes import OpinionForm
from council.portal.mixins import ActForm, Page, RowMixin
from council.web.requests import CouncilRequest


class OfOne(RowMixin[RecordsOpinion]):
    """By the opinion: the request itself, with who asks and for what else, is the secretariat's."""

    request: CouncilRequest
    queryset = RecordsOpinion.objects.select_related(
        "request__body", "organisation", "by__person", "decided_by__person"
    )


class RecordsView(OfOne, Page):
    request: CouncilRequest
    template_name = "portal/records/records.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        who, asked = self.request.standing, self.row.request
        pieces = visible_to(who, RecordsPiece.objects.filter(request=asked))
        own = self.row.organisation_id == who.organisation_id
        may_answer = own and self.row.takes_answer(timezone.now()) and allowed(who, "answer", self.row)
        return super().get_context_data(
            opinion=self.row,
            body=asked.body,
            kind=asked.get_kind_display(),
            state=asked.state,
            state_name=asked.get_state_display(),
            until=asked.opinions_until,
            pieces=list(pieces.select_related("owner", "part").order_by("position")),
            may_answer=may_answer,
            **kwargs,
        )


class AnswerView(OfOne, ActForm):
    request: CouncilRequest
    template_name = "portal/records/answer.html"
    action = "answer"
    form_class = OpinionForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.row.request
        return super().get_context_data(
            opinion=self.row,
            body=asked.body,
            kind=asked.get_kind_display(),
            until=asked.opinions_until,
            title=_("Answer on the records asked for"),
            **kwargs,
        )

    def get_success_url(self) -> str:
        return reverse("portal:records", args=[self.row.pk])

    def act(self, form: OpinionForm) -> None:
        said = form.cleaned_data
        answer(self.row, by=self.request.actor, now=timezone.now(), kind=said["kind"], text=said["text"])
        messages.success(self.request, _("Your answer was sent; the secretary has been told."))
