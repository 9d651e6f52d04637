"""Every page of the administration; importing them registers them."""

from council.admin import actions, core, declaration, mail, meetings, parties, reminders

__all__ = ["actions", "core", "declaration", "mail", "meetings", "parties", "reminders"]
