"""An official document as HWPX (KS X 6101), the open format of the Korean administration.

The package's traps: headings hand their numbers on to what follows, so every paragraph names its style; a table without
a height is too low for readers that do not lay it out anew; its blank document says that somebody else made it.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import UTC
from typing import Any

from council.documents.official import Grid, Numbered, Official, Picture, attachment_lines, numbered

FONT = "함초롬바탕"
# HWP units: 7,200 to the inch; A4 with margins of 20 mm leaves 170 mm.
WIDTH = 48_189
MARGIN = 5_669
ROW = 2_000
PLAIN = "바탕글"
SHADE = "#EEF2F7"
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
PER_MM, PER_POINT = 7_200 / 25.4, 100


def as_hwpx(document: Official) -> bytes:
    """The document as HWPX, with a table of facts, numbered lines, and the label at the head of every page."""
    from hwpx import HwpxDocument  # noqa: PLC0415 - takes long, and few processes write one

    made = HwpxDocument.new()
    writer = _AtTheEnd(made)
    made.page.set_margins(left=MARGIN, right=MARGIN, top=MARGIN, bottom=MARGIN)
    if document.label:
        made.page.set_header(text=document.label)
    made.page.set_page_number()
    writer.paragraph(document.full_title, bold=True, size=18, align="CENTER", after=10)
    writer.facts(document)
    writer.body(document)
    for text in attachment_lines(document):
        writer.paragraph(text, before=8)
    for text in document.notes:
        writer.paragraph(text, size=8)
    sign(made, document)
    return bytes(made.to_bytes())


def sign(made: Any, document: Official) -> None:
    """Say in a file who made it, when, and what it is about, and nothing that it said of itself before."""
    moment = document.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    made.parts.clear_document_metadata(timestamp=moment)
    made.parts.set_document_metadata(
        title=clean(document.full_title),
        creator=clean(document.author),
        subject=clean(document.summary[:200]),
        keyword=clean(", ".join(document.keywords)),
        created_date=moment,
        modified_date=moment,
    )


def clean(text: str) -> str:
    """A text as it may stand in a document: its lines, without what no XML holds."""
    return NOT_IN_XML.sub("", "\n".join(text.splitlines()))


class Writer(ABC):
    """Puts one thing after the other into a file; where, and in what look, is for those who derive from it."""

    def __init__(self, made: Any) -> None:
        self.made = made

    @abstractmethod
    def paragraph(
        self,
        text: str,
        *,
        bold: bool = False,
        size: float = 11,
        align: str = "JUSTIFY",
        indent: float = 0,
        before: float = 0,
        after: float = 0,
    ) -> None:
        """A paragraph; ``indent`` in millimetres, the rest in points."""

    @abstractmethod
    def empty_table(self, rows: int, columns: int) -> Any:
        """A table without text."""

    @abstractmethod
    def cell_look(self, *, bold: bool) -> str:
        """The character properties of a table's cells."""

    def facts(self, document: Official) -> None:
        if document.facts:
            self.table((), document.facts, (20, 80))

    def body(self, document: Official) -> None:
        for part in numbered(document):
            if isinstance(part, Picture):
                self.grid(part.grid)
            elif isinstance(part, Grid):
                self.grid(part)
            else:
                self.line(part)

    def line(self, part: Numbered) -> None:
        text = " ".join(filter(None, [part.number, part.text]))
        ends = f"  {part.ends}" if part.ends else ""
        lines = f"{text}{ends}".splitlines() or [""]
        for at, each in enumerate(lines):
            indent = part.level * 6 + (6 if at else 0)
            self.paragraph(each, bold=part.heading, indent=indent, before=8 if part.heading and not at else 2)

    def grid(self, grid: Grid) -> None:
        if grid.title:
            self.paragraph(grid.title, bold=True, before=10, after=2)
        self.table(grid.columns, grid.rows, grid.widths)

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
        """With a first row of headings, or, without columns, a first column of them."""
        lines = [*([columns] if columns else []), *rows]
        table = self.empty_table(len(lines), len(widths))
        total = sum(widths)
        table.set_column_widths([WIDTH * width // total for width in widths])
        shaded = self.made.styles.ensure_border_fill(border_color="#8A949E", fill_color=SHADE)
        plain = self.made.styles.ensure_border_fill(border_color="#8A949E")
        bold, regular = self.cell_look(bold=True), self.cell_look(bold=False)
        for at, (line, row) in enumerate(zip(lines, table.rows, strict=True)):
            for column, (text, cell) in enumerate(zip(line, row.cells, strict=True)):
                heading = (at == 0) if columns else column == 0
                cell.element.set("borderFillIDRef", shaded if heading else plain)
                if columns and at == 0:
                    cell.element.set("header", "1")
                self._fill(cell, text, bold if heading else regular)
        if columns:
            table.element.set("repeatHeader", "1")

    @staticmethod
    def _fill(cell: Any, text: str, look: str) -> None:
        first, *others = text.splitlines() or [""]
        cell.text = first
        for paragraph in cell.paragraphs:
            paragraph.char_pr_id_ref = look
        for other in others:
            cell.add_paragraph(other, char_pr_id_ref=look)


class _AtTheEnd(Writer):
    """Writes a document of our own, each thing behind the last."""

    def __init__(self, made: Any) -> None:
        super().__init__(made)
        # Asked for once: the package looks through all its styles and paragraphs each time.
        self.plain = made.styles.resolve(PLAIN)
        self.shapes: dict[tuple[str, float, float, float], str] = {}

    def paragraph(
        self,
        text: str,
        *,
        bold: bool = False,
        size: float = 11,
        align: str = "JUSTIFY",
        indent: float = 0,
        before: float = 0,
        after: float = 0,
    ) -> None:
        shape = align, indent, before, after
        if shape not in self.shapes:
            self.shapes[shape] = self.made.parts.headers[0].ensure_paragraph_format(
                base_para_pr_id=self.plain.para_pr_id_ref,
                alignment=align,
                line_spacing_percent=160,
                margins={
                    "left": round(indent * PER_MM),
                    "prev": round(before * PER_POINT),
                    "next": round(after * PER_POINT),
                },
            )
        self.made.add_paragraph(
            text,
            style_id_ref=self.plain.id,
            para_pr_id_ref=self.shapes[shape],
            char_pr_id_ref=self.made.styles.ensure_run(bold=bold, size=size, font=FONT),
            inherit_style=False,
        )

    def empty_table(self, rows: int, columns: int) -> Any:
        return self.made.add_table(rows, columns, width=WIDTH, height=rows * ROW, style_id_ref=self.plain.id)

    def cell_look(self, *, bold: bool) -> str:
        return str(self.made.styles.ensure_run(bold=bold, size=10, font=FONT))
