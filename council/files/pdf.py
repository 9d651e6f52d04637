"""PDF: does it begin and end as one, and does it act by itself?

Not parsed but searched, in what any reader could see: the bytes as they stand, with escaped names written out, and
every compressed stream that can be a stream of objects. So it does not matter by which of several tables a reader finds
its way, and no parser has to be kept safe from hostile files.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from contextlib import suppress

from council.files.archives import Budget, archive_inside
from council.files.flaws import ACTIVE, DAMAGED, HIDDEN, LOADED, LOCKED, MISNAMED, SWOLLEN, Flaw

TAIL = 1024
WINDOW = 4096
MAX_STREAMS = 200_000
PIECE = 1024 * 1024
# Pieces are read with the end of the one before: no name and hardly an address is longer.
OVERLAP = 512
END_OF_NAME = rb"(?=[\s/<>\[\](){}%\0]|$)"
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
# An address that somebody may open is not a name.
ADDRESS = re.compile(rb"/URI\s*\([^()\\\s]*\)")
SCRIPTED = re.compile(rb"/(?:JavaScript|Launch|Rendition|ImportData)" + END_OF_NAME + rb"|/XFA\s*[\[\d]")
CARRIES = re.compile(rb"/(?:EmbeddedFiles?|FileAttachment|RichMedia|GoToE)" + END_OF_NAME)
# An action whose kind stands elsewhere: no program writes that.
ELSEWHERE = re.compile(rb"/S\s+\d+\s+\d+\s+R\b")
ENCRYPTED = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R\b|<<)")
STREAM = re.compile(rb"(?<!end)stream\r?\n?")
OF_OBJECTS = re.compile(rb"/(?:ObjStm|First)" + END_OF_NAME)
NUMBERS = re.compile(rb"[\s\0]*(?:\d|%)")


def judge(content: bytes) -> None:
    """Flaw unless the content is a whole PDF that does nothing by itself and carries nothing else."""
    if not re.match(rb"%PDF-[12]\.\d", content):
        raise Flaw(MISNAMED)
    if b"%%EOF" not in content[-TAIL:]:
        raise Flaw(DAMAGED)
    if archive_inside(content):
        raise Flaw(HIDDEN)
    if ENCRYPTED.search(content):
        raise Flaw(LOCKED)
    _refuse(content)
    for objects in _objects(content, Budget.of(len(content))):
        _refuse(objects)


def _refuse(content: bytes) -> None:
    written = ADDRESS.sub(b" ", _written_out(content))
    if SCRIPTED.search(written) or ELSEWHERE.search(written):
        raise Flaw(ACTIVE)
    if CARRIES.search(written):
        raise Flaw(LOADED)


def _objects(content: bytes, budget: Budget) -> Iterator[bytes]:
    """What lies compressed in streams of objects, piece by piece. Such a stream begins with the objects' numbers."""
    ended = 0
    for count, keyword in enumerate(STREAM.finditer(content)):
        if count > MAX_STREAMS:
            raise Flaw(SWOLLEN)
        dictionary = content[max(ended, keyword.start() - WINDOW) : keyword.start()]
        begins = ended = keyword.end()
        if NUMBERS.match(next(_unpacked(content, begins, 64), b"")):
            last = b""
            for piece in _unpacked(content, begins, PIECE):
                budget.spend(len(piece))
                yield last + piece
                last = piece[-OVERLAP:]
        elif _is_declared(dictionary) and not NUMBERS.match(content, begins):
            # Packed in a way in which no program packs it: it cannot be looked into.
            raise Flaw(DAMAGED)


def _is_declared(dictionary: bytes) -> bool:
    """Whether what stands before a stream says that it holds objects."""
    return OF_OBJECTS.search(_written_out(dictionary[dictionary.rfind(b"endobj") + 1 :])) is not None


def _written_out(content: bytes) -> bytes:
    return ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), content)


def _unpacked(content: bytes, begins: int, size: int) -> Iterator[bytes]:
    """What can be unpacked from a place on, in pieces of at most that size. Where it breaks off, a reader stops too."""
    inflater = zlib.decompressobj()
    with suppress(zlib.error):
        for at in range(begins, len(content), 8192):
            rest = content[at : at + 8192]
            while rest and not inflater.eof:
                if piece := inflater.decompress(rest, size):
                    yield piece
                rest = inflater.unconsumed_tail
            if inflater.eof:
                return
