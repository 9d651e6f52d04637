"""A page asks the same number of questions for one row and for fifty."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from django.test import Client

from council.actions.models import ActionItem
from council.actions.operations.progress import submit_progress
from council.declaration.models import Commitment
from council.meetings.models import Meeting
from council.parties.models import User
from tests.access.rows import an_agenda_item, an_open_meeting
from tests.actions.steps import a_report
from tests.factories import Cast, actor_of, an_action, link, moment, pdf
from tests.meetings.a_full_meeting import a_full_meeting

type SignIn = Callable[[User], Client]
type Counted = Callable[[int], AbstractContextManager[Any]]

pytestmark = pytest.mark.both_databases

# One of each row page's is the entry that it was read.
DESK, COMMITMENTS, COMMITMENT, MEETINGS, MEETING, ACTION = 17, 7, 17, 6, 19, 15


def fetch(client: Client, address: str, queries: int, counted: Counted) -> str:
    client.get(address)  # what is read once a process
    with counted(queries):
        response = client.get(address)
    assert response.status_code == 200
    return response.text


@pytest.mark.parametrize("rows", [1, 50])
def test_the_desk(cast: Cast, as_user: SignIn, django_assert_num_queries: Counted, rows: int) -> None:
    an_open_meeting()
    for n in range(rows):
        an_action("SKT", title=f"ROW-{n}-", commitment="C01" if n % 2 else "C18", due_on=date(2026, 12, 10))
    text = fetch(as_user(cast.skt_liaison), "/", DESK, django_assert_num_queries)
    assert sum(f"ROW-{n}-" in text for n in range(rows)) == rows


@pytest.mark.parametrize("rows", [1, 50])
def test_the_commitments(cast: Cast, as_user: SignIn, django_assert_num_queries: Counted, rows: int) -> None:
    one = Commitment.objects.get(code="C01")
    for n in range(rows):
        Commitment.objects.create(
            declaration=one.declaration, pillar=one.pillar, code=f"X{n:02d}", kind="joint", title_ko=f"ROW-{n}-",
            title_en=f"ROW-{n}-",
        )  # fmt: skip
    text = fetch(as_user(cast.skt_liaison), "/commitments/", COMMITMENTS, django_assert_num_queries)
    assert sum(f"ROW-{n}-" in text for n in range(rows)) == rows


@pytest.mark.parametrize("rows", [1, 50])
def test_the_thread_of_a_commitment(cast: Cast, as_user: SignIn, django_assert_num_queries: Counted, rows: int) -> None:
    meeting, pk = an_open_meeting(), Commitment.objects.get(code="C01").pk
    for n in range(rows):
        an_action("SKT", title=f"ROW-{n}-")
        an_agenda_item(meeting, title=f"ITEM-{n}-", position=n)
    text = fetch(as_user(cast.skt_liaison), link("commitment", pk), COMMITMENT, django_assert_num_queries)
    assert sum(f"ROW-{n}-" in text for n in range(rows)) == rows


@pytest.mark.parametrize("rows", [1, 50])
def test_the_meetings(cast: Cast, as_user: SignIn, django_assert_num_queries: Counted, rows: int) -> None:
    one = an_open_meeting()
    for n in range(rows):
        Meeting.objects.create(
            body=one.body, quarter=f"20{30 + n // 4}-Q{n % 4 + 1}", kind="extraordinary", title=f"ROW-{n}-",
            starts_at=one.starts_at, ends_at=one.ends_at, state="open", opened_at=one.opened_at,
        )  # fmt: skip
    text = fetch(as_user(cast.skt_liaison), "/meetings/", MEETINGS, django_assert_num_queries)
    assert sum(f"ROW-{n}-" in text for n in range(rows)) == rows


@pytest.mark.parametrize("rows", [1, 50])
def test_the_agenda_of_a_meeting(cast: Cast, as_user: SignIn, django_assert_num_queries: Counted, rows: int) -> None:
    meeting = an_open_meeting()
    for n in range(rows):
        an_agenda_item(meeting, title=f"ROW-{n}-", position=n, presenter=cast.skt_liaison.person)
    text = fetch(as_user(cast.kt_liaison), link("meeting", meeting.pk), MEETING, django_assert_num_queries)
    assert sum(f"ROW-{n}-" in text for n in range(rows)) == rows


@pytest.mark.parametrize("rows", [1, 50])
@pytest.mark.parametrize(("page", "queries", "most"), [("room", 10, 1), ("meeting", 22, 50)])
def test_a_meeting_in_session(
    cast: Cast, as_user: SignIn, django_assert_num_queries: Counted, page: str, queries: int, most: int, rows: int
) -> None:
    """The room shows the item that comes next until one is called."""
    meeting = a_full_meeting(cast, rows)
    text = fetch(as_user(cast.skt_liaison), link(page, meeting.pk), queries, django_assert_num_queries)
    assert sum(f"ROW-{n}-" in text for n in range(rows)) == min(rows, most)


@pytest.mark.parametrize("rows", [1, 50])
def test_the_history_of_an_item(cast: Cast, as_user: SignIn, django_assert_num_queries: Counted, rows: int) -> None:
    action: ActionItem = an_action("SKT")
    for n in range(rows):
        progress = a_report(text=f"ROW-{n}-", uploads=[pdf()])
        submit_progress(action, by=actor_of(cast.skt_liaison), now=moment("2026-11-24 09:00"), progress=progress)
    text = fetch(as_user(cast.skt_liaison), link("action", action.pk), ACTION, django_assert_num_queries)
    assert sum(f"ROW-{n}-" in text for n in range(rows)) == rows
