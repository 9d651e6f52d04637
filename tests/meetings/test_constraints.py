"""What the database refuses whatever the code does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet

from council.core.quarters import Quarter
from council.declaration.models import Commitment, Declaration, Pillar
from council.meetings.models import AgendaItem, Deadline, DeadlineTemplate, Meeting
from council.parties.models import Body, Organisation
from tests.factories import a_meeting, moment

NOW = moment("2026-11-24 09:00")


@pytest.fixture
def meeting(council: Body, ministry: Organisation) -> Meeting:
    return a_meeting()


def refused(name: str, rows: QuerySet[Any], **columns: Any) -> None:
    """The update of one row is refused by the constraint of that name."""
    assert rows.count() == 1
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        rows.update(**columns)


def refused_twin(name: str, *rows: Model) -> None:
    """A set of rows is refused, on PostgreSQL by the constraint of that name (SQLite names the columns instead)."""
    with pytest.raises(IntegrityError, match=f"{name}|UNIQUE"), transaction.atomic():
        type(rows[0])._default_manager.bulk_create(rows)


def a_row(meeting: Meeting, **values: Any) -> Meeting:
    start = moment("2027-05-27 10:00")
    columns = {"starts_at": start, "ends_at": start + timedelta(hours=1), "quarter": meeting.quarter} | values
    return Meeting(body=meeting.body, **columns)


def test_one_regular_meeting_a_body_and_quarter(meeting: Meeting) -> None:
    refused_twin("meeting_one_regular_a_quarter", a_row(meeting))
    allowed = [
        a_row(meeting, kind="extraordinary"),
        a_row(meeting, quarter=Quarter(2027, 3)),
        a_row(meeting, state="cancelled", cancelled_at=NOW),
    ]
    assert len(Meeting.objects.bulk_create(allowed)) == 3


def test_one_number_a_body_and_kind(meeting: Meeting) -> None:
    Meeting.objects.filter(pk=meeting.pk).update(number=1)
    refused_twin("meeting_number_once", a_row(meeting, quarter=Quarter(2027, 3), number=1))
    allowed = [a_row(meeting, quarter=Quarter(2027, 3), number=2), a_row(meeting, kind="extraordinary", number=1)]
    assert len(Meeting.objects.bulk_create(allowed)) == 2


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("meeting_ends_after_it_starts", {"ends_at": moment("2027-05-20 10:00")}),
        ("meeting_ends_after_it_starts", {"ends_at": moment("2027-05-20 09:00")}),
        ("meeting_has_an_end_unless_only_the_day_is_known", {"ends_at": None}),
        ("meeting_opened_at_goes_with_state", {"opened_at": NOW}),
        ("meeting_opened_at_goes_with_state", {"state": "open"}),
        ("meeting_opened_at_goes_with_state", {"state": "in_progress"}),
        ("meeting_opened_at_goes_with_state", {"state": "closed", "closed_at": NOW}),
        ("meeting_opened_at_goes_with_state", {"state": "unheard_of", "opened_at": NOW}),
        ("meeting_closed_at_goes_with_state", {"closed_at": NOW}),
        ("meeting_closed_at_goes_with_state", {"state": "closed", "opened_at": NOW}),
        ("meeting_cancelled_at_goes_with_state", {"cancelled_at": NOW}),
        ("meeting_cancelled_at_goes_with_state", {"state": "cancelled"}),
    ],
)
def test_what_does_not_go_together_in_a_meeting_is_refused(
    meeting: Meeting, name: str, columns: dict[str, Any]
) -> None:
    refused(name, Meeting.objects.filter(pk=meeting.pk), **columns)


@pytest.mark.parametrize(
    "columns",
    [
        {"ends_at": None, "day_only": True},
        {"state": "open", "opened_at": NOW},
        {"state": "closed", "opened_at": NOW, "closed_at": NOW},
        {"state": "cancelled", "cancelled_at": NOW},
        {"state": "cancelled", "cancelled_at": NOW, "opened_at": NOW},
        {"state": "closed", "kind": "founding"},
    ],
)
def test_what_goes_together_in_a_meeting_is_taken(meeting: Meeting, columns: dict[str, Any]) -> None:
    assert Meeting.objects.filter(pk=meeting.pk).update(**columns) == 1


def test_one_deadline_of_a_kind_a_meeting(meeting: Meeting) -> None:
    refused_twin("deadline_kind_once_a_meeting", Deadline(meeting=meeting, kind="notice", due_at=NOW))
    assert len(Deadline.objects.bulk_create([Deadline(meeting=meeting, kind="papers_out", due_at=NOW)])) == 1


def test_one_template_a_body_kind_of_meeting_and_step(council: Body) -> None:
    refused_twin("deadline_template_once", DeadlineTemplate(body=council, kind="notice", offset=-1))
    allowed = [DeadlineTemplate(body=council, kind="notice", offset=-1, meeting_kind="founding")]
    assert len(DeadlineTemplate.objects.bulk_create(allowed)) == 1


def test_an_item_has_a_pillar_only_without_a_commitment(meeting: Meeting, ministry: Organisation) -> None:
    declaration = Declaration.objects.create(
        code="d", body=meeting.body, title_ko="선언", title_en="D", issued_on="2026-04-09"
    )
    pillar = Pillar.objects.create(declaration=declaration, order=1, code="p", title_ko="분야", title_en="P")
    commitment = Commitment.objects.create(
        declaration=declaration, code="C01", kind="joint", title_ko="과제", title_en="C"
    )
    item = AgendaItem.objects.create(meeting=meeting, title="안건", owner=ministry, pillar=pillar)
    rows = AgendaItem.objects.filter(pk=item.pk)
    refused("agenda_item_pillar_only_without_commitment", rows, commitment=commitment)
    assert rows.update(commitment=commitment, pillar=None) == 1


@pytest.mark.parametrize("label", ["TLP:RED", "TLP:AMBER+STRICT"])
def test_an_accepted_item_is_amber_or_wider(meeting: Meeting, ministry: Organisation, label: str) -> None:
    item = AgendaItem.objects.create(meeting=meeting, title="안건", owner=ministry)
    rows = AgendaItem.objects.filter(pk=item.pk)
    refused("agenda_item_accepted_is_amber_or_wider", rows, label=label)
    assert rows.update(label=label, state="proposed") == 1
    assert rows.update(label="TLP:CLEAR", state="accepted") == 1
