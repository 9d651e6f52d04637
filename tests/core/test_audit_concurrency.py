"""Several sealers and writers at once make one chain."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from council.core import audit
from council.core.actor import Actor
from council.core.models import AuditEntry, AuditHead

pytestmark = pytest.mark.django_db(transaction=True)


def write_and_seal(number: int) -> int:
    try:
        sealed = 0
        for step in range(5):
            audit.record(by=Actor.system(f"writer {number}"), verb=f"step {step}")
            sealed += audit.seal()
        return sealed
    finally:
        connection.close()


def test_what_four_write_and_seal_at_once_is_one_whole_chain() -> None:
    with ThreadPoolExecutor(4) as pool:
        sealed = sum(pool.map(write_and_seal, range(4)))
    assert sealed == 20
    assert AuditHead.objects.get().length == 20
    assert list(AuditEntry.objects.order_by("sequence").values_list("sequence", flat=True)) == list(range(1, 21))
    assert list(audit.verify()) == []
