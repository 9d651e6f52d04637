"""What an error while handing a letter over means (RFC 5321 replies; the table of the outbox)."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from enum import Enum


class Fault(Enum):
    RETRY = "retry"  # this letter, later
    DEAD = "dead"  # this letter, never
    RELAY = "relay"  # no letter at the moment; uses up no attempt
    LOST = "lost"  # the relay may or may not have it


@dataclass(frozen=True, slots=True)
class Outcome:
    fault: Fault
    detail: str


def of(error: Exception, *, reply_was_lost: bool) -> Outcome:
    """Classify what handing one letter to the relay raised."""
    detail = f"{type(error).__name__}: {error}"[:500]
    match error:
        case smtplib.SMTPRecipientsRefused():
            code = next(iter(error.recipients.values()))[0]
            return Outcome(Fault.DEAD if code >= 500 else Fault.RETRY, detail)
        case smtplib.SMTPDataError():
            return Outcome(Fault.DEAD if error.smtp_code >= 500 else Fault.RETRY, detail)
        case ValueError() if not isinstance(error, OSError):
            # An address that cannot be encoded is no SMTP error. (A bad certificate is both: the relay's fault.)
            return Outcome(Fault.DEAD, detail)
        case _ if reply_was_lost:
            return Outcome(Fault.LOST, detail)
        case _:
            return Outcome(Fault.RELAY, detail)
