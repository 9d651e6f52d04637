"""What the owner of the database can do and the application cannot: the tests tamper and clean up so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from django.db import connection, transaction
from django.db.backends.base.operations import BaseDatabaseOperations

AUDIT = ("council_auditentry", "council_audithead")
GUARDED_BY = (
    "0016_minutes_guards", "0018_publication_guards", "0019_paperwork_guards", "0020_records_guards",
    "0025_reports_guards",
)  # fmt: skip
NOT_EMPTIED = tuple(
    f"council_{table}" for name in GUARDED_BY for table in import_module(f"council.migrations.{name}").TABLES
)
_flush = BaseDatabaseOperations.execute_sql_flush


@contextmanager
def behind_the_guards(tables: Sequence[str] = AUDIT) -> Iterator[None]:
    """The triggers on these tables are off inside. In a transaction, so that nobody else ever sees them off."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            _run(["SET CONSTRAINTS ALL IMMEDIATE"])  # what waits for the end of the transaction would stand in the way
            _run([f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables])
            yield
            _run(["SET CONSTRAINTS ALL IMMEDIATE"])
            _run([f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables])
        else:
            triggers = _triggers(tables)
            _run([f"DROP TRIGGER {name}" for name in triggers])
            yield
            _run(list(triggers.values()))


def flush_behind_the_guards(operations: Any, statements: Sequence[str]) -> None:
    """Emptying the tables after a test whose transactions were real."""
    with behind_the_guards((*AUDIT, *NOT_EMPTIED)):
        _flush(operations, statements)


def _triggers(tables: Sequence[str]) -> dict[str, str]:
    marks = ", ".join("%s" for _ in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ({marks})", tables)
        return dict(cursor.fetchall())


def _run(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
