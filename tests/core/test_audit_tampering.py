"""Whatever is done to the audit behind its back is found, and named for what it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from council.core import audit
from council.core.actor import Actor
from council.core.audit import Fault
from council.core.models import AuditEntry, AuditHead
from tests.guards import behind_the_guards

pytestmark = pytest.mark.django_db
WHO = Actor(label="tester", user_id=7, organisation_id=3, ip="192.0.2.1", request_id="r")

OTHER_VALUES: dict[str, Any] = {
    "at": datetime(2020, 1, 1, tzinfo=UTC),
    "verb": "forged",
    "actor": "somebody else",
    "actor_user_id": 8,
    "organisation_id": None,
    "on_behalf_of": 9,
    "body_id": 4,
    "target_type": "meeting",
    "target_id": "1",
    "target": "a meeting",
    "before": {"percent": 11},
    "after": {},
    "reason": "forged",
    "refused": True,
    "ip": "192.0.2.2",
    "request_id": "",
    "previous_hash": "0" * 64,
    "hash": "0" * 64,
}


@pytest.fixture(autouse=True)
def by_the_owner_of_the_database(db: None) -> Iterator[None]:
    """Nobody else gets this far: see test_audit_guards.py."""
    with behind_the_guards():
        yield


@pytest.fixture
def chain() -> list[str]:
    """Five sealed entries; their hashes."""
    for number in range(1, 6):
        audit.record(by=WHO, verb=f"step {number}", before={"percent": 10}, after={"percent": 20})
    audit.seal()
    return list(AuditEntry.objects.order_by("sequence").values_list("hash", flat=True))


def sql(statement: str, *values: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def faults(expected_head: str = "") -> list[Fault]:
    return list(audit.verify(expected_head=expected_head))


def test_every_column_but_the_place_is_tried() -> None:
    columns = {field.attname for field in AuditEntry._meta.concrete_fields}
    assert columns - OTHER_VALUES.keys() == {"id", "sequence"}


@pytest.mark.parametrize("column", [name for name in OTHER_VALUES if name not in {"previous_hash", "hash"}])
def test_an_edited_column_is_found(chain: list[str], column: str) -> None:
    assert faults() == []
    AuditEntry.objects.filter(sequence=3).update(**{column: OTHER_VALUES[column]})
    assert faults() == [Fault(3, "edited")]


def test_an_edit_by_plain_sql_is_found(chain: list[str]) -> None:
    sql("UPDATE council_auditentry SET actor = 'somebody else' WHERE sequence = 5")
    assert faults() == [Fault(5, "edited")]


def test_an_edited_number_is_found(chain: list[str]) -> None:
    sql("UPDATE council_auditentry SET id = id + 1000 WHERE sequence = 3")
    assert faults() == [Fault(3, "edited")]


def test_an_edited_hash_breaks_its_own_entry_and_the_next(chain: list[str]) -> None:
    AuditEntry.objects.filter(sequence=3).update(hash="0" * 64)
    assert faults() == [Fault(3, "edited"), Fault(4, "misplaced")]


def test_an_edited_link_is_found(chain: list[str]) -> None:
    AuditEntry.objects.filter(sequence=3).update(previous_hash="0" * 64)
    assert faults() == [Fault(3, "misplaced"), Fault(3, "edited")]


def test_an_edit_with_its_hash_computed_anew_breaks_the_link_to_the_next(chain: list[str]) -> None:
    AuditEntry.objects.filter(sequence=3).update(verb="forged")
    entry = AuditEntry.objects.get(sequence=3)
    new = audit.digest(entry, sequence=3, previous_hash=entry.previous_hash)
    AuditEntry.objects.filter(sequence=3).update(hash=new)
    assert faults() == [Fault(4, "misplaced")]


def test_a_last_entry_edited_with_its_hash_does_not_agree_with_the_head(chain: list[str]) -> None:
    AuditEntry.objects.filter(sequence=5).update(verb="forged")
    entry = AuditEntry.objects.get(sequence=5)
    new = audit.digest(entry, sequence=5, previous_hash=entry.previous_hash)
    AuditEntry.objects.filter(sequence=5).update(hash=new)
    assert faults() == [Fault(6, "truncated")]


@pytest.mark.parametrize("place", [1, 2, 4])
def test_a_deleted_entry_is_missing_and_leaves_the_next_without_its_link(chain: list[str], place: int) -> None:
    sql("DELETE FROM council_auditentry WHERE sequence = %s", place)
    assert faults() == [Fault(place, "missing"), Fault(place + 1, "misplaced")]


def test_every_deleted_entry_is_counted(chain: list[str]) -> None:
    AuditEntry.objects.filter(sequence__in=[2, 3]).delete()
    assert faults() == [Fault(2, "missing"), Fault(3, "missing"), Fault(4, "misplaced")]


def test_a_gap_closed_by_renumbering_is_found(chain: list[str]) -> None:
    AuditEntry.objects.filter(sequence=2).delete()
    for place in (3, 4, 5):
        AuditEntry.objects.filter(sequence=place).update(sequence=place - 1)
    AuditHead.objects.update(length=4)
    assert faults() == [Fault(2, "misplaced"), Fault(2, "edited"), Fault(3, "edited"), Fault(4, "edited")]


def test_an_entry_taken_out_of_the_chain_to_be_sealed_again_leaves_a_gap(chain: list[str]) -> None:
    AuditEntry.objects.filter(sequence=2).update(sequence=None, previous_hash="", hash="", verb="forged")
    assert faults() == [Fault(2, "missing"), Fault(3, "misplaced")]


def test_an_entry_inserted_behind_the_end_is_found(chain: list[str]) -> None:
    entry = audit.record(by=WHO, verb="forged")
    forged = audit.digest(entry, sequence=6, previous_hash=chain[-1])
    AuditEntry.objects.filter(pk=entry.pk).update(sequence=6, previous_hash=chain[-1], hash=forged)
    assert faults() == [Fault(7, "truncated")]


def test_an_entry_inserted_behind_the_end_without_knowing_how_is_found(chain: list[str]) -> None:
    entry = audit.record(by=WHO, verb="forged")
    AuditEntry.objects.filter(pk=entry.pk).update(sequence=6, hash="0" * 64)
    assert faults() == [Fault(6, "misplaced"), Fault(6, "edited"), Fault(7, "truncated")]


def test_an_entry_inserted_between_two_others_is_found(chain: list[str]) -> None:
    entry = audit.record(by=WHO, verb="forged")
    for place in (5, 4, 3):
        AuditEntry.objects.filter(sequence=place).update(sequence=place + 1)
    forged = audit.digest(entry, sequence=3, previous_hash=chain[1])
    AuditEntry.objects.filter(pk=entry.pk).update(sequence=3, previous_hash=chain[1], hash=forged)
    AuditHead.objects.update(length=6)
    assert faults() == [Fault(4, "misplaced"), Fault(4, "edited"), Fault(5, "edited"), Fault(6, "edited")]


def test_an_entry_inserted_without_a_place_is_sealed_as_the_newest_and_not_as_an_old_one(chain: list[str]) -> None:
    """Nobody can write into the past: what is added counts from now on, behind everything else."""
    entry = audit.record(by=WHO, verb="late")
    AuditEntry.objects.filter(pk=entry.pk).update(at=datetime(2020, 1, 1, tzinfo=UTC))
    assert faults() == []
    assert AuditEntry.objects.get(pk=entry.pk).sequence == 6


def test_two_entries_that_changed_places_are_found(chain: list[str]) -> None:
    sql("UPDATE council_auditentry SET sequence = 99 WHERE sequence = 2")
    sql("UPDATE council_auditentry SET sequence = 2 WHERE sequence = 3")
    sql("UPDATE council_auditentry SET sequence = 3 WHERE sequence = 99")
    assert faults() == [
        Fault(2, "misplaced"),
        Fault(2, "edited"),
        Fault(3, "misplaced"),
        Fault(3, "edited"),
        Fault(4, "misplaced"),
    ]


def test_an_end_that_was_cut_off_is_found(chain: list[str]) -> None:
    AuditEntry.objects.filter(sequence__gte=4).delete()
    assert faults() == [Fault(4, "truncated")]


def test_an_audit_that_was_emptied_is_found(chain: list[str]) -> None:
    AuditEntry.objects.all().delete()
    assert faults() == [Fault(1, "truncated")]


def test_an_end_cut_off_with_the_head_is_found_by_a_head_noted_earlier(chain: list[str]) -> None:
    AuditEntry.objects.filter(sequence__gte=4).delete()
    AuditHead.objects.update(length=3, hash=chain[2])
    assert faults() == []  # which is why a head is noted elsewhere
    assert faults(chain[2]) == []
    assert faults(chain[4]) == [Fault(4, "truncated")]


def test_a_chain_written_anew_from_the_beginning_is_found_by_a_head_noted_earlier(chain: list[str]) -> None:
    AuditEntry.objects.update(sequence=None, previous_hash="", hash="")
    AuditEntry.objects.filter(verb="step 3").update(actor="somebody else")
    AuditHead.objects.all().delete()
    assert faults() == []
    assert faults(chain[4]) == [Fault(6, "truncated")]


@pytest.mark.parametrize("columns", [{"length": 4}, {"hash": "0" * 64}])
def test_an_edited_head_is_found(chain: list[str], columns: dict[str, Any]) -> None:
    AuditHead.objects.update(**columns)
    assert faults() == [Fault(6, "truncated")]


def test_a_deleted_head_is_found(chain: list[str]) -> None:
    AuditHead.objects.all().delete()
    assert faults() == [Fault(6, "truncated")]
