"""HWP 5: the older document format of Hancom, a compound file."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress

from council.files.archives import MAX_UNPACKED, Budget, is_archive, is_program
from council.files.compound import SIGNATURE as OBJECT
from council.files.compound import CompoundFile
from council.files.flaws import ACTIVE, DAMAGED, LOADED, LOCKED, MISNAMED, Flaw
from council.files.office import PACKAGED_FILE, POSTSCRIPT
from council.files.scripts import LONGEST, does_nothing

SIGNATURE = b"HWP Document File"
COMPRESSED, PASSWORD, DISTRIBUTED, DRM = 1 << 0, 1 << 1, 1 << 2, 1 << 4
PIECE = 256 * 1024


def judge(content: bytes) -> None:
    """Flaw unless it is a HWP 5 document whose scripts are empty and whose attachments are no files of their own.

    Not judged: the records of the text, and what an embedded object does once somebody opens it.
    """
    document = CompoundFile(content)
    try:
        header = document.read("fileheader")
    except KeyError as error:
        raise Flaw(MISNAMED) from error
    if not header.startswith(SIGNATURE) or len(header) < 40:
        raise Flaw(MISNAMED)
    flags = int.from_bytes(header[36:40], "little")
    if flags & (PASSWORD | DRM | DISTRIBUTED):
        raise Flaw(LOCKED)
    if "docinfo" not in document.streams:
        raise Flaw(DAMAGED)
    budget = Budget(MAX_UNPACKED)
    for path in document.streams:
        if path == "scripts/defaultjscript":
            script = document.read(path)
            _judge_script(_whole(script, budget) if flags & COMPRESSED else script)
        elif path.startswith("bindata/"):
            data = document.read(path)
            budget.spend(len(data))  # many streams may lie in one place
            _judge_attachment(path, data, budget)


def _unpacked(data: bytes, budget: Budget) -> Iterator[bytes]:
    """A compressed stream piece by piece, as far as it can be unpacked."""
    inflater, rest = zlib.decompressobj(-zlib.MAX_WBITS), data
    with suppress(zlib.error):
        while piece := inflater.decompress(rest, PIECE):
            budget.spend(len(piece))
            yield piece
            rest = inflater.unconsumed_tail


def _whole(script: bytes, budget: Budget) -> bytes:
    unpacked = bytearray()
    for piece in _unpacked(script, budget):
        unpacked += piece
        if len(unpacked) > LONGEST:
            raise Flaw(ACTIVE)
    if script and not unpacked:
        raise Flaw(DAMAGED)
    return bytes(unpacked)


def _judge_script(script: bytes) -> None:
    if not all(does_nothing(part) for part in _script_parts(script)):
        raise Flaw(ACTIVE)


def _script_parts(script: bytes) -> Iterator[bytes]:
    """Header, source and what runs before and after it: each with its number of characters first."""
    at = 0
    for _ in range(4 if script else 0):
        length = int.from_bytes(script[at : at + 4], "little") * 2
        if at + 4 + length > len(script):
            raise Flaw(ACTIVE if script[at:].strip(b"\0\xff") else DAMAGED)
        yield script[at + 4 : at + 4 + length]
        at += 4 + length
        if script[at : at + 4] in {b"\xff\xff\xff\xff", b""}:
            return


def _judge_attachment(path: str, data: bytes, budget: Budget) -> None:
    """An attachment as it stands and unpacked: the document does not say for each whether it is compressed."""
    if POSTSCRIPT.search(path):
        raise Flaw(ACTIVE)
    _refuse_files([data])
    _refuse_files(_unpacked(data, budget))


def _refuse_files(pieces: Iterable[bytes]) -> None:
    embedded, last = None, b""
    for piece in pieces:
        if embedded is None:
            embedded = OBJECT in piece[:16]  # its length may stand before it
            if is_program(piece) or is_archive(piece):
                raise Flaw(LOADED)
        if embedded and PACKAGED_FILE in last + piece:
            raise Flaw(LOADED)
        last = piece[-len(PACKAGED_FILE) :]
