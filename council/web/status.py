"""Is it alive, is it ready, does the reminder engine run?"""

from __future__ import annotations

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from council.files import scanner
from council.mail import engine
from council.mail.models import EngineState


def livez(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """503 unless the database is there and up to date. A silent engine or scanner is said, but is no reason for 503."""
    try:
        executor = MigrationExecutor(connection)
        pending = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        silent = pending or engine.is_silent(EngineState.load(), now=timezone.now())
    except Exception:  # noqa: BLE001 - whatever is wrong with the database, the answer is "not ready"
        return JsonResponse({"database": "unreachable"}, status=503)
    state = {
        "database": "migrations pending" if pending else "ready",
        "engine": "silent" if silent else "running",
        "scanner": scanner.state(),
    }
    return JsonResponse(state, status=503 if pending else 200)
