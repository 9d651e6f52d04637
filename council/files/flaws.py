"""What can be wrong with a file, in words that say what to do. ``%(name)s`` is the file's name."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from council.core.errors import DomainError, Text


class FileRefused(DomainError):
    """The file is too large, of a kind that is not taken, not what its name says, or could do harm."""


class Flaw(Exception):
    """What one judge found in a content; whoever knows the file's name makes a refusal of it."""

    def __init__(self, text: Text) -> None:
        super().__init__(text)
        self.text = text


TOO_LARGE = _("“%(name)s” is larger than %(limit)d MB.")
EMPTY = _("“%(name)s” is empty.")
OTHER_KIND = _("“%(name)s” is of a kind that is not taken. Possible are: %(kinds)s.")
MISNAMED = _("The content of “%(name)s” is not what its ending “%(ending)s” says.")
DAMAGED = _("“%(name)s” is damaged or incomplete. Open it, save it again and hand in the new file.")
LOCKED = _("“%(name)s” is protected with a password. Take the protection off and hand it in again.")
ACTIVE = _("“%(name)s” contains macros or scripts. Save it without them, or as a PDF, and hand that in.")
LOADED = _(
    "“%(name)s” contains other files or embedded objects. Take them out, or save it as a PDF. "
    "What is needed of them can be handed in as a file of its own."
)
REACHES_OUT = _(
    "“%(name)s” fetches a template or other content from elsewhere when it is opened. "
    "Remove the connection, or save it as a PDF, and hand that in."
)
SWOLLEN = _("“%(name)s” unpacks to far more than a document holds. Hand it in as a PDF or in parts.")
HIDDEN = _("Behind the content of “%(name)s” there is something else. Open it, save it again and hand in the new file.")
