"""One turn of the engine: everything a driver calls, be it Celery's beat, the loop or cron."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from council.core import audit
from council.files.operations import scan_waiting
from council.mail import engine
from council.mail.operations import compose
from council.reminders.operations import plan
from council.workflows import archive_records, bind_papers
from council.workflows.escalate_overdue import escalate_overdue
from council.workflows.keep_rounds import keep_rounds


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn did."""

    sealed: int
    composed: int
    sent: int
    scanned: int = 0
    bound: int = 0
    archived: int = 0
    opened: int = 0
    escalated: int = 0


def tick(*, now: datetime, archives: bool = True) -> Turn:
    """Seal the audit, keep the rounds of reports, let what hangs climb, plan, write the letters that are due, send
    what may go, have files scanned, bind the papers that were asked for, and make an archive of records.

    Any number may run at once. An archive takes minutes: without ``archives`` somebody else makes them.
    """
    sealed = audit.seal()
    opened = keep_rounds(now=now)
    escalated = escalate_overdue(now=now)
    plan(now=now)
    composed = compose(now=now)
    sent = engine.run(now=now)
    scanned = scan_waiting(now=now)
    bound = bind_papers.make_waiting(now=now)
    engine.beat(now=now)
    archived = archive_records.make_waiting(now=now) if archives else 0
    return Turn(
        sealed=sealed,
        composed=composed,
        sent=sent,
        scanned=scanned,
        bound=bound,
        archived=archived,
        opened=opened,
        escalated=escalated,
    )
