"""What owners were asked to release, and what was handed in."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from council.actions.models import ProgressUpdate
from council.admin.base import ReadOnlyAdmin, ReasonForm, Verb
from council.admin.labels import LABEL_VERBS
from council.core.actor import Actor
from council.release.models import ReleaseRequest
from council.release.operations import take_back
from council.release.states import RELEASE, ReleaseState


def _take_back(request: ReleaseRequest, by: Actor, data: dict[str, Any]) -> None:
    take_back(request, by=by, now=timezone.now(), reason=data["reason"])


@admin.register(ReleaseRequest)
class ReleaseRequestAdmin(ReadOnlyAdmin):
    list_display = ("about", "organisation", "label_from", "label_to", "state", "created_at", "answered_at")
    list_filter = ("state", "organisation")
    list_select_related = ("organisation",)
    fields = (
        "about", "organisation", "body", "label_from", "label_to", "reason", "state", "asked_by", "answered_by",
        "answered_at", "answer",
    )  # fmt: skip
    verbs = (
        Verb(
            "take_back", _("Take the question back"), _take_back,
            lambda request: ReleaseState.TAKEN_BACK in RELEASE.get(request.state, ()), form=ReasonForm,
        ),
    )  # fmt: skip


@admin.register(ProgressUpdate)
class ProgressUpdateAdmin(ReadOnlyAdmin):
    """What was handed in, each with a label of its own. It is read in full on its action item's page."""

    list_display = ("action", "organisation", "percent", "label", "state", "submitted_at")
    list_filter = ("organisation", "label", "state")
    list_select_related = ("action__owner", "organisation")
    fields = ("action", "organisation", "percent", "text", "label", "released_at", "state", "submitted_at")
    verbs = LABEL_VERBS
