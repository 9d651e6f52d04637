"""One turn of the engine: everything a driver calls, be it Celery's beat, the loop or cron."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from council.core import audit
from council.files.operations import scan_waiting
from council.mail import engine
from council.mail.operations import compose
from council.reminders.operations import plan
from council.workflows.bind_papers import make_waiting


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn did."""

    sealed: int
    composed: int
    sent: int
    scanned: int = 0
    bound: int = 0


def tick(*, now: datetime) -> Turn:
    """Seal the audit, plan, write the letters that are due, send what may go, have files scanned,
    bind the papers that were asked for.

    Any number may run at once.
    """
    sealed = audit.seal()
    plan(now=now)
    composed = compose(now=now)
    sent = engine.run(now=now)
    scanned = scan_waiting(now=now)
    bound = make_waiting(now=now)
    engine.beat(now=now)
    return Turn(sealed=sealed, composed=composed, sent=sent, scanned=scanned, bound=bound)
