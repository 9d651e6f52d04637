"""Ending a seat. Everything else about people and bodies is kept plainly (core.register)."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from council.core import audit
from council.core.actor import Actor
from council.core.errors import DomainError
from council.parties.models import Seat


def end_seat(seat: Seat, *, by: Actor, on: date) -> None:
    """Let a seat end with a day; from the next day on, what followed from it is gone."""
    if on < seat.starts_on:
        raise DomainError(_("The seat cannot end before it starts."), field="on")
    if seat.ends_on and on > seat.ends_on:
        raise DomainError(_("This seat has ended; give the person a new one."), field="on")
    with transaction.atomic():
        before = audit.snapshot(seat)
        seat.ends_on = on
        seat.save(update_fields=["ends_on", "updated_at"])
        audit.record(by=by, verb="seat.ended", target=seat, before=before, after=audit.snapshot(seat))
