"""Every page of the administration; importing them registers them."""

from council.admin import (
    actions,
    agenda,
    audit,
    audit_review,
    core,
    declaration,
    mail,
    meetings,
    minutes,
    papers,
    participation,
    parties,
    records,
    release,
    reminders,
    reports,
)

__all__ = [
    "actions",
    "agenda",
    "audit",
    "audit_review",
    "core",
    "declaration",
    "mail",
    "meetings",
    "minutes",
    "papers",
    "participation",
    "parties",
    "records",
    "release",
    "reminders",
    "reports",
]
