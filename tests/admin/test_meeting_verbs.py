"""Announcing, beginning, closing and cancelling a meeting by its buttons."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from council.core.models import AuditEntry
from council.mail.models import Notice
from council.meetings.models import Meeting, Participation
from council.meetings.operations.participation import keep_participation, withdraw_invitation
from council.parties.models import User
from tests.factories import Cast, a_meeting, moment
from tests.factories.rows import TESTER

type SignIn = Callable[[User], Client]

REFUSED_HERE = 422


def do(client: Client, meeting: Meeting, verb: str, **data: str) -> int:
    return client.post(f"/admin/council/meeting/{meeting.pk}/do/{verb}/", data).status_code


def offered(client: Client, meeting: Meeting) -> list[str]:
    verbs = client.get(f"/admin/council/meeting/{meeting.pk}/change/").context["verbs"]
    return [verb["url"].rstrip("/").rsplit("/", 1)[-1] for verb in verbs]


def test_a_meeting_from_its_announcement_to_its_end(cast: Cast, as_user: SignIn) -> None:
    client, meeting = as_user(cast.secretary), a_meeting()
    steps = [offered(client, meeting)]
    for verb in ("convene", "begin", "close"):
        if verb == "close":
            meeting.participations.update(attendance="present")
        assert client.get(f"/admin/council/meeting/{meeting.pk}/do/{verb}/").status_code == 200
        assert do(client, meeting, verb) == 302
        steps.append(offered(client, meeting))
    meeting.refresh_from_db()
    assert (meeting.state, meeting.number) == ("closed", 1)
    assert steps == [
        ["convene", "fix_agenda", "carry_over", "refer", "cancel"],
        ["fix_agenda", "carry_over", "refer", "begin", "cancel"],
        ["refer", "close"],
        ["refer"],
    ]
    written = AuditEntry.objects.filter(target_type="meeting", target_id=str(meeting.pk), refused=False).order_by("id")
    verbs = written.exclude(verb="meeting.read")
    assert list(verbs.values_list("verb", flat=True)) == [
        "meeting.scheduled", "meeting.convened", "meeting.begun", "meeting.closed",
    ]  # fmt: skip


@pytest.mark.parametrize(("data", "told"), [({}, True), ({"quiet": "on"}, False)])
def test_announcing_tells_everyone_seated_unless_it_is_a_correction(
    cast: Cast, as_user: SignIn, data: dict[str, str], told: bool
) -> None:
    meeting = a_meeting()
    do(as_user(cast.secretary), meeting, "convene", **data)
    people = set(Notice.objects.filter(kind="meeting_convened").values_list("recipient__email", flat=True))
    assert ("liaison@kt.test" in people, "secretary@msit.test" in people) == (told, False)


def test_everybody_who_will_be_written_to_is_named_before(cast: Cast, as_user: SignIn) -> None:
    client, meeting, now = as_user(cast.secretary), a_meeting(), moment("2026-11-24 10:00")
    keep_participation(Participation(meeting=meeting, person=cast.nobody.person), by=TESTER, now=now)
    asked_no_more = Participation(meeting=meeting, person=cast.kt_liaison.person)
    keep_participation(asked_no_more, by=TESTER, now=now)
    withdraw_invitation(asked_no_more, by=TESTER, reason="착오")
    page = client.get(f"/admin/council/meeting/{meeting.pk}/do/convene/")
    named = {line.person.pk for _organisation, lines in page.context["told"] for line in lines}
    do(client, meeting, "convene")
    written = set(Notice.objects.filter(kind="meeting_convened").values_list("recipient", flat=True))
    assert named == written
    assert (cast.nobody.person_id in named, cast.kt_liaison.person_id in named) == (True, False)


def test_looking_at_the_question_does_nothing(cast: Cast, as_user: SignIn) -> None:
    meeting = a_meeting()
    as_user(cast.secretary).get(f"/admin/council/meeting/{meeting.pk}/do/convene/")
    meeting.refresh_from_db()
    assert (meeting.state, Notice.objects.count()) == ("draft", 0)


@pytest.mark.parametrize("reason", [None, "", "   "])
def test_cancelling_asks_for_a_reason(cast: Cast, as_user: SignIn, reason: str | None) -> None:
    meeting = a_meeting()
    data = {} if reason is None else {"reason": reason}
    assert do(as_user(cast.secretary), meeting, "cancel", **data) == REFUSED_HERE
    meeting.refresh_from_db()
    assert meeting.state == "draft"


def test_cancelling_keeps_the_reason_and_frees_the_quarter(cast: Cast, as_user: SignIn) -> None:
    client, meeting = as_user(cast.secretary), a_meeting()
    assert do(client, meeting, "cancel", reason="국회 일정") == 302
    meeting.refresh_from_db()
    assert (meeting.state, meeting.cancelled_because) == ("cancelled", "국회 일정")
    assert a_meeting().state == "draft"


@pytest.mark.parametrize("verb", ["begin", "close"])
def test_a_step_that_is_not_next_is_refused_on_the_page(cast: Cast, as_user: SignIn, verb: str) -> None:
    meeting = a_meeting()
    assert do(as_user(cast.secretary), meeting, verb) in {REFUSED_HERE, 403}
    meeting.refresh_from_db()
    assert (meeting.state, meeting.number) == ("draft", None)


def test_pressing_twice_does_it_once(cast: Cast, as_user: SignIn) -> None:
    client, meeting = as_user(cast.secretary), a_meeting()
    assert (do(client, meeting, "convene"), do(client, meeting, "convene")) == (302, REFUSED_HERE)
    assert Notice.objects.filter(kind="meeting_convened", recipient__email="liaison@kt.test").count() == 1


def test_a_verb_that_is_not_there_is_refused(cast: Cast, as_user: SignIn) -> None:
    meeting = a_meeting()
    assert do(as_user(cast.secretary), meeting, "erase") in {403, 404}
    assert Meeting.objects.filter(pk=meeting.pk, state="draft").exists()


def test_another_site_cannot_press(cast: Cast) -> None:
    client, meeting = Client(enforce_csrf_checks=True), a_meeting()
    client.force_login(cast.secretary)
    assert do(client, meeting, "convene") == 403
    meeting.refresh_from_db()
    assert meeting.state == "draft"
