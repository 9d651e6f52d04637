"""The secretariat's first page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from council.actions.models import ActionItem
from council.mail.models import EngineState
from council.meetings.models import Meeting
from council.parties.models import Seat, User
from tests.access.rows import an_open_meeting
from tests.actions.steps import submitted
from tests.factories import Cast, an_action
from tests.factories.founding import NOW
from tests.mail.letters import a_letter
from tests.minutes.held import a_meeting_in_session

type SignIn = Callable[[User], Client]


def test_it_shows_what_waits_and_what_is_late(cast: Cast, as_user: SignIn) -> None:
    waiting, late = submitted(cast, title="WAITS"), an_action("KT", title="LATE")
    ActionItem.objects.filter(pk=late.pk).update(due_on=date(2026, 11, 20))
    an_action("LGU", title="FINE")
    response = as_user(cast.secretary).get("/admin/")
    board = response.context["dashboard"]
    assert [task.action for task in board.to_verify] == [waiting]
    assert [(task.action, task.days_left) for task in board.overdue] == [(late, -2)]
    assert [(load.organisation.code, load.owed, load.overdue, load.submitted) for load in board.loads] == [
        ("SKT", 0, 0, 1), ("KT", 1, 1, 0), ("LGU", 1, 0, 0),
    ]  # fmt: skip
    assert "WAITS" in response.text
    assert "LATE" in response.text


def test_it_shows_each_bodys_meeting_of_this_quarter_and_the_next(cast: Cast, as_user: SignIn) -> None:
    board = as_user(cast.secretary).get("/admin/").context["dashboard"]
    shown = [(row.body.code, str(row.quarter), bool(row.meeting)) for row in board.quarters]
    assert shown == [
        ("council", "2026-Q4", False), ("ciso", "2026-Q4", False), ("council", "2027-Q1", True),
        ("ciso", "2027-Q1", True),
    ]  # fmt: skip


def test_it_names_meetings_that_have_begun_until_they_are_closed(cast: Cast, as_user: SignIn) -> None:
    begun = a_meeting_in_session(cast)
    response = as_user(cast.secretary).get("/admin/")
    assert response.context["dashboard"].unclosed == [begun]
    assert f'href="/admin/council/meeting/{begun.pk}/minutes/"' in response.text
    Seat.objects.filter(person=cast.secretary.person, body=begun.body).update(role="member")
    assert as_user(cast.secretary).get("/admin/").context["dashboard"].unclosed == []
    Seat.objects.filter(person=cast.secretary.person, body=begun.body).update(role="secretary")
    Meeting.objects.filter(pk=begun.pk).update(state="closed", closed_at=NOW)
    assert as_user(cast.secretary).get("/admin/").context["dashboard"].unclosed == []


def test_it_counts_letters_that_need_a_person(cast: Cast, as_user: SignIn) -> None:
    for user, values in (
        (cast.skt_ceo, {"needs_release": True}),
        (cast.skt_liaison, {"state": "dead"}),
        (cast.kt_liaison, {"state": "uncertain"}),
        (cast.lgu_liaison, {}),
    ):
        a_letter(user, **values)
    board = as_user(cast.secretary).get("/admin/").context["dashboard"]
    assert (board.to_release, board.undeliverable) == (1, 2)


@pytest.mark.parametrize(("silent_for", "silent"), [(timedelta(minutes=1), False), (timedelta(hours=1), True)])
def test_it_says_when_the_engine_is_silent(cast: Cast, as_user: SignIn, silent_for: timedelta, silent: bool) -> None:
    EngineState.objects.create(pk=1, heartbeat_at=NOW - silent_for)
    assert as_user(cast.secretary).get("/admin/").context["dashboard"].engine_silent is silent


def test_whoever_runs_one_body_sees_that_one(cast: Cast, as_user: SignIn) -> None:
    an_action("SKT", title="CANARY-COUNCIL")
    Seat.objects.filter(person__user=cast.secretary, body=cast.council).delete()
    an_open_meeting(title="CANARY-MEETING")
    response = as_user(cast.secretary).get("/admin/")
    assert {row.body.code for row in response.context["dashboard"].quarters} == {"ciso"}
    assert "CANARY" not in response.text
