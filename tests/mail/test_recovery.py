"""Letters whose driver vanished while it held them."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from council.mail import engine
from council.mail.models import MAX_ATTEMPTS, Delivery, DeliveryAttempt
from council.mail.states import DeliveryState, LossPolicy
from council.parties.models import User
from tests.factories import Cast, moment
from tests.mail.letters import a_letter
from tests.services import Sink

pytestmark = pytest.mark.both_databases
NOW = moment("2026-11-24 09:05")


def held(user: User, *, lease: timedelta = timedelta(minutes=-1), handed: bool = False, **values: Any) -> Delivery:
    """A letter that a driver took; its lease ends (by the database's clock) so much from now."""
    given = {"state": DeliveryState.SENDING, "lease_token": uuid.uuid4(), "attempts": 1} | values
    handed_at = timezone.now() - timedelta(minutes=2) if handed else None
    return a_letter(user, lease_until=timezone.now() + lease, handed_at=handed_at, **given)


def state() -> tuple[str, int, bool]:
    letter = Delivery.objects.get()
    return letter.state, letter.attempts, letter.lease_token is None


@pytest.mark.parametrize("policy", list(LossPolicy))
def test_what_was_not_handed_over_is_taken_up_again(cast: Cast, policy: str) -> None:
    held(cast.skt_liaison, policy=policy)
    engine.recover(now=NOW)
    assert state() == (DeliveryState.PENDING, 1, True)


def test_what_may_have_been_handed_over_is_sent_once_more(cast: Cast) -> None:
    held(cast.skt_liaison, handed=True)
    engine.recover(now=NOW)
    assert state() == (DeliveryState.PENDING, 1, True)
    assert Delivery.objects.get().handed_at is None


def test_but_not_a_third_time(cast: Cast) -> None:
    letter = held(cast.skt_liaison, handed=True, attempts=2)
    DeliveryAttempt.objects.create(delivery=letter, at=NOW, outcome="lost")
    engine.recover(now=NOW)
    assert state() == (DeliveryState.UNCERTAIN, 2, True)
    assert Delivery.objects.get().reason != ""


def test_an_official_notice_waits_for_a_person(cast: Cast) -> None:
    held(cast.skt_liaison, handed=True, policy=LossPolicy.HOLD)
    engine.recover(now=NOW)
    assert state() == (DeliveryState.UNCERTAIN, 1, True)


@pytest.mark.parametrize("handed", [True, False])
def test_a_lease_that_still_runs_is_respected(cast: Cast, handed: bool) -> None:
    held(cast.skt_liaison, lease=timedelta(minutes=1), handed=handed)
    engine.recover(now=NOW)
    assert state() == (DeliveryState.SENDING, 1, False)


def test_a_driver_given_up_for_dead_hands_nothing_over(cast: Cast, smtp_sink: Sink) -> None:
    """Its token is no longer the letter's: it can neither send nor overwrite what its successor did."""
    letter = held(cast.skt_liaison, lease=timedelta(minutes=1))
    late = engine.Claim(letter.pk, uuid.uuid4())
    engine._deliver(late, NOW)
    assert smtp_sink.letters == []
    assert state() == (DeliveryState.SENDING, 1, False)


def test_a_lease_that_ran_out_before_the_hand_over_keeps_the_letter_back(cast: Cast, smtp_sink: Sink) -> None:
    letter = held(cast.skt_liaison)
    assert letter.lease_token is not None
    engine._deliver(engine.Claim(letter.pk, letter.lease_token), NOW)
    assert smtp_sink.letters == []
    assert Delivery.objects.get().sent_at is None


def test_a_turn_recovers_and_sends(cast: Cast, smtp_sink: Sink) -> None:
    held(cast.skt_liaison)
    assert engine.run(now=NOW) == 1
    assert state() == (DeliveryState.SENT, 2, True)


def test_a_letter_whose_last_driver_vanished_does_not_stop_the_others(cast: Cast, smtp_sink: Sink) -> None:
    held(cast.skt_liaison, attempts=MAX_ATTEMPTS, not_before=NOW - timedelta(hours=1))
    a_letter(cast.kt_liaison)
    assert engine.run(now=NOW) >= 1
    assert "liaison@kt.test" in [message["To"] for message in smtp_sink.letters]
