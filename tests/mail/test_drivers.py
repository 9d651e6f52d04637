"""Any number of drivers at once: every letter goes exactly once."""

from __future__ import annotations

import asyncio
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from council.mail import engine
from council.mail.models import Delivery, DeliveryAttempt
from council.mail.operations import compose
from council.mail.states import DeliveryState
from council.workflows.tick import tick
from tests.factories import Cast, moment
from tests.mail.letters import a_letter, a_notice
from tests.services import Sink

pytestmark = [pytest.mark.both_databases, pytest.mark.services, pytest.mark.django_db(transaction=True)]
NOW = moment("2026-11-24 09:05")


def drive(count: int, turn: object) -> list[str]:
    """So many drivers, each with a connection of its own; what any of them raised."""
    gate, raised = Barrier(count), []
    assert callable(turn)

    def run() -> None:
        gate.wait(10)
        try:
            turn()
        except Exception as error:  # noqa: BLE001 - every kind is looked at
            raised.append(repr(error))
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return raised


def slow_down(sink: Sink) -> None:
    """Each letter takes a while, so that the drivers are at work at the same time."""
    at_once = sink.handle_DATA

    async def slowly(*args: Any) -> str:
        await asyncio.sleep(0.05)
        return await at_once(*args)

    sink.handle_DATA = slowly  # type: ignore[assignment, method-assign]


def test_two_drivers_send_each_letter_once(cast: Cast, smtp_sink: Sink) -> None:
    slow_down(smtp_sink)
    letters = [a_letter(cast.skt_liaison) for _ in range(6)]
    assert drive(2, lambda: engine.run(now=NOW)) == []
    sent = sorted(str(message["Message-ID"]) for message in smtp_sink.letters)
    assert sent == sorted(letter.message_id for letter in letters)
    assert set(Delivery.objects.values_list("state", "attempts")) == {(DeliveryState.SENT, 1)}
    assert DeliveryAttempt.objects.count() == 6


def test_a_letter_is_written_once_however_many_write(cast: Cast) -> None:
    a_notice(cast.skt_liaison, kind="meeting_deadline", target_type="meeting", target_id=0)
    for user in (cast.skt_liaison, cast.kt_liaison, cast.lgu_liaison):
        a_notice(user, kind="quarter_unplanned", target_id=cast.council.pk)
    assert drive(3, lambda: compose(now=NOW)) == []
    assert Delivery.objects.count() == 3


def test_whole_turns_at_once_write_and_send_once(cast: Cast, smtp_sink: Sink) -> None:
    for user in (cast.skt_liaison, cast.kt_liaison):
        a_notice(user, kind="quarter_unplanned", target_id=cast.council.pk)
    assert drive(2, lambda: tick(now=moment("2026-11-24 09:05"))) == []
    tick(now=NOW)
    assert sorted(str(message["To"]) for message in smtp_sink.letters) == sorted(
        Delivery.objects.filter(state=DeliveryState.SENT).values_list("address", flat=True)
    )
    assert {"liaison@skt.test", "liaison@kt.test"} <= {str(message["To"]) for message in smtp_sink.letters}
