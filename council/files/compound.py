"""Compound files (OLE2): as much of them as it takes to read a HWP document's streams."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from council.files.flaws import DAMAGED, MISNAMED, Flaw

SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
END, FREE = 0xFFFFFFFE, 0xFFFFFFFF
STORAGE, STREAM, ROOT = 1, 2, 5
NONE = 0xFFFFFFFF
ENTRY = 128


@dataclass(slots=True)
class CompoundFile:
    """The streams of a compound file by their paths in small letters, as in ``bodytext/section0``. Flaw if damaged."""

    content: bytes
    sector: int = field(init=False)
    small: int = field(init=False)
    cutoff: int = field(init=False)
    table: list[int] = field(init=False)
    small_table: list[int] = field(init=False)
    small_content: bytes = field(init=False)
    streams: dict[str, tuple[int, int]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        if not self.content.startswith(SIGNATURE):
            raise Flaw(MISNAMED)
        if len(self.content) < 512 or self.content[30:34] not in {b"\x09\0\x06\0", b"\x0c\0\x06\0"}:
            raise Flaw(DAMAGED)
        self.sector, self.small = 1 << self.content[30], 64
        fats, directory, __, self.cutoff, small_fat, ___, difat, ____ = struct.unpack_from("<8I", self.content, 44)
        self.table = self._read_table(fats, difat)
        entries = self._chain(directory)
        self.small_table = _numbers(self._chain(small_fat)) if small_fat < END else []
        root_start, root_size = struct.unpack_from("<I4xQ", entries.ljust(ENTRY, b"\0"), 116)[0], _size(entries, 0)
        self.small_content = self._chain(root_start)[:root_size] if root_start < END else b""
        self._walk(entries)

    def read(self, path: str) -> bytes:
        """A stream's content; KeyError if there is none of that path."""
        start, size = self.streams[path]
        if not size:
            return b""
        content = self._small_chain(start) if size < self.cutoff else self._chain(start)
        if len(content) < size:
            raise Flaw(DAMAGED)
        return content[:size]

    def _at(self, number: int) -> bytes:
        begin = (number + 1) * self.sector
        return self.content[begin : begin + self.sector]

    def _read_table(self, count: int, difat: int) -> list[int]:
        numbers, seen = _numbers(self.content[76:512]), 0
        while difat < END and seen * self.sector < len(self.content):
            more = _numbers(self._at(difat))
            numbers, difat, seen = numbers + more[:-1], (more[-1:] or [END])[0], seen + 1
        used = [number for number in numbers if number < END]
        if len(used) < count or count * self.sector > len(self.content):
            raise Flaw(DAMAGED)
        return [entry for number in used[:count] for entry in _numbers(self._at(number))]

    def _chain(self, number: int) -> bytes:
        return b"".join(self._at(link) for link in _links(self.table, number, len(self.content) // self.sector + 1))

    def _small_chain(self, number: int) -> bytes:
        limit = len(self.small_content) // self.small + 1
        places = (link * self.small for link in _links(self.small_table, number, limit))
        return b"".join(self.small_content[place : place + self.small] for place in places)

    def _walk(self, entries: bytes) -> None:
        """Every stream with its path, from the root on; each entry counts once."""
        waiting, seen = [(_child(entries, 0), "")], {0}
        while waiting:
            number, folder = waiting.pop()
            if number == NONE:
                continue
            if number in seen or (number + 1) * ENTRY > len(entries):
                raise Flaw(DAMAGED)
            seen.add(number)
            entry = entries[number * ENTRY : (number + 1) * ENTRY]
            left, right, child = struct.unpack_from("<3I", entry, 68)
            path = folder + _name(entry).casefold()
            waiting += [(left, folder), (right, folder)]
            if entry[66] == STREAM:
                if path in self.streams:
                    raise Flaw(DAMAGED)
                self.streams[path] = (int.from_bytes(entry[116:120], "little"), _size(entry, 0))
            elif entry[66] == STORAGE:
                waiting.append((child, f"{path}/"))


def _links(table: list[int], number: int, limit: int) -> list[int]:
    found: list[int] = []
    while number < END:
        if number >= len(table) or len(found) > limit:
            raise Flaw(DAMAGED)
        found.append(number)
        number = table[number]
    return found


def _numbers(content: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4]))


def _child(entries: bytes, number: int) -> int:
    if len(entries) < ENTRY or entries[66] != ROOT:
        raise Flaw(DAMAGED)
    return int.from_bytes(entries[number * ENTRY + 76 : number * ENTRY + 80], "little")


def _size(entries: bytes, number: int) -> int:
    return int.from_bytes(entries[number * ENTRY + 120 : number * ENTRY + 124], "little")


def _name(entry: bytes) -> str:
    length = int.from_bytes(entry[64:66], "little")
    return entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
