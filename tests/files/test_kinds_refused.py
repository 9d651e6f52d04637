"""A file is refused when it is too large, empty, of another kind, or not what its name says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import File
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from council.files.flaws import FileRefused
from council.files.kinds import check
from tests.files.builders import OLE
from tests.files.samples import CONTENT, EXE, HTML, PDF, PNG, container

# Anything may be text, so text is left out as a name; a JPEG has two names.
NAMES = [ending for ending in CONTENT if ending not in {"csv", "txt"}]
OF_ANOTHER_KIND = [
    (ending, other) for ending in NAMES for other in CONTENT if other != ending and {other, ending} != {"jpg", "jpeg"}
]


def refusal(name: str, content: bytes) -> FileRefused:
    with pytest.raises(FileRefused) as error:
        check(SimpleUploadedFile(name, content), name=name)
    assert error.value.field == "uploads"
    return error.value


@pytest.mark.parametrize("ending", CONTENT)
@pytest.mark.parametrize("content", [EXE, HTML.ljust(600), b"\0" * 600], ids=["program", "page", "zeros"])
def test_what_is_something_else_under_a_good_name_is_refused(ending: str, content: bytes) -> None:
    if content.startswith(b"<") and ending in {"csv", "txt"}:
        content = b"\xff\xfe" + content  # a page is text; as text it is served as text
    assert "실적" in str(refusal(f"실적.{ending}", content))


@pytest.mark.parametrize(("ending", "other"), OF_ANOTHER_KIND)
def test_one_good_kind_under_the_name_of_another_is_refused(ending: str, other: str) -> None:
    refusal(f"실적.{ending}", CONTENT[other])


@pytest.mark.parametrize("ending", ["docx", "xlsx", "pptx", "hwpx"])
def test_an_archive_without_the_kinds_own_member_is_refused(ending: str) -> None:
    refusal(f"실적.{ending}", container("payload.bin"))


@pytest.mark.parametrize("ending", ["docx", "hwpx"])
def test_an_archive_that_was_cut_off_is_refused(ending: str) -> None:
    refusal(f"실적.{ending}", CONTENT[ending][:-40])


@pytest.mark.parametrize(
    "name",
    ["실적.exe", "실적.html", "실적.svg", "실적.zip", "실적.docm", "실적", "pdf", "실적.pdf.exe", "실적.", "실적.pdf "],
)
def test_an_ending_that_is_not_on_the_list_is_refused_whatever_the_content(name: str) -> None:
    with translation.override("en"):
        assert str(refusal(name, PDF)) == (
            f"“{name}” is of a kind that is not taken. "
            "Possible are: pdf, png, jpg, jpeg, hwp, hwpx, docx, xlsx, pptx, csv, txt."
        )


def test_a_double_ending_is_judged_by_the_last() -> None:
    refusal("실적.exe.pdf", EXE)
    assert check(SimpleUploadedFile("실적.exe.pdf", PDF), name="실적.exe.pdf") == "application/pdf"


@pytest.mark.parametrize("content", [b"text\0text", b"\0", "글".encode("utf-16")])
def test_text_with_zero_bytes_is_refused(content: bytes) -> None:
    refusal("실적.txt", content)
    refusal("실적.csv", content)


def test_text_in_no_encoding_in_use_is_refused() -> None:
    refusal("실적.txt", b"\xff\xff\xff\xff")


def test_an_office_file_of_the_old_kind_is_no_hwp() -> None:
    refusal("실적.hwp", OLE + b"\0" * 600 + "Microsoft Word".encode("utf-16-le"))


def test_an_empty_file_is_refused() -> None:
    with translation.override("en"):
        assert str(refusal("실적.pdf", b"")) == "“실적.pdf” is empty."


@pytest.mark.parametrize(("size", "taken"), [(99, True), (100, True), (101, False)])
def test_the_limit_is_the_largest_size_that_is_taken(settings: Any, size: int, taken: bool) -> None:
    settings.MAX_FILE_BYTES = 100
    content = b"%PDF-1.7".ljust(size - 6) + b"\n%%EOF"
    if taken:
        assert check(SimpleUploadedFile("실적.pdf", content), name="실적.pdf") == "application/pdf"
    else:
        refusal("실적.pdf", content)


def test_fifty_megabytes_are_refused_naming_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "large.pdf"
    with path.open("wb") as sparse:
        sparse.write(PDF)
        sparse.truncate(50 * 1024**2)
    with path.open("rb") as content, pytest.raises(FileRefused) as error, translation.override("en"):
        check(File(content), name="실적.pdf")
    with translation.override("en"):
        assert str(error.value) == "“실적.pdf” is larger than 30 MB."


def test_a_picture_is_still_a_picture_when_its_size_lies_within_the_limit() -> None:
    assert check(SimpleUploadedFile("a.png", PNG.ljust(1024**2, b"\0")), name="a.png") == "image/png"
