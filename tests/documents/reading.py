"""Reading produced files back: what they say, and whether something is anywhere in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from zipfile import ZipFile

import pikepdf
from hwpx import HwpxDocument
from pypdf import PdfReader


def words_of(content: bytes) -> str:
    """What an HWPX, a PDF or a page says, with single blanks."""
    if content.startswith(b"PK"):
        said = str(HwpxDocument.open(BytesIO(content)).text.plain())
    elif content.startswith(b"%PDF"):
        said = " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    else:
        said = unescape(re.sub(r"<[^>]+>", " ", content.decode()))
    return re.sub(r"\s+", " ", said)


def everything_in(content: bytes) -> Iterator[bytes]:
    """Every byte of a file, also of what is packed in it."""
    yield content
    if content.startswith(b"PK"):
        with ZipFile(BytesIO(content)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    if content.startswith(b"%PDF"):
        with pikepdf.open(BytesIO(content)) as book:
            for thing in book.objects:
                yield thing.unparse()
                if isinstance(thing, pikepdf.Stream):
                    yield thing.read_bytes()


def holds(content: bytes, text: str) -> bool:
    """Whether a text is anywhere in a file: plainly, as UTF-16, or among the words that can be copied out of it."""
    wide = text.encode("utf-16-be")
    spellings = {text.encode(), wide, text.encode("utf-16-le"), wide.hex().encode(), wide.hex().upper().encode()}
    bare = re.sub(r"\s+", "", text)
    if bare in re.sub(r"\s+", "", words_of(content)):
        return True
    return any(each in part for part in everything_in(content) for each in spellings)
