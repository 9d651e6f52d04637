"""The secret address of one's own calendar: given out, changed and taken back."""

from __future__ import annotations

import hashlib
import secrets

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from council.core import audit
from council.core.actor import Actor
from council.core.errors import NotAllowedNow
from council.meetings.models import CalendarFeed
from council.parties.models import User

SECRET_BYTES = 32


def give_feed(user: User, *, by: Actor) -> str:
    """A new secret for the account's calendar address, shown this once; an older one opens nothing any more."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with transaction.atomic():
        feed, _made = CalendarFeed.objects.update_or_create(user=user, defaults={"digest": digest_of(secret)})
        audit.record(by=by, verb="calendar.given", target=feed)
    return secret


def revoke_feed(user: User, *, by: Actor) -> None:
    """Nobody reads the account's calendar by its address any more."""
    with transaction.atomic():
        feed = CalendarFeed.objects.select_for_update().filter(user=user).first()
        if feed is None:
            raise NotAllowedNow(_("There is no calendar address."))
        audit.record(by=by, verb="calendar.revoked", target=feed)
        feed.delete()


def digest_of(secret: str) -> str:
    """What is kept of a secret. It is long and random, so that a plain hash cannot be guessed from."""
    return hashlib.sha256(secret.encode()).hexdigest()
