"""A division's own HWPX form, with merge fields: the document comes out in the house's form.

A field is a marker typed anywhere in the text ({{제목}}) or a click-here field with that name. What the form itself
says beside its fields stays as it is; who made it, its scripts, its history and its memos do not come along.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from council.core.calendar import local_day
from council.core.errors import Text
from council.core.wording import day_text
from council.documents.foreign import flaws, opened, texts_of
from council.documents.hwpx import clean, sign
from council.documents.merging import (
    HP,
    InPlace,
    P,
    Passage,
    another,
    click_here_as_markers,
    forget_layout,
    ids_for_new,
    passages,
)
from council.documents.official import Official, attachment_lines
from council.files.flaws import Flaw

# What a field may be called, under what it is called here; a fact is called as its heading in the document.
FIELDS: dict[str, tuple[str, ...]] = {
    "title": ("제목",),
    "body": ("본문",),
    "facts": ("개요",),
    "summary": ("요지", "문서 요지"),
    "keywords": ("키워드",),
    "label": ("공유 등급", "공유 등급(TLP)"),
    "marking": ("표시",),
    "author": ("작성기관",),
    "made on": ("작성일", "date"),
    "attachments": ("붙임",),
    "notes": ("참고",),
}
# These come as paragraphs and tables, so each stands in a paragraph of its own, and once.
BLOCKS = ("body", "facts")
MOST_FIELDS = 1_000

TOO_MANY = _("The form has more than %(limit)d fields.")
BY_ITSELF = _("The field “%(name)s” becomes several paragraphs. Put it into a paragraph of its own, and once.")


class NotAForm(Exception):
    """The content is no HWPX document that can be filled; the reason is for its reader and says what to do."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return str(self.reason)


class UnknownFields(Exception):
    """The form has fields that the document has nothing to say about."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(", ".join(names))
        self.names = names


def fields_in(content: bytes) -> tuple[str, ...]:
    """The names of a form's fields as they are written, each once; of a broken marker what is left, with its braces."""
    return _Form(content).names


def unknown_fields(names: Iterable[str], known: Collection[str]) -> tuple[str, ...]:
    """Those of the names of fields that are neither of ``FIELDS`` nor among the ``known`` headings of facts."""
    texts = _by_key(dict.fromkeys(known, ""))
    return tuple(name for name in names if _key(name) not in MEANINGS and _of(name, texts) is None)


def filled(content: bytes, document: Official, *, known: Collection[str] = ()) -> bytes:
    """A form with a document in place of its fields; UnknownFields if it has others.

    A field that the document has nothing for becomes empty, as does one of the ``known`` facts that it lacks. A label
    or marking for which the form has no field stands where it stands in every document: at the head of each page, and
    behind the title.
    """
    form = _Form(content)
    values = _Values(document, form.names, known)
    with _refusals(), flaws():
        form.fill(document, values)
        return bytes(form.made.to_bytes())


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except Flaw as flaw:
        raise NotAForm(flaw.text % {"name": gettext("the form"), "ending": "hwpx"}) from flaw


def _key(name: str) -> str:
    """A name without what two people may write differently: blanks, capitals, and how Hangul is put together."""
    return "".join(unicodedata.normalize("NFC", name).casefold().replace("_", " ").split())


MEANINGS = {_key(name): field for field, names in FIELDS.items() for name in (field, *names)}


def _by_key(texts: dict[str, str]) -> dict[str, str]:
    """Texts by the keys of their headings, as these are written and in Korean."""
    with translation.override("ko"):
        korean = {_key(gettext(heading)): text for heading, text in texts.items() if heading}
    return korean | {_key(heading): text for heading, text in texts.items()}


def _of(name: str, texts: dict[str, str]) -> str | None:
    """The text of which a field speaks in either language, if there is one."""
    with translation.override("ko"):
        korean = gettext(name[0].upper() + name[1:])
    found = [texts[key] for key in (_key(name), _key(korean)) if key in texts]
    return next(filter(None, found), "" if found else None)


class _Values:
    """What a document says in each field of a form; UnknownFields if it cannot for some."""

    def __init__(self, document: Official, names: Iterable[str], known: Collection[str]) -> None:
        self.meant = {MEANINGS.get(_key(name), "") for name in names}
        facts = _by_key(dict.fromkeys(known, "")) | _by_key(dict(reversed(document.facts)))
        said = {name: self._said(document, name, facts) for name in names}
        if unknown := tuple(name for name, text in said.items() if text is None):
            raise UnknownFields(unknown)
        self.texts = {_key(name): clean(text or "") for name, text in said.items()}

    def _said(self, document: Official, name: str, facts: dict[str, str]) -> str | None:
        match MEANINGS.get(_key(name)):
            case None:
                return _of(name, facts)
            case "body" | "facts":
                return ""
            case "title":
                return document.title if self.has("marking") else document.full_title
            case "keywords":
                return ", ".join(document.keywords)
            case "made on":
                with translation.override(document.language):
                    return day_text(local_day(document.made_at))
            case "attachments":
                return "\n".join(attachment_lines(document))
            case "notes":
                return "\n".join(document.notes)
            case field:
                return str(getattr(document, field))

    def has(self, field: str) -> bool:
        return field in self.meant


class _Part:
    """A section or a master page, with its paragraphs that have fields."""

    def __init__(self, owner: Any) -> None:
        click_here_as_markers(owner.element)
        self.owner = owner
        self.passages = list(passages(owner.element))
        owner.mark_dirty()


class _Form:
    """A form that has been looked through: NotAForm unless it can be filled."""

    def __init__(self, content: bytes) -> None:
        with _refusals():
            self.made = opened(content)
            self.parts = [_Part(owner) for owner in texts_of(self.made)]
        self.ids = ids_for_new()
        self._refuse_fields()
        found: dict[str, str] = {}
        for passage in self._passages():
            for name in passage.names:
                found.setdefault(_key(name), name)
        self.names = tuple(found.values())

    def _passages(self) -> Iterator[Passage]:
        for part in self.parts:
            yield from part.passages

    def _refuse_fields(self) -> None:
        if sum(len(passage.names) for passage in self._passages()) > MOST_FIELDS:
            raise NotAForm(TOO_MANY % {"limit": MOST_FIELDS})
        seen = set()
        for passage in self._passages():
            for name in passage.names:
                field = MEANINGS.get(_key(name))
                if field in BLOCKS and (field in seen or not passage.is_one_marker):
                    raise NotAForm(BY_ITSELF % {"name": name})
                seen.add(field)

    def fill(self, document: Official, values: _Values) -> None:
        for part in self.parts:
            for passage in part.passages:
                self._fill(part, passage, document, values)
        if document.label and not values.has("label"):
            self._head(document.label)
        sign(self.made, document)

    def _fill(self, part: _Part, passage: Passage, document: Official, values: _Values) -> None:
        field = MEANINGS.get(_key(passage.markers[0][1]))
        if field in BLOCKS:
            writer = InPlace(self.made, part.owner, passage, self.ids)
            writer.body(document) if field == "body" else writer.facts(document)
            writer.close()
            return
        texts = [values.texts[_key(marker[1])] for marker in passage.markers]
        if passage.is_one_marker:
            passage.put_lines(texts[0], self.ids)
            return
        for marker, text in reversed(list(zip(passage.markers, texts, strict=True))):
            passage.put(marker, text)

    def _head(self, label: str) -> None:
        """The label at the head of every page: above what the form has there, and where it has nothing."""
        for section in self.made.sections:
            for shown in section.element.iter(f"{HP}visibility"):
                shown.set("hideFirstHeader", "0")
            there = set()
            for header in section.element.iter(f"{HP}header"):
                first = header.find(f"{HP}subList/{P}")
                if first is not None:
                    there.add(header.get("applyPageType", "BOTH"))
                    run = first.find(f"{HP}run")
                    look = run.get("charPrIDRef", "0") if run is not None else "0"
                    first.addprevious(another(first, first, label, look=look, ids=self.ids))
                    forget_layout(first)
            everywhere = {"BOTH"} if not there else set() if "BOTH" in there else {"ODD", "EVEN"} - there
            for pages in sorted(everywhere):
                self.made.page.set_header(text=label, page_type=pages, section=section)
