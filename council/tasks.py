"""Every Celery task: plain values in, one call. The database is the queue; a lost task loses nothing."""

from __future__ import annotations

from datetime import datetime

from celery import shared_task
from django.utils import timezone

from council.workflows import tick as turn
from council.workflows.bind_papers import make_waiting


@shared_task
def tick(now: str | None = None) -> None:
    """One turn of the engine. ``now``, an ISO moment, takes the clock's place for a trial."""
    turn.tick(now=datetime.fromisoformat(now) if now else timezone.now())


@shared_task
def bind() -> None:
    """Make the briefing packs that were asked for."""
    make_waiting(now=timezone.now())
