"""What kinds of files are taken, and whether a content is what its name says and does nothing by itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import PurePath
from typing import IO

from django.conf import settings
from django.core.files.base import File

from council.files import hwp, images, office, pdf
from council.files.flaws import EMPTY, MISNAMED, OTHER_KIND, TOO_LARGE, FileRefused, Flaw

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


def check(upload: File[bytes], *, name: str) -> str:
    """The media type of a file whose content is what its name says and may be kept; FileRefused otherwise."""
    ending = PurePath(name).suffix.removeprefix(".").lower()
    try:
        _judge(upload, ending)
    except Flaw as flaw:
        words = {
            "name": name,
            "ending": ending,
            "limit": settings.MAX_FILE_BYTES // 1024**2,
            "kinds": ", ".join(MEDIA_TYPES),
        }
        raise FileRefused(flaw.text % words, field="uploads") from flaw
    return MEDIA_TYPES[ending]


def _judge(upload: File[bytes], ending: str) -> None:
    if upload.size > settings.MAX_FILE_BYTES:
        raise Flaw(TOO_LARGE)
    if not upload.size:
        raise Flaw(EMPTY)
    if ending not in MEDIA_TYPES:
        raise Flaw(OTHER_KIND)
    JUDGES[ending](rewound(upload).read())


def _judge_text(content: bytes) -> None:
    """Text in UTF-8 or in the encoding of Korean Windows. That it may look like a page is no matter: see downloads."""
    if b"\0" in content or not any(_decodes(content, encoding) for encoding in ("utf-8", "cp949")):
        raise Flaw(MISNAMED)


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def rewound(upload: File[bytes]) -> IO[bytes]:
    """An upload's content, from its beginning."""
    upload.seek(0)
    return upload.file or BytesIO()


JUDGES: dict[str, Callable[[bytes], None]] = {
    "pdf": pdf.judge,
    "png": images.judge_png,
    "jpg": images.judge_jpeg,
    "jpeg": images.judge_jpeg,
    "hwp": hwp.judge,
    "csv": _judge_text,
    "txt": _judge_text,
    **{ending: partial(office.judge, ending=ending) for ending in office.ZIP_MEMBERS},
}
