"""Questions about what is published of the record and what stands beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from django.utils import translation

from council.core.labels import Disclosure, Labelled
from council.core.wording import day_text
from council.meetings.models import Meeting
from council.minutes.models import Decision, DocumentForm, Minutes, MinutesRevision, Opinion, Publication
from council.minutes.passages import Passage, decided, paragraphs, passages, section_place
from council.minutes.queries.opinions import earliest_disclosure
from council.minutes.record import written
from council.minutes.states import PublicationState
from council.parties.models import Organisation
from council.parties.queries import not_ministries

# 시행령 제18조제3항: ten years from the beginning of the retention period, which is the first of January that follows.
LONGEST_CLOSED = 10


def all_passages(publication: Publication) -> list[Passage]:
    """What a public version could say, in Korean, in which it is issued."""
    with translation.override("ko"):
        return list(passages_of(publication.revision))


def passages_of(revision: MinutesRevision) -> Iterator[Passage]:
    """The passages of a version, in the active language."""
    decisions = Decision.objects.as_of(revision).filter(agenda_item__meeting=revision.minutes.meeting_id)
    return passages(revision, written(revision), decisions.order_by("pk"))


def closed_places(revision: MinutesRevision) -> dict[str, Labelled]:
    """Where a version has what was marked as not open: an item with all that belongs to it, or a decision."""
    meeting = revision.minutes.meeting_id
    rows = Decision.objects.filter(agenda_item__meeting=meeting, disclosure=Disclosure.CLOSED)
    kept = {(row.agenda_item_id, row.text.strip()): row for row in rows}
    closed: dict[str, Labelled] = {}
    for one in passages_of(revision):
        if one.section is not None and one.section.agenda_item.disclosure == Disclosure.CLOSED:
            closed[one.place] = one.section.agenda_item
    for section in written(revision) if kept else ():
        for number, text in enumerate(decided(section)):
            if row := kept.get((section.agenda_item_id, text.strip())):
                places = paragraphs(section_place(section, f"decided-{number}"), text)
                closed |= {place: row for place, _line in places}
    return closed


def withheld_texts(minutes: Minutes) -> set[str]:
    """Of what a text on the meeting could repeat: what the newest public version withholds, or is not open."""
    version, places = _withheld(minutes)
    if not places:
        return set()
    with translation.override("ko"):
        repeated = [one for one in passages_of(version) if one.place in places and REPEATED.search(one.place)]
        return {one.text.strip() for one in repeated}


# Titles, the place, and what was decided.
REPEATED = re.compile(r"^(title|venue)\.|-title\.|-decided-")


def name_outside(revision: MinutesRevision) -> str:
    """What a meeting is called where others read it, also if its name is withheld from them."""
    meeting = revision.minutes.meeting
    _version, places = _withheld(revision.minutes)
    hidden = any(place.startswith("title.") for place in places)
    return f"{meeting.body.short} {day_text(meeting.day)}" if hidden else meeting.name


def _withheld(minutes: Minutes) -> tuple[MinutesRevision, set[str]]:
    newest = Publication.objects.filter(revision__minutes=minutes, kind=Publication.Kind.MINUTES)
    public = newest.exclude(state=PublicationState.WITHDRAWN).select_related("revision__minutes__meeting__body").first()
    version = public.revision if public else minutes.newest
    places = set(public.redactions.values_list("place", flat=True)) if public else set()
    return version, places | closed_places(version).keys()


def not_withheld_again(publication: Publication) -> list[Passage]:
    """What the public version before this one withholds, and what is worded differently by now: nothing hides that."""
    before = Publication.objects.filter(
        revision__minutes=publication.revision.minutes_id, kind=Publication.Kind.MINUTES, pk__lt=publication.pk
    ).first()
    if before is None:
        return []
    places = {row.place for row in before.redactions.all()}
    if not places:
        return []
    now = {(one.organisation_id, one.text) for one in all_passages(publication)}
    return [one for one in all_passages(before) if one.place in places and (one.organisation_id, one.text) not in now]


def named_in(text: str, organisations: Iterable[Organisation]) -> list[Organisation]:
    """Those of them whom a text names."""
    return [one for one in organisations if one.is_named_in(text)]


def concerned(publication: Publication) -> list[Organisation]:
    """Whose words it uses besides the ministry's: of the minutes whoever came, spoke or is named, of a text whom it
    names."""
    everybody = not_ministries()
    if not publication.hides:
        return named_in(f"{publication.title}\n{publication.text}", everybody)
    everything = all_passages(publication)
    owners = {one.organisation_id for one in everything}
    named = {one.pk for one in named_in("\n".join(passage.text for passage in everything), everybody)}
    return [one for one in everybody if one.pk in owners | named]


def earliest_day(publication: Publication) -> date | None:
    """Before which day a public version may not go out against the will of somebody; None if there is no such day.

    Also if it was said to an earlier one: the same is not asked again until somebody is silent.
    """
    if not publication.hides:
        return None
    alike = Opinion.objects.filter(
        publication__revision__minutes=publication.revision.minutes_id, publication__kind=Publication.Kind.MINUTES
    )
    return earliest_disclosure(alike)


def latest_opening(meeting: Meeting) -> date:
    """Until when a recording of a meeting may be withheld at the longest."""
    return date(meeting.day.year + 1 + LONGEST_CLOSED, 1, 1)


def form_in_use(body_id: int, kind: str) -> DocumentForm | None:
    """The form in which documents of a kind come out for a body; None if it is the system's own."""
    rows = DocumentForm.objects.filter(body=body_id, kind=kind, put_aside_at=None)
    return rows.select_related("file").first()
