"""Searching for one reader: each kind of thing by its own words, in the rows that they see and in no others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import F, Model, OuterRef, Q, Subquery
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext

from council.access.roles import Standing
from council.access.visibility import visible_to
from council.actions.models import ActionItem, ProgressUpdate
from council.actions.states import UpdateState
from council.declaration.models import Commitment
from council.meetings.models import AgendaItem, Meeting, Paper, PaperVersion
from council.minutes.models import Decision

# Shown of each kind. That there are more is said, how many is not.
SHOWN = 20
# Letters of an excerpt before and after what was found.
AROUND = 70
NUMBERED = re.compile(r"(\d{4})-(\d{1,6})")
REFERENCE = re.compile(r"A-?0*(\d{1,6})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text: what was found, or what stands around it."""

    text: str
    found: bool = False


class Words:
    """What is searched for: words that must all occur, in upper or lower case; no character means anything else."""

    def __init__(self, text: str) -> None:
        self.words = list(dict.fromkeys(composed(text).split()))

    def occur_in(self, *columns: str, also: Callable[[str], Q] = lambda word: Q()) -> Q:
        """Rows in which each word occurs in one of the columns, or is found by what ``also`` says of it."""
        rows = Q()
        for word in self.words:
            anywhere = also(word)
            for column in columns:
                anywhere |= Q(**{f"{column}__icontains": word})
            rows &= anywhere
        return rows

    def all_in(self, text: str) -> bool:
        """Whether each word occurs in a text."""
        folded = composed(text).casefold()
        return all(word.casefold() in folded for word in self.words)

    def pieces(self, text: str) -> list[Piece]:
        """A text with the words found in it marked."""
        parts = self._any.split(composed(text))
        return [Piece(part, found=bool(n % 2)) for n, part in enumerate(parts) if part]

    def excerpt(self, *texts: str) -> list[Piece]:
        """The surroundings of the first word found, in the first text that has one; nothing if none has."""
        for text in texts:
            line = " ".join(composed(text).split())
            if match := self._any.search(line):
                start, end = _cut(line, match.start(), match.end())
                before, after = "… " if start else "", " …" if end < len(line) else ""
                return self.pieces(f"{before}{line[start:end]}{after}")
        return []

    @cached_property
    def _any(self) -> re.Pattern[str]:
        longest_first = sorted(self.words, key=len, reverse=True)
        return re.compile(f"({'|'.join(map(re.escape, longest_first))})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found. ``page`` is the name of its page in the portal, ``pk`` the row that page is about."""

    page: str
    pk: int
    title: Sequence[Piece]
    excerpt: Sequence[Piece]
    where: str
    on: date | datetime | None
    label: str = ""
    state: str = ""
    state_word: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind: the first of it, and whether there is more."""

    model: type[Model]
    hits: Sequence[Hit]
    more: bool

    @property
    def kind(self) -> str:
        return str(self.model._meta.model_name)

    @property
    def name(self) -> str:
        return str(self.model._meta.verbose_name_plural)


def composed(text: str) -> str:
    """A text with each Korean syllable as one character, however it was typed."""
    return unicodedata.normalize("NFC", text)


def search(who: Standing, text: str) -> list[Group]:
    """What somebody sees in which each word of a text occurs, by kind; nothing for a text without words."""
    words = Words(text)
    if not words.words:
        return []
    kinds = (_meetings, _agenda_items, _papers, _decisions, _actions, _updates, _commitments)
    return [group for kind in kinds if (group := kind(who, words)).hits]


def _group[M: Model](model: type[M], rows: Iterable[M], hit: Callable[[M], Hit]) -> Group:
    found = list(rows)
    return Group(model, [hit(row) for row in found[:SHOWN]], more=len(found) > SHOWN)


def _meetings(who: Standing, words: Words) -> Group:
    """By what a meeting is called in either language, which no column holds; there are a dozen a year."""
    rows = list(visible_to(who, Meeting.objects.select_related("body")).order_by("-starts_at", "pk"))
    spoken = _spoken(rows)
    found = [meeting for meeting in rows if words.all_in(spoken[meeting.pk])]

    def hit(meeting: Meeting) -> Hit:
        kind = f"{meeting.get_kind_display()} · {meeting.quarter.label}" if meeting.title else ""
        return Hit(
            page="meeting",
            pk=meeting.pk,
            title=words.pieces(capfirst(meeting.name)),
            excerpt=words.excerpt(meeting.venue, kind),
            where=meeting.body.short,
            on=meeting.day,
            **_state(meeting),
        )

    return _group(Meeting, found, hit)


def _spoken(meetings: Sequence[Meeting]) -> dict[int, str]:
    """All that may be said to mean a meeting: title, place, name, kind and quarter in each language, and 2027-Q1."""
    spoken = {meeting.pk: f"{meeting.title}\n{meeting.venue}\n{meeting.quarter}" for meeting in meetings}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for meeting in meetings:
                spoken[meeting.pk] += f"\n{meeting.name}\n{meeting.get_kind_display()}\n{meeting.quarter.label}"
    return spoken


def _agenda_items(who: Standing, words: Words) -> Group:
    rows = visible_to(who, AgendaItem.objects.filter(words.occur_in("title", "background")))
    rows = rows.select_related("meeting__body").order_by("-meeting__starts_at", "meeting_id", "position", "pk")

    def hit(item: AgendaItem) -> Hit:
        return Hit(
            page="agenda_item",
            pk=item.pk,
            title=words.pieces(item.title),
            excerpt=words.excerpt(item.background),
            where=_of(item.meeting),
            on=item.meeting.day,
            label=item.counting_label,
            **_state(item),
        )

    return _group(AgendaItem, rows[: SHOWN + 1], hit)


def _papers(who: Standing, words: Words) -> Group:
    """By title, number or the name of the newest file; shown on the page of its agenda item."""
    versions = visible_to(who, PaperVersion.objects.filter(paper=OuterRef("pk"))).order_by("-number")
    newest = Q(version=None) | Q(version=Subquery(versions.values("pk")[:1]))
    joined = {"version": F("versions"), "file_name": F("versions__file__name")}
    found = words.occur_in("title", "document_number", "file_name")
    rows = visible_to(who, Paper.objects.annotate(**joined).filter(newest, found))
    rows = rows.select_related("agenda_item__meeting__body").order_by(
        "-agenda_item__meeting__starts_at", "agenda_item__meeting_id", "agenda_item__position", "agenda_item_id", "pk"
    )

    def hit(paper: Any) -> Hit:
        withdrawn = {"state": "withdrawn", "state_word": gettext("withdrawn")}
        return Hit(
            page="agenda_item",
            pk=paper.agenda_item_id,
            title=words.pieces(paper.title),
            excerpt=words.excerpt(paper.document_number, paper.file_name or ""),
            where=f"{_of(paper.agenda_item.meeting)} · {paper.agenda_item.title}",
            on=paper.agenda_item.meeting.day,
            label=paper.counting_label,
            **withdrawn if paper.withdrawn_because else {},
        )

    return _group(Paper, rows[: SHOWN + 1], hit)


def _decisions(who: Standing, words: Words) -> Group:
    """By what was decided, or by its number, for example 2027-3."""
    rows = visible_to(who, Decision.objects.standing().filter(words.occur_in("text", also=_numbered)))
    rows = rows.select_related("body", "by_whom").order_by("-year", "-number", "-pk")

    def hit(decision: Decision) -> Hit:
        name = " ".join(filter(None, [capfirst(decision.get_kind_display()), decision.reference]))
        return Hit(
            page="decision",
            pk=decision.pk,
            title=words.pieces(name),
            excerpt=words.excerpt(decision.text),
            where=" · ".join(filter(None, [decision.body.short, decision.by_whom.short if decision.by_whom else ""])),
            on=decision.in_force_at,
            label=decision.counting_label,
        )

    return _group(Decision, rows[: SHOWN + 1], hit)


def _numbered(word: str) -> Q:
    match = NUMBERED.fullmatch(word)
    return Q(year=int(match[1]), number=int(match[2])) if match else Q()


def _actions(who: Standing, words: Words) -> Group:
    rows = visible_to(who, ActionItem.objects.filter(words.occur_in("title", "description", also=_reference)))
    rows = rows.select_related("owner", "body").order_by("-due_on", "owner_id", "number")

    def hit(action: ActionItem) -> Hit:
        return Hit(
            page="action",
            pk=action.pk,
            title=words.pieces(str(action)),
            excerpt=words.excerpt(action.description),
            where=f"{action.body.short} · {action.owner.short}",
            on=action.due_on,
            label=action.counting_label,
            **_state(action),
        )

    return _group(ActionItem, rows[: SHOWN + 1], hit)


def _reference(word: str) -> Q:
    match = REFERENCE.fullmatch(word)
    return Q(number=int(match[1])) if match else Q()


def _updates(who: Standing, words: Words) -> Group:
    """What was handed in, not what is being written; shown on the page of its action item."""
    rows = visible_to(who, ProgressUpdate.objects.exclude(state=UpdateState.DRAFT).filter(words.occur_in("text")))
    rows = rows.select_related("action__body", "organisation").order_by("-submitted_at", "-pk")

    def hit(update: ProgressUpdate) -> Hit:
        return Hit(
            page="action",
            pk=update.action_id,
            title=words.pieces(str(update.action)),
            excerpt=words.excerpt(update.text),
            where=f"{update.action.body.short} · {update.organisation.short}",
            on=update.submitted_at,
            label=update.counting_label,
            **_state(update) if update.state == UpdateState.WITHDRAWN else {},
        )

    return _group(ProgressUpdate, rows[: SHOWN + 1], hit)


def _commitments(who: Standing, words: Words) -> Group:
    columns = ("code", "title_ko", "title_en", "summary_ko", "summary_en")
    rows = visible_to(who, Commitment.objects.filter(words.occur_in(*columns)))
    rows = rows.select_related("declaration__body").order_by("code", "pk")

    def hit(one: Commitment) -> Hit:
        other_titles = {one.title_ko, one.title_en} - {one.title}
        return Hit(
            page="commitment",
            pk=one.pk,
            title=words.pieces(str(one)),
            excerpt=words.excerpt(one.summary, *other_titles, one.summary_ko, one.summary_en),
            where=one.declaration.body.short,
            on=one.due_on,
            **_state(one),
        )

    return _group(Commitment, rows[: SHOWN + 1], hit)


def _of(meeting: Meeting) -> str:
    return f"{meeting.body.short} · {capfirst(meeting.name)}"


def _state(row: Any) -> dict[str, str]:
    return {"state": row.state, "state_word": row.get_state_display()}


def _cut(line: str, start: int, end: int) -> tuple[int, int]:
    """The bounds of an excerpt around what lies from start to end, at spaces where there are any."""
    first, last = max(start - AROUND, 0), min(end + AROUND, len(line))
    if first:
        first = line.find(" ", first, start) + 1 or first
    if last < len(line):
        last = max(line.rfind(" ", end, last), 0) or last
    return first, last
