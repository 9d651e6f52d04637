"""Waking a worker for what was just asked for. Where there is none, the next turn of the engine finds it."""

from __future__ import annotations

import logging

from celery import current_app
from django.conf import settings
from django.db import transaction

logger = logging.getLogger(__name__)


def ring(task: str = "bind") -> None:
    """Once the transaction is over. A broker that cannot be reached loses nothing: the database is the queue."""
    if settings.RING_THE_WORKER:
        transaction.on_commit(lambda: _ring(task))


def _ring(task: str) -> None:
    try:
        current_app.send_task(f"council.tasks.{task}", ignore_result=True, retry=False)
    except Exception:
        logger.exception("The worker could not be woken; the next turn of the engine does it.")
