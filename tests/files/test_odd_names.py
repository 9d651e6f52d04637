"""A hundred and more odd names: shown readably, saved harmlessly, and judged by the ending that is seen."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from council.core.actor import Actor
from council.files.flaws import FileRefused
from council.files.kinds import check
from council.files.names import NAME_LENGTH, readable_name
from council.files.operations import taken_in
from tests.files.names import NAMES
from tests.files.samples import PDF

DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


def test_the_names_are_many_and_distinct() -> None:
    assert len(NAMES) >= 150


@pytest.mark.parametrize(("given_name", "shown"), NAMES.items(), ids=[ascii(name)[:60] for name in NAMES])
def test_a_name_is_shown_as_expected(given_name: str, shown: str) -> None:
    assert readable_name(given_name) == shown


@pytest.mark.parametrize("given_name", NAMES, ids=[ascii(name)[:60] for name in NAMES])
def test_what_is_shown_is_safe_on_any_system_and_stays_so(given_name: str) -> None:
    shown = readable_name(given_name)
    assert 0 < len(shown) <= NAME_LENGTH
    assert not DEVICE.fullmatch(shown)
    assert [char for char in shown if char in "/\\" or unicodedata.category(char)[0] == "C"] == []
    assert shown == unicodedata.normalize("NFC", shown).strip(" .")
    assert readable_name(shown) == shown
    shown.encode()


@pytest.mark.parametrize(
    "name", ["report.pdf.exe", "report.pdf\0.exe", "report\u202efdp.exe", "report.pdf.exe.", "report.pdf::$DATA", "pdf"]
)
def test_a_name_that_only_looks_like_a_document_is_refused_by_its_ending(name: str) -> None:
    with pytest.raises(FileRefused):
        check(SimpleUploadedFile("x", PDF), name=readable_name(name))


@pytest.mark.parametrize("given_name", ["CON.pdf", "가" * 300 + ".pdf", "\udc80실적.pdf", "../실적.pdf"], ids=ascii)
def test_a_file_of_an_odd_name_is_kept_under_the_readable_one(liaison: Actor, given_name: str) -> None:
    upload: Any = SimpleUploadedFile("x.pdf", PDF)
    upload._name = given_name
    with taken_in(upload, by=liaison) as stored:
        pass
    stored.refresh_from_db()
    assert stored.name == readable_name(given_name)
