"""A table that somebody filled in as XLSX, read as text: by its headings, and nothing of it is computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from council.core.errors import DomainError
from council.files.kinds import check

# More lines than anybody looks through before they say yes.
MOST_ROWS = 500
# Bytes of all that is packed in it: the library keeps every text of a table in memory, however few lines are read.
MOST_UNPACKED = 20 * 1024**2


class SheetRefused(DomainError):
    """The file is no table of this kind."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column by what stands over it: in Korean, in English, or its plain name."""

    name: str
    ko: str
    en: str
    required: bool = False

    @property
    def headings(self) -> set[str]:
        return {text.casefold() for text in (self.name, self.ko, self.en)}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """``number`` as the spreadsheet counts its lines."""

    number: int
    values: Mapping[str, str]


def read_upload(upload: File[bytes], columns: Sequence[Column]) -> list[SheetRow]:
    """The filled-in lines of a table that somebody sent. SheetRefused, on the field, for what is none or has none."""
    try:
        check(upload, name=upload.name or "")
        upload.seek(0)
        rows = read_sheet(upload.read(), columns)
    except DomainError as error:
        raise SheetRefused(error.message, field="upload") from error
    if not rows:
        raise SheetRefused(_("The table has no line that is filled in."), field="upload")
    return rows


def read_sheet(content: bytes, columns: Sequence[Column]) -> list[SheetRow]:
    """The filled-in lines of the first sheet. SheetRefused for missing or unknown headings, too many lines, formulas.

    ``content`` is one that was judged to be a sound XLSX before (council.files.kinds.check).
    """
    from openpyxl import load_workbook  # noqa: PLC0415 - takes long, and few processes read one

    book = None
    try:
        with ZipFile(BytesIO(content)) as packed:
            if sum(info.file_size for info in packed.infolist()) > MOST_UNPACKED:
                raise SheetRefused(_("This table is far too large. Take in a part of it at a time."), field="upload")
        book = load_workbook(BytesIO(content), read_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        lines = enumerate(sheet.iter_rows(), 1)
        _first, heads = next(lines, (1, ()))
        names = _names([_text(cell) for cell in heads], columns)
        return list(_rows(lines, names))
    except SheetRefused:
        raise
    except Exception as error:
        # Whatever the library stumbles over: the file is not one that a spreadsheet wrote.
        said = _("This file cannot be read as a table. Save it once more as XLSX.")
        raise SheetRefused(said, field="upload") from error
    finally:
        if book is not None:
            book.close()


def _names(heads: Sequence[str], columns: Sequence[Column]) -> list[str | None]:
    known = {heading: column.name for column in columns for heading in column.headings}
    names = [known.get(head.strip().casefold()) if head.strip() else None for head in heads]
    strange = [head for head, name in zip(heads, names, strict=True) if head.strip() and name is None]
    missing = [column.ko for column in columns if column.required and column.name not in names]
    twice = {name for name in names if name and names.count(name) > 1}
    if strange or missing or twice:
        raise SheetRefused(
            _("The headings are not those of the form. Missing: %(missing)s. Unknown or twice: %(strange)s.")
            % {"missing": ", ".join(missing) or "–", "strange": ", ".join([*strange, *sorted(twice)])[:200] or "–"},
            field="upload",
        )
    return names


def _rows(lines: Iterator[tuple[int, Any]], names: Sequence[str | None]) -> Iterator[SheetRow]:
    count = empty = 0
    for number, cells in lines:
        values = {name: _text(cell) for cell, name in zip(cells, names, strict=False) if name}
        if not any(values.values()):
            if (empty := empty + 1) > MOST_ROWS:
                return
            continue
        if (count := count + 1) > MOST_ROWS:
            raise SheetRefused(
                _("More than %(most)d lines. Take in a part of them at a time.") % {"most": MOST_ROWS}, field="upload"
            )
        yield SheetRow(number, values)


def _text(cell: Any) -> str:
    """What a cell says. A formula says nothing by itself: whoever sent it may mean anything by it."""
    if cell.data_type == "f":
        raise SheetRefused(
            _("Cell %(cell)s holds a formula. Put its result there.") % {"cell": cell.coordinate}, field="upload"
        )
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, int | float) and "%" in str(cell.number_format):  # a spreadsheet keeps 30% as 0.3
        return f"{(Decimal(str(value)) * 100).normalize():f}%"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
