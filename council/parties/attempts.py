"""How often somebody may try to sign in: counted for each account and origin, and for each account over all of them.

A browser in which the account has signed in before is counted by itself, so that nobody elsewhere can lock it out
(the "device cookie" of OWASP). What is counted is the attempt, before it is judged; success takes it back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from council.core.errors import DomainError
from council.parties.models import SignInFailure

LIMIT, WINDOW = 5, timedelta(minutes=15)
ACCOUNT_LIMIT, ACCOUNT_WINDOW = 30, timedelta(hours=1)
KEPT = timedelta(days=1)


class TooManyAttempts(DomainError):
    """Said alike whether or not there is such an account."""

    def __init__(self, window: timedelta) -> None:
        minutes = int(window.total_seconds()) // 60
        super().__init__(_("Too many attempts. Please try again in %(minutes)s minutes.") % {"minutes": minutes})


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody says to be an account, from somewhere (see SignInFailure for both)."""

    account: str
    origin: str
    known: bool

    def before(self, step: str) -> QuerySet[SignInFailure]:
        return SignInFailure.objects.filter(account=self.account, step=step)

    def from_here(self, step: str) -> QuerySet[SignInFailure]:
        return self.before(step).filter(origin=self.origin, known=self.known)


def count_attempt(claim: Claim, *, step: str, now: datetime) -> int:
    """Count an attempt before it is judged; how many there are now from this origin. TooManyAttempts if too many.

    Counting first leaves no gap for many attempts at once.
    """
    SignInFailure.objects.filter(at__lt=now - KEPT).delete()
    mine = SignInFailure.objects.create(
        account=claim.account, step=step, origin=claim.origin, known=claim.known, at=now
    )
    here = claim.from_here(step).filter(at__gt=now - WINDOW).count()
    everywhere = claim.before(step).filter(known=False, at__gt=now - ACCOUNT_WINDOW).count()
    if not claim.known and everywhere > ACCOUNT_LIMIT:
        mine.delete()
        raise TooManyAttempts(ACCOUNT_WINDOW)
    if here > LIMIT:
        mine.delete()
        raise TooManyAttempts(WINDOW)
    return here


def forget_attempts(claim: Claim, *, step: str) -> None:
    """After a success nothing counts against this origin any more."""
    claim.from_here(step).delete()


def failures_of_a_day(claim: Claim, *, now: datetime) -> int:
    """How many attempts of a day have not succeeded, from wherever."""
    judged = [SignInFailure.Step.PASSWORD, SignInFailure.Step.CODE]
    return SignInFailure.objects.filter(account=claim.account, step__in=judged, at__gt=now - KEPT).count()
