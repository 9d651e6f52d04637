"""The trace sheet of a commitment, a decision or an action item: on a page and as a file."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import View

from council.actions.models import ActionItem
from council.declaration.models import Commitment
from council.minutes.models import Decision
from council.overview import official
from council.overview.trace import Start, Trace, trace_of
from council.overview.trace_document import counts_text, is_for_the_ministry, label_of, name_of, trace_document
from council.portal.mixins import Page, RowMixin
from council.web.issuing import MEDIA_TYPES, document_file
from council.web.requests import CouncilRequest

# What has a sheet, by the word in its address.
KINDS: dict[str, type[Start]] = {"commitment": Commitment, "decision": Decision, "action": ActionItem}


class OfRow(RowMixin[Any]):
    """What the page and the file have in common."""

    request: CouncilRequest

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.queryset = KINDS[kwargs["kind"]]._default_manager.all()

    @cached_property
    def trace(self) -> Trace:
        return trace_of(self.request.standing, self.row, now=timezone.now())


class TraceView(OfRow, Page):
    request: CouncilRequest
    template_name = "portal/trace/trace.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            trace=self.trace,
            start=self.row,
            name=name_of(self.row),
            label=label_of(self.trace),
            ministry_alone=is_for_the_ministry(self.trace),
            counts=counts_text(self.trace),
            made_at=timezone.now(),
            **kwargs,
        )


class TraceFileView(OfRow, View):
    """The same as a document."""

    def get(self, request: Any, *args: Any, form: str, **kwargs: Any) -> HttpResponseBase:
        if form not in MEDIA_TYPES:
            raise Http404
        document = trace_document(self.trace, author=official.author(), made_at=timezone.now())
        return document_file(self.request, document, form)
