"""Compares every answer of ``access`` in a world with the oracle's: standings, visible rows, what may be done.

The world stands still while mutants of the rules come and go, so the rows that a query finds are remembered by its SQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from types import ModuleType
from typing import Any

from django.apps import apps
from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from council.core.actor import Actor
from council.core.models import AuditEntry
from council.parties.models import Seat
from tests.access.oracle import SEES, TABLE, Facts, Reader
from tests.access.rows import PEOPLE
from tests.factories import TODAY

VERBS = sorted({verb for _, verb in TABLE} | {"delete", "fly"})
# Somebody who is nobody, and an account without a person, cost no question about what they cannot have.
FREE = {"anonymous": 0, "machine": 1, "shut": 2, "moved": 4}
LAST_SPRING = date(2026, 6, 30)


class Judge:
    """Made once for a world; asked once for each mutant."""

    def __init__(self, actors: dict[str, Actor]) -> None:
        self.actors = actors
        self.found: dict[object, frozenset[int]] = {}
        held = (
            Seat.objects.exclude(ends_on__lt=TODAY)
            .exclude(ends_on=TODAY, cut_short=True)
            .exclude(starts_on__gt=TODAY)
            .select_related("person__organisation")
        )
        self.seats = list(held.order_by("person_id"))
        self.standings: dict[str, Any] = {}
        self.fresh: Any = None
        facts = Facts.read()
        self.facts = facts
        self.models = {name: apps.get_model("council", name) for name in SEES}
        self.readers = {name: Reader(facts, who.user_id, who.person_id, TODAY) for name, who in actors.items()}
        self.rows = {name: {row.pk: row for row in self._sample(name)} for name in {name for name, _ in TABLE}}
        self.seen = {(who, name): frozenset(reader.seen(name)) for who, reader in self.readers.items() for name in SEES}
        self.counted = {who: frozenset(reader.counted()) for who, reader in self.readers.items()}
        self.may = {
            (who, kind, verb, pk): reader.may(kind, verb, facts[kind][pk] if pk else None)
            for who, reader in self.readers.items()
            for kind in SEES
            for verb in VERBS
            for pk in (None, *(self.rows.get(kind, ()) if (kind, verb) in TABLE else ()))
        }
        spring = Reader(facts, actors["former_liaison"].user_id, actors["former_liaison"].person_id, LAST_SPRING)
        self.seen_in_spring = {name: frozenset(spring.seen(name)) for name in SEES}

    def _sample(self, name: str) -> Iterator[models.Model]:
        """One row of each kind that a verb could tell apart: by body, owner and state."""
        if name == "person":
            pks = [self.actors[each].person_id for each in PEOPLE]
            yield from self.models[name]._base_manager.filter(pk__in=pks)
            return
        told_apart = (
            "body_id", "owner_id", "meeting_id", "declaration_id", "commitment_id", "update_id", "agenda_item_id",
            "organisation_id", "person_id", "contributor_id", "approver_id",
        )  # fmt: skip
        taken: set[tuple[object, ...]] = set()
        for row in self.models[name]._base_manager.order_by("pk"):
            key = tuple(getattr(row, column, None) for column in told_apart)
            if key not in taken and len(taken) < 60:
                taken.add(key)
                yield row

    def differences(
        self, roles: ModuleType, visibility: ModuleType, policy: ModuleType, *, only: ModuleType | None = None
    ) -> Iterator[str]:
        """Every cell that differs, as words; nothing when the code says what the design says.

        ``only`` is the one of the three that was changed: what cannot depend on it is not asked again.
        """
        for name in self.actors:
            if only in {None, roles} or name not in self.standings:
                yield from self._of_standing(name, roles)
            who = self.standings[name] if only not in {None, roles} else self.fresh
            if only is not policy:
                yield from self._of_rows(name, who, visibility)
            if only is not visibility:
                yield from self._of_verbs(name, who, policy)
        if only in {None, roles}:
            yield from self._of_standings(roles)
        yield from self._of_view_as(roles, visibility, policy)
        yield from self._of_the_doors(roles, visibility, policy)

    def _of_standing(self, name: str, roles: ModuleType) -> Iterator[str]:
        with CaptureQueriesContext(connection) as asked:
            who = self.fresh = roles.standing(self.actors[name])
        self.standings.setdefault(name, who)
        if self._plainly(who) != self._expected(name) or who.on != TODAY:
            yield f"{name} stands otherwise: {who}"
        run = self.readers[name].runs
        if {body for body in self.facts["body"] if who.runs(body)} != run:
            yield f"{name} runs other bodies than {run}"
        if len(asked) > FREE.get(name, 3):
            yield f"{name} costs {len(asked)} queries"

    @staticmethod
    def _plainly(who: Any) -> tuple[object, ...]:
        return (
            who.person_id, who.organisation_id, who.of_ministry, who.seats, who.administers_accounts, who.family,
            who.through,
        )  # fmt: skip

    def _expected(self, name: str) -> tuple[object, ...]:
        is_ = self.readers[name]
        person = is_.person if is_.open else None
        return person, is_.organisation, is_.of_ministry, is_.seats, is_.superuser, is_.family, None

    def _of_standings(self, roles: ModuleType) -> Iterator[str]:
        """Several at once, from the seats they hold."""
        held = {person: [*group] for person, group in groupby(self.seats, key=lambda seat: seat.person)}
        for person, who in zip(held, roles.standings(held, on=TODAY), strict=True):
            reader = Reader(self.facts, None, person.pk, TODAY)
            expected = (
                reader.person,
                reader.organisation,
                reader.of_ministry,
                reader.seats,
                False,
                reader.family,
                None,
            )
            if self._plainly(who) != expected or who.on != TODAY:
                yield f"person {person.pk} stands otherwise: {who}"

    def _of_view_as(self, roles: ModuleType, visibility: ModuleType, policy: ModuleType) -> Iterator[str]:
        """Somebody seen through another: what both see, and nothing to do."""
        for name, viewer in (("skt_liaison", "secretary"), ("kt_liaison", "skt_liaison"), ("secretary", "chair")):
            both = roles.standing(self.actors[name]).seen_through(roles.standing(self.actors[viewer]))
            for kind, model in self.models.items():
                rows = self._rows(visibility.visible_to(both, model._base_manager.all()))
                if rows != self.seen[name, kind] & self.seen[viewer, kind]:
                    yield f"{name} through {viewer} and {kind}"
            for kind, verb in TABLE:
                if policy.allowed(both, verb, self.models[kind]):
                    yield f"{name} through {viewer}, {verb}, a new {kind}"

    def _of_rows(self, name: str, who: Any, visibility: ModuleType) -> Iterator[str]:
        for kind, model in self.models.items():
            shown = self._rows(visibility.visible_to(who, model._base_manager.all()))
            expected = self.seen[name, kind]
            if shown != expected:
                yield f"{name} and {kind}: {len(shown - expected)} too many, {len(expected - shown)} too few"
        if self._rows(visibility.counted_for(who, AuditEntry.objects.all())) != self.counted[name]:
            yield f"{name} and the figures of the record"

    def _rows(self, rows: models.QuerySet[Any]) -> frozenset[int]:
        rows = rows.order_by().values_list("pk")
        try:
            key: object = rows.query.sql_with_params()
        except EmptyResultSet:
            return frozenset()
        except FullResultSet:
            key = rows.model
        if key not in self.found:
            self.found[key] = frozenset(pk for (pk,) in rows)
        return self.found[key]

    def _of_verbs(self, name: str, who: Any, policy: ModuleType) -> Iterator[str]:
        if unlike := set(policy.TABLE) ^ set(TABLE):
            yield f"the table has more or less: {unlike}"
        for kind, model in self.models.items():
            for verb in VERBS:
                if policy.allowed(who, verb, model) is not self.may[name, kind, verb, None]:
                    yield f"{name}, {verb}, a new {kind}"
        for kind, verb in TABLE:
            for pk, row in self.rows[kind].items():
                if policy.allowed(who, verb, row) is not self.may[name, kind, verb, pk]:
                    yield f"{name}, {verb}, {kind} {pk}"
        yield from self._of_parents(name, who, policy)

    def _of_parents(self, name: str, who: Any, policy: ModuleType) -> Iterator[str]:
        """A new row is asked about with the row it will belong to; with one that belongs to no body it is refused."""
        item = self.models["agendaitem"]
        for pk, meeting in self.rows["meeting"].items():
            body = self.facts["meeting"][pk]["body_id"]
            if policy.allowed_for(who, "add", item, meeting) is not (body in self.readers[name].runs):
                yield f"{name}, add, an agenda item of meeting {pk}"
        seat = self.models["seat"]
        for pk, person in self.rows["person"].items():
            is_ = self.readers[name]
            if policy.allowed_for(who, "add", seat, person) is not (is_.keeps_the_register and pk != is_.person):
                yield f"{name}, add, a seat of person {pk}"
        stranger = next(iter(self.rows["organisation"].values()))
        if policy.allowed_for(who, "add", seat, stranger):
            yield f"{name}, add, a seat of nobody"
        if policy.allowed_for(who, "add", item, stranger):
            yield f"{name}, add, an agenda item of no meeting"

    def _of_the_doors(self, roles: ModuleType, visibility: ModuleType, policy: ModuleType) -> Iterator[str]:
        """``can`` and ``visible_to`` with an actor and a day instead of a standing, and ``can`` with a standing."""
        former = self.actors["former_liaison"]
        for kind, model in self.models.items():
            if (
                self._rows(visibility.visible_to(former, model._base_manager.all(), on=LAST_SPRING))
                != (self.seen_in_spring[kind])
            ):
                yield f"former_liaison and {kind} on {LAST_SPRING}"
        meeting = next(row for pk, row in self.rows["meeting"].items() if pk in self.seen_in_spring["meeting"])
        if not policy.can(former, "view", meeting, on=LAST_SPRING) or policy.can(former, "view", meeting):
            yield f"former_liaison, view, a meeting on {LAST_SPRING}"
        yield from self._of_two_lines_about_the_same(policy)
        for name in ("secretary", "skt_liaison", "kt_liaison", "nobody"):
            yield from self._of_can(name, "actionitem", self.actors[name], policy)
            who = roles.standing(self.actors[name])
            for kind in self.rows:
                yield from self._of_can(name, kind, who, policy)

    @staticmethod
    def _of_two_lines_about_the_same(policy: ModuleType) -> Iterator[str]:
        key, predicate = next(iter(policy.TABLE.items()))
        try:
            policy._once({key: predicate}, {key: predicate})
        except ValueError:
            return
        yield "the table takes two lines about the same"

    def _of_can(self, name: str, kind: str, who: Any, policy: ModuleType) -> Iterator[str]:
        rows, seen = self.rows[kind], self.seen[name, kind]
        if policy.can(who, "add", self.models[kind]) is not self.may[name, kind, "add", None]:
            yield f"{name} can add a {kind}"
        verb = next(verb for model, verb in TABLE if model == kind)
        for pk in {next((pk for pk in rows if (pk in seen) is wanted), None) for wanted in (True, False)} - {None}:
            if policy.can(who, "view", rows[pk]) is not (pk in seen):
                yield f"{name} can view {kind} {pk}"
            if policy.can(who, verb, rows[pk]) is not (pk in seen and self.may[name, kind, verb, pk]):
                yield f"{name} can {verb} {kind} {pk}"
