"""Publications as one reader sees them, and the documents they make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from django.utils.translation import gettext, pgettext

from council.access.roles import Standing
from council.access.visibility import visible_to
from council.core.labels import Label
from council.core.languages import languages
from council.core.wording import day_text, moment_text
from council.documents.official import Line, Official
from council.minutes.models import MinutesSection, Opinion, Publication, Redaction
from council.minutes.operations.publication import all_passages
from council.minutes.passages import Passage, marks_of, own_lines
from council.overview.minutes import whole_page
from council.overview.official import minutes_document


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage, and what withholds it if something does."""

    passage: Passage
    redaction: Redaction | None


@dataclass(frozen=True, slots=True)
class Group:
    """The passages of one part of the minutes; without a part, of the meeting as a whole."""

    section: MinutesSection | None
    lines: Sequence[Shown]


@dataclass(frozen=True, slots=True)
class PublicationPage:
    publication: Publication
    # Of a text of one's own; None in the place of lines that name others, until it is out.
    lines: Sequence[str | None]
    opinions: Sequence[Opinion]


def publication_page(who: Standing, publication: Publication, *, now: datetime) -> PublicationPage:
    """What somebody sees of a publication that they see: until it is out, of the words only their organisation's."""
    runs_it = who.runs(publication.revision.minutes.meeting.body_id)
    opinions = visible_to(who, Opinion.objects.filter(publication=publication))
    whole = runs_it or publication.is_out(now)
    return PublicationPage(
        publication=publication,
        lines=[] if publication.hides else list(own_lines(publication, None if whole else who.organisation_id)),
        opinions=list(opinions.select_related("organisation", "by__person", "decided_by__person").order_by("pk")),
    )


def passage_groups(who: Standing, publication: Publication) -> Iterator[Group]:
    """The passages of a public version before it is out, as far as they are the reader's to know."""
    whole = who.runs(publication.revision.minutes.meeting.body_id)
    withheld = {
        row.place: row for row in visible_to(who, Redaction.objects.filter(publication=publication).order_by("pk"))
    }
    lines = [
        Shown(one, withheld.get(one.place))
        for one in all_passages(publication)
        if whole or one.organisation_id == who.organisation_id
    ]
    for _key, group in groupby(lines, key=lambda line: line.passage.section and line.passage.section.pk):
        together = list(group)
        yield Group(together[0].passage.section, together)


def publication_document(publication: Publication, *, made_at: datetime) -> Official:
    """A publication as an official document. Nothing that it withholds is anywhere in it."""
    made = _public_version(publication, made_at) if publication.hides else _text(publication, made_at)
    if publication.is_out(made_at):
        return replace(made, label=Label.CLEAR)
    if publication.published_at:
        return replace(made, label=Label.AMBER_STRICT)  # under its embargo
    marking = ", ".join(filter(None, [made.marking, pgettext("minutes", "draft")]))
    return replace(made, label=Label.AMBER_STRICT, marking=marking)


def _public_version(publication: Publication, made_at: datetime) -> Official:
    redactions = list(publication.redactions.all())
    page = whole_page(publication.revision).without_annexes()
    document = minutes_document(page, made_at=made_at, hidden=marks_of(redactions))
    return replace(document, marking=gettext("public version"), notes=(*_reviews(redactions), *_hash(publication)))


def _reviews(redactions: Sequence[Redaction]) -> Iterator[str]:
    """제9조제2항: what is withheld is opened once its reason is gone."""
    if redactions:
        first = min(row.review_on for row in redactions)
        yield gettext("%(number)d passages are not disclosed. Looked at again on %(day)s at the latest.") % {
            "number": len(redactions),
            "day": day_text(first),
        }


def _hash(publication: Publication) -> Iterable[str]:
    return [gettext("Content: SHA-256 %(hash)s") % {"hash": publication.sha256}] if publication.sha256 else []


def _text(publication: Publication, made_at: datetime) -> Official:
    meeting = publication.revision.minutes.meeting
    facts = [(gettext("Meeting"), meeting.name), (gettext("When"), moment_text(meeting.starts_at))]
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
        words = line.strip()
        if not words:
            continue
        is_under = words.startswith("- ")
        depth = (len(line) - len(line.lstrip())) // 2 + 1 if is_under else 0
        yield Line(words.removeprefix("- "), min(depth, 6), heading=not is_under)
