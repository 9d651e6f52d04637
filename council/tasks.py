"""Every Celery task: plain values in, one call. The database is the queue; a lost task loses nothing."""

from __future__ import annotations

from datetime import datetime

from celery import shared_task
from django.utils import timezone

from council.workflows import archive_records, bind_papers
from council.workflows import tick as turn

# Of a year's records it takes minutes; a worker that hangs gives it up to the next.
HALF_AN_HOUR = 1_800


@shared_task
def tick(now: str | None = None) -> None:
    """One turn of the engine. ``now``, an ISO moment, takes the clock's place for a trial."""
    turn.tick(now=datetime.fromisoformat(now) if now else timezone.now(), archives=False)


@shared_task
def bind() -> None:
    """Make the briefing packs that were asked for."""
    bind_papers.make_waiting(now=timezone.now())


@shared_task(time_limit=HALF_AN_HOUR)
def archive() -> None:
    """Make an archive of records that was asked for."""
    archive_records.make_waiting(now=timezone.now())
