"""Every page of the administration; importing them registers them."""

from django.contrib import admin
from django.contrib.auth.models import Group

from council.admin import (
    actions,
    audit,
    audit_review,
    core,
    declaration,
    mail,
    meetings,
    parties,
    release,
    reminders,
)

# Rights follow from seats, never from groups.
admin.site.unregister(Group)

__all__ = [
    "actions",
    "audit",
    "audit_review",
    "core",
    "declaration",
    "mail",
    "meetings",
    "parties",
    "release",
    "reminders",
]
