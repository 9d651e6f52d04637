"""The main job from end to end: a meeting is scheduled, an item reported, submitted and verified, and the right letters
reach the right people through a real Celery worker, Redis and an SMTP server, as the clock moves on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from council.actions.models import ActionItem, Evidence
from council.actions.states import ActionState
from council.core.calendar import SEOUL
from council.mail.models import Delivery, EngineState
from council.meetings.models import Meeting
from council.meetings.states import MeetingState
from council.tasks import tick
from tests.actions.steps import every_point
from tests.factories import Cast, an_action, moment, pdf
from tests.factories.second_factor import signed_in
from tests.services import Sink, celery, require_redis, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]

TUESDAY_MORNING = datetime(2026, 11, 24, 10, 0, tzinfo=SEOUL)


@pytest.fixture
def tuesday() -> Iterator[None]:
    with time_machine.travel(TUESDAY_MORNING, tick=True):
        yield


def do(client: Client, row: ActionItem | Meeting, verb: str, **data: Any) -> None:
    """Press a named action's button in the administration and confirm."""
    address = reverse(f"admin:council_{row._meta.model_name}_do", args=[row.pk, verb])
    assert client.get(address).status_code == 200
    assert client.post(address, data).status_code == 302


def at(text: str, queue: str, sink: Sink) -> dict[str, list[str]]:
    """Let the worker take a turn at a moment, and take what arrived since."""
    now = moment(text)
    tick.apply_async(kwargs={"now": now.isoformat()}, queue=queue)
    wait_for(lambda: EngineState.objects.filter(heartbeat_at=now).exists(), f"the turn of {text}")
    return sink.taken()


def test_a_quarter_from_scheduling_to_the_last_reminder(tuesday: None, smtp_sink: Sink, cast: Cast) -> None:
    require_redis()
    item, of_kt = an_action("SKT"), an_action("KT")
    secretary, liaison, other = signed_in(cast.secretary), signed_in(cast.skt_liaison), signed_in(cast.kt_liaison)

    with celery("worker", smtp_port=smtp_sink.port) as queue:
        schedule_the_next_regular_meeting(secretary)
        announce_the_meeting_of_the_first_quarter(secretary)
        report_and_submit(liaison, item)
        sees_nothing(other, item)

        assert at("2026-11-24 10:30", queue, smtp_sink).keys() == {
            "liaison@skt.test", "liaison@kt.test", "liaison@lgu.test", "secretary@msit.test",
        }  # fmt: skip

        verify(secretary, item)
        letters = at("2026-11-24 11:00", queue, smtp_sink)
        assert letters.keys() == {"liaison@skt.test"}
        assert item.reference in letters["liaison@skt.test"][0]

        # Seven business days before 10 December: whoever still owes, not who is done.
        assert at("2026-12-01 08:59", queue, smtp_sink) == {}
        assert at("2026-12-01 09:00", queue, smtp_sink).keys() == {"liaison@kt.test"}
        assert at("2026-12-01 09:30", queue, smtp_sink) == {}
        # Twenty business days before the quarter begins, the working group's meeting is not announced yet.
        assert at("2026-12-03 09:00", queue, smtp_sink).keys() == {"secretary@msit.test"}
        # The turns of the 7th and the 9th were missed: only the newest goes.
        assert {to: len(subjects) for to, subjects in at("2026-12-10 09:00", queue, smtp_sink).items()} == {
            "liaison@kt.test": 1
        }
        assert at("2026-12-12 09:00", queue, smtp_sink) == {}  # a Saturday
        # Past its date, the ladder; five business days before the quarter, everyone seated. One digest each, and to
        # whom it concerns that the item goes before the council, a letter of its own.
        last = at("2026-12-24 09:00", queue, smtp_sink)
        assert {to: len(subjects) for to, subjects in last.items()} == {
            "liaison@skt.test": 1,
            "liaison@kt.test": 2,
            "liaison@lgu.test": 1,
            "ciso@kt.test": 1,
            "secretary@msit.test": 2,
        }

    of_kt.refresh_from_db()
    assert of_kt.state == ActionState.OPEN
    waiting = Delivery.objects.filter(needs_release=True).values_list("address", flat=True)
    assert set(waiting) == {"chair@msit.test", "ceo@skt.test", "ceo@kt.test"}


def schedule_the_next_regular_meeting(secretary: Client) -> None:
    page = secretary.get(reverse("admin:council_meeting_add"))
    proposal = page.context["adminform"].form.initial
    assert proposal["quarter"] == "2027-Q2"
    assert proposal["starts_at"] == moment("2027-05-20 10:00")
    answer = secretary.post(
        reverse("admin:council_meeting_add"),
        {
            "body": proposal["body"],
            "quarter": proposal["quarter"],
            "kind": "regular",
            "starts_at_0": "2027-05-20",
            "starts_at_1": "10:00",
            "ends_at_0": "2027-05-20",
            "ends_at_1": "11:30",
            "mode": "in_person",
        },
    )
    assert answer.status_code == 302
    meeting = Meeting.objects.get(quarter="2027-Q2")
    assert meeting.state == MeetingState.DRAFT
    assert meeting.deadlines.count() == 12


def announce_the_meeting_of_the_first_quarter(secretary: Client) -> None:
    do(secretary, Meeting.objects.get(quarter="2027-Q1", body__code="council"), "convene")


def report_and_submit(liaison: Client, item: ActionItem) -> None:
    assert item.title in liaison.get(reverse("portal:desk")).text
    answer = liaison.post(
        reverse("portal:action_report", args=[item.pk]),
        {
            "percent": 100,
            "text": "The plan is written.",
            "label": "TLP:AMBER+STRICT",
            "uploads": [pdf("plan.pdf")],
            "submit_progress": "1",
        },
    )
    assert answer.status_code == 302
    assert liaison.post(reverse("portal:action_submit", args=[item.pk])).status_code == 302
    item.refresh_from_db()
    assert item.state == ActionState.SUBMITTED


def sees_nothing(other: Client, item: ActionItem) -> None:
    evidence = Evidence.objects.get(update__action=item)
    for name, pk in (("action", item.pk), ("action_report", item.pk), ("file", evidence.file_id)):
        answer = other.get(reverse(f"portal:{name}", args=[pk]))
        assert answer.status_code == 404
        assert not re.search("plan", answer.text)
    assert other.post(reverse("portal:action_submit", args=[item.pk])).status_code == 404


def verify(secretary: Client, item: ActionItem) -> None:
    page = secretary.get(reverse("admin:council_actionitem_change", args=[item.pk])).text
    assert "The plan is written." in page
    do(secretary, item, "verify", comment="Thank you.", met=every_point(item))
    item.refresh_from_db()
    assert item.state == ActionState.VERIFIED


def test_beat_rings_and_the_worker_sends_what_waits(smtp_sink: Sink, cast: Cast) -> None:
    require_redis()
    person = cast.skt_liaison.person
    assert person is not None
    Delivery.objects.create(
        recipient=person,
        address=person.email,
        language="ko",
        subject="It waits",
        text="for the next turn",
        dedupe_key="one",
        message_id="<one@council.test>",
        policy="resend_once",
        not_before=moment("2026-11-24 09:00"),
    )
    with celery("worker", "beat", smtp_port=smtp_sink.port, tick_seconds=1):
        wait_for(lambda: bool(smtp_sink.letters), "the letter")
        wait_for(lambda: Delivery.objects.filter(state="sent").exists(), "its being noted as sent")
    assert smtp_sink.taken() == {"liaison@skt.test": ["It waits"]}
