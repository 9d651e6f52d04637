"""CSV that a Korean spreadsheet opens as it is meant, and in which no cell becomes a formula."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from council.documents.tables import as_text, csv_lines


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_what_a_spreadsheet_takes_for_a_formula_gets_an_apostrophe(start: str) -> None:
    assert as_text(f"{start}HYPERLINK(1)") == f"'{start}HYPERLINK(1)"
    table = StringIO("".join(csv_lines(["a"], [[f"{start}1"]])), newline="")
    assert list(csv.reader(table)) == [["\ufeffa"], [f"'{start}1"]]


@pytest.mark.parametrize(
    ("value", "text"), [("가나다", "가나다"), ("1=1", "1=1"), (7, "7"), (None, ""), (-7, "-7"), ("-7", "'-7")]
)
def test_anything_else_is_written_as_it_is(value: object, text: str) -> None:
    assert as_text(value) == text


def test_the_first_line_carries_the_mark_of_utf_8_and_no_other_does() -> None:
    assert list(csv_lines(["번호", "제목"], [[1, 'a "b", c'], [2, "=1"]])) == [
        "\ufeff번호,제목\r\n",
        '1,"a ""b"", c"\r\n',
        "2,'=1\r\n",
    ]
