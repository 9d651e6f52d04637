"""Closures and the audit."""

from __future__ import annotations

from django.contrib import admin

from council.admin.base import ReadOnlyAdmin, RegisterAdmin
from council.core.models import AuditEntry, Closure


@admin.register(Closure)
class ClosureAdmin(RegisterAdmin):
    list_display = ("date", "name", "reason")
    date_hierarchy = "date"
    search_fields = ("name", "reason")


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "actor", "verb", "target_type", "target", "refused")
    list_filter = ("refused", "target_type")
    search_fields = ("actor", "verb", "target")
    date_hierarchy = "at"
    fields = (
        "at", "actor", "verb", "target_type", "target_id", "target", "refused", "reason", "before", "after", "ip",
        "sequence", "hash",
    )  # fmt: skip
