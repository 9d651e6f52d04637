"""Every page of the administration; importing them registers them."""

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
