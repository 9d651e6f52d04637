"""Access tokens: with one a program of somebody's reads, and where they say so writes, in their place."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from council.core import audit
from council.core.actor import Actor
from council.core.calendar import local_day
from council.core.errors import DomainError, NotAllowedNow
from council.core.lifecycle import change_if
from council.parties.models import AccessToken, User

# What a token begins with, so that scanners of leaked secrets and people know what it is.
PREFIX = "council_"
LONGEST = timedelta(days=365)
MOST = 10
# Requests of one token in a minute.
RATE = 120


class TokenRefused(DomainError):
    """No such token is given."""


class TooManyRequests(DomainError):
    """The token has been used as often as it may be in this minute."""


@dataclass(frozen=True, slots=True)
class NewToken:
    """``secret`` is shown once, and kept nowhere."""

    token: AccessToken
    secret: str


def give_token(user: User, *, name: str, scope: str, expires_on: date, by: Actor, now: datetime) -> NewToken:
    """A new token of somebody's own account, good until the end of a day."""
    today = local_day(now)
    if scope not in AccessToken.Scope.values:
        raise TokenRefused(_("Choose what the token may do."), field="scope")
    if not today <= expires_on <= today + LONGEST:
        raise TokenRefused(_("A token is good for a year at the most."), field="expires_on")
    secret = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        owner = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if owner.access_tokens.filter(revoked_at=None, expires_on__gte=today).count() >= MOST:
            raise TokenRefused(_("You have %(most)d tokens already. Revoke one first.") % {"most": MOST})
        token = AccessToken.objects.create(
            user=owner,
            organisation_id=by.organisation_id,
            name=name.strip(),
            scope=scope,
            expires_on=expires_on,
            digest=_digest(secret),
        )  # fmt: skip
        audit.record(by=by, verb="token.given", target=token, after={"scope": scope, "expires_on": expires_on})
    return NewToken(token, secret)


def revoke_token(token: AccessToken, *, by: Actor, now: datetime) -> None:
    """From now on it opens nothing."""
    if token.revoked_at is not None:
        raise NotAllowedNow(_("This token has been revoked already."))
    with transaction.atomic():
        change_if(token, {"revoked_at": None}, {"revoked_at": now})
        audit.record(by=by, verb="token.revoked", target=token)


def end_tokens(user: User) -> None:
    """None of an account's tokens opens anything any more. Written down by what is done to the account."""
    user.access_tokens.filter(revoked_at=None).update(revoked_at=Now())


def token_for(secret: str, *, now: datetime) -> AccessToken | None:
    """The token that somebody shows, with its account's person and organisation; None if it is none, or over."""
    live = Q(revoked_at=None, expires_on__gte=local_day(now), user__is_active=True)
    live &= Q(organisation=F("user__person__organisation"))
    tokens = AccessToken.objects.filter(live, digest=_digest(secret))
    return tokens.select_related("user__person__organisation").first()


def use_token(token: AccessToken, *, now: datetime) -> None:
    """Count a request. TooManyRequests for more than RATE in the minute of the clock."""
    minute = now.replace(second=0, microsecond=0)
    same = Q(counted_from=minute)
    used = AccessToken.objects.filter(pk=token.pk).exclude(same & Q(used__gte=RATE))
    number = Case(When(same, then=F("used") + 1), default=Value(1))
    if not used.update(used=number, counted_from=minute, last_used_at=now):
        raise TooManyRequests(_("Too many requests. Please wait for a minute."))


def _digest(secret: str) -> str:
    """Drawn at random and long: a plain hash of it tells nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()
