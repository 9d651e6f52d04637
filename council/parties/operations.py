"""What is more than keeping a row of people and seats; the rest is kept plainly (core.register)."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from council.core import audit, register
from council.core.actor import Actor
from council.core.errors import DomainError
from council.parties.accounts import end_sessions
from council.parties.models import Person, Seat


def keep_person(person: Person, *, by: Actor, today: date) -> None:
    """Keep a person. Whoever changes organisation gives up every seat first: it would turn into one of a rival's."""
    with transaction.atomic():
        stored = Person.objects.select_for_update().filter(pk=person.pk).first()
        moves = stored is not None and stored.organisation_id != person.organisation_id
        seats = Seat.objects.filter(person=person).exclude(ends_on__lt=today)
        if moves and seats.exists():
            raise DomainError(
                _("End this person's seats first: what is seen through them belongs to the organisation."),
                field="organisation",
            )
        register.keep(person, by=by)


def end_seat(seat: Seat, *, by: Actor, on: date, at_once: bool = False) -> None:
    """Let a seat end with a day; from the next day on, what followed from it is gone.

    ``at_once``: it is gone in the course of that day, today; and with the last seat the person's sessions end.
    """
    if on < seat.starts_on:
        raise DomainError(_("The seat cannot end before it starts."), field="on")
    if seat.ends_on and on > seat.ends_on:
        raise DomainError(_("This seat has ended; give the person a new one."), field="on")
    with transaction.atomic():
        before = audit.snapshot(seat)
        seat.ends_on, seat.cut_short = on, at_once
        seat.save(update_fields=["ends_on", "cut_short", "updated_at"])
        audit.record(by=by, verb="seat.ended", target=seat, before=before, after=audit.snapshot(seat))
        user = getattr(seat.person, "user", None)
        if at_once and user and not Seat.objects.valid_on(on).filter(person=seat.person).exists():
            end_sessions(user)
