"""PNG and JPEG: whole pictures with nothing behind them that is something else."""

from __future__ import annotations

from council.files.archives import archive_inside
from council.files.flaws import DAMAGED, HIDDEN, MISNAMED, Flaw

PNG = b"\x89PNG\r\n\x1a\n"
JPEG_START, JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"
SCAN = 0xDA
# Frame headers: every 0xC0-0xCF but the tables and reserved ones.
FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def judge_png(content: bytes) -> None:
    """Flaw unless it is a row of chunks from IHDR to IEND with nothing but padding after it."""
    if not content.startswith(PNG):
        raise Flaw(MISNAMED)
    kinds: list[bytes] = []
    at = len(PNG)
    while kinds[-1:] != [b"IEND"]:
        length, kind = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        at += 12 + length
        if at > len(content):
            raise Flaw(DAMAGED)
        kinds.append(kind)
    if kinds[0] != b"IHDR" or b"IDAT" not in kinds:
        raise Flaw(DAMAGED)
    if content[at:].strip(b"\0\r\n\t ") or archive_inside(content):
        raise Flaw(HIDDEN)


def judge_jpeg(content: bytes) -> None:
    """Flaw unless a frame, a scan and the end of the picture are there.

    Telephones keep more pictures or a film behind the first one, so only an archive in it is refused.
    """
    if not content.startswith(JPEG_START):
        raise Flaw(MISNAMED)
    at, framed = 2, False
    while True:
        while content[at : at + 2] == b"\xff\xff":
            at += 1
        if content[at : at + 1] != b"\xff" or at + 4 > len(content):
            raise Flaw(DAMAGED)
        kind = content[at + 1]
        framed = framed or kind in FRAMES
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
        if kind == SCAN:
            break
    if not framed or content.find(JPEG_END, at) < 0:
        raise Flaw(DAMAGED)
    if archive_inside(content):
        raise Flaw(HIDDEN)
