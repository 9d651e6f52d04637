"""An official document as plain values: facts, numbered lines, tables, attachments; drawn as PDF, HWPX or HTML.

Law: 행정업무의 운영 및 혁신에 관한 규정 제5조제2항 (open format, summary, keywords), 제7조 (dates, times, A4);
numbering 1. → 가. → 1) → 가) → (1) → (가) → ①, and "끝." behind the last line, as is the custom.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO

from django.template.loader import render_to_string
from django.utils import translation
from pikepdf import Pdf

from council.documents.pdf import Stamps, drawn

TEMPLATE = "documents/official/document.html"
HANGUL = "가나다라마바사아자차카타파하"
LATIN = "abcdefghijklmnopqrstuvwxyz"
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮"
END = {"ko": "끝.", "en": ""}


@dataclass(frozen=True, slots=True)
class Line:
    """A numbered line: level 0 is the outermost. Without a level it is a plain paragraph."""

    text: str
    level: int | None = None
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table under its title; ``widths`` of its columns in hundredths."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing (SVG of ours); where nothing can be drawn, the table that says the same. ``width`` in hundredths."""

    svg: str
    grid: Grid
    width: int = 100


type Part = Line | Grid | Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Official:
    """All that a document says. ``label`` is its TLP label, ``marking`` what stands beside the title (안, 공개본)."""

    title: str
    language: str
    author: str
    made_at: datetime
    label: str = ""
    marking: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    parts: tuple[Part, ...] = ()
    attachments: tuple[str, ...] = ()
    summary: str = ""
    keywords: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())
    # Drawn closer, for what has to stand on one page.
    dense: bool = False

    @property
    def full_title(self) -> str:
        return f"{self.title}({self.marking})" if self.marking else self.title


@dataclass(frozen=True, slots=True)
class Numbered:
    """A line with its number, as it is written; ``ends`` is what stands behind the last one."""

    number: str
    text: str
    level: int
    heading: bool = False
    ends: str = ""


def numbered(document: Official) -> Iterator[Numbered | Grid | Picture]:
    """The parts with their numbers; a number starts anew under each line of a higher level."""
    counts: list[int] = []
    parts = list(document.parts)
    last = max((at for at, part in enumerate(parts) if isinstance(part, Line)), default=-1)
    closes_here = not document.attachments and last == len(parts) - 1
    for at, part in enumerate(parts):
        if isinstance(part, Grid | Picture):
            yield part
            continue
        ends = END[document.language] if closes_here and at == last else ""
        if part.level is None:
            yield Numbered("", part.text, 0, part.heading, ends)
            continue
        counts = [*counts[: part.level + 1], *[0] * (part.level + 1 - len(counts))]
        counts[part.level] += 1
        number = numeral(part.level, counts[part.level], document.language)
        yield Numbered(number, part.text, part.level, part.heading, ends)


def numeral(level: int, n: int, language: str = "ko") -> str:
    """The n-th number of a level: 1. 가. 1) 가) (1) (가) ①; further ones begin anew."""
    letters = HANGUL if language == "ko" else LATIN
    letter = letters[(n - 1) % len(letters)] * ((n - 1) // len(letters) + 1)
    match level % 7:
        case 0:
            return f"{n}."
        case 1:
            return f"{letter}."
        case 2:
            return f"{n})"
        case 3:
            return f"{letter})"
        case 4:
            return f"({n})"
        case 5:
            return f"({letter})"
        case _:
            return CIRCLED[n - 1] if n <= len(CIRCLED) else f"({n})"


def attachment_lines(document: Official) -> list[str]:
    """ "붙임  1. … 1부.  끝.", one a line; without attachments nothing."""
    names = document.attachments
    if not names:
        return []
    word = "붙임" if document.language == "ko" else "Attached"
    numbers = [f"{n}. " for n in range(1, len(names) + 1)] if len(names) > 1 else [""]
    copies = " 1부." if document.language == "ko" else "."
    lines = [f"{number}{name}{copies}" for number, name in zip(numbers, names, strict=True)]
    # The numbers stand one below the other: behind the word, or behind as many wide blanks.
    blank = "\u3000" * len(word) if document.language == "ko" else " " * len(word)
    lines = [f"{blank if at else word}  {line}" for at, line in enumerate(lines)]
    lines[-1] = f"{lines[-1]}  {END[document.language]}".rstrip()
    return lines


def as_pdf(document: Official) -> bytes:
    """The document as PDF, with its label at the head and foot of every page; nothing of ours but what it says."""
    content = drawn(TEMPLATE, context(document), language=document.language).content()
    with Pdf.open(BytesIO(content)) as pdf:
        stamps = Stamps(pdf)
        for number, page in enumerate(pdf.pages, 1):
            stamps.put(page, document.label, f"- {number} -")
        with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["dc:title"] = document.full_title
            metadata["dc:creator"] = [document.author]
        out = BytesIO()
        pdf.save(out)
        return out.getvalue()


def as_html(document: Official) -> bytes:
    """The document as one page that needs nothing from elsewhere, for a screen and for paper."""
    with translation.override(document.language):
        return render_to_string("documents/official/page.html", context(document)).encode()


def context(document: Official) -> dict[str, object]:
    """What the template of the page and of the PDF is given."""
    return {"document": document, "parts": list(numbered(document)), "attachments": attachment_lines(document)}


def rows_of(lines: Iterable[Sequence[object]]) -> tuple[tuple[str, ...], ...]:
    """The rows of a table as text."""
    return tuple(tuple("" if cell is None else str(cell) for cell in line) for line in lines)
