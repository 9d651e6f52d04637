"""Letters and notices as rows."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from council.mail.models import Delivery, Notice
from council.mail.states import LossPolicy
from council.parties.models import Person, User
from tests.factories import moment

COUNT = itertools.count(1)
READY_AT = moment("2026-11-24 09:00")


def person_of(user: User) -> Person:
    assert user.person is not None
    return user.person


def a_letter(user: User, **values: Any) -> Delivery:
    """A letter that may go since nine o'clock, and that no notice asks for (like a copy for an office)."""
    number = next(COUNT)
    person = person_of(user)
    given = {
        "recipient": person, "address": person.email, "language": "ko", "subject": f"Letter {number}", "text": "Text",
        "dedupe_key": f"letter-{number}", "message_id": f"<letter-{number}@council.test>",
        "policy": LossPolicy.RESEND_ONCE, "not_before": READY_AT,
    }  # fmt: skip
    return Delivery.objects.create(**given | values)


def a_notice(user: User, delivery: Delivery | None = None, **values: Any) -> Notice:
    """A reason to write, about the council itself unless the test says otherwise."""
    number = next(COUNT)
    given = {
        "kind": "quarter_ahead", "target_type": "body", "target_id": 1, "recipient": person_of(user),
        "on": date(2026, 11, 24), "anchor_on": date(2027, 1, 1), "dedupe_key": f"notice-{number}",
    }  # fmt: skip
    return Notice.objects.create(delivery=delivery, **given | values)
