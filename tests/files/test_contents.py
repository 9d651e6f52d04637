"""What a file holds decides, wherever in it that stands; a damaged archive is refused in words."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from council.files.operations import FileRefused, check
from tests.files.samples import CONTENT, OLE

ENTRY = CONTENT["docx"].index(b"PK\x01\x02")  # the archive's first directory entry
VERSION_NEEDED, FLAGS, NAME = ENTRY + 6, ENTRY + 9, ENTRY + 46
NAME_IS_UTF8 = CONTENT["docx"][FLAGS] | 0x08


def checked(name: str, content: bytes) -> str:
    return check(SimpleUploadedFile(name, content), name=name)


def test_an_hwp_is_known_wherever_in_the_first_part_its_signature_stands() -> None:
    assert checked("a.hwp", OLE + b"\0" * 20_000 + b"HWP Document File") == "application/x-hwp"


def test_a_page_that_mentions_hwp_is_no_hwp() -> None:
    with pytest.raises(FileRefused):
        checked("a.hwp", b"<html><script>HWP Document File</script>")


@pytest.mark.parametrize(
    "damage",
    [{VERSION_NEEDED: 183}, {NAME: 0xB1, FLAGS: NAME_IS_UTF8}],
    ids=["needs version 18.3", "a name that is no text"],
)
def test_a_damaged_archive_is_refused_in_words(damage: dict[int, int]) -> None:
    content = bytearray(CONTENT["docx"])
    for place, byte in damage.items():
        content[place] = byte
    with pytest.raises(FileRefused):
        checked("a.docx", bytes(content))


def test_text_with_zero_bytes_anywhere_is_refused() -> None:
    with pytest.raises(FileRefused):
        checked("a.txt", b"a" * 9000 + b"\0\0MZ")
