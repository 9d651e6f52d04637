"""One world for every proof: the founding facts, everybody, and a canary wherever anybody writes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import prefetch_related_objects

from council.core import audit
from council.core.actor import Actor
from council.core.models import AuditEntry
from council.parties.models import Body, Organisation, Person, Seat, User
from council.parties.queries import actor_for
from tests.factories.cast import SINCE
from tests.wall.actors import EVERYBODY, Who
from tests.wall.canaries import Canaries, Canary
from tests.wall.oracle import Oracle, named_with


@dataclass
class World:
    """What was planted, by whom, and who is who."""

    canaries: Canaries = field(default_factory=Canaries)
    users: dict[str, User] = field(default_factory=dict)
    rows: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.oracle = Oracle({})

    # --- Planting ---------------------------------------------------------------------------------------------------

    def add[M: models.Model](self, row: M, organisation: str, state: str = "", *, leave: str = "") -> M:
        """A row with canaries in its texts."""
        self.canaries.sow(row, organisation, state or str(getattr(row, "state", "")), leave=leave)
        self.rows.append(row)
        return row

    def recorded(self, verb: str, row: models.Model, organisation: str, by: Actor) -> AuditEntry:
        """The audit entry that such a row leaves: with all its values, its name, and a reason."""
        token, values = self.canaries.token(organisation), audit.snapshot(row)
        entry = audit.record(by=by, verb=verb, target=row, before=values, after=values, reason=token)
        self.canaries.note(token, organisation, "reason", verb, entry)
        self.oracle.about[entry.target_type, entry.target_id] = row
        self.rows.append(entry)
        return entry

    def people(self) -> None:
        """Everybody with an account and their seats."""
        for who in EVERYBODY:
            if who.signed_in:
                self._account(who)
        former = self.users["former_liaison"].person
        assert former is not None
        body = Body.objects.get(code="council")
        Seat.objects.create(body=body, person=former, role="liaison", starts_on=SINCE, ends_on="2026-06-30")
        self.oracle = Oracle({name: user.person_id or 0 for name, user in self.users.items()})

    def _account(self, who: Who) -> None:
        organisation = Organisation.objects.get(code=who.organisation)
        person = self.add(Person(organisation=organisation), who.organisation, who.name)
        user = User(person=person, password="!", is_staff=who.is_staff, is_superuser=who.is_superuser)
        self.users[who.name] = self.add(user, who.organisation, who.name)
        for body, role in who.seats:
            Seat.objects.create(
                body=Body.objects.get(code=body), person=person, role=role, starts_on=SINCE, acting=True
            )

    def person(self, name: str) -> Person:
        person = self.users[name].person
        assert person is not None
        return person

    def actor(self, name: str) -> Actor:
        return actor_for(self.users[name])

    # --- Asking -----------------------------------------------------------------------------------------------------

    def finished(self) -> World:
        """Ready to be asked: what the oracle reads of each row is loaded once."""
        for model in {type(row) for row in self.rows}:
            if any(many.name == "readers" for many in model._meta.many_to_many):
                prefetch_related_objects([row for row in self.rows if type(row) is model], "readers")
        return self

    @cached_property
    def _seen(self) -> dict[str, set[str]]:
        return {}

    def own(self, who: Who) -> set[str]:
        """The canaries that somebody may be shown."""
        if who.name not in self._seen:
            shown = [row for row in self.rows if self.oracle.sees(who, row)]
            names = {one.pk for row in shown for one in named_with(row)}
            self._seen[who.name] = {c.token for c in self._all if self._may_show(who, c, names)}
        return self._seen[who.name]

    def _may_show(self, who: Who, canary: Canary, names: set[int]) -> bool:
        named = isinstance(canary.row, Person) and canary.row.pk in names and canary.field.startswith("name")
        return named or self.oracle.sees(who, canary.row) or self.oracle.reads_in_public(who, canary.row)

    @property
    def _all(self) -> Iterable[Canary]:
        return self.canaries.by_token.values()

    def foreign(self, who: Who) -> set[str]:
        """The canaries that somebody must never be shown."""
        return self.canaries.by_token.keys() - self.own(who)

    def leaks(self, who: Who, text: str) -> list[str]:
        """What is wrong with showing somebody a text, each with its source."""
        found = self.canaries.in_text(text) - self.own(who)
        return sorted(str(self.canaries.by_token[token]) for token in found)
