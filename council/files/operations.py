"""Taking a file in: what it is decides its content, not its name."""

from __future__ import annotations

import codecs
import hashlib
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import PurePath
from typing import IO
from zipfile import BadZipFile, ZipFile

import puremagic
from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from council.core.actor import Actor
from council.core.errors import DomainError
from council.files.models import StoredFile

OPEN_XML = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "hwp": "application/x-hwp",
    "hwpx": "application/hwp+zip",
    "docx": f"{OPEN_XML}.wordprocessingml.document",
    "xlsx": f"{OPEN_XML}.spreadsheetml.sheet",
    "pptx": f"{OPEN_XML}.presentationml.presentation",
    "csv": "text/csv",
    "txt": "text/plain",
}
# The member that a container of each kind has.
ZIP_MEMBERS = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "pptx": "ppt/presentation.xml",
    "hwpx": "Contents/header.xml",
}
COMPOUND_FILE = bytes.fromhex("d0cf11e0a1b11ae1")
HWP_SIGNATURES = "HWP Document File".encode("utf-16-le"), b"HWP Document File"
SEARCHED = 1024 * 1024
NAME_LENGTH = 150


class FileRefused(DomainError):
    """The file is too large, of a kind that is not taken, or not what its name says."""


@contextmanager
def taken_in(upload: File[bytes], *, by: Actor) -> Iterator[StoredFile]:
    """Check and keep an upload as long as the block it is handed in with succeeds; else its content is gone again.

    Enter it inside the transaction's block and leave it after the transaction: ``ExitStack`` around ``atomic``.
    FileRefused if the file may not be taken.
    """
    name = readable_name(upload.name or "")
    media_type = check(upload, name=name)
    stored = StoredFile(
        name=name,
        size=upload.size,
        sha256=_sha256(upload),
        media_type=media_type,
        organisation_id=by.organisation_id,
        uploaded_by_id=by.user_id,
    )
    stored.file.save(name, File(_rewound(upload)), save=False)
    try:
        stored.save()
        yield stored
    except BaseException:
        stored.file.delete(save=False)
        raise


def _sha256(upload: File[bytes]) -> str:
    upload.seek(0)
    total = hashlib.sha256()
    for chunk in upload.chunks():
        total.update(chunk)
    return total.hexdigest()


def readable_name(name: str) -> str:
    """The sender's name for a file: last part only, composed Hangul, no control or direction characters."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    name = "".join(char for char in name if unicodedata.category(char)[0] != "C").strip(" .")
    stem, dot, ending = name.rpartition(".")
    return f"{stem[: NAME_LENGTH - len(ending) - 1]}{dot}{ending}" if dot else name[:NAME_LENGTH]


def check(upload: File[bytes], *, name: str) -> str:
    """The media type of a file whose content is what its name says; FileRefused otherwise."""
    limit = settings.MAX_FILE_BYTES
    if upload.size > limit:
        raise FileRefused(
            _("“%(name)s” is larger than %(limit)d MB.") % {"name": name, "limit": limit // 1024**2}, field="uploads"
        )
    if not upload.size:
        raise FileRefused(_("“%(name)s” is empty.") % {"name": name}, field="uploads")
    ending = PurePath(name).suffix.removeprefix(".").lower()
    if ending not in MEDIA_TYPES:
        raise FileRefused(
            _("“%(name)s” is of a kind that is not taken. Possible are: %(kinds)s.")
            % {"name": name, "kinds": ", ".join(MEDIA_TYPES)},
            field="uploads",
        )
    if not _is_what_it_says(_rewound(upload), ending):
        raise FileRefused(
            _("The content of “%(name)s” is not what its ending “%(ending)s” says.") % {"name": name, "ending": ending},
            field="uploads",
        )
    return MEDIA_TYPES[ending]


def _is_what_it_says(content: IO[bytes], ending: str) -> bool:
    if ending in {"csv", "txt"}:
        return any(_is_text(content, encoding) for encoding in ("utf-8", "cp949"))
    if ending in ZIP_MEMBERS:
        return _has_member(content, ZIP_MEMBERS[ending])
    if ending == "hwp":
        return _is_hwp(content.read(SEARCHED))
    return f".{ending}".replace("jpeg", "jpg") in {
        match.extension for match in puremagic.magic_string(content.read(8192))
    }


def _is_text(content: IO[bytes], encoding: str) -> bool:
    content.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := content.read(SEARCHED):
            if b"\0" in chunk:
                return False
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_hwp(head: bytes) -> bool:
    """A compound file (OLE) of HWP 5; the format's own name stands somewhere near its beginning."""
    return head.startswith(COMPOUND_FILE) and any(signature in head for signature in HWP_SIGNATURES)


def _has_member(content: IO[bytes], member: str) -> bool:
    try:
        with ZipFile(content) as container:
            return member in container.namelist()
    except (BadZipFile, NotImplementedError, ValueError, EOFError, OSError, RuntimeError):
        # A damaged or forged directory raises any of these.
        return False


def _rewound(upload: File[bytes]) -> IO[bytes]:
    """An upload's content, from its beginning."""
    upload.seek(0)
    return upload.file or BytesIO()
