"""Registers as XLSX: every cell is text, and none is taken for a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO

from council.documents.tables import as_text

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a spreadsheet takes in one cell.
LONGEST = 32_767


def as_xlsx(
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    widths: Sequence[int],
    author: str,
    made_at: datetime,
) -> bytes:
    """One sheet with a row of headings that stays in sight, and filters on it."""
    from openpyxl import Workbook  # noqa: PLC0415 - takes long, and few processes write one
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = Workbook(write_only=True)
    moment = made_at.replace(tzinfo=None)
    book.properties.creator, book.properties.title = author, title
    book.properties.created = book.properties.modified = moment
    sheet = book.create_sheet(_sheet_name(title))
    sheet.freeze_panes = "A2"
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width * 1.2
    height = 1
    for at, row in enumerate([columns, *rows]):
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=None)
            cell.value, cell.data_type, cell.number_format = _plain(as_text(value)), "s", "@"
            cell.font, cell.alignment = Font(bold=at == 0), Alignment(wrap_text=True, vertical="top")
            cells.append(cell)
        sheet.append(cells)
        height = at + 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{height}"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet_name(title: str) -> str:
    return "".join(letter for letter in title if letter not in "[]:*?/\\")[:31] or "1"


def _plain(text: str) -> str:
    """Without what no XML holds."""
    return "".join(letter for letter in text if letter in "\n\t" or ord(letter) >= 32)[:LONGEST]
