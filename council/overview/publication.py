"""Publications as one reader sees them, and the documents they make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from django.utils.translation import gettext, pgettext

from council.access.policy import allowed
from council.access.roles import Standing
from council.access.visibility import visible_to
from council.core.languages import languages
from council.core.wording import day_text, moment_text
from council.documents.official import Line, Official
from council.minutes.models import MinutesSection, Opinion, Publication, Redaction
from council.minutes.passages import Passage, marks_of
from council.minutes.queries.publications import all_passages, earliest_day, name_outside, named_in
from council.overview.minutes import whole_page
from council.overview.official import minutes_document
from council.parties.queries import not_ministries

# What the numbering of official documents has numbers for.
DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage, and what withholds it if something does."""

    passage: Passage
    redaction: Redaction | None


@dataclass(frozen=True, slots=True)
class Group:
    """The passages of one part of the minutes; without a part, of the meeting as a whole."""

    section: MinutesSection | None
    # What the part is called, where that is the reader's to know.
    title: str
    lines: Sequence[Shown]


@dataclass(frozen=True, slots=True)
class PublicationPage:
    # Of a text of one's own; None in the place of what names others, until it is out.
    title: str | None
    lines: Sequence[str | None]
    opinions: Sequence[Opinion]
    # What the reader's organisation was asked and said, and whether it can still say it.
    own: Opinion | None
    may_answer: bool
    # When it goes out at the earliest against the will of somebody.
    earliest: date | None


def publication_page(who: Standing, publication: Publication, *, now: datetime) -> PublicationPage:
    """What somebody sees of a publication that they see: until it is out, of the words only their organisation's."""
    whole = who.runs(publication.revision.minutes.meeting.body_id) or publication.is_out(now)
    title, *lines = own_lines(publication, None if whole else who.organisation_id)
    rows = visible_to(who, Opinion.objects.filter(publication=publication))
    opinions = list(rows.select_related("organisation", "by__person", "decided_by__person").order_by("pk"))
    own = next((one for one in opinions if one.organisation_id == who.organisation_id), None)
    if own is not None:
        own.publication = publication
    return PublicationPage(
        title=title,
        lines=lines,
        opinions=opinions,
        own=own,
        earliest=earliest_day(publication) if own is not None and own.followed is False else None,
        may_answer=own is not None and own.takes_answer(now) and allowed(who, "answer", publication),
    )


def own_lines(publication: Publication, organisation_id: int | None) -> Iterator[str | None]:
    """The title and the lines of a text; for an organisation that is asked, None for what speaks of others alone.

    A line that names nobody speaks of whom the one before it does, or the one it stands under; only a blank line ends
    that, for what begins anew behind it: rather too little is shown than what goes on about a rival.
    """
    everybody = [] if organisation_id is None else not_ministries()
    yield _unless_of_others(
        publication.title, {one.pk for one in named_in(publication.title, everybody)}, organisation_id
    )
    above: list[set[int]] = []
    before: set[int] = set()
    left_out = False
    for line in publication.text.splitlines():
        depth = depth_of(line)
        near = [*above[: depth + 1][::-1], set()] if depth else [before]
        named = {one.pk for one in named_in(line, everybody)} or next((one for one in near if one), set())
        before = named if line.strip() else set()
        if line.strip():
            above = [*above[:depth], *[named] * (depth + 1 - len(above[:depth]))]
        shown = _unless_of_others(line, named, organisation_id)
        if shown is not None or not left_out:  # how many lines speak of others is not said
            yield shown
        left_out = shown is None


def _unless_of_others(text: str, named: Set[int], organisation_id: int | None) -> str | None:
    return text if not named or organisation_id in named else None


def passage_groups(who: Standing, publication: Publication) -> Iterator[Group]:
    """The passages of a public version before it is out, as far as they are the reader's to know."""
    whole = who.runs(publication.revision.minutes.meeting.body_id)
    withheld = {
        row.place: row for row in visible_to(who, Redaction.objects.filter(publication=publication).order_by("pk"))
    }
    mine = next((one for one in not_ministries() if one.pk == who.organisation_id), None)
    lines = [
        Shown(one, withheld.get(one.place))
        for one in all_passages(publication)
        if whole or one.organisation_id == who.organisation_id or (mine and mine.is_named_in(one.text))
    ]
    parts = {row.pk for row in visible_to(who, MinutesSection.objects.filter(revision=publication.revision_id))}
    for _key, group in groupby(lines, key=lambda line: line.passage.section and line.passage.section.pk):
        together = list(group)
        section = together[0].passage.section
        yield Group(section, section.title if section and section.pk in parts else "", together)


def publication_document(publication: Publication, *, made_at: datetime, label: str = "") -> Official:
    """A publication as an official document, under that label (else that of the moment).

    Nothing that it withholds is anywhere in it.
    """
    made = _public_version(publication, made_at) if publication.hides else _text(publication, made_at)
    made = replace(made, label=label or publication.label_at(made_at))
    if publication.published_at:
        return made
    marking = ", ".join(filter(None, [made.marking, pgettext("minutes", "draft")]))
    return replace(made, marking=marking)


def _public_version(publication: Publication, made_at: datetime) -> Official:
    redactions = list(publication.redactions.all())
    page = whole_page(publication.revision).without_annexes()
    document = minutes_document(page, made_at=made_at, hidden=marks_of(redactions), named=False)
    return replace(document, marking=gettext("public version"), notes=(*_reviews(redactions), *_hash(publication)))


def _reviews(redactions: Sequence[Redaction]) -> Iterator[str]:
    """제9조제2항: what is withheld is opened once its reason is gone."""
    if redactions:
        first = min(row.review_on for row in redactions)
        said = gettext("What is not disclosed is looked at again on %(day)s at the latest.")
        yield said % {"day": day_text(first)}


def _hash(publication: Publication) -> Iterable[str]:
    return [gettext("Content: SHA-256 %(hash)s") % {"hash": publication.sha256}] if publication.sha256 else []


def _text(publication: Publication, made_at: datetime) -> Official:
    meeting = publication.revision.minutes.meeting
    facts = [
        (gettext("Meeting"), name_outside(publication.revision)),
        (gettext("When"), moment_text(meeting.starts_at)),
    ]
    if publication.embargo:
        facts.append((gettext("Embargo until"), moment_text(publication.embargo)))
    return Official(
        title=publication.title,
        language=languages()[0],
        author=publication.revision.minutes.convened_by.name,
        made_at=made_at,
        facts=tuple(facts),
        parts=tuple(text_lines(publication.text)),
        notes=tuple(_hash(publication)),
    )


def text_lines(text: str) -> Iterator[Line]:
    """Numbered lines: one that begins with "- " stands under the one before, with two blanks more under that."""
    for line in text.splitlines():
        if words := line.strip():
            depth = depth_of(line)
            yield Line(words.removeprefix("- "), depth, heading=depth == 0)


def depth_of(line: str) -> int:
    """How deep a line stands: 0 for one that others stand under."""
    if not line.strip().startswith("- "):
        return 0
    return min((len(line) - len(line.lstrip())) // 2 + 1, DEEPEST)
