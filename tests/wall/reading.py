"""Everything a visitor is given by an answer: its body, also unpacked; its headers, names and cookies."""

from __future__ import annotations

import gzip
import re
import zipfile
import zlib
from collections.abc import Iterator
from email.header import decode_header, make_header
from io import BytesIO
from typing import Any

STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)


def content_of(response: Any) -> bytes:
    """The body; a streamed one is read to its end."""
    content: bytes = response.getvalue() if response.streaming else response.content
    return content


def said_by(response: Any) -> str:
    """All of it as one text. A canary is letters and digits, which no escaping changes."""
    content = content_of(response)
    parts = [part.decode(errors="replace") for part in unpacked(content)]
    parts += [f"{name}: {value}\n{make_header(decode_header(value))}" for name, value in response.headers.items()]
    parts.append(response.cookies.output())
    return "\n".join(parts)


def unpacked(content: bytes) -> Iterator[bytes]:
    """Content, and what is in it if it is an archive, a compressed stream or a document with such streams."""
    yield content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            for member in archive.namelist():
                yield member.encode()
                yield from unpacked(archive.read(member))
    elif content.startswith(b"\x1f\x8b"):
        yield from unpacked(gzip.decompress(content))
    elif content.startswith(b"%PDF"):
        for packed in STREAM.findall(content):
            yield zlib.decompressobj().decompress(packed) if packed[:1] == b"x" else packed
