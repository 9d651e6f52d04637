"""Questions about what is published of the record and what stands beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from django.utils import translation

from council.core.labels import Disclosure, Labelled
from council.meetings.models import Meeting
from council.minutes.models import Decision, DocumentForm, MinutesRevision, Opinion, Publication
from council.minutes.operations import opinions
from council.minutes.passages import Passage, decided, paragraphs, passages, section_place
from council.minutes.record import written
from council.parties.models import Organisation, Seat
from council.parties.queries import not_ministries, people_seated

# 시행령 제18조제3항: ten years from the beginning of the retention period, which is the first of January that follows.
LONGEST_CLOSED = 10
# Who can say something for an organisation.
ANSWERS = (Seat.Role.LIAISON, Seat.Role.MEMBER, Seat.Role.APPROVER)


def all_passages(publication: Publication) -> list[Passage]:
    """What a public version could say, in Korean, in which it is issued."""
    with translation.override("ko"):
        return list(passages_of(publication.revision))


def passages_of(revision: MinutesRevision) -> Iterator[Passage]:
    """The passages of a version, in the active language."""
    decisions = Decision.objects.filter(agenda_item__meeting=revision.minutes.meeting_id)
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


def without_a_voice(publication: Publication, organisations: Iterable[Organisation], *, on: date) -> list[Organisation]:
    """Those of them for whom nobody seated on the body could answer: they are asked on paper."""
    body = publication.revision.minutes.meeting.body_id
    heard = set(people_seated(body, ANSWERS, on=on).values_list("organisation", flat=True))
    return [one for one in organisations if one.pk not in heard]


def earliest_day(publication: Publication) -> date | None:
    """Before which day a public version may not go out against the will of somebody; None if there is no such day.

    Also if it was said to an earlier one: the same is not asked again until somebody is silent.
    """
    if not publication.hides:
        return None
    alike = Opinion.objects.filter(
        publication__revision__minutes=publication.revision.minutes_id, publication__kind=Publication.Kind.MINUTES
    )
    return opinions.earliest_day(alike)


def latest_opening(meeting: Meeting) -> date:
    """Until when a recording of a meeting may be withheld at the longest."""
    return date(meeting.day.year + 1 + LONGEST_CLOSED, 1, 1)


def form_in_use(body_id: int, kind: str) -> DocumentForm | None:
    """The form in which documents of a kind come out for a body; None if it is the system's own."""
    rows = DocumentForm.objects.filter(body=body_id, kind=kind, put_aside_at=None)
    return rows.select_related("file").first()
