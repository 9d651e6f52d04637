"""A list of the administration asks the same number of questions for one row and for fifty."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from django.test import Client

from council.actions.models import ActionItem
from council.core import audit
from council.declaration.models import Commitment, CommitmentOwner
from council.meetings.models import Meeting, Participation
from council.parties.models import Body, Seat, User
from tests.access.rows import an_agenda_item
from tests.core.entries import an_entry
from tests.factories import Cast, a_meeting, actor_of, an_action, moment
from tests.mail.letters import a_letter
from tests.meetings.a_full_meeting import a_full_meeting

type SignIn = Callable[[User], Client]
type Counted = Callable[[int], AbstractContextManager[Any]]

pytestmark = pytest.mark.both_databases

DASHBOARD, HISTORY, RECORD = 31, 9, 9


def fetch(client: Client, address: str, queries: int, counted: Counted) -> str:
    client.get(address)  # what is read once a process
    with counted(queries):
        response = client.get(address)
    assert response.status_code == 200
    return response.text


def action_items(cast: Cast, rows: int) -> None:
    for n in range(rows):
        an_action("SKT", title=f"ROW-{n}-", assignee=cast.skt_liaison.person)


def meetings(cast: Cast, rows: int) -> None:
    Meeting.objects.filter(state="draft").update(state="cancelled", cancelled_at=moment("2026-11-24 09:00"))
    for n in range(rows):
        Meeting.objects.create(
            body=cast.council if n % 2 else cast.ciso, quarter="2027-Q1", kind="extraordinary", title=f"ROW-{n}-",
            starts_at=moment("2027-12-02 10:00"), ends_at=moment("2027-12-02 11:00"),
        )  # fmt: skip


def commitments(cast: Cast, rows: int) -> None:
    one = Commitment.objects.get(code="C01")
    for n in range(rows):
        made = Commitment.objects.create(
            declaration=one.declaration, pillar=one.pillar, code=f"A{n:02d}", kind="joint", title_ko=f"ROW-{n}-"
        )
        CommitmentOwner.objects.create(commitment=made, organisation=cast.skt)


def letters(cast: Cast, rows: int) -> None:
    for n in range(rows):
        a_letter(cast.skt_liaison, subject=f"ROW-{n}-")


def agenda_items(cast: Cast, rows: int) -> None:
    meeting = a_meeting()
    for n in range(rows):
        an_agenda_item(meeting, title=f"ROW-{n}-", position=n)


@pytest.mark.parametrize("rows", [1, 50])
@pytest.mark.parametrize(
    ("kind", "make", "queries"),
    [
        ("actionitem", action_items, 9),
        ("agendaitem", agenda_items, 9),
        ("meeting", meetings, 8),
        ("commitment", commitments, 10),
        ("delivery", letters, 10),
    ],
    ids=["action items", "agenda items", "meetings", "commitments", "letters"],
)
def test_a_list(
    cast: Cast, as_user: SignIn, django_assert_num_queries: Counted, kind: str, make: Callable[[Cast, int], None],
    queries: int, rows: int,
) -> None:  # fmt: skip
    make(cast, rows)
    text = fetch(as_user(cast.secretary), f"/admin/council/{kind}/", queries, django_assert_num_queries)
    assert sum(f"ROW-{n}-" in text for n in range(rows)) == rows


@pytest.mark.parametrize("rows", [1, 50])
@pytest.mark.parametrize(
    ("address", "shows", "queries"),
    [
        ("meeting/{}/agenda/", "ROW", 10),
        ("meeting/{}/room/", "NOTE", 11),
        ("participation/attendance/{}/", "PERSON", 7),
    ],
    ids=["the agenda", "the day", "the attendance"],
)
def test_a_page_of_a_meeting(
    cast: Cast, as_user: SignIn, django_assert_num_queries: Counted, address: str, shows: str, queries: int, rows: int
) -> None:
    address = "/admin/council/" + address.format(a_full_meeting(cast, rows).pk)
    text = fetch(as_user(cast.secretary), address, queries, django_assert_num_queries)
    assert sum(f"{shows}-{n}-" in text for n in range(rows)) == rows


@pytest.mark.parametrize("rows", [1, 50])
def test_who_came_over_the_years(cast: Cast, as_user: SignIn, django_assert_num_queries: Counted, rows: int) -> None:
    meeting = a_full_meeting(cast, 2)
    places = list(meeting.participations.all())
    Meeting.objects.filter(pk=meeting.pk).update(state="closed", closed_at=moment("2026-11-24 09:00"))
    for n in range(rows):
        one = Meeting.objects.create(
            body=cast.council, quarter=f"20{30 + n // 4}-Q{n % 4 + 1}", kind="extraordinary", title=f"ROW-{n}-",
            starts_at=meeting.starts_at, ends_at=meeting.ends_at, state="closed", opened_at=meeting.opened_at,
            closed_at=moment("2026-11-24 09:00"),
        )  # fmt: skip
        Participation.objects.bulk_create(
            Participation(
                meeting=one, person_id=row.person_id, organisation_id=row.organisation_id, capacity=row.capacity,
                attendance="present",
            )
            for row in places
        )  # fmt: skip
    text = fetch(as_user(cast.secretary), "/admin/council/participation/history/", RECORD, django_assert_num_queries)
    assert text.count("/participation/attendance/") == min(rows + 1, 12)


@pytest.mark.parametrize(("asked", "queries"), [("quarter=2027-Q3", 14), ("year=2027", 30)])
def test_the_plan(cast: Cast, as_user: SignIn, django_assert_num_queries: Counted, asked: str, queries: int) -> None:
    """A year asks for each of its eight meetings what a quarter asks for its two; more than a year is not planned."""
    text = fetch(as_user(cast.secretary), f"/admin/council/meeting/plan/?{asked}", queries, django_assert_num_queries)
    assert text.count('aria-labelledby="plan-') == (8 if "year" in asked else 2)


def a_meeting_of(cast: Cast, number: int) -> None:
    """One that has begun and is not closed."""
    Meeting.objects.create(
        body=cast.council, quarter=f"20{30 + number // 4}-Q{number % 4 + 1}", kind="extraordinary",
        title=f"OPEN-{number}-", starts_at=moment("2026-11-20 09:00"), ends_at=moment("2026-11-20 10:00"),
        state="in_progress", opened_at=moment("2026-11-20 09:00"),
    )  # fmt: skip


@pytest.mark.parametrize("rows", [1, 50])
def test_the_dashboard(cast: Cast, as_user: SignIn, django_assert_num_queries: Counted, rows: int) -> None:
    action_items(cast, rows)
    ActionItem.objects.update(due_on=date(2026, 11, 20))
    for n in range(rows):
        a_letter(cast.skt_liaison, subject=f"LETTER-{n}-", state="dead")
        an_action("KT", title=f"SUBMITTED-{n}-", state="submitted", submitted_at=moment("2026-11-20 09:00"))
        a_meeting_of(cast, n)
    text = fetch(as_user(cast.secretary), "/admin/", DASHBOARD, django_assert_num_queries)
    assert sum(f"ROW-{n}-" in text for n in range(rows)) == min(rows, 8)
    assert sum(f"SUBMITTED-{n}-" in text for n in range(rows)) == min(rows, 8)
    assert sum(f"OPEN-{n}-" in text for n in range(rows)) == rows
    assert f'class="alarming">{rows}</strong>' in text


def audit_entries(cast: Cast, rows: int) -> None:
    for n in range(rows):
        an_entry("2026-10-06 10:00", "meeting.read", target=f"ROW-{n}-", target_type="meeting", actor=f"ROW-{n}-")
        an_entry("2026-10-06 10:00", "view", target=f"ROW-{n}-", actor_user_id=n, actor=f"ROW-{n}-", refused=True)


@pytest.mark.parametrize("rows", [1, 50])
@pytest.mark.parametrize(
    ("address", "queries"),
    [("auditentry/?kind=read", 10), ("auditreview/month/2026-10/", 18)],
    ids=["the access record", "a month of it"],
)
def test_the_access_record(
    cast: Cast, as_user: SignIn, django_assert_num_queries: Counted, address: str, queries: int, rows: int
) -> None:
    audit_entries(cast, rows)
    audit.seal()
    text = fetch(as_user(cast.secretary), f"/admin/council/{address}", queries, django_assert_num_queries)
    assert sum(f"ROW-{n}-" in text for n in range(rows)) == rows


@pytest.mark.parametrize("rows", [1, 50])
def test_the_history_of_a_seat_names_whom_it_points_to(
    cast: Cast, as_user: SignIn, django_assert_num_queries: Counted, rows: int
) -> None:
    seat = Seat.objects.filter(person=cast.kt_liaison.person)[0]
    bodies = list(Body.objects.values_list("pk", flat=True))
    for n in range(rows):
        values = {"person_id": cast.kt_liaison.person_id, "body_id": bodies[n % len(bodies)]}
        audit.record(by=actor_of(cast.secretary), verb="seat.changed", target=seat, after=values, reason=f"ROW-{n}-")
    text = fetch(as_user(cast.secretary), f"/admin/council/seat/{seat.pk}/history/", HISTORY, django_assert_num_queries)
    assert sum(f"ROW-{n}-" in text for n in range(rows)) == rows
    assert text.count(str(cast.kt_liaison.person)) >= rows
