"""The briefing pack: one PDF of a meeting for one reader, with its agenda and every paper that reader may have.

It is made of plain values that were chosen for that reader before; nothing is looked up here. What another reader gets
is another ``Pack``.
"""

from __future__ import annotations

import logging
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import IO, BinaryIO, cast

from django.utils.translation import gettext_lazy as _
from pikepdf import Dictionary, Name, ObjectStreamMode, Pdf

from council.core.errors import Text
from council.core.labels import Label
from council.documents.pdf import Drawn, Stamps, Unreadable, bind, drawn, redraw
from council.files.queries import NotServed

logger = logging.getLogger(__name__)

TEMPLATE = "documents/briefing/pack.html"
PDF = "application/pdf"

OWN_FILE = _("This paper is handed out as its own file.")
KEPT_ELSEWHERE = _("This paper is kept elsewhere, under the document number below.")
NOT_PUT_IN = _("This paper could not be put into the pack. Please open its own file.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperPart:
    """A paper: its content, or the number under which it is kept elsewhere, or why it is not handed out now."""

    item_number: str
    title: str
    kind: str
    label: str
    owner: str
    version: int
    file_name: str = ""
    size: int = 0
    sha256: str = ""
    media_type: str = ""
    content: Callable[[], IO[bytes]] | None = None
    elsewhere: str = ""
    withheld: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaLine:
    """An item of the agenda; those of one section follow each other."""

    number: str
    title: str
    kind: str
    section: str
    starts: str
    minutes: int
    presenter: str
    pillar: str
    commitment: str
    label: str
    marks: tuple[str, ...]
    background: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table after the papers, such as the open actions; ``empty`` is said when it has no rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str

    @property
    def measured(self) -> list[tuple[str, int]]:
        """Each column with how much of a hundred it gets: by the longest text in it, within reason."""
        longest = [min(4 + max(map(len, cells)), 40) for cells in zip(self.columns, *self.rows, strict=True)]
        return [(column, length * 100 // sum(longest)) for column, length in zip(self.columns, longest, strict=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """All that goes in, in the words of its reader; ``reader`` is a name with its organisation."""

    title: str
    body: str
    when: str
    venue: str
    reader: str
    made: str
    label: str
    notice: str
    author: str
    language: str
    agenda: tuple[AgendaLine, ...]
    papers: tuple[PaperPart, ...]
    tables: tuple[Table, ...]

    @property
    def strictest(self) -> str:
        """The label of the pack's own pages: they name what is in it, whatever label it was given."""
        labels = [self.label, *(line.label for line in self.agenda), *(paper.label for paper in self.papers)]
        return Label.strictest(label for label in labels if label).value


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Items of the agenda under one heading."""

    name: str
    minutes: int
    lines: tuple[AgendaLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A paper's place in the pack: its own pages, or the one page that says where it is."""

    anchor: str
    paper: PaperPart
    note: Text | str = ""
    file: Path | None = None
    pages: int = 1
    starts: int = 0


def _silent(done: int, of: int) -> None:
    """Tells nobody."""


def briefing_pack(pack: Pack, out: IO[bytes], *, progress: Callable[[int, int], None] = _silent) -> int:
    """Write the pack and say how many pages it has.

    A paper that is no PDF, or one that cannot be read, gets a page that says so. ``progress(done, of)`` is told at the
    start, after each paper and when all is written. What the storage says (OSError) is for the caller: part of a pack
    may have been written then.
    """
    steps = len(pack.papers) + 1
    progress(0, steps)
    with TemporaryDirectory(prefix="pack-") as folder:
        sheets = []
        for done, paper in enumerate(_in_order(pack), start=1):
            sheets.append(_sheet(paper, f"paper-{done}", Path(folder)))
            progress(done, steps)
        pages = _bound(_drawn(pack, sheets), pack, sheets, Path(folder), out)
    progress(steps, steps)
    return pages


def _in_order(pack: Pack) -> list[PaperPart]:
    """The papers as the agenda has their items; those of no item at the end."""
    order = {line.number: at for at, line in enumerate(pack.agenda)}
    return sorted(pack.papers, key=lambda paper: order.get(paper.item_number, len(order)))


def _sheet(paper: PaperPart, anchor: str, folder: Path) -> Sheet:
    sheet = Sheet(anchor=anchor, paper=paper)
    if paper.withheld:
        return replace(sheet, note=paper.withheld)
    if paper.elsewhere:
        return replace(sheet, note=KEPT_ELSEWHERE)
    if paper.media_type != PDF or paper.content is None:
        return replace(sheet, note=OWN_FILE)
    file = folder / anchor
    try:
        with paper.content() as source, (folder / "source").open("wb") as copy:
            copyfileobj(source, copy)
        return replace(sheet, file=file, pages=redraw(folder / "source", file))
    except (NotServed, Unreadable) as error:
        logger.warning("The PDF with SHA-256 %s could not be put into a pack: %r", paper.sha256, str(error))
        return replace(sheet, note=NOT_PUT_IN)


def _drawn(pack: Pack, sheets: list[Sheet]) -> Drawn:
    """Our own pages, among them the first one of each paper."""
    minutes = sum(line.minutes for line in pack.agenda)
    context = {"pack": pack, "label": pack.strictest, "sections": _sections(pack.agenda), "minutes": minutes}
    # The list of papers names pages that are known once all is laid out. What stands before them tells most of it.
    front = drawn(TEMPLATE, {**context, "sheets": sheets, "front_only": True}, language=pack.language).pages
    numbered = _numbered(sheets, {sheet.anchor: front + at for at, sheet in enumerate(sheets)})
    own = drawn(TEMPLATE, {**context, "sheets": numbered}, language=pack.language)
    if numbered != (found := _numbered(sheets, own.places)):
        own = drawn(TEMPLATE, {**context, "sheets": found}, language=pack.language)
    return own


def _numbered(sheets: list[Sheet], places: Mapping[str, int]) -> list[Sheet]:
    """Each paper with the page of the pack on which it begins."""
    numbered, more = [], 0
    for sheet in sheets:
        numbered.append(replace(sheet, starts=places[sheet.anchor] + more + 1))
        more += sheet.pages - 1
    return numbered


def _sections(agenda: tuple[AgendaLine, ...]) -> list[Section]:
    return [
        Section(name=name, minutes=sum(line.minutes for line in lines), lines=lines)
        for name, lines in ((name, tuple(lines)) for name, lines in groupby(agenda, lambda line: line.section))
    ]


def _bound(own: Drawn, pack: Pack, sheets: list[Sheet], folder: Path, out: IO[bytes]) -> int:
    """Put the papers' pages among our own, write label and number on each, and save."""
    ours = folder / "own"
    ours.write_bytes(own.content())
    parts: list[tuple[Path, str]] = []
    labels: list[str] = []
    standing_in = []
    for at, (label, file, pages) in enumerate(_leaves(own, pack, sheets), start=1):
        parts.append((ours, str(at)))
        if file:
            parts.append((file, "1-z"))
            standing_in.append(len(labels))
        labels += [label] * pages
    with bind(parts) as book:
        for at in standing_in:
            _give_way(book, at)
        stamps = Stamps(book)
        for number, (page, label) in enumerate(zip(book.pages, labels, strict=True), start=1):
            stamps.put(page, label, f"{number} / {len(labels)}")
        book.trailer.Info = book.make_indirect(Dictionary(Title=pack.title, Author=pack.author))
        book.Root.PageMode = Name.UseOutlines
        book.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        book.save(
            cast(BinaryIO, out),
            min_version="1.7",
            object_stream_mode=ObjectStreamMode.generate,
            compress_streams=False,
            deterministic_id=True,
        )
    return len(labels)


def _leaves(own: Drawn, pack: Pack, sheets: list[Sheet]) -> Iterator[tuple[str, Path | None, int]]:
    """Of each page of ours: its label, the paper whose pages it stands in for, and how many those are."""
    strictest = pack.strictest
    starting = {own.places[sheet.anchor]: sheet for sheet in sheets}
    parts = sorted({0, own.places.get("tables", own.pages), *starting})
    for at in range(own.pages):
        # What says where a paper is may run on over several pages.
        sheet = starting.get(parts[bisect_right(parts, at) - 1])
        label = sheet.paper.label if sheet else ""
        if sheet and at in starting:
            yield label or strictest, sheet.file, sheet.pages
        else:
            yield label or strictest, None, 1


def _give_way(book: Pdf, at: int) -> None:
    """The page after that one takes its place; the page itself stays, for bookmarks and links lead to it."""
    ours, theirs = book.pages[at].obj, book.pages[at + 1].obj
    for key in set(ours.keys()) - {"/Type", "/Parent"}:
        del ours[key]
    for key in ("/MediaBox", "/Resources", "/Contents"):
        ours[key] = theirs[key]
    del book.pages[at + 1]
