"""ZIP containers: read by what is in them, not by what their directory claims.

The entries are unpacked here, within bounds that are counted on the way; nothing is ever written.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from council.files.flaws import DAMAGED, HIDDEN, LOCKED, SWOLLEN, Flaw

MAX_ENTRIES = 2_000
MAX_UNPACKED = 500 * 1024**2
MAX_RATIO = 100
PIECE = 256 * 1024

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
LOCAL_LENGTH, END_LENGTH = 30, 22
# Beginnings of archives and of programs, at the place where they stand.
ARCHIVES = (
    LOCAL, END, b"PK\x07\x08", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"MSCF",
    b"ISc(", b"\x28\xb5\x2f\xfd", b"!<arch>\n", b"xar!", b"LZIP",
)  # fmt: skip
PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"#!", b"dex\n")
ENCRYPTED = 0x1 | 0x40 | 0x2000
SYMLINK, KIND_OF_FILE = 0o120000, 0o170000
DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(slots=True)
class Budget:
    """How much may still be unpacked: of one file, everything in it together."""

    left: int

    @classmethod
    def of(cls, size: int) -> Budget:
        return cls(min(MAX_UNPACKED, MAX_RATIO * size))

    def spend(self, amount: int) -> None:
        self.left -= amount
        if self.left < 0:
            raise Flaw(SWOLLEN)


@dataclass(frozen=True, slots=True)
class Entry:
    """One file in a container, still packed."""

    name: str
    packed: memoryview
    method: int
    claimed: int
    crc: int

    def pieces(self, budget: Budget) -> Iterator[bytes]:
        """Its content piece by piece; a Flaw where it is more than the budget, or not what the directory says."""
        total, crc = 0, 0
        for piece in self._unpacked():
            total, crc = total + len(piece), zlib.crc32(piece, crc)
            budget.spend(len(piece))
            yield piece
        if (total, crc) != (self.claimed, self.crc):
            raise Flaw(DAMAGED)

    def _unpacked(self) -> Iterator[bytes]:
        if self.method == ZIP_STORED:
            yield from (bytes(self.packed[at : at + PIECE]) for at in range(0, len(self.packed), PIECE))
            return
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        rest: bytes | memoryview = self.packed
        try:
            while not inflater.eof:
                piece = inflater.decompress(rest, PIECE)
                rest = inflater.unconsumed_tail
                if not piece and not rest:
                    break
                yield piece
        except zlib.error as error:
            raise Flaw(DAMAGED) from error
        if not inflater.eof or inflater.unused_data:
            raise Flaw(DAMAGED)


def entries(content: bytes) -> list[Entry]:
    """What a container holds, by its directory; Flaw unless every entry lies plainly in it, once, under a good name."""
    if not content.startswith(LOCAL) or END not in content:
        raise Flaw(DAMAGED)
    if not content[-END_LENGTH:].startswith(END):
        raise Flaw(DAMAGED if content.rindex(END) > len(content) - END_LENGTH else HIDDEN)
    if content.count(CENTRAL) > MAX_ENTRIES:
        raise Flaw(SWOLLEN)  # before the directory is read, which costs more memory than it has bytes
    try:
        with ZipFile(BytesIO(content)) as archive:
            infos, directory = archive.infolist(), archive.start_dir
    except (BadZipFile, NotImplementedError, ValueError, EOFError, OSError, RuntimeError) as error:
        # A damaged or forged directory raises any of these.
        raise Flaw(DAMAGED) from error
    _refuse_names([info.orig_filename for info in infos])
    for info in infos:
        _refuse_entry(info)
    return _placed(content[:directory], sorted(infos, key=lambda info: info.header_offset))


def _refuse_names(names: list[str]) -> None:
    for name in names:
        parts = name.split("/")
        if not name or "\\" in name or "\0" in name or name.startswith("/") or ".." in parts or DRIVE.match(name):
            raise Flaw(DAMAGED)
    if len({name.casefold().rstrip("/") for name in names}) < len(names):
        raise Flaw(DAMAGED)


def _refuse_entry(info: ZipInfo) -> None:
    if info.flag_bits & ENCRYPTED:
        raise Flaw(LOCKED)
    symlink = info.external_attr >> 16 & KIND_OF_FILE == SYMLINK
    if symlink or info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise Flaw(DAMAGED)


def _placed(content: bytes, infos: list[ZipInfo]) -> list[Entry]:
    """The entries in the order in which they lie; the first begins the file, and no two share a byte."""
    if not infos or infos[0].header_offset:
        raise Flaw(HIDDEN if infos else DAMAGED)
    view, free_from, found = memoryview(content), 0, []
    for info in infos:
        begins = info.header_offset + LOCAL_LENGTH
        head = content[info.header_offset : begins]
        if info.header_offset < free_from or not _agrees(head, info):
            raise Flaw(DAMAGED)
        names_end = begins + int.from_bytes(head[26:28], "little")
        data = names_end + int.from_bytes(head[28:30], "little")
        free_from = data + info.compress_size
        if free_from > len(content) or content[begins:names_end] != _raw(info):
            raise Flaw(DAMAGED)
        found.append(Entry(info.orig_filename, view[data:free_from], info.compress_type, info.file_size, info.CRC))
    return found


def _agrees(head: bytes, info: ZipInfo) -> bool:
    """Whether an entry's own header tells the same story as the directory."""
    if int.from_bytes(head[6:8], "little") & ENCRYPTED:
        raise Flaw(LOCKED)
    return (
        len(head) == LOCAL_LENGTH and head.startswith(LOCAL) and head[8:10] == info.compress_type.to_bytes(2, "little")
    )


def _raw(info: ZipInfo) -> bytes:
    """An entry's name as it stands in the file."""
    return info.orig_filename.encode("utf-8" if info.flag_bits & 0x800 else "cp437")


def is_archive(head: bytes) -> bool:
    """Whether a content begins as an archive does."""
    return head.startswith(ARCHIVES) or head[257:262] == b"ustar"


def is_program(head: bytes) -> bool:
    """Whether a content begins as a program does."""
    return head.startswith(PROGRAMS)


def archive_inside(content: bytes) -> bool:
    """Whether an archive lies somewhere in a content that is read from its beginning as something else.

    A ZIP file is read from its end: where its closing record stands and points back to a directory, there is one.
    """
    at = content.rfind(END)
    while at >= 0:
        size = int.from_bytes(content[at + 12 : at + 16], "little")
        if len(content) >= at + 22 and size <= at and (size == 0 or content[at - size : at - size + 4] == CENTRAL):
            return True
        at = content.rfind(END, 0, at)
    return b"Rar!\x1a\x07" in content or b"7z\xbc\xaf\x27\x1c" in content
