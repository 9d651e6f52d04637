"""What a relay's answers mean for a letter (RFC 5321), each given by a real server."""

from __future__ import annotations

import socket
import ssl
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from council.mail import engine, outcome
from council.mail.models import MAX_ATTEMPTS, Delivery, DeliveryAttempt, EngineState
from council.mail.outcome import Fault
from council.mail.states import DeliveryState, LossPolicy
from tests.factories import Cast, moment
from tests.mail.letters import a_letter
from tests.services import Sink

pytestmark = [pytest.mark.both_databases, pytest.mark.services]
NOW = moment("2026-11-24 09:05")


def a_closed_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def the_letter() -> Delivery:
    return Delivery.objects.get()


@pytest.mark.parametrize(("reply", "where"), [("550 No such mailbox", "recipient"), ("554 Refused", "body")])
def test_a_permanent_refusal_ends_the_letter_and_says_why(cast: Cast, smtp_sink: Sink, reply: str, where: str) -> None:
    setattr(smtp_sink, f"answer_to_{where}", reply)
    a_letter(cast.skt_liaison)
    assert engine.run(now=NOW) == 0
    letter = the_letter()
    assert (letter.state, reply[:3] in letter.reason) == (DeliveryState.DEAD, True)
    assert DeliveryAttempt.objects.get().outcome == "dead"


@pytest.mark.parametrize(("reply", "where"), [("451 Try again", "recipient"), ("452 Full", "body")])
def test_a_temporary_refusal_is_tried_again_later(cast: Cast, smtp_sink: Sink, reply: str, where: str) -> None:
    setattr(smtp_sink, f"answer_to_{where}", reply)
    a_letter(cast.skt_liaison)
    engine.run(now=NOW)
    letter = the_letter()
    assert (letter.state, letter.attempts, letter.handed_at) == (DeliveryState.PENDING, 1, None)
    assert timedelta(seconds=30) <= letter.not_before - NOW <= timedelta(seconds=60)
    assert engine.run(now=NOW) == 0
    assert the_letter().attempts == 1


def test_the_wait_grows_with_each_attempt_and_the_letter_keeps_its_number(cast: Cast, smtp_sink: Sink) -> None:
    smtp_sink.answer_to_recipient = "451 Try again"
    letter = a_letter(cast.skt_liaison)
    engine.run(now=NOW)
    second = the_letter().not_before
    engine.run(now=second)
    assert timedelta(minutes=1) <= the_letter().not_before - second <= timedelta(minutes=2)
    smtp_sink.answer_to_recipient = "250 OK"
    engine.run(now=the_letter().not_before)
    assert [message["Message-ID"] for message in smtp_sink.letters] == [letter.message_id]
    assert (the_letter().state, the_letter().attempts) == (DeliveryState.SENT, 3)
    assert list(DeliveryAttempt.objects.order_by("id").values_list("outcome", flat=True)) == [
        "retry",
        "retry",
        "accepted",
    ]


def test_after_the_last_attempt_a_person_has_to_look(cast: Cast, smtp_sink: Sink) -> None:
    smtp_sink.answer_to_recipient = "451 Try again"
    a_letter(cast.skt_liaison, attempts=MAX_ATTEMPTS - 1)
    engine.run(now=NOW)
    assert (the_letter().state, the_letter().attempts) == (DeliveryState.DEAD, MAX_ATTEMPTS)


def test_one_bad_address_does_not_stop_the_others(cast: Cast, smtp_sink: Sink) -> None:
    a_letter(cast.skt_liaison, address="홍길동@skt.test", not_before=NOW - timedelta(hours=1))
    good = a_letter(cast.kt_liaison)
    assert engine.run(now=NOW) == 1
    assert dict(Delivery.objects.values_list("address", "state")) == {
        "홍길동@skt.test": DeliveryState.DEAD,
        good.address: DeliveryState.SENT,
    }


def test_a_korean_domain_is_no_obstacle(cast: Cast, smtp_sink: Sink) -> None:
    a_letter(cast.skt_liaison, address="liaison@통신.test")
    engine.run(now=NOW)
    assert smtp_sink.recipients[0] == ["liaison@" + "통신.test".encode("idna").decode()]


def test_an_unreachable_relay_uses_up_no_attempt_and_is_left_alone(cast: Cast, smtp_sink: Sink, settings: Any) -> None:
    settings.MAILERS["default"]["OPTIONS"]["port"] = a_closed_port()
    a_letter(cast.skt_liaison)
    a_letter(cast.kt_liaison)
    assert engine.run(now=NOW) == 0
    assert list(Delivery.objects.values_list("state", "attempts")) == [(DeliveryState.PENDING, 0)] * 2
    assert list(DeliveryAttempt.objects.values_list("outcome", flat=True)) == ["relay"]
    until = EngineState.objects.get().breaker_until
    assert until is not None
    assert timedelta(seconds=30) < until - timezone.now() <= timedelta(seconds=61)


def test_while_the_relay_is_left_alone_nothing_is_tried_and_afterwards_everything_goes(
    cast: Cast, smtp_sink: Sink
) -> None:
    a_letter(cast.skt_liaison)
    EngineState.load()
    EngineState.objects.update(breaker_until=timezone.now() + timedelta(minutes=1))
    assert engine.run(now=NOW) == 0
    assert DeliveryAttempt.objects.count() == 0
    EngineState.objects.update(breaker_until=timezone.now() - timedelta(seconds=1))
    assert engine.run(now=NOW) == 1


def test_a_lost_reply_is_risked_once_more_and_then_a_person_decides(cast: Cast, smtp_sink: Sink) -> None:
    smtp_sink.answer_to_body = "lose the reply"
    letter = a_letter(cast.skt_liaison)
    engine.run(now=NOW)
    first = the_letter()
    assert (first.state, first.not_before) == (DeliveryState.PENDING, NOW + timedelta(minutes=1))
    engine.run(now=first.not_before)
    assert the_letter().state == DeliveryState.UNCERTAIN
    assert [message["Message-ID"] for message in smtp_sink.letters] == [letter.message_id] * 2
    assert engine.run(now=NOW + timedelta(days=1)) == 0
    assert len(smtp_sink.letters) == 2


def test_a_lost_reply_to_an_official_notice_is_not_risked_at_all(cast: Cast, smtp_sink: Sink) -> None:
    smtp_sink.answer_to_body = "lose the reply"
    a_letter(cast.skt_liaison, policy=LossPolicy.HOLD)
    engine.run(now=NOW)
    engine.run(now=NOW + timedelta(hours=1))
    assert the_letter().state == DeliveryState.UNCERTAIN
    assert len(smtp_sink.letters) == 1


def test_a_lost_reply_does_not_break_the_circuit(cast: Cast, smtp_sink: Sink) -> None:
    smtp_sink.answer_to_body = "lose the reply"
    a_letter(cast.skt_liaison)
    a_letter(cast.kt_liaison)
    engine.run(now=NOW)
    assert len(smtp_sink.letters) == 2
    assert EngineState.objects.get().breaker_until is None


def test_a_relay_whose_certificate_does_not_hold_ends_no_letter() -> None:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    assert outcome.of(error, reply_was_lost=False).fault == Fault.RELAY
