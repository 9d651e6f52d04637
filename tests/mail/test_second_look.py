"""Just before it goes, a letter is looked at once more."""

from __future__ import annotations

from datetime import date, timedelta
from email.message import EmailMessage

import pytest
import time_machine

from council.actions.models import ActionItem
from council.mail import engine
from council.mail.models import Delivery, Notice
from council.mail.operations import compose
from council.mail.states import DeliveryState, NoticeOutcome, Unwanted
from council.parties.models import Person, User
from council.workflows.give_access import change_account, invite
from tests.factories import Cast, actor_of, an_action, link, moment
from tests.mail.letters import a_notice
from tests.services import Sink

pytestmark = [pytest.mark.both_databases, pytest.mark.services]
NINE = moment("2026-11-24 09:00")
TEN = NINE + timedelta(hours=1)


@pytest.fixture
def two(cast: Cast) -> tuple[ActionItem, ActionItem]:
    """Two items of SKT's and the digest that reminds its liaison of both."""
    pair = an_action(title="First thing"), an_action(title="Second thing")
    for action in pair:
        a_notice(
            cast.skt_liaison, kind="action_due", target_type="actionitem", target_id=action.pk, anchor_on=action.due_on
        )
    assert compose(now=NINE) == 1
    return pair


def plain_text(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert isinstance(body, EmailMessage)
    return str(body.get_content())


def cancel(*actions: ActionItem) -> None:
    ActionItem.objects.filter(pk__in=[action.pk for action in actions]).update(state="cancelled")


def test_what_was_settled_meanwhile_is_taken_out_and_the_rest_goes(
    two: tuple[ActionItem, ActionItem], smtp_sink: Sink
) -> None:
    cancel(two[0])
    assert engine.run(now=TEN) == 1
    text = plain_text(smtp_sink.letters[0])
    assert link("action", two[0].pk) not in text
    assert link("action", two[1].pk) in text
    assert list(Notice.objects.order_by("pk").values_list("outcome", "reason")) == [
        (NoticeOutcome.SUPPRESSED, Unwanted.SETTLED),
        (NoticeOutcome.OPEN, ""),
    ]


def test_a_letter_left_with_no_reason_is_not_sent_and_says_so(
    two: tuple[ActionItem, ActionItem], smtp_sink: Sink
) -> None:
    cancel(*two)
    assert engine.run(now=TEN) == 0
    letter = Delivery.objects.get()
    assert (letter.state, letter.reason != "", letter.lease_token) == (DeliveryState.SUPPRESSED, True, None)
    assert smtp_sink.letters == []


def test_a_date_moved_meanwhile_makes_the_old_reminder_unwanted(
    two: tuple[ActionItem, ActionItem], smtp_sink: Sink
) -> None:
    ActionItem.objects.update(due_on=date(2027, 2, 1))
    assert engine.run(now=TEN) == 0
    assert set(Notice.objects.values_list("reason", flat=True)) == {Unwanted.MOVED}
    assert smtp_sink.letters == []


def test_an_account_closed_meanwhile_gets_nothing(
    cast: Cast, two: tuple[ActionItem, ActionItem], smtp_sink: Sink
) -> None:
    User.objects.filter(pk=cast.skt_liaison.pk).update(is_active=False)
    assert engine.run(now=TEN) == 0
    assert set(Notice.objects.values_list("reason", flat=True)) == {Unwanted.NOT_VISIBLE}
    assert smtp_sink.letters == []


def test_what_is_still_wanted_goes_as_it_was_written(two: tuple[ActionItem, ActionItem], smtp_sink: Sink) -> None:
    written = Delivery.objects.get()
    assert engine.run(now=TEN) == 1
    sent = Delivery.objects.get()
    assert (sent.subject, sent.text, sent.html) == (written.subject, written.text, written.html)
    assert set(Notice.objects.values_list("outcome", flat=True)) == {NoticeOutcome.OPEN}


@time_machine.travel(NINE, tick=False)
def test_a_letter_goes_to_the_address_that_was_corrected_since(cast: Cast, smtp_sink: Sink) -> None:
    """The link in it opens the account as it is now: whoever has the wrong address must not get it."""
    person = Person.objects.create(name_ko="담당자", organisation=cast.kt, email="mistyped@rival.test")
    user = invite(person, by=actor_of(cast.accounts))
    compose(now=NINE)
    user.email = "right@kt.test"
    change_account(user, by=actor_of(cast.accounts))
    compose(now=NINE)
    engine.run(now=TEN)
    reached = {str(message["To"]): "/login/link/" in plain_text(message) for message in smtp_sink.letters}
    assert reached == {"right@kt.test": True, "mistyped@rival.test": False, "liaison@kt.test": False}
    assert Delivery.objects.get(notices__kind="account_invited").address == "right@kt.test"
