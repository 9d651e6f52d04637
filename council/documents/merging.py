"""The merge fields in the text of a HWPX form: markers such as {{제목}}, wherever they stand, and click-here fields.

Hancom splits a text over several runs as it likes, so a marker is looked for in a paragraph's whole text. A marker's
value takes its place once: what a value says is never looked at again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import uuid4

from council.documents.hwpx import PER_MM, ROW, Writer, clean
from council.files.flaws import DAMAGED, Flaw

HP = "{http://www.hancom.co.kr/hwpml/2011/paragraph}"
P, RUN, TEXT, CTRL, BEGIN, END = (f"{HP}{name}" for name in ("p", "run", "t", "ctrl", "fieldBegin", "fieldEnd"))
MARKER = re.compile(r"\{\{((?!\s*\}\})[^{}\t\n]+)\}\}")
# What somebody meant to be a marker: they should hear of it before it stands in a document.
BROKEN = re.compile(r"\{\{.{0,40}|.{0,40}\}\}")
CLICK_HERE = {"CLICK_HERE", "CLICKHERE"}
# What stands in a text as an element of its own; a marker does not reach across one.
SIGNS = {f"{HP}{name}" for name in ("tab", "lineBreak", "nbSpace", "fwSpace", "hyphen")}
MADE_OF = {"\n": (f"{HP}lineBreak", {}), "\t": (f"{HP}tab", {"width": "4000", "leader": "0", "type": "1"})}
# Hancom never breaks a table that stands in the text like a letter: one that is higher than a page has to float.
TALLEST = 24


@dataclass(slots=True)
class Piece:
    """A stretch of text: what an element begins with, or what follows it (its ``tail``)."""

    owner: Any
    place: str
    run: Any
    start: int
    text: str

    def replace(self, begin: int, end: int, value: str) -> None:
        """Put a value, with its line breaks and tabs, in place of what lies between two places of the paragraph."""
        before, after = self.text[: max(begin - self.start, 0)], self.text[max(end - self.start, 0) :]
        first, *others = re.split(r"([\n\t])", value)
        if others:
            others[-1] += after
        self.text = before + first + ("" if others else after)
        setattr(self.owner, self.place, self.text)
        parent = self.owner if self.place == "text" else self.owner.getparent()
        at = 0 if self.place == "text" else parent.index(self.owner) + 1
        for sign, text in zip(others[::2], others[1::2], strict=True):
            element = self.owner.makeelement(*MADE_OF[sign])
            element.tail = text
            parent.insert(at, element)
            at += 1


class Passage:
    """The text of one paragraph across its runs, and the markers in it."""

    def __init__(self, element: Any) -> None:
        self.element = element
        self.pieces: list[Piece] = []
        self.text = "".join(self._texts())
        self.markers = list(MARKER.finditer(self.text))

    def _texts(self) -> Iterator[str]:
        at = 0
        for owner, place, run in _places(self.element):
            if place == "text" or owner.tag not in SIGNS:
                text = getattr(owner, place) or ""
            else:
                yield "\n"
                at, text = at + 1, owner.tail or ""
            self.pieces.append(Piece(owner, place, run, at, text))
            at += len(text)
            yield text

    @property
    def names(self) -> list[str]:
        """Of its markers; of a broken one all that is left of it, braces and all."""
        broken = BROKEN.findall(MARKER.sub(" ", self.text))
        return [" ".join(marker[1].split()) for marker in self.markers] + broken

    @property
    def is_one_marker(self) -> bool:
        return len(self.markers) == 1 and self.text.strip() == self.markers[0][0]

    @property
    def look(self) -> str:
        """The character properties with which its first marker is written."""
        begins = self.markers[0].start()
        run = next(one.run for one in self.pieces if one.start <= begins < one.start + len(one.text))
        return run.get("charPrIDRef") or "0"

    def put(self, marker: re.Match[str], value: str) -> None:
        """Replace one marker; the last one first, since the places of those before it stay as they were."""
        begin, end = marker.span()
        for piece in reversed(self.pieces):
            last = piece.start + len(piece.text)
            if piece.start < end and begin < last:
                piece.replace(begin, end, value if piece.start <= begin else "")
        forget_layout(self.element)

    def put_lines(self, value: str, ids: Iterator[int]) -> None:
        """Replace the marker that the paragraph consists of: each line becomes a paragraph that looks like it."""
        look = self.look
        first, *others = value.split("\n")
        self.put(self.markers[0], first)
        last = self.element
        for line in others:
            last = another(self.element, last, line, look=look, ids=ids)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left in it, no picture or setting either."""
        rest = [node for run in self.element.iterchildren(RUN) for node in run]
        return not any(node.tag != TEXT or "".join(node.itertext()) for node in rest)


def _places(paragraph: Any) -> Iterator[tuple[Any, str, Any]]:
    for run in paragraph.iterchildren(RUN):
        for node in run.iterchildren(TEXT):
            yield node, "text", run
            for child in node:
                yield child, "tail", run


def passages(root: Any) -> Iterator[Passage]:
    """The paragraphs with markers, broken ones too: of the text, of tables, of headers and footers, of notes."""
    for element in root.iter(P):
        passage = Passage(element)
        if passage.markers or "{{" in passage.text or "}}" in passage.text:
            yield passage


def ids_for_new() -> Iterator[int]:
    """Identifiers for new paragraphs; the package draws its own as far apart, from the same numbers."""
    return count(uuid4().int & 0x3FFF_FFFF)


def another(model: Any, after: Any, text: str, *, look: str, ids: Iterator[int]) -> Any:
    """A paragraph behind ``after`` that looks like the ``model``."""
    new = model.makeelement(P, {**model.attrib, "id": str(next(ids)), "pageBreak": "0", "columnBreak": "0"})
    run = new.makeelement(RUN, {"charPrIDRef": look})
    inner = run.makeelement(TEXT, {})
    run.append(inner)
    new.append(run)
    Piece(inner, "text", run, 0, "").replace(0, 0, text)
    after.addnext(new)
    return new


def forget_layout(paragraph: Any) -> None:
    """Where its lines were broken is no longer true."""
    for kept in paragraph.findall(f"{HP}linesegarray"):
        paragraph.remove(kept)


def click_here_as_markers(root: Any) -> None:
    """Write each named click-here field as a marker, so that there is one kind of field; Flaw if one has no end."""
    for begin in list(root.iter(BEGIN)):
        name = re.sub(r"[{}\s]+", " ", begin.get("name") or "").strip()
        is_field = name and (begin.get("type") or "").upper() in CLICK_HERE
        # One that lies in another is gone with what the other held.
        if is_field and any(above is root for above in begin.iterancestors()):
            _as_marker(begin, name)


def _as_marker(begin: Any, name: str) -> None:
    """A field may reach over paragraphs: as Hancom does, what it ends in becomes part of what it begins in."""
    control = begin.getparent()
    run = control.getparent()
    if (control.tag, run.tag) != (CTRL, RUN):
        raise Flaw(DAMAGED)
    paragraph = run.getparent()
    inside = []
    for node in _behind(control):
        if any(end.get("beginIDRef") in {None, begin.get("id")} for end in node.iterchildren(END)):
            break
        inside.append(node)
    else:
        raise Flaw(DAMAGED)
    for other in inside:
        if other.tag == TEXT or other.find(BEGIN) is not None or other.find(END) is not None:
            other.getparent().remove(other)
    # Hancom gives a value the look with which the field begins: what stood in it may have been a prompt in red.
    text = control.makeelement(TEXT, {})
    text.text = f"{{{{{name}}}}}"
    control.addnext(text)
    last = node.getparent().getparent()
    for one in (control, node):
        one.getparent().remove(one)
    if last is not paragraph:
        _join(paragraph, last)
    forget_layout(paragraph)


def _behind(control: Any) -> Iterator[Any]:
    """What follows a control: in its run, in the runs after it, and in the paragraphs beside its own."""
    run = control.getparent()
    yield from control.itersiblings()
    for after in run.itersiblings(RUN):
        yield from after
    for paragraph in run.getparent().itersiblings(P):
        for other in paragraph.iterchildren(RUN):
            yield from other


def _join(paragraph: Any, last: Any) -> None:
    while (between := paragraph.getnext()) is not last:
        between.getparent().remove(between)
    for run in list(last.iterchildren(RUN)):
        paragraph.append(run)
    last.getparent().remove(last)


class InPlace(Writer):
    """Writes in place of a marker, in the look of its paragraph."""

    def __init__(self, made: Any, section: Any, passage: Passage, ids: Iterator[int]) -> None:
        super().__init__(made)
        self.section, self.model, self.ids = section, passage.element, ids
        self.look = passage.look
        self.bold = str(made.styles.ensure_run(bold=True, base_char_pr_id=self.look))
        self.shape = self.model.get("paraPrIDRef") or "0"
        self.shapes: dict[float, str] = {0: self.shape}
        self.last = self.model
        # The first style is what a text has by default; its shape is kept free of indents.
        self.cells = str(getattr(made.styles.get(0), "para_pr_id_ref", self.shape))
        passage.put(passage.markers[0], "")

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
        self.last = another(self.model, self.last, clean(text), look=self.cell_look(bold=bold), ids=self.ids)
        self.last.set("paraPrIDRef", self._shape(indent))

    def _shape(self, indent: float) -> str:
        if indent not in self.shapes:
            margin = getattr(self.made.styles.paragraph_property(self.shape), "margin", None)
            left = margin.left if margin and margin.left and margin.left.lstrip("-").isdigit() else "0"
            self.shapes[indent] = self.made.parts.headers[0].ensure_paragraph_format(
                base_para_pr_id=self.shape, margins={"left": int(left) + round(indent * PER_MM)}
            )
        return self.shapes[indent]

    def empty_table(self, rows: int, columns: int) -> Any:
        from hwpx.oxml import HwpxOxmlParagraph  # noqa: PLC0415 - see council.documents.hwpx

        self.paragraph("")
        # Without a width it takes that of the page's text, or of the cell that it stands in.
        table = HwpxOxmlParagraph(self.last, self.section).add_table(rows, columns, height=rows * ROW)
        if rows > TALLEST:
            table.set_treat_as_char(False)
        return table

    def cell_look(self, *, bold: bool) -> str:
        return self.bold if bold else self.look

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
        super().table(columns, [[clean(text) for text in row] for row in rows], widths)
        for paragraph in self.last.iterdescendants(P):
            paragraph.set("paraPrIDRef", self.cells)

    def close(self) -> None:
        """Take the marker's paragraph away if there is now something in its place and nothing else in it."""
        if self.last is self.model or not Passage(self.model).is_empty:
            return
        first = self.model.getnext()
        for kept in ("pageBreak", "columnBreak"):
            first.set(kept, self.model.get(kept, "0"))
        self.model.getparent().remove(self.model)
