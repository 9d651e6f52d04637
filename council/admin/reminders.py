"""Reminder rules."""

from __future__ import annotations

from django.contrib import admin

from council.admin.base import RegisterAdmin
from council.reminders.models import ReminderRule


@admin.register(ReminderRule)
class ReminderRuleAdmin(RegisterAdmin):
    list_display = ("kind", "deadline_kind", "body", "offset", "unit", "audience", "active")
    list_filter = ("body", "kind", "audience", "active")
    list_select_related = ("body",)
