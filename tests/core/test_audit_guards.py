"""The database itself refuses whatever would change, delete or empty the audit; only the sealer's one change passes."""

from __future__ import annotations

from importlib import import_module
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import Error, IntegrityError, connection, transaction

from council.core import audit
from council.core.actor import Actor
from council.core.models import AuditEntry, AuditHead
from tests.core.test_audit_tampering import OTHER_VALUES
from tests.guards import behind_the_guards

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
WHO = Actor(label="tester", user_id=7, organisation_id=3, ip="192.0.2.1", request_id="r")
ONLY_ADDED = "The audit is only ever added to"
ONLY_GROWS = "The chain of the audit only ever grows"


# Statements that change or remove rows without being an UPDATE or a DELETE of them.
WAYS_AROUND = {
    "postgresql": [
        "TRUNCATE council_auditentry",
        "TRUNCATE council_audithead",
        "TRUNCATE council_closure, council_auditentry CASCADE",
        "INSERT INTO council_audithead VALUES (1, 0, '') ON CONFLICT (id) DO UPDATE SET length = 0, hash = ''",
        "MERGE INTO council_auditentry USING (SELECT 1) AS one ON sequence = 1 WHEN MATCHED THEN DELETE",
    ],
    "sqlite": [
        "INSERT OR REPLACE INTO council_auditentry SELECT * FROM council_auditentry WHERE sequence = 1",
        "UPDATE OR REPLACE council_auditentry SET sequence = 1, hash = 'x' WHERE sequence IS NULL",
        "INSERT OR REPLACE INTO council_audithead (id, length, hash) VALUES (1, 0, '')",
    ],
}


def sql(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def chain() -> None:
    """Two sealed entries, and one that is not sealed yet."""
    for number in (1, 2):
        audit.record(by=WHO, verb=f"step {number}", before={"percent": 10}, after={"percent": 20})
    audit.seal()
    audit.record(by=WHO, verb="step 3", before={"percent": 10}, after={"percent": 20})


def rows() -> list[Any]:
    return list(AuditEntry.objects.order_by("id").values())


@pytest.mark.parametrize("which", ["sequence = 1", "sequence = 2", "sequence IS NULL", "1 = 1"])
def test_no_entry_is_deleted_whether_sealed_or_not(chain: None, which: str) -> None:
    before = rows()
    with pytest.raises(IntegrityError, match=ONLY_ADDED):
        sql(f"DELETE FROM council_auditentry WHERE {which}")
    assert rows() == before


def test_the_orm_is_refused_like_anybody(chain: None) -> None:
    for attempt in (AuditEntry.objects.all().delete, lambda: AuditEntry.objects.update(verb="forged")):
        with pytest.raises(IntegrityError, match=ONLY_ADDED), transaction.atomic():
            attempt()
    assert AuditEntry.objects.exclude(verb="forged").count() == 3


@pytest.mark.parametrize("column", [*OTHER_VALUES, "id"])
@pytest.mark.parametrize("sealed", [True, False], ids=["sealed", "not sealed"])
def test_no_column_of_an_entry_is_changed(chain: None, column: str, sealed: bool) -> None:
    before = rows()
    entries = AuditEntry.objects.filter(sequence__isnull=not sealed)
    with pytest.raises(IntegrityError), transaction.atomic():
        entries.filter(pk=entries.first().pk).update(**{column: OTHER_VALUES.get(column, 999_999)})  # type: ignore[union-attr]
    assert rows() == before


@pytest.mark.parametrize("column", [name for name in [*OTHER_VALUES, "id"] if name not in {"previous_hash", "hash"}])
def test_nothing_else_is_changed_together_with_the_sealing(chain: None, column: str) -> None:
    before = rows()
    changed = {column: OTHER_VALUES.get(column, 999_999)}
    with pytest.raises(IntegrityError, match=ONLY_ADDED), transaction.atomic():
        AuditEntry.objects.filter(sequence=None).update(sequence=3, hash="0" * 64, **changed)
    assert rows() == before


@pytest.mark.parametrize("values", [{"sequence": 9}, {"sequence": None, "previous_hash": "", "hash": ""}])
def test_an_entry_is_sealed_once(chain: None, values: dict[str, object]) -> None:
    before = rows()
    with pytest.raises(IntegrityError, match=ONLY_ADDED), transaction.atomic():
        AuditEntry.objects.filter(sequence=2).update(**values)
    assert rows() == before


def test_the_sealer_is_let_through(chain: None) -> None:
    assert audit.seal() == 1
    assert list(audit.verify()) == []


@pytest.mark.parametrize(
    "change", ["length = length - 1", "length = 0, hash = ''", "hash = ''", "id = 2", "length = length - 1, hash = 'x'"]
)
def test_the_chains_head_never_goes_back(chain: None, change: str) -> None:
    with pytest.raises(IntegrityError):
        sql(f"UPDATE council_audithead SET {change}")
    assert AuditHead.objects.get().length == 2


def test_the_chains_head_cannot_be_deleted(chain: None) -> None:
    with pytest.raises(IntegrityError, match=ONLY_GROWS):
        sql("DELETE FROM council_audithead")
    assert AuditHead.objects.get().length == 2


@pytest.mark.parametrize("statement", WAYS_AROUND[connection.vendor])
def test_there_is_no_way_around_updating_and_deleting(chain: None, statement: str) -> None:
    before = rows()
    with pytest.raises(IntegrityError, match=f"{ONLY_GROWS}|{ONLY_ADDED}"):
        sql(statement)
    assert rows() == before
    assert AuditHead.objects.get().length == 2


def test_every_guard_is_there_after_all_migrations() -> None:
    assert audit.guards_missing() == set()


def test_a_guard_that_was_taken_away_is_named_by_the_verification(chain: None) -> None:
    err = StringIO()
    with behind_the_guards():
        assert audit.guards_missing() == audit.GUARDS[connection.vendor]
        with pytest.raises(CommandError, match="does not hold"):
            call_command("verify_audit", stderr=err)
    assert "the trigger audit_entry_stays is missing or switched off" in err.getvalue()
    assert audit.guards_missing() == set()


def test_the_guards_can_be_taken_back_and_put_up_again(chain: None) -> None:
    migration = import_module("council.migrations.0004_audit_guards")
    editor = connection.schema_editor()
    migration.let_go(apps, editor)
    assert audit.guards_missing() == audit.GUARDS[connection.vendor]
    migration.keep(apps, editor)
    assert audit.guards_missing() == set()
    with pytest.raises(Error, match=ONLY_ADDED):
        sql("DELETE FROM council_auditentry")
