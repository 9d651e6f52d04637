"""What the owner of the database can do to the audit and the application cannot: the tests tamper and clean up so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.backends.base.operations import BaseDatabaseOperations

TABLES = ("council_auditentry", "council_audithead")
_flush = BaseDatabaseOperations.execute_sql_flush


@contextmanager
def behind_the_guards() -> Iterator[None]:
    """The triggers on the audit's tables are off inside. In a transaction, so that nobody else ever sees them off."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            _run([f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in TABLES])
            yield
            _run([f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in TABLES])
        else:
            triggers = _triggers()
            _run([f"DROP TRIGGER {name}" for name in triggers])
            yield
            _run(list(triggers.values()))


def flush_behind_the_guards(operations: Any, statements: Sequence[str]) -> None:
    """Emptying the tables after a test whose transactions were real."""
    with behind_the_guards():
        _flush(operations, statements)


def _triggers() -> dict[str, str]:
    marks = ", ".join("%s" for _ in TABLES)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ({marks})", TABLES)
        return dict(cursor.fetchall())


def _run(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
