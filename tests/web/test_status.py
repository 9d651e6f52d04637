"""Is it alive, is it ready, does the reminder engine run?"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any, NoReturn

import pytest
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from council.mail.models import EngineState
from tests.factories.founding import NOW


@pytest.mark.django_db
def test_alive_asks_nothing_of_the_database(
    client: Client, django_assert_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    with django_assert_num_queries(0):
        response = client.get("/livez")
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("beat", "engine"),
    [(None, "silent"), (NOW - timedelta(minutes=1), "running"), (NOW - timedelta(minutes=11), "silent")],
)
def test_ready_tells_of_a_silent_engine_without_failing(client: Client, beat: Any, engine: str) -> None:
    EngineState.objects.create(pk=1, heartbeat_at=beat)
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"database": "ready", "engine": engine, "scanner": "off"})


@pytest.mark.django_db
def test_ready_tells_of_a_scanner_that_cannot_be_reached_without_failing(client: Client, settings: Any) -> None:
    settings.CLAMD_ADDRESS = "unix:///nowhere/at/all"
    response = client.get("/readyz")
    assert (response.status_code, response.json()["scanner"]) == (200, "unreachable")


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_pending(client: Client) -> None:
    latest = MigrationLoader(connection).graph.leaf_nodes("council")[0]
    MigrationRecorder(connection).record_unapplied(*latest)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["database"]) == (503, "migrations pending")


@pytest.mark.django_db
def test_not_ready_without_a_database(client: Client) -> None:
    def gone(*args: Any) -> NoReturn:
        raise OperationalError("CANARY: password of the database")

    with connection.execute_wrapper(gone):
        response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"database": "unreachable"})
