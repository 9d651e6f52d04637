"""Whoever forges or deletes rows behind the chain's back is found, and does not stop the sealing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, transaction

from council.core import audit
from council.core.actor import Actor
from council.core.audit import Fault
from council.core.models import AuditEntry, AuditHead
from tests.guards import behind_the_guards

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def by_the_owner_of_the_database(db: None) -> Iterator[None]:
    with behind_the_guards():
        yield


SOMEBODY = Actor.system("somebody")


def test_an_entry_with_a_hash_has_a_place() -> None:
    audit.record(by=SOMEBODY, verb="seen")
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEntry.objects.update(hash="0" * 64)


def test_a_forged_end_is_reported_while_something_waits_to_be_sealed() -> None:
    for number in range(3):
        audit.record(by=SOMEBODY, verb=f"seen {number}")
    audit.seal()
    forged = audit.record(by=SOMEBODY, verb="forged")
    AuditEntry.objects.filter(pk=forged.pk).update(sequence=4, hash="0" * 64)
    audit.record(by=SOMEBODY, verb="honest")
    assert Fault(4, "edited") in list(audit.verify())
    assert not AuditEntry.objects.filter(sequence=None).exists()


def test_a_deleted_head_is_reported_while_something_waits_to_be_sealed() -> None:
    audit.record(by=SOMEBODY, verb="seen")
    audit.seal()
    AuditHead.objects.all().delete()
    audit.record(by=SOMEBODY, verb="honest")
    assert list(audit.verify()) == [Fault(2, "misplaced")]
