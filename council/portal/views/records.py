"""A records request as an organisation that was asked sees it: what is to become of its own, and its answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from council.access.policy import allowed
from council.access.roles import Standing
from council.access.visibility import visible_to
from council.actions.models import Evidence, ProgressUpdate, Verification
from council.meetings.models import AgendaSnapshot, PaperVersion
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
        rows = visible_to(who, RecordsPiece.objects.filter(request=asked))
        pieces = list(rows.select_related("owner", "part").order_by("position"))
        own = self.row.organisation_id == who.organisation_id
        may_answer = own and self.row.takes_answer(timezone.now()) and allowed(who, "answer", self.row)
        return super().get_context_data(
            opinion=self.row,
            body=asked.body,
            kind=asked.get_kind_display(),
            state=asked.state,
            state_name=asked.get_state_display(),
            until=asked.opinions_until,
            pieces=list(zip(pieces, addresses_of(who, pieces), strict=True)),
            own=own,
            may_answer=may_answer,
            **kwargs,
        )


def addresses_of(who: Standing, pieces: Sequence[RecordsPiece]) -> Iterator[str]:
    """Where each piece is read; empty for what has no page of its own. What is seen of it is seen there too."""
    found = {
        kind: dict(visible_to(who, model.objects.filter(pk__in=_targets(pieces, kind))).values_list("pk", column))
        for kind, (model, column) in READ_AT.items()
    }
    for piece in pieces:
        name = PAGES.get(piece.target_type, "")
        number = found[piece.target_type].get(piece.target_id) if piece.target_type in found else piece.target_id
        yield reverse(name, args=[number]) if name and number else ""


def _targets(pieces: Sequence[RecordsPiece], kind: str) -> list[int]:
    return [piece.target_id for piece in pieces if piece.target_type == kind]


PAGES = {
    "minutesrevision": "portal:minutes_version", "publication": "portal:publication", "decision": "portal:decision",
    "actionitem": "portal:action", "paperversion": "portal:file", "evidence": "portal:file",
    "progressupdate": "portal:action", "verification": "portal:action", "agendasnapshot": "portal:meeting",
}  # fmt: skip
# What is read at something else's address.
READ_AT: dict[str, tuple[Any, str]] = {
    "paperversion": (PaperVersion, "file"),
    "evidence": (Evidence, "file"),
    "progressupdate": (ProgressUpdate, "action"),
    "verification": (Verification, "action"),
    "agendasnapshot": (AgendaSnapshot, "meeting"),
}


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
