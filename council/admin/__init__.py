"""The secretariat's door: one module a package."""

from council.admin import actions, core, declaration, mail, meetings, parties, reminders

__all__ = ["actions", "core", "declaration", "mail", "meetings", "parties", "reminders"]
