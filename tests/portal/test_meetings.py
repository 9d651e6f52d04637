"""Meetings by quarter, and one with its agenda and deadlines."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from council.meetings.operations.agenda import withdraw_agenda_item
from council.meetings.operations.fixing import fix_agenda
from council.meetings.operations.proposals import note_competition_check
from council.meetings.operations.schedule import cancel_meeting
from council.parties.models import User
from tests.access.rows import an_agenda_item, an_open_meeting
from tests.factories import Cast, a_meeting, actor_of, link, moment

type SignIn = Callable[[User], Client]


def listed(client: Client) -> list[tuple[str, list[str]]]:
    quarters = client.get("/meetings/").context["quarters"]
    return [(str(quarter), [meeting.name for meeting in meetings]) for quarter, meetings in quarters]


def test_a_carrier_sees_what_was_announced_and_the_secretary_what_is_planned(cast: Cast, as_user: SignIn) -> None:
    an_open_meeting(title="OPEN")
    a_meeting(quarter="2027-Q3", outside_quarter_because="trial", title="CANARY-PLAN")
    carrier, secretary = as_user(cast.skt_liaison), as_user(cast.secretary)
    assert [quarter for quarter, _ in listed(carrier)] == ["2027-Q2", "2026-Q2"]
    assert [quarter for quarter, _ in listed(secretary)] == ["2027-Q3", "2027-Q2", "2027-Q1", "2026-Q2"]
    assert "CANARY-PLAN" not in carrier.get("/meetings/").text
    assert "CANARY-PLAN" in secretary.get("/meetings/").text


def test_the_working_groups_members_do_not_see_the_councils_meeting(cast: Cast, as_user: SignIn) -> None:
    meeting = an_open_meeting(title="CANARY-COUNCIL")
    for who in ("kt_ciso", "observer"):
        client = as_user(getattr(cast, who))
        assert "CANARY-COUNCIL" not in client.get("/meetings/").text
        assert client.get(link("meeting", meeting.pk)).status_code == 404


def test_a_meetings_page_shows_its_agenda_in_order_and_its_steps(cast: Cast, as_user: SignIn) -> None:
    meeting = an_open_meeting()
    an_agenda_item(meeting, title="Second", position=2)
    an_agenda_item(meeting, title="First", position=1)
    an_agenda_item(meeting, title="CANARY-PROPOSED", position=3, state="proposed")
    response = as_user(cast.kt_liaison).get(link("meeting", meeting.pk))
    assert [slot.item.title for slot in response.context["board"].table.slots] == ["First", "Second"]
    assert len(response.context["steps"]) == 12
    assert "CANARY-PROPOSED" not in response.text


def test_the_reason_of_a_cancellation_is_shown_to_those_who_were_invited(cast: Cast, as_user: SignIn) -> None:
    meeting = an_open_meeting()
    cancel_meeting(meeting, by=actor_of(cast.secretary), now=moment("2026-11-24 10:00"), reason="THE-REASON")
    assert "THE-REASON" in as_user(cast.skt_liaison).get(link("meeting", meeting.pk)).text


def test_readers_who_do_not_see_what_was_taken_off_learn_that_something_was(cast: Cast, as_user: SignIn) -> None:
    meeting, by = an_open_meeting(), actor_of(cast.secretary)
    one, _two = (an_agenda_item(meeting, title=title, position=n, owner="SKT") for n, title in enumerate("AB", 1))
    for item in meeting.agenda_items.all():
        note_competition_check(item, by=by, opinion="없음", now=moment("2026-11-24 10:00"))
    fix_agenda(meeting, by=by, now=moment("2026-11-24 10:00"))
    kt = as_user(cast.kt_liaison)
    assert kt.get(link("meeting", meeting.pk)).context["board"].changed is False
    one.refresh_from_db()
    withdraw_agenda_item(one, by=by, reason="철회")
    board = kt.get(link("meeting", meeting.pk)).context["board"]
    assert (board.changed, board.shortened, list(board.gone)) == (True, True, [])
    assert list(as_user(cast.secretary).get(link("meeting", meeting.pk)).context["board"].gone) == [one]
