"""The plan of korea.md §6.4: the meeting of Thursday 25 February 2027, over 설."""

from __future__ import annotations

import pytest

from council.meetings.models import Meeting
from tests.factories import moment

COUNCIL = {
    "agenda_call": "2027-01-26",
    "working_group": "2027-02-02",
    "items_due": "2027-02-05",
    "reports_due": "2027-02-05",
    "agenda_fixed": "2027-02-11",
    "notice": "2027-02-17",
    "papers_out": "2027-02-18",
    "attendance_settled": "2027-02-22",
    "minutes_circulated": "2027-03-03",
    "comments_due": "2027-03-10",
    "minutes_approved": "2027-03-12",
    "minutes_published": "2027-03-16",
}


@pytest.mark.usefixtures("seeded")
def test_every_step_of_the_seeded_council_falls_on_the_day_of_the_table() -> None:
    meeting = Meeting.objects.get(body__code="council", kind="regular")
    assert meeting.starts_at == moment("2027-02-25 10:00")
    assert dict(meeting.deadlines.values_list("kind", "due_at")) == {
        kind: moment(f"{day} 23:59:59") for kind, day in COUNCIL.items()
    }
