"""A meeting in session with as much of everything as one asks for."""

from __future__ import annotations

from council.meetings.models import ItemNote, Meeting, Paper, Participation
from council.meetings.operations.papers import add_paper
from council.meetings.operations.participation import keep_participation, record_attendance
from council.meetings.operations.schedule import begin_meeting
from council.parties.models import Organisation, Person
from tests.access.rows import an_agenda_item, an_open_meeting
from tests.factories import Cast, actor_of, moment
from tests.factories.rows import TESTER

NOW = moment("2026-11-24 10:00")


def a_full_meeting(cast: Cast, rows: int) -> Meeting:
    """So many items, each with a paper, a note and a presenter, and so many more people, one of whom was absent."""
    meeting = an_open_meeting()
    organisations = list(Organisation.objects.filter(code__in=["SKT", "KT", "LGU"]))
    for n in range(rows):
        item = an_agenda_item(meeting, title=f"ROW-{n}-", position=n, presenter=cast.skt_liaison.person)
        paper = Paper(agenda_item=item, owner=cast.skt, title=f"PAPER-{n}-", label="TLP:AMBER", document_number=f"{n}")
        add_paper(paper, by=actor_of(cast.skt_liaison), upload=None, now=NOW)
        ItemNote.objects.create(item=item, text=f"NOTE-{n}-", version=1)
        person = Person.objects.create(organisation=organisations[n % 3], name_ko=f"PERSON-{n}-")
        keep_participation(
            Participation(meeting=meeting, person=person, capacity="member"), by=TESTER, now=NOW, quiet=True
        )
    begin_meeting(meeting, by=TESTER)
    absent = meeting.participations.latest("pk")
    record_attendance(absent, by=TESTER, attendance="absent", reason="REASON-OF-ABSENCE")
    return meeting
