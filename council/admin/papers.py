"""Papers in the administration: their labels and who has opened them; they are handed in on the item's page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from council.admin.base import ReasonForm, RegisterAdmin, Verb
from council.admin.labels import LABEL_VERBS, READERS_VERB
from council.admin.mail import ReadOnlyInline
from council.core.actor import Actor
from council.meetings.models import Paper, PaperVersion
from council.meetings.operations.papers import change_paper, withdraw_paper


class VersionInline(ReadOnlyInline):
    model = PaperVersion
    fields = ("number", "file", "added_at", "added_by", "remark", "opened_by")
    readonly_fields = ("opened_by",)

    @admin.display(description=_("opened by"))
    def opened_by(self, version: PaperVersion) -> str:
        return ", ".join(receipt.person.name for receipt in version.receipts.all()) or "–"

    def get_queryset(self, request: Any) -> Any:
        rows = super().get_queryset(request).select_related("file", "added_by")
        return rows.prefetch_related("receipts__person")


def _withdraw(paper: Paper, by: Actor, data: dict[str, Any]) -> None:
    withdraw_paper(paper, by=by, reason=data["reason"])


@admin.register(Paper)
class PaperAdmin(RegisterAdmin):
    list_display = ("title", "agenda_item", "kind", "owner", "label", "embargo", "withdrawn_because")
    list_filter = ("kind", "owner", "label")
    list_select_related = ("agenda_item", "owner")
    search_fields = ("title", "document_number")
    fields = (
        "agenda_item", "kind", "title", "label", "readers", "owner", "embargo", "document_number", "withdrawn_because",
    )  # fmt: skip
    readonly_fields = ("agenda_item", "label", "readers", "owner", "withdrawn_because")
    inlines = (VersionInline,)
    verbs = (
        Verb(
            "withdraw", _("Withdraw the paper"), _withdraw, lambda paper: not paper.withdrawn_because,
            _("It stays in the record, for its owner and the secretariat."), ReasonForm,
        ),
        *LABEL_VERBS,
        READERS_VERB,
    )  # fmt: skip

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return (obj is None or not obj.withdrawn_because) and super().has_change_permission(request, obj)

    def keep(self, row: Paper, *, by: Actor, form: Any, is_new: bool) -> None:
        change_paper(row, by=by)
