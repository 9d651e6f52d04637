"""An official document as HWPX (KS X 6101), the open format of the Korean administration.

The package's traps: headings hand their numbers on to what follows, so every paragraph names its style; a table without
a height is too low for readers that do not lay it out anew; its blank document says that somebody else made it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import Any

from council.documents.official import Grid, Numbered, Official, attachment_lines, numbered

FONT = "함초롬바탕"
# HWP units: 7,200 to the inch; A4 with margins of 20 mm leaves 170 mm.
WIDTH = 48_189
MARGIN = 5_669
ROW = 2_000
PLAIN = "바탕글"
SHADE = "#EEF2F7"


def as_hwpx(document: Official) -> bytes:
    """The document as HWPX, with a table of facts, numbered lines, and the label at the head of every page."""
    from hwpx import HwpxDocument  # noqa: PLC0415 - takes long, and few processes write one

    made = HwpxDocument.new()
    writer = _Writer(made)
    made.page.set_margins(left=MARGIN, right=MARGIN, top=MARGIN, bottom=MARGIN)
    if document.label:
        made.page.set_header(text=document.label)
    made.page.set_page_number()
    writer.title(document.full_title)
    if document.facts:
        writer.table((), document.facts, (20, 80))
    for part in numbered(document):
        if isinstance(part, Grid):
            writer.grid(part)
        else:
            writer.line(part)
    for text in attachment_lines(document):
        writer.paragraph(text, before=8)
    for text in document.notes:
        writer.paragraph(text, size=8)
    moment = document.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    made.parts.clear_document_metadata(timestamp=moment)
    made.parts.set_document_metadata(
        title=document.full_title,
        creator=document.author,
        subject=document.summary[:200],
        keyword=", ".join(document.keywords),
        created_date=moment,
        modified_date=moment,
    )
    return made.to_bytes()


class _Writer:
    """Puts one thing after the other into a document."""

    def __init__(self, made: Any) -> None:
        self.made = made
        self.first = True

    def title(self, text: str) -> None:
        self.paragraph(text, bold=True, size=18, align="CENTER", after=10)

    def line(self, part: Numbered) -> None:
        text = " ".join(filter(None, [part.number, part.text]))
        ends = f"  {part.ends}" if part.ends else ""
        lines = f"{text}{ends}".splitlines() or [""]
        for at, each in enumerate(lines):
            indent = part.level * 6 + (6 if at else 0)
            self.paragraph(each, bold=part.heading, indent=indent, before=8 if part.heading and not at else 2)

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
    ) -> Any:
        look = self.made.styles.ensure_run(bold=bold, size=size, font=FONT)
        paragraph = self.made.add_paragraph(text, style=PLAIN, char_pr_id_ref=look, inherit_style=False)
        self.made.styles.apply_paragraph_format(
            paragraphs=[paragraph],
            alignment=align,
            line_spacing_percent=160,
            indent_left_mm=indent,
            spacing_before_pt=before,
            spacing_after_pt=after,
        )
        return paragraph

    def grid(self, grid: Grid) -> None:
        if grid.title:
            self.paragraph(grid.title, bold=True, before=10, after=2)
        self.table(grid.columns, grid.rows, grid.widths)

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
        """With a first row of headings, or, without columns, a first column of them."""
        lines = [*([columns] if columns else []), *rows]
        table = self.made.add_table(len(lines), len(widths), width=WIDTH, height=len(lines) * ROW, style=PLAIN)
        total = sum(widths)
        table.set_column_widths([WIDTH * width // total for width in widths])
        shaded = self.made.styles.ensure_border_fill(border_color="#8A949E", fill_color=SHADE)
        plain = self.made.styles.ensure_border_fill(border_color="#8A949E")
        bold, regular = (self.made.styles.ensure_run(bold=heavy, size=10, font=FONT) for heavy in (True, False))
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
