"""Commitments by pillar, and the thread of one."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from council.declaration.models import Commitment
from council.overview.thread import commitment_thread, commitments_by_pillar
from council.portal.mixins import Page, RowMixin
from council.web.requests import CouncilRequest


class CommitmentsView(Page):
    template_name = "portal/commitments/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(groups=commitments_by_pillar(self.request.standing), **kwargs)


class CommitmentView(RowMixin[Commitment], Page):
    request: CouncilRequest
    template_name = "portal/commitments/commitment.html"
    queryset = Commitment.objects.select_related("pillar", "second_pillar", "declaration").prefetch_related(
        "target_groups"
    )

    @property
    def reading_is_noted(self) -> bool:  # type: ignore[override]
        """Not a department's: what it was asked about is its organisation's own to know."""
        return bool(self.request.standing.seated)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        thread = commitment_thread(self.request.standing, self.row, now=timezone.now())
        return super().get_context_data(commitment=self.row, thread=thread, **kwargs)
