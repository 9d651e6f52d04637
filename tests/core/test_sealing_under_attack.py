"""Forgery is found also while honest entries wait to be sealed: sealing never covers it up."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from council.core import audit
from council.core.actor import Actor
from council.core.audit import Fault
from council.core.models import AuditEntry, AuditHead

pytestmark = pytest.mark.django_db
WHO = Actor.system("tester")


def test_an_entry_without_a_place_has_no_hash() -> None:
    audit.record(by=WHO, verb="step")
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEntry.objects.update(hash="0" * 64)


def test_a_forged_end_is_found_also_while_an_entry_waits_to_be_sealed() -> None:
    for number in range(1, 4):
        audit.record(by=WHO, verb=f"step {number}")
    audit.seal()
    forged = audit.record(by=WHO, verb="forged")
    AuditEntry.objects.filter(pk=forged.pk).update(sequence=4, hash="0" * 64)
    audit.record(by=WHO, verb="honest, not sealed yet")
    assert Fault(4, "edited") in list(audit.verify())


def test_a_deleted_head_is_found_also_while_an_entry_waits_to_be_sealed() -> None:
    audit.record(by=WHO, verb="step")
    audit.seal()
    AuditHead.objects.all().delete()
    audit.record(by=WHO, verb="honest, not sealed yet")
    assert list(audit.verify()) != []
