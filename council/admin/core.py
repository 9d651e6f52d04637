"""Closures."""

from __future__ import annotations

from django.contrib import admin

from council.admin.base import RegisterAdmin
from council.core.models import Closure


@admin.register(Closure)
class ClosureAdmin(RegisterAdmin):
    list_display = ("date", "name", "reason")
    date_hierarchy = "date"
    search_fields = ("name", "reason")
