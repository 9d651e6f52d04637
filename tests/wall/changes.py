"""Noticing that something was written, and undoing it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.test import Client

# Whatever a visitor does is written down here; and a session is no row of the council's.
OF_EVERY_VISIT = {
    "council_auditentry", "council_audithead", "council_signinfailure", "django_session", "usersessions_usersession",
}  # fmt: skip
WRITE = re.compile(r'^\s*(?:INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM)\s+"(\w+)"')


def fingerprint() -> str:
    """Every value of every table of the council but the audit."""
    total = hashlib.sha256()
    for model in apps.get_app_config("council").get_models(include_auto_created=True):
        if model._meta.db_table not in OF_EVERY_VISIT:
            for values in model._base_manager.order_by("pk").values_list():
                total.update(repr(values).encode())
    return total.hexdigest()


class Writes:
    """The tables written to, as the statements say it."""

    def __init__(self) -> None:
        self.tables: set[str] = set()

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if (found := WRITE.match(sql)) and found[1] not in OF_EVERY_VISIT:
            self.tables.add(found[1])
        return execute(sql, params, many, context)


@contextmanager
def put_back() -> Iterator[None]:
    """Whatever is done inside is undone, and its savepoint released, so that the next one does not lie within it."""
    attempt = transaction.atomic()
    # As in Django's own test cases: what must be outermost may lie within a test's transaction.
    attempt._from_testcase = True  # type: ignore[attr-defined]
    with attempt:
        yield
        transaction.set_rollback(True)


@contextmanager
def undone(client: Client) -> Iterator[Writes]:
    """The same, also for the visitor's cookies; says which tables were written to."""
    cookies, writes = copy(client.cookies), Writes()
    with put_back(), connection.execute_wrapper(writes):
        yield writes
    client.cookies = cookies
