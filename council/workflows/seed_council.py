"""Loading the founding facts. What is there already, by its natural key, stays as staff have made it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.db import models, transaction

from council.actions.models import CheckPoint, EscalationRule
from council.core import audit
from council.core.actor import Actor
from council.core.calendar import BusinessCalendar, at
from council.core.quarters import Quarter
from council.declaration.models import (
    Commitment,
    CommitmentOwner,
    Declaration,
    Incident,
    Indicator,
    Pillar,
    Signatory,
    TargetGroup,
)
from council.meetings.models import DeadlineTemplate, Meeting, StandingItem
from council.meetings.operations.schedule import Plan, schedule_meeting
from council.meetings.queries import next_plannable, proposed_times
from council.meetings.states import MeetingState
from council.parties.models import Body, Organisation, Person, Seat
from council.reminders.models import ReminderRule
from council.workflows.carry_over import carry_over

SEEDER = Actor.system("seed_council")


def founding_facts() -> dict[str, Any]:
    """The file of facts, in our own wording."""
    return _read("founding.yaml")


def _read(name: str) -> dict[str, Any]:
    facts: dict[str, Any] = yaml.safe_load((Path(apps.get_app_config("council").path) / "data" / name).read_text())
    return facts


@transaction.atomic
def seed_council(*, today: date) -> int:
    """Load everything; how many rows were added. A second run adds none."""
    return Seed(founding_facts(), _read("practice.yaml"), today).load()


class Seed:
    """One run: the facts, and a count of what had to be added."""

    def __init__(self, facts: dict[str, Any], practice: dict[str, Any], today: date) -> None:
        self.facts, self.practice, self.today = facts, practice, today
        self.added = 0

    def load(self) -> int:
        self._parties()
        self._declaration()
        self._commitments()
        self._practice()
        self._founding_meeting()
        self._next_meetings()
        return self.added

    def ensure[M: models.Model](
        self, model: type[M], values: dict[str, Any] | None = None, **key: Any
    ) -> tuple[M, bool]:
        """The row with this natural key; made, and written down, if it is not there."""
        if row := model._default_manager.filter(**key).order_by("pk").first():
            return row, False
        row = model._default_manager.create(**key, **values or {})
        self.added += 1
        audit.record(by=SEEDER, verb="seed.added", target=row, after=audit.snapshot(row))
        return row, True

    def _parties(self) -> None:
        for entry in self.facts["organisations"]:
            self.ensure(Organisation, _columns(Organisation, entry, but={"code"}), code=entry["code"])
        for entry in self.facts["bodies"]:
            parent = Body.objects.get(code=entry["parent"]) if entry["parent"] else None
            values = _columns(Body, entry, but={"code", "parent"}) | {"parent": parent}
            self.ensure(Body, values, code=entry["code"])
        for entry in self.facts["people"]:
            values = _columns(Person, entry, but={"name_ko", "organisation"})
            values |= {"organisation": _organisation(entry["organisation"])}
            self.ensure(Person, values, name_ko=entry["name_ko"])
        for entry in self.facts["seats"]:
            key = {"body": Body.objects.get(code=entry["body"]), "person": _person(entry["person"])}
            if not Seat.objects.filter(role=entry["role"], **key).exists():
                self.ensure(Seat, {"starts_on": self._founded_on}, role=entry["role"], **key)

    @property
    def _founded_on(self) -> date:
        day: date = self.facts["founding_meeting"]["on"]
        return day

    def _declaration(self) -> None:
        entry = self.facts["declaration"]
        values = {
            "body": Body.objects.get(code=entry["body"]),
            "title_ko": entry["title_ko"],
            "title_en": entry["title_en"],
            "issued_on": entry["issued_on"],
            "text": f"{entry['text_note_ko']}\n\n{entry['text_note_en']}",
        }
        declaration, _ = self.ensure(Declaration, values, code=entry["code"])
        for signer in entry["signatories"]:
            person = _person(signer["person"])
            position = {"position_ko": person.position_ko, "position_en": person.position_en}
            organisation = _organisation(signer["organisation"])
            self.ensure(Signatory, position | {"organisation": organisation}, declaration=declaration, person=person)
        for pillar in self.facts["pillars"]:
            group = Body.objects.get(code=pillar["working_group"]) if "working_group" in pillar else None
            values = _columns(Pillar, pillar, but={"code", "working_group"}) | {"working_group": group}
            self.ensure(Pillar, values, declaration=declaration, code=pillar["code"])
        for group in self.facts["target_groups"]:
            self.ensure(TargetGroup, _columns(TargetGroup, group, but={"code"}), code=group["code"])

    def _commitments(self) -> None:
        declaration = Declaration.objects.get(code=self.facts["declaration"]["code"])
        pillars: dict[str | None, Pillar] = {pillar.code: pillar for pillar in declaration.pillars.all()}
        new: list[tuple[Commitment, dict[str, Any]]] = []
        for entry in self.facts["commitments"]:
            values = _columns(Commitment, entry, but={"code", "pillar", "second_pillar"}) | {
                "pillar": pillars.get(entry.get("pillar")),
                "second_pillar": pillars.get(entry.get("second_pillar")),
            }
            commitment, is_new = self.ensure(Commitment, values, declaration=declaration, code=entry["code"])
            if is_new:
                new.append((commitment, entry))
        for commitment, entry in new:
            self._belongings(commitment, entry)
        for entry in self.facts["incidents"]:
            values = _columns(Incident, entry, but={"code", "organisation", "commitments"})
            organisation = _organisation(entry["organisation"])
            incident, is_new = self.ensure(Incident, values | {"organisation": organisation}, code=entry["code"])
            if is_new:
                incident.commitments.set(declaration.commitments.filter(code__in=entry["commitments"]))

    def _belongings(self, commitment: Commitment, entry: dict[str, Any]) -> None:
        """Owners, indicators and links of a commitment that was just made; later ones are the staff's."""
        parts = [(code, CommitmentOwner.Part.OWNER) for code in entry["owners"]]
        parts += [(code, CommitmentOwner.Part.CO_OWNER) for code in entry["co_owners"]]
        for code, part in parts:
            self.ensure(CommitmentOwner, {"part": part}, commitment=commitment, organisation=_organisation(code))
        for indicator in entry["indicators"]:
            values = _columns(Indicator, indicator, but={"name_ko"})
            self.ensure(Indicator, values, commitment=commitment, name_ko=indicator["name_ko"])
        commitment.target_groups.set(TargetGroup.objects.filter(code__in=entry["target_groups"]))
        through = commitment.declaration.commitments.filter(code__in=entry["tracked_through"])
        commitment.tracked_through.set(through)

    def _practice(self) -> None:
        """Steps and rules for a body that has none yet; what staff deleted does not come back."""
        bodies = {body.code: body for body in Body.objects.all()}
        without_steps = {b.code for b in bodies.values() if not b.deadline_templates.exists()}
        for group in self.practice["deadline_templates"]:
            for step in group["steps"] if group["body"] in without_steps else []:
                values = {"offset": step["offset"], "unit": step.get("unit", DeadlineTemplate.Unit.BUSINESS)}
                key = {"meeting_kind": group["meeting_kind"], "kind": step["kind"]}
                self.ensure(DeadlineTemplate, values, body=bodies[group["body"]], **key)
        without_standing = {b.code for b in bodies.values() if not b.standing_items.exists()}
        for position, item in enumerate(self.practice["standing_items"], 1):
            if item["body"] in without_standing:
                values = _columns(StandingItem, item, but={"body", "title"}) | {"position": position}
                self.ensure(StandingItem, values, body=bodies[item["body"]], title=item["title"])
        self._follow_up(bodies)

    def _follow_up(self, bodies: dict[str, Body]) -> None:
        """Checklist, escalation and reminders, for a body that has none of them yet."""
        without_points = {b.code for b in bodies.values() if not b.check_points.exists()}
        for code in sorted(without_points):
            for position, point in enumerate(self.practice["check_points"], 1):
                values = {"position": position, "text_en": point["text_en"]}
                self.ensure(CheckPoint, values, body=bodies[code], text_ko=point["text_ko"])
        never_climbing = {b.code for b in bodies.values() if not b.escalation_rules.exists()}
        for rule in self.practice["escalation_rules"]:
            for code in never_climbing.intersection(rule["bodies"]):
                self.ensure(EscalationRule, body=bodies[code], **_columns(EscalationRule, rule, but=set()))
        without_rules = {b.code for b in bodies.values() if not b.reminder_rules.exists()}
        for rule in self.practice["reminder_rules"]:
            for code in without_rules.intersection(rule["bodies"]):
                for offset in rule["offsets"]:
                    key = _columns(ReminderRule, rule, but=set()) | {"offset": offset}
                    self.ensure(ReminderRule, body=bodies[code], **key)

    def _founding_meeting(self) -> None:
        entry = self.facts["founding_meeting"]
        values = {
            "quarter": Quarter.of(entry["on"]),
            "title": entry["title"],
            "starts_at": at(entry["on"], time.min),
            "day_only": True,
            "venue": entry["venue"],
            "state": MeetingState.CLOSED,
            "declaration": Declaration.objects.get(code=self.facts["declaration"]["code"]),
        }
        self.ensure(Meeting, values, body=Body.objects.get(code=entry["body"]), kind=Meeting.Kind.FOUNDING)

    def _next_meetings(self) -> None:
        """The first regular meeting that can still be planned, for each body that has none; the council's first."""
        calendar = BusinessCalendar.load()
        for body in Body.objects.order_by(models.F("parent").asc(nulls_first=True)):
            if body.meetings.filter(kind=Meeting.Kind.REGULAR).exists():
                continue
            quarter, day = next_plannable(body, today=self.today + timedelta(days=1), calendar=calendar)
            starts_at, ends_at = proposed_times(day)
            plan = Plan(starts_at=starts_at, ends_at=ends_at)
            meeting = schedule_meeting(
                by=SEEDER,
                body=body,
                quarter=quarter,
                kind=Meeting.Kind.REGULAR,
                plan=plan,
                now=at(self.today, time.max),
            )
            carry_over(meeting, by=SEEDER)
            self.added += 1


def _columns(model: type[models.Model], entry: dict[str, Any], *, but: Iterable[str]) -> dict[str, Any]:
    """What an entry says about the model's own columns; absent or null values are left to the model's defaults."""
    names = {field.name for field in model._meta.concrete_fields} - set(but)
    return {name: value for name, value in entry.items() if name in names and value is not None}


def _organisation(code: str) -> Organisation:
    return Organisation.objects.get(code=code)


def _person(name_ko: str) -> Person:
    """The one the seed made or would have made: it came before any namesake."""
    return Person.objects.filter(name_ko=name_ko).order_by("pk")[0]
