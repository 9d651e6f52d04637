"""Naming who comes in a member's place: somebody known, or a colleague who is entered with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import File
from django.db import transaction

from council.core import register
from council.core.actor import Actor
from council.meetings.models import Participation
from council.meetings.operations.delegation import name_delegate
from council.parties.models import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody of the organisation who is not in the register yet."""

    name: str
    position: str
    email: str


def send_delegate(
    row: Participation, *, by: Actor, delegate: Person | Colleague, letter: File[bytes], now: datetime
) -> None:
    """Name a delegate with the letter; nothing of it is kept if the letter or the name is refused."""
    with transaction.atomic():
        if isinstance(delegate, Colleague):
            person = Person(
                name_ko=delegate.name,
                position_ko=delegate.position,
                email=delegate.email,
                organisation_id=row.organisation_id,
            )
            register.keep(person, by=by)
        else:
            person = delegate
        name_delegate(row, by=by, delegate=person, letter=letter, now=now)
