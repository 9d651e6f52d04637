"""Answering an invitation: on its page, for a colleague's office, and by the link in the letter without signing in."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client

from council.core.models import AuditEntry
from council.meetings.models import Meeting, Participation
from council.meetings.operations.participation import withdraw_invitation
from council.meetings.operations.schedule import cancel_meeting
from council.parties.models import User
from tests.access.rows import an_agenda_item, an_open_meeting
from tests.factories import Cast, a_meeting, link, moment
from tests.factories.rows import TESTER

type SignIn = Callable[[User], Client]

NOW = moment("2026-11-24 10:00")


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def place_of(user: User, meeting: Meeting) -> Participation:
    return Participation.objects.get(meeting=meeting, person=user.person)


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    meeting = an_open_meeting(venue="세종청사")
    an_agenda_item(meeting, title="CANARY-ITEM")
    return meeting


def test_the_link_opens_without_signing_in_and_shows_what_the_letter_said(cast: Cast, meeting: Meeting) -> None:
    text = Client().get(link("reply", place_of(cast.kt_ceo, meeting).pk)).text
    assert "세종청사" in text
    assert "ceo@kt.test" in text
    assert "CANARY-ITEM" not in text
    assert "ceo@skt.test" not in text


@pytest.mark.parametrize("answer", ["accepted", "declined", "tentative"])
def test_an_answer_by_the_link_counts_as_theirs_and_can_be_changed(cast: Cast, meeting: Meeting, answer: str) -> None:
    row = place_of(cast.kt_ceo, meeting)
    stranger, address = Client(), link("reply", row.pk)
    for rsvp in ("tentative", answer):
        assert stranger.post(address, {"rsvp": rsvp, "note": "사유"}).status_code in {302, 422}
    row.refresh_from_db()
    assert (row.rsvp, row.rsvp_note) == (answer, "사유")
    entry = AuditEntry.objects.filter(verb="participation.answered").latest("id")
    assert "link in the letter" in entry.actor
    assert entry.actor_user_id is None


@pytest.mark.parametrize(
    "data", [{}, {"rsvp": "needs_action"}, {"rsvp": "perhaps"}, {"rsvp": "accepted", "note": "x" * 301}]
)
def test_what_is_no_answer_is_refused_and_nothing_kept(cast: Cast, meeting: Meeting, data: dict[str, str]) -> None:
    row = place_of(cast.kt_ceo, meeting)
    assert Client().post(link("reply", row.pk), data).status_code == 422
    row.refresh_from_db()
    assert (row.rsvp, row.answered_at) == ("needs_action", None)


def test_the_link_of_an_invitation_that_was_withdrawn_or_never_sent_opens_nothing(cast: Cast, meeting: Meeting) -> None:
    row = place_of(cast.kt_ceo, meeting)
    withdraw_invitation(row, by=TESTER, reason="r")
    draft = a_meeting(quarter="2027-Q3", starts_at=moment("2027-08-19 10:00"))
    unsent = Participation.objects.create(meeting=draft, person=cast.kt_ceo.person, organisation=cast.kt)  # type: ignore[misc]
    for pk in (row.pk, unsent.pk):
        assert Client().get(link("reply", pk)).status_code == 404
        assert Client().post(link("reply", pk), {"rsvp": "accepted"}).status_code == 404


def test_after_the_meeting_has_begun_or_was_cancelled_no_answer_is_taken(cast: Cast, meeting: Meeting) -> None:
    row = place_of(cast.kt_ceo, meeting)
    with time_machine.travel(meeting.starts_at, tick=False):
        assert Client().post(link("reply", row.pk), {"rsvp": "accepted"}).status_code == 422
        assert "<form" not in Client().get(link("reply", row.pk)).text.split("<main")[1]
    cancel_meeting(meeting, by=TESTER, now=NOW, reason="r", quiet=True)
    assert Client().post(link("reply", row.pk), {"rsvp": "accepted"}).status_code == 422
    row.refresh_from_db()
    assert row.rsvp == "needs_action"


def test_a_liaison_answers_for_the_office_of_the_own_ceo_and_for_no_other(
    cast: Cast, as_user: SignIn, meeting: Meeting
) -> None:
    own, rivals = place_of(cast.skt_ceo, meeting), place_of(cast.kt_ceo, meeting)
    liaison = as_user(cast.skt_liaison)
    assert liaison.post(link("participation_answer", own.pk), {"rsvp": "accepted"}).status_code == 302
    assert liaison.post(link("participation_answer", rivals.pk), {"rsvp": "declined"}).status_code == 404
    assert [Participation.objects.get(pk=row.pk).rsvp for row in (own, rivals)] == ["accepted", "needs_action"]


def test_a_colleague_without_a_say_cannot_answer(cast: Cast, as_user: SignIn, meeting: Meeting) -> None:
    row = place_of(cast.skt_liaison, meeting)
    assert as_user(cast.skt_ceo).post(link("participation_answer", row.pk), {"rsvp": "declined"}).status_code == 403
    assert Participation.objects.get(pk=row.pk).rsvp == "needs_action"


def test_the_secretary_notes_an_answer_that_came_by_telephone(cast: Cast, as_user: SignIn, meeting: Meeting) -> None:
    row = place_of(cast.kt_ceo, meeting)
    assert as_user(cast.secretary).post(link("participation_answer", row.pk), {"rsvp": "declined"}).status_code == 302
    assert Participation.objects.get(pk=row.pk).rsvp == "declined"


def test_a_carrier_sees_its_own_people_and_the_ministrys_and_no_totals(
    cast: Cast, as_user: SignIn, meeting: Meeting
) -> None:
    shown = as_user(cast.skt_liaison).get(link("meeting", meeting.pk))
    assert "ceo@skt.test" in shown.text
    assert "ceo@kt.test" not in shown.text
    assert shown.context["participants"].answers is None
    everything = as_user(cast.secretary).get(link("meeting", meeting.pk))
    assert "ceo@kt.test" in everything.text
    assert dict(everything.context["participants"].answers)
