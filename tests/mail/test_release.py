"""Letters to people of rank: let go by a person, with copies to their offices, or not sent."""

from __future__ import annotations

from datetime import date

import pytest

from council.actions.models import ActionItem
from council.core.errors import NotAllowedNow
from council.core.models import AuditEntry
from council.mail import engine
from council.mail.models import Delivery, EngineState
from council.mail.operations import pause, release, resume, withhold
from council.mail.states import DeliveryState
from council.parties.models import Person, Seat
from tests.factories import Cast, actor_of, an_action, moment
from tests.mail.letters import a_letter, a_notice, person_of
from tests.services import Sink

NOW = moment("2026-11-24 09:05")


@pytest.fixture
def waiting(cast: Cast) -> Delivery:
    """A letter to SKT's CEO, whose seat names an office with an address and one without."""
    seat = Seat.objects.get(person=person_of(cast.skt_ceo))
    office = Person.objects.create(name_ko="비서실", organisation=cast.skt, email="office@skt.test")
    silent = Person.objects.create(name_ko="수행", organisation=cast.skt)
    seat.office_contacts.set([office, silent, person_of(cast.skt_ceo)])
    return a_letter(cast.skt_ceo, needs_release=True)


def test_a_released_letter_goes_with_a_copy_to_the_office(cast: Cast, waiting: Delivery, smtp_sink: Sink) -> None:
    assert engine.run(now=NOW) == 0
    release(waiting, by=actor_of(cast.secretary), now=NOW)
    assert engine.run(now=NOW) == 2
    assert [message["To"] for message in smtp_sink.letters] == ["ceo@skt.test", "office@skt.test"]
    assert len({message["Message-ID"] for message in smtp_sink.letters}) == 2
    assert AuditEntry.objects.get(verb="letter.released").actor_user_id == cast.secretary.pk


def test_an_office_of_a_seat_that_has_ended_gets_no_copy(cast: Cast, waiting: Delivery) -> None:
    Seat.objects.filter(person=person_of(cast.skt_ceo)).update(ends_on=date(2026, 11, 23))
    release(waiting, by=actor_of(cast.secretary), now=NOW)
    assert list(Delivery.objects.values_list("address", flat=True)) == ["ceo@skt.test"]


def test_a_letter_without_a_reason_left_is_not_released_nor_copied(cast: Cast, waiting: Delivery) -> None:
    action = an_action()
    a_notice(
        cast.skt_ceo, waiting, kind="action_due", target_type="actionitem", target_id=action.pk, anchor_on=action.due_on
    )
    ActionItem.objects.update(state="cancelled")
    with pytest.raises(NotAllowedNow):
        release(waiting, by=actor_of(cast.secretary), now=NOW)
    waiting.refresh_from_db()
    assert waiting.needs_release
    assert Delivery.objects.count() == 1


def test_a_letter_is_released_once(cast: Cast, waiting: Delivery) -> None:
    release(waiting, by=actor_of(cast.secretary), now=NOW)
    with pytest.raises(NotAllowedNow):
        release(waiting, by=actor_of(cast.secretary), now=NOW)
    assert Delivery.objects.filter(address="office@skt.test").count() == 1


def test_a_withheld_letter_stays_with_its_reason_and_is_not_sent(
    cast: Cast, waiting: Delivery, smtp_sink: Sink
) -> None:
    withhold(waiting, by=actor_of(cast.secretary), reason="By telephone instead")
    assert engine.run(now=NOW) == 0
    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason) == (DeliveryState.SUPPRESSED, "By telephone instead")
    assert smtp_sink.letters == []
    with pytest.raises(NotAllowedNow):
        release(waiting, by=actor_of(cast.secretary), now=NOW)


@pytest.mark.parametrize("values", [{}, {"state": DeliveryState.DEAD, "needs_release": True}])
def test_only_what_waits_is_released_or_withheld(cast: Cast, values: dict[str, object]) -> None:
    letter = a_letter(cast.skt_liaison, **values)
    with pytest.raises(NotAllowedNow):
        release(letter, by=actor_of(cast.secretary), now=NOW)
    with pytest.raises(NotAllowedNow):
        withhold(letter, by=actor_of(cast.secretary), reason="No")
    assert not AuditEntry.objects.filter(verb__startswith="letter.").exists()


def test_the_engine_is_paused_and_resumed_once_each_and_both_are_written_down(cast: Cast) -> None:
    by = actor_of(cast.secretary)
    pause(by=by, reason="Restored")
    with pytest.raises(NotAllowedNow):
        pause(by=by, reason="Again")
    assert EngineState.objects.get().paused is True
    resume(by=by)
    with pytest.raises(NotAllowedNow):
        resume(by=by)
    assert EngineState.objects.get().paused is False
    entries = AuditEntry.objects.filter(target_type="enginestate").order_by("id")
    assert list(entries.values_list("verb", "reason")) == [("engine.paused", "Restored"), ("engine.resumed", "")]
