"""Handing letters to a relay that takes them."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage, Message

import pytest

from council.mail import engine
from council.mail.models import Delivery, DeliveryAttempt
from council.mail.operations import pause, resume
from council.mail.states import DeliveryState
from tests.factories import Cast, actor_of, moment
from tests.mail.letters import a_letter
from tests.services import Sink

pytestmark = [pytest.mark.both_databases, pytest.mark.services]
NOW = moment("2026-11-24 09:05")


def content(part: Message) -> str:
    assert isinstance(part, EmailMessage)
    return str(part.get_content()).strip()


def test_an_accepted_letter_is_sent_and_says_when(cast: Cast, smtp_sink: Sink) -> None:
    letter = a_letter(cast.skt_liaison)
    assert engine.run(now=NOW) == 1
    letter.refresh_from_db()
    assert (letter.state, letter.sent_at, letter.attempts) == (DeliveryState.SENT, NOW, 1)
    assert (letter.lease_until, letter.lease_token) == (None, None)
    assert DeliveryAttempt.objects.get().outcome == "accepted"


def test_each_letter_has_an_envelope_of_its_own_with_one_recipient(cast: Cast, smtp_sink: Sink) -> None:
    a_letter(cast.skt_liaison)
    a_letter(cast.kt_liaison)
    assert engine.run(now=NOW) == 2
    assert smtp_sink.recipients == [["liaison@skt.test"], ["liaison@kt.test"]]
    assert [message["To"] for message in smtp_sink.letters] == ["liaison@skt.test", "liaison@kt.test"]


def test_a_letter_says_what_it_is_in_its_headers(cast: Cast, smtp_sink: Sink) -> None:
    letter = a_letter(cast.skt_liaison, language="en", subject="[협의체] 기한 안내", html="<p>HTML</p>")
    engine.run(now=NOW)
    (message,) = smtp_sink.letters
    assert message["Message-ID"] == letter.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "en"
    assert message["Subject"] == "[협의체] 기한 안내"
    parts = [part for part in message.walk() if not part.is_multipart()]
    assert [(part.get_content_type(), content(part)) for part in parts] == [
        ("text/plain", "Text"),
        ("text/html", "<p>HTML</p>"),
    ]


def test_the_oldest_goes_first_and_a_later_turn_sends_nothing_twice(cast: Cast, smtp_sink: Sink) -> None:
    later = a_letter(cast.kt_liaison, not_before=NOW)
    sooner = a_letter(cast.skt_liaison, not_before=NOW - timedelta(hours=1))
    assert (engine.run(now=NOW), engine.run(now=NOW)) == (2, 0)
    assert [message["Message-ID"] for message in smtp_sink.letters] == [sooner.message_id, later.message_id]


def test_what_may_not_go_yet_stays(cast: Cast, smtp_sink: Sink) -> None:
    a_letter(cast.skt_liaison, not_before=NOW + timedelta(seconds=1))
    a_letter(cast.skt_ceo, needs_release=True)
    assert engine.run(now=NOW) == 0
    assert smtp_sink.letters == []
    assert set(Delivery.objects.values_list("state", "attempts")) == {(DeliveryState.PENDING, 0)}


def test_a_turn_sends_no_more_than_its_limit(cast: Cast, smtp_sink: Sink) -> None:
    for _ in range(3):
        a_letter(cast.skt_liaison)
    assert engine.run(now=NOW, limit=2) == 2
    assert Delivery.objects.filter(state=DeliveryState.PENDING).count() == 1


def test_nothing_goes_while_paused(cast: Cast, smtp_sink: Sink) -> None:
    a_letter(cast.skt_liaison)
    pause(by=actor_of(cast.secretary), reason="Restored from a backup")
    assert engine.run(now=NOW) == 0
    assert smtp_sink.letters == []
    resume(by=actor_of(cast.secretary))
    assert engine.run(now=NOW) == 1


@pytest.mark.parametrize(("seconds", "state"), [(0, DeliveryState.SENT), (-1, DeliveryState.EXPIRED)])
def test_a_letter_is_of_use_up_to_its_moment(cast: Cast, smtp_sink: Sink, seconds: int, state: str) -> None:
    a_letter(cast.skt_liaison, useful_until=NOW + timedelta(seconds=seconds))
    engine.run(now=NOW)
    assert Delivery.objects.get().state == state
    assert len(smtp_sink.letters) == (state == DeliveryState.SENT)
