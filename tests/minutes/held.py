"""A meeting that was held, as far as its minutes need it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from council.actions.operations.items import follow_up
from council.meetings.models import AgendaItem, Meeting, Participation
from council.meetings.operations.participation import record_attendance
from council.meetings.operations.room import note_result, save_note
from council.meetings.operations.schedule import begin_meeting
from council.minutes.models import Decision, Minutes, MinutesRevision, MinutesSection
from council.minutes.operations.circulation import circulate
from council.minutes.operations.decisions import Wording, record_decision
from council.minutes.operations.writing import Head, Part, Said, being_written, save_head, save_part, start_minutes
from council.parties.models import Organisation
from council.workflows.close_meeting import close_meeting
from tests.access.rows import an_agenda_item, an_open_meeting
from tests.factories import Cast, actor_of, moment

HELD = moment("2027-05-20 12:00")
SENT = moment("2027-05-25 10:00")
UNTIL = moment("2027-06-01 23:59")
AFTER = moment("2027-06-02 10:00")
CARRIERS = ("SKT", "KT", "LGU")


def a_meeting_in_session(cast: Cast, *, items: int = 2) -> Meeting:
    """With so many items, of SKT and of KT in turn, noted and with a result; everybody who was asked was there."""
    meeting = an_open_meeting(venue="정부서울청사")
    secretary = actor_of(cast.secretary)
    rows = [
        an_agenda_item(meeting, owner=("SKT", "KT")[n % 2], position=n, title=f"안건 {n + 1}") for n in range(items)
    ]
    begin_meeting(meeting, by=secretary)
    for row in meeting.participations.asked():
        record_attendance(row, by=secretary, attendance="present")
    for item in rows:
        save_note(item, by=secretary, text=f"NOTE {item.pk}", seen=0)
        note_result(item, by=secretary, result="adopted", seen="")
    return meeting


def items_of(meeting: Meeting) -> list[AgendaItem]:
    return list(meeting.agenda_items.order_by("position", "pk"))


def speaker(meeting: Meeting, organisation: str) -> Participation:
    return meeting.participations.asked().filter(organisation__code=organisation, capacity="member")[0]


def a_decision(cast: Cast, item: AgendaItem, text: str = "합의한다.", **values: object) -> Decision:
    wording = Wording(**{"kind": "decision", "text": text} | values)  # type: ignore[arg-type]
    return record_decision(item, by=actor_of(cast.secretary), wording=wording)


def sections(revision: MinutesRevision) -> list[MinutesSection]:
    return list(revision.sections.order_by("position"))


def written_minutes(cast: Cast, meeting: Meeting) -> MinutesRevision:
    """Minutes with everything that the law asks for; what follows from the first item's decision is given to all."""
    secretary = actor_of(cast.secretary)
    revision = being_written(start_minutes(meeting, by=secretary))
    assert revision is not None
    for section, code in zip(sections(revision), ("SKT", "KT") * len(items_of(meeting)), strict=False):
        said = Said(speaker=speaker(meeting, code), text=f"{code}의 발언")
        save_part(
            section, by=secretary, part=Part(remarks=[said], gist=section.gist, vote="none"), seen=section.version
        )
    first, *others = items_of(meeting)
    decision = a_decision(cast, first)
    follow_up(
        decision,
        by=secretary,
        owners=organisations(*CARRIERS),
        title="점검 결과 제출",
        due_on=(HELD + timedelta(days=29)).date(),
        today=HELD.date(),
    )
    for item in others:
        section = revision.sections.get(agenda_item=item)
        part = Part(
            remarks=[Said(speaker=one.speaker, text=one.text, private=one.private) for one in section.remarks.all()],
            gist=section.gist, vote="none", no_decision=True,
        )  # fmt: skip
        save_part(section, by=secretary, part=part, seen=section.version)
    fill_head(cast, revision)
    return MinutesRevision.objects.get(pk=revision.pk)


def fill_head(cast: Cast, revision: MinutesRevision, **values: object) -> int:
    revision = MinutesRevision.objects.get(pk=revision.pk)
    head = (
        {name: getattr(revision, name) for name in Head.__slots__}
        | {"summary": "요지", "keywords": "보안, 투자"}
        | values
    )
    return save_head(revision, by=actor_of(cast.secretary), head=Head(**head), seen=revision.version)


def organisations(*codes: str) -> list[Organisation]:
    return list(Organisation.objects.filter(code__in=codes).order_by("pk"))


def circulated_minutes(
    cast: Cast, *, to: Iterable[str] = CARRIERS, quiet: bool = True, meeting: Meeting | None = None
) -> MinutesRevision:
    """Of that meeting as far as its minutes were written, or of another with complete ones."""
    if meeting is None:
        meeting = a_meeting_in_session(cast)
        written_minutes(cast, meeting)
    revision = minutes_of(meeting).revisions.get()
    close_meeting(Meeting.objects.get(pk=meeting.pk), by=actor_of(cast.secretary), now=HELD)
    revision.refresh_from_db()
    circulate(
        revision, by=actor_of(cast.secretary), now=SENT, organisations=organisations(*to), until=UNTIL, quiet=quiet
    )
    return MinutesRevision.objects.select_related("minutes__meeting").get(pk=revision.pk)


def minutes_of(meeting: Meeting) -> Minutes:
    return Minutes.objects.get(meeting=meeting)
