"""What the database refuses of letters, whatever the code does."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from council.mail.models import Delivery, EngineState, Notice
from tests.factories import Cast, moment
from tests.mail.letters import a_letter, a_notice

pytestmark = pytest.mark.both_databases
AT = moment("2026-11-24 09:00")


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("delivery_sent_at_goes_with_state", {"state": "sent"}),
        ("delivery_sent_at_goes_with_state", {"sent_at": AT}),
        ("delivery_lease_goes_with_sending", {"state": "sending"}),
        ("delivery_lease_goes_with_sending", {"lease_until": AT, "lease_token": uuid.UUID(int=1)}),
        ("delivery_lease_goes_with_sending", {"state": "sending", "lease_until": AT}),
        ("delivery_attempts_are_limited", {"attempts": 9}),
    ],
)
def test_a_letters_columns_go_with_its_state(cast: Cast, constraint: str, columns: dict[str, Any]) -> None:
    a_letter(cast.skt_liaison)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Delivery.objects.update(**columns)


@pytest.mark.parametrize("column", ["dedupe_key", "message_id"])
def test_a_letter_is_itself_once(cast: Cast, column: str) -> None:
    a_letter(cast.skt_liaison, **{column: "<same@council.test>"})
    with pytest.raises(IntegrityError), transaction.atomic():
        a_letter(cast.kt_liaison, **{column: "<same@council.test>"})
    assert Delivery.objects.count() == 1


def test_a_reason_to_write_is_itself_once(cast: Cast) -> None:
    a_notice(cast.skt_liaison, dedupe_key="same")
    with pytest.raises(IntegrityError), transaction.atomic():
        a_notice(cast.kt_liaison, dedupe_key="same")
    assert Notice.objects.count() == 1


def test_the_engine_has_one_state(cast: Cast) -> None:
    EngineState.load()
    with pytest.raises(IntegrityError, match="engine_state_is_one_row"), transaction.atomic():
        EngineState.objects.create(pk=2)
