"""The sender's name for a file, made fit to be shown."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from council.files.names import NAME_LENGTH, readable_name


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("이행실적.pdf", "이행실적.pdf"),
        (unicodedata.normalize("NFD", "이행실적.pdf"), "이행실적.pdf"),
        ("C:\\Users\\kim\\이행실적.pdf", "이행실적.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\이행실적.pdf", "이행실적.pdf"),
        ("실적\u202efdp.exe", "실적fdp.exe"),  # right-to-left override
        ("실적\u200f\u2066.pdf", "실적.pdf"),
        ("실적\r\nX-Header: 1.pdf", "실적X-Header: 1.pdf"),
        ("실\0적\x7f.pdf", "실적.pdf"),
        ("  이행실적.pdf ", "이행실적.pdf"),
        ("이행실적.pdf.", "이행실적.pdf"),
        (".pdf", "pdf"),
        ("...", "file"),
        ("", "file"),
        ("folder/", "file"),
        ("이행 실적 (최종).pdf", "이행 실적 (최종).pdf"),
    ],
)
def test_only_what_can_be_read_is_left_of_a_name(given_name: str, shown: str) -> None:
    assert readable_name(given_name) == shown


def test_a_long_name_is_cut_before_its_ending() -> None:
    assert readable_name("가" * 296 + ".pdf") == "가" * (NAME_LENGTH - 4) + ".pdf"
    assert readable_name("가" * 300) == "가" * NAME_LENGTH
    assert readable_name("가" * 146 + ".pdf") == "가" * 146 + ".pdf"


@given(st.text(max_size=60))
def test_no_name_keeps_a_path_or_a_character_that_controls_the_line(name: str) -> None:
    shown = readable_name(name)
    assert [char for char in shown if char in "/\\" or unicodedata.category(char)[0] == "C"] == []
    assert shown == shown.strip(" .")


@given(st.text(max_size=400), st.sampled_from(["pdf", "hwpx", "docx"]))
def test_a_name_with_a_good_ending_fits_the_column_and_keeps_it(stem: str, ending: str) -> None:
    shown = readable_name(f"a{stem}b.{ending}")
    assert len(shown) <= NAME_LENGTH
    assert shown.endswith(f".{ending}")
