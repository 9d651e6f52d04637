"""Telling the people concerned, in the transaction of what happened."""

from __future__ import annotations

from datetime import date

from council.core.actor import Actor
from council.mail.models import Delivery, Notice
from council.mail.operations import announce, post
from tests.access.rows import an_open_meeting
from tests.factories import Cast, actor_of
from tests.mail.letters import person_of

SEATED_WITH_ADDRESS = [
    "ceo@kt.test", "ceo@skt.test", "chair@msit.test", "liaison@kt.test", "liaison@lgu.test", "liaison@skt.test",
    "secretary@msit.test",
]  # fmt: skip


def told() -> list[str]:
    return sorted(filter(None, Notice.objects.values_list("recipient__email", flat=True)))


def test_everyone_concerned_gets_a_notice_and_no_letter_yet(cast: Cast) -> None:
    announce("meeting_convened", an_open_meeting(), by=Actor.system("test"))
    assert told() == SEATED_WITH_ADDRESS
    assert Delivery.objects.count() == 0


def test_not_the_one_who_did_it(cast: Cast) -> None:
    announce("meeting_convened", an_open_meeting(), by=actor_of(cast.secretary))
    assert told() == [email for email in SEATED_WITH_ADDRESS if email != "secretary@msit.test"]


def test_nobody_when_it_is_done_quietly(cast: Cast) -> None:
    announce("meeting_convened", an_open_meeting(), by=Actor.system("test"), quiet=True)
    assert Notice.objects.count() == 0


def test_a_notice_that_is_there_already_stays_as_it_was(cast: Cast) -> None:
    def notice(on: date) -> Notice:
        return Notice(
            kind="quarter_ahead", target_type="body", target_id=cast.council.pk, on=on, anchor_on=on,
            recipient=person_of(cast.skt_liaison), dedupe_key="the same",
        )  # fmt: skip

    post([notice(date(2026, 11, 24))])
    post([notice(date(2026, 11, 25))])
    assert [row.on for row in Notice.objects.all()] == [date(2026, 11, 24)]
