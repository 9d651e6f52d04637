"""Official documents are read back: HWPX by its validators and a second package, PDF by a reader, XLSX by its own."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hwpx import HwpxDocument, validate_package
from hwpx.tools.validator import validate_document
from openpyxl import load_workbook
from pypdf import PdfReader

from council.documents.hwpx import as_hwpx
from council.documents.official import Grid, Line, Numbered, Official, as_pdf, attachment_lines, numbered, numeral
from council.documents.xlsx import as_xlsx
from tests.services import missing

MADE = datetime(2027, 6, 2, 1, tzinfo=UTC)
TRICKY = "<b>굵게</b> & \"따옴표\" '=1+1' 뷁"
DOCUMENT = Official(
    title="제1차 정기회의 회의록",
    language="ko",
    author="과학기술정보통신부",
    made_at=MADE,
    label="TLP:AMBER+STRICT",
    marking="안",
    facts=(("회의 명칭", "제1차 정기회의"), ("참석자", "SK텔레콤 ○○○\nKT ○○○")),
    parts=(
        Line("안건 하나", 0, heading=True),
        Line("발언 요지", 1),
        Line(TRICKY, 2),
        Line("둘째 발언\n둘째 줄", 2),
        Line("결정 사항", 1),
        Grid("조치사항", ("번호", "내용"), (("A-001", TRICKY), ("A-002", "둘")), (20, 80)),
        Line("안건 둘", 0, heading=True),
    ),
    summary="요지",
    keywords=("보안", "투자"),
    attachments=("참석자 명단", "조치사항 목록"),
)


def test_lines_are_numbered_in_the_official_order() -> None:
    assert [numeral(level, 1) for level in range(7)] == ["1.", "가.", "1)", "가)", "(1)", "(가)", "①"]
    assert [numeral(1, n) for n in (2, 14, 15)] == ["나.", "하.", "가가."]
    assert numeral(1, 2, "en") == "b."
    written = [(part.number, part.text.partition("\n")[0]) for part in numbered(DOCUMENT) if isinstance(part, Numbered)]
    assert written == [
        ("1.", "안건 하나"), ("가.", "발언 요지"), ("1)", TRICKY), ("2)", "둘째 발언"), ("나.", "결정 사항"),
        ("2.", "안건 둘"),
    ]  # fmt: skip


def test_the_end_is_marked_behind_the_last_line_or_attachment() -> None:
    assert attachment_lines(DOCUMENT) == ["붙임  1. 참석자 명단 1부.", "\u3000\u3000  2. 조치사항 목록 1부.  끝."]
    alone = Official(title="t", language="ko", author="a", made_at=MADE, parts=(Line("하나", 0), Line("둘", 0)))
    assert [part.ends for part in numbered(alone) if isinstance(part, Numbered)] == ["", "끝."]
    assert attachment_lines(alone) == []


@pytest.fixture(scope="module")
def hwpx() -> bytes:
    return as_hwpx(DOCUMENT)


def test_the_hwpx_passes_its_validators(hwpx: bytes) -> None:
    assert validate_document(hwpx).ok
    assert validate_package(hwpx).ok
    with ZipFile(BytesIO(hwpx)) as package:
        first = package.infolist()[0]
        assert (first.filename, first.compress_type, package.read("mimetype")) == (
            "mimetype",
            0,
            b"application/hwp+zip",
        )
        assert package.testzip() is None


def test_the_hwpx_says_everything_and_nothing_of_anybody_else(hwpx: bytes) -> None:
    text = HwpxDocument.open(BytesIO(hwpx)).text.plain()
    for said in ("제1차 정기회의 회의록(안)", "SK텔레콤 ○○○", "가. 발언 요지", TRICKY, "A-002", "끝."):
        assert said in text, said
    with ZipFile(BytesIO(hwpx)) as package:
        everything = b"".join(package.read(name) for name in package.namelist())
    assert b"synthetic" not in everything
    about = package_text(hwpx, "Contents/content.hpf")
    assert "과학기술정보통신부" in about
    assert "2027-06-02T01:00:00Z" in about
    assert "보안, 투자" in about
    assert "TLP:AMBER+STRICT" in everything.decode("utf-8", "ignore")


def package_text(hwpx: bytes, name: str) -> str:
    with ZipFile(BytesIO(hwpx)) as package:
        return package.read(name).decode()


def test_a_second_engine_reads_the_hwpx(hwpx: bytes) -> None:
    hwpforge = pytest.importorskip("hwpforge", reason="it has no wheel for this machine")
    document = hwpforge.Document.from_bytes(hwpx)
    assert document.validate()["ok"]
    said = str(document.to_md())
    for words in ("제1차 정기회의", "발언 요지", "A-002", "둘째 줄"):
        assert words in said, words


def test_the_pdf_reads_back_in_hangul_with_its_fonts_in_it() -> None:
    pages = PdfReader(BytesIO(as_pdf(DOCUMENT)))
    text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages.pages))
    for said in ("제1차 정기회의 회의록(안)", "가. 발언 요지", "뷁", "A-002", "끝.", "TLP:AMBER+STRICT"):
        assert said in text, said
    resources: list[Any] = [page["/Resources"] for page in pages.pages]
    fonts = [font.get_object() for one in resources for font in one["/Font"].values()]
    assert fonts
    assert all("Pretendard" in str(font["/BaseFont"]) for font in fonts)
    assert pages.metadata is not None
    assert (pages.metadata.title, pages.metadata.author) == ("제1차 정기회의 회의록(안)", "과학기술정보통신부")


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", '=HYPERLINK("http://x")']


def test_no_cell_is_a_formula() -> None:
    rows = [("1", text) for text in FORMULAS]
    content = as_xlsx("협의 결과/1", ("번호", "내용"), rows, widths=(10, 50), author="부", made_at=MADE)
    book = load_workbook(BytesIO(content))
    sheet: Any = book.active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == [f"'{text}" for text in FORMULAS]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, book.properties.creator) == ("A2", "A1:B8", "부")


def test_what_no_xml_holds_and_what_is_too_long_is_left_out() -> None:
    content = as_xlsx("t", ("a",), [("\x00\x0b나" + "가" * 40_000,)], widths=(10,), author="a", made_at=MADE)
    sheet: Any = load_workbook(BytesIO(content)).active
    value = sheet["A2"].value
    assert value.startswith("나가")
    assert len(value) == 32_767


def test_a_title_with_what_no_xml_holds_is_written_without_it() -> None:
    document = replace(DOCUMENT, title="제목\x00", summary="요\x01지", author="부\uffff")
    about = package_text(as_hwpx(document), "Contents/content.hpf")
    assert "제목(안)" in about
    assert "요지" in about


def poppler(tool: str, content: bytes, tmp_path: Path, *options: str) -> str:
    """What one of Poppler's tools says of a PDF: a reader that shares nothing with what wrote it."""
    if shutil.which(tool) is None:
        missing(f"{tool} (poppler-utils)")
    (tmp_path / "document.pdf").write_bytes(content)
    read = subprocess.run([tool, *options, "document.pdf", *(["-"] if tool == "pdftotext" else [])], cwd=tmp_path,
                          check=True, capture_output=True)  # fmt: skip
    return read.stdout.decode()


def test_another_reader_finds_the_hangul_and_every_font_in_the_file(tmp_path: Path) -> None:
    content = as_pdf(DOCUMENT)
    said = re.sub(r"\s+", " ", poppler("pdftotext", content, tmp_path, "-layout"))
    for words in (
        "제1차 정기회의 회의록(안)",
        "1. 안건 하나",
        "가. 발언 요지",
        "1) <b>굵게</b>",
        "2. 조치사항 목록 1부. 끝.",
    ):
        assert words in said, words
    fonts = poppler("pdffonts", content, tmp_path).splitlines()[2:]
    assert fonts
    # Name, type, encoding, then whether it is embedded, a subset, and with its letters.
    assert {tuple(line.split()[-5:-3]) for line in fonts} <= {("yes", "yes"), ("yes", "no")}
