"""ZIP files that no tool writes: headers that lie, entries that share their bytes, names that lead elsewhere."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from functools import cache

from tests.files.builders import MAIN, deflated, types

BLOCK = 1024 * 1024


@cache
def bomb(megabytes: int) -> bytes:
    """Zeros, packed a thousand to one as a raw deflate stream."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(BLOCK)) + packer.flush(zlib.Z_FULL_FLUSH)
    return block * megabytes + packer.flush(zlib.Z_FINISH)


def zlib_bomb(megabytes: int, head: bytes) -> bytes:
    """The same behind a few bytes, in zlib's frame as PDF has it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return b"\x78\xda" + packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH) + bomb(megabytes)


@dataclass
class Forged:
    """One entry, with what its headers say of it."""

    name: str
    data: bytes = b"<x/>"
    packed: bytes | None = None
    method: int = 8
    local_method: int | None = None
    flags: int = 0
    local_flags: int = 0
    local_name: str | None = None
    size: int | None = None
    crc: int | None = None
    attributes: int = 0
    at: int | None = None

    def content(self) -> bytes:
        return deflated(self.data) if self.packed is None else self.packed

    def facts(self) -> bytes:
        crc = zlib.crc32(self.data) if self.crc is None else self.crc
        size = len(self.data) if self.size is None else self.size
        return struct.pack("<3I", crc, len(self.content()), size)

    def local(self) -> bytes:
        name = (self.name if self.local_name is None else self.local_name).encode()
        method = self.method if self.local_method is None else self.local_method
        head = b"PK\3\4" + struct.pack("<5H", 20, self.flags | self.local_flags, method, 0, 0x21) + self.facts()
        return head + struct.pack("<2H", len(name), 0) + name + self.content()

    def central(self, at: int) -> bytes:
        name = self.name.encode()
        head = b"PK\1\2" + struct.pack("<6H", 0x314, 20, self.flags, self.method, 0, 0x21) + self.facts()
        return head + struct.pack("<5H2I", len(name), 0, 0, 0, 0, self.attributes, at) + name


def forged(*entries: Forged, own: str = "docx", comment: bytes = b"") -> bytes:
    """A document of Office's with these entries after its own."""
    main, content_type = MAIN[own]
    whole = [Forged("[Content_Types].xml", types(main, content_type).encode()), Forged(main), *entries]
    content, places = b"", []
    for entry in whole:
        places.append(len(content) if entry.at is None else entry.at)
        if entry.at is None:
            content += entry.local()
    directory = b"".join(entry.central(at) for entry, at in zip(whole, places, strict=True))
    numbers = struct.pack("<2H2IH", len(whole), len(whole), len(directory), len(content), len(comment))
    return content + directory + b"PK\5\6\0\0\0\0" + numbers + comment


def overlapping(count: int = 50) -> bytes:
    """Entries that all point at the same packed bytes."""
    kernel = Forged("a.xml", bytes(BLOCK))
    first = forged()
    at = first.index(b"PK\1\2")
    return forged(kernel, *[Forged("a.xml", bytes(BLOCK), at=at) for _ in range(count)])


def quoted(count: int = 20) -> bytes:
    """Entries whose packed bytes contain, stored, the headers of the next ones (as the known bomb does)."""
    at = forged().index(b"PK\1\2")
    inner = Forged("z.xml", bytes(BLOCK))
    chain, entries = inner.local(), [inner]
    for number in range(count):
        outer = Forged(f"{number}.xml", chain, packed=chain, method=0)
        chain = outer.local()
        entries.insert(0, outer)
    place, first = at, entries[0]
    for entry in entries[1:]:
        place += 30 + len(first.name)
        entry.at, first = place, entry
    return forged(*entries)
