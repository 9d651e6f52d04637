"""Edges of what a content may be."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from council.files.flaws import FileRefused
from council.files.kinds import check
from tests.files.samples import CONTENT


def judged(name: str, content: bytes) -> str:
    return check(SimpleUploadedFile(name, content), name=name)


def test_a_page_that_mentions_hwp_is_no_hwp() -> None:
    with pytest.raises(FileRefused):
        judged("a.hwp", b"<html><script>HWP Document File</script>")


def test_text_with_zero_bytes_anywhere_is_refused() -> None:
    assert judged("a.txt", b"a" * 9000) == "text/plain"
    with pytest.raises(FileRefused):
        judged("a.txt", b"a" * 9000 + b"\0\0MZ")


def test_an_archive_that_asks_for_a_newer_version_is_refused_in_words() -> None:
    damaged = bytearray(CONTENT["docx"])
    damaged[damaged.index(b"PK\x01\x02") + 6] = 183
    with pytest.raises(FileRefused):
        judged("a.docx", bytes(damaged))


def test_an_archive_whose_member_names_are_no_text_is_refused_in_words() -> None:
    damaged = bytearray(CONTENT["docx"])
    start = damaged.index(b"PK\x01\x02")
    damaged[start + 9] |= 0x08
    damaged[start + 46] = 0xB1
    with pytest.raises(FileRefused):
        judged("a.docx", bytes(damaged))
