"""A stored file's content, for whoever may have it."""

from __future__ import annotations

import hashlib
from typing import IO

from django.utils.translation import gettext_lazy as _

from council.core.errors import DomainError
from council.files.models import StoredFile


class NotServed(DomainError):
    """The file is not handed out. ``reason`` says why in the record's words."""

    reason = ""


class AwaitsScan(NotServed):
    reason = "waiting for the virus scan"


class Infected(NotServed):
    reason = "virus found"


class Changed(NotServed):
    """What lies on the disk is not what was handed in, or is not there."""

    reason = "content missing or changed"


def sha256(content: IO[bytes]) -> str:
    """The hash that a file is kept and known by, of a content read from where it stands to its end."""
    return hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]


def withheld(stored: StoredFile) -> NotServed | None:
    """Why the scanner keeps a content back; None once it is known to be clean. Nothing is read from the disk."""
    if stored.is_infected:
        return Infected(_("A virus was found in this file, so it is not handed out. Hand in a clean file."))
    if stored.awaits_scan:
        return AwaitsScan(_("This file has not been scanned for viruses yet. Try again in a few minutes."))
    return None


def opened(stored: StoredFile) -> IO[bytes]:
    """The content, from its beginning, once it is known to be what was handed in and clean; NotServed otherwise."""
    if refusal := withheld(stored):
        raise refusal
    return whole(stored)


def whole(stored: StoredFile) -> IO[bytes]:
    """The content, from its beginning, whatever the scanner says of it; Changed if it is not what was handed in."""
    words = _(
        "The content of this file is no longer what was handed in, so it is not handed out. Tell the contact below."
    )
    try:
        content: IO[bytes] = stored.file.open("rb")
    except OSError as error:
        raise Changed(words) from error
    if sha256(content) != stored.sha256:
        content.close()
        raise Changed(words)
    content.seek(0)
    return content
