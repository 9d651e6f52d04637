"""Meetings in one's own calendar program: one as a file, all under an address with a secret."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import vobject
from django.test import Client

from council.meetings.models import CalendarFeed
from council.meetings.operations.schedule import Plan, cancel_meeting
from council.parties.models import Seat, User
from council.workflows.call_meeting import call_meeting
from tests.access.rows import an_agenda_item, an_open_meeting
from tests.factories import Cast, a_meeting, link, moment
from tests.factories.rows import TESTER

type SignIn = Callable[[User], Client]

SUBSCRIBE = "/calendar/subscribe/"


def address_of(client: Client) -> str:
    """The path of a new address."""
    answer = client.post(SUBSCRIBE, {"give": "1"})
    assert answer.status_code == 200
    address: str = answer.context["address"]
    return address.partition("testserver")[2]


def entries(content: bytes) -> dict[str, Any]:
    calendar = vobject.readOne(content.decode())
    assert calendar.method.value == "PUBLISH"
    return {event.summary.value: event for event in getattr(calendar, "vevent_list", [])}


def test_one_meeting_is_downloaded_as_published_without_anybody_named(cast: Cast, as_user: SignIn) -> None:
    meeting = an_open_meeting(title="임시 점검")
    an_agenda_item(meeting, title="CANARY-ITEM")
    answer = as_user(cast.kt_liaison).get(link("meeting_calendar", meeting.pk))
    assert answer["Content-Type"].startswith("text/calendar")
    (event,) = entries(answer.content).values()
    assert event.dtstart.value == meeting.starts_at
    assert b"ATTENDEE" not in answer.content
    assert b"CANARY-ITEM" not in answer.content


def test_an_address_shows_its_owners_meetings_to_whoever_has_it(cast: Cast, as_user: SignIn) -> None:
    an_open_meeting(title="공개된 회의")
    a_meeting(quarter="2027-Q3", starts_at=moment("2027-08-19 10:00"), title="CANARY-DRAFT")
    path = address_of(as_user(cast.kt_liaison))
    content = Client().get(path).content
    assert any("공개된 회의" in name for name in entries(content))
    assert b"CANARY-DRAFT" not in content


def test_a_meeting_of_chosen_people_is_in_no_other_calendar(cast: Cast, as_user: SignIn) -> None:
    assert cast.skt_liaison.person is not None
    starts_at = moment("2026-11-28 21:00")
    plan = Plan(starts_at=starts_at, ends_at=starts_at.replace(hour=22), title="CANARY-CHOSEN", waive_because="긴급")
    call_meeting(
        by=TESTER, body=cast.council, plan=plan, only=[cast.skt_liaison.person], announce_now=True,
        now=moment("2026-11-28 20:00"),
    )  # fmt: skip
    rivals, own = address_of(as_user(cast.kt_liaison)), address_of(as_user(cast.skt_liaison))
    assert b"CANARY-CHOSEN" not in Client().get(rivals).content
    assert b"CANARY-CHOSEN" in Client().get(own).content


def test_a_cancelled_meeting_says_so(cast: Cast, as_user: SignIn) -> None:
    meeting = an_open_meeting(title="취소될 회의")
    path = address_of(as_user(cast.kt_liaison))
    cancel_meeting(meeting, by=TESTER, now=moment("2026-11-24 11:00"), reason="r", quiet=True)
    event = next(event for name, event in entries(Client().get(path).content).items() if "취소될 회의" in name)
    assert event.status.value == "CANCELLED"


def test_a_new_address_replaces_the_old_one_and_one_that_was_taken_back_opens_nothing(
    cast: Cast, as_user: SignIn
) -> None:
    client = as_user(cast.kt_liaison)
    first = address_of(client)
    second = address_of(client)
    assert [Client().get(path).status_code for path in (first, second)] == [404, 200]
    assert client.post(SUBSCRIBE, {"revoke": "1"}).status_code == 302
    assert Client().get(second).status_code == 404
    assert CalendarFeed.objects.count() == 0


def test_the_secret_is_kept_nowhere_and_shown_once(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.kt_liaison)
    secret = address_of(client).removeprefix("/calendar/").removesuffix(".ics")
    assert len(secret) > 40
    assert secret not in CalendarFeed.objects.get().digest
    assert secret not in client.get(SUBSCRIBE).text


def test_with_the_seat_or_the_account_the_calendar_closes(cast: Cast, as_user: SignIn) -> None:
    an_open_meeting(title="공개된 회의")
    path = address_of(as_user(cast.kt_liaison))
    Seat.objects.filter(person=cast.kt_liaison.person).update(ends_on="2026-10-01")
    assert entries(Client().get(path).content) == {}
    User.objects.filter(pk=cast.kt_liaison.pk).update(is_active=False)
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("secret", ["x", "a" * 43, "../etc", "%00"])
def test_a_secret_that_was_not_given_out_opens_nothing(cast: Cast, secret: str) -> None:
    assert Client().get(f"/calendar/{secret}.ics").status_code in {400, 404}
