"""Who sees which row, restated from the design's table of labels in plain Python. Asks no code of the product.

RED          the persons named on it, and the secretary of the body
AMBER+STRICT the ministry's secretary of the body, and the owner
AMBER        everyone seated on the body
GREEN, CLEAR everyone seated on the body, its parent or its working groups
The label that counts is the strictest of a thing's own and its parents'. Drafts are their owner's alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models

from council.parties.models import Body, Organisation, Person
from tests.wall.actors import Who

type Rule = Callable[[Oracle, Who, Any], bool]


class Oracle:
    """Knows the world's bodies and organisations by their codes, and whose person is whose."""

    def __init__(self, people: dict[str, int]) -> None:
        self.bodies: dict[int, str] = dict(Body.objects.values_list("pk", "code"))
        self.organisations: dict[int, str] = dict(Organisation.objects.values_list("pk", "code"))
        self.people = people
        self.about: dict[tuple[str, str], models.Model] = {}

    def sees(self, who: Who, row: models.Model) -> bool:
        """Whether somebody may be shown anything of a row."""
        name = type(row).__name__
        if name not in RULES:
            msg = f"tests/wall/oracle.py: RULES says nothing about {name}. Restate there, in words, who sees one."
            raise LookupError(msg)
        return who.signed_in and RULES[name](self, who, row)

    def body(self, row: Any) -> str:
        """The body that a row belongs to."""
        for part in ("meeting", "declaration", "commitment", "action", "update"):
            if hasattr(row, part) and not hasattr(row, "body_id"):
                return self.body(getattr(row, part))
        return self.bodies[row.body_id]

    def body_if_any(self, row: Any) -> str | None:
        """The same for any row; a file's is that of the evidence it was handed in as."""
        row = self.about.get(("file of", str(row.pk)), row) if type(row).__name__ == "StoredFile" else row
        try:
            return self.body(row)
        except AttributeError:
            return None

    def owns(self, who: Who, organisation_id: int | None) -> bool:
        return bool(organisation_id) and self.organisations.get(organisation_id or 0) == who.organisation

    def labelled(self, who: Who, row: Any, body: str, *, own: bool) -> bool:
        theirs = own or who.organisation == "MSIT" or self.owns(who, getattr(row, "owner_id", None))
        named = (
            theirs and hasattr(row, "readers") and self.people.get(who.name) in {one.pk for one in row.readers.all()}
        )
        match row.label:
            case "TLP:RED":
                return body in who.runs or (named and body in who.community)
            case "TLP:AMBER+STRICT":
                return body in who.runs or own
            case "TLP:AMBER":
                return body in who.runs or own or body in who.bodies()
        return body in who.runs or own or body in who.community


def meeting(world: Oracle, who: Who, row: Any) -> bool:
    """In preparation: its secretary. Announced (even if cancelled since): everyone seated."""
    body, told = world.body(row), row.state != "draft" and not (row.state == "cancelled" and row.opened_at is None)
    return body in who.runs or (told and body in who.bodies())


def agenda_item(world: Oracle, who: Who, row: Any) -> bool:
    """On a meeting they see; not accepted, it is its owner's and the secretary's."""
    body = world.body(row)
    own = world.owns(who, row.owner_id) and body in who.speaks_in
    shown = own or body in who.runs or row.state == "accepted"
    return meeting(world, who, row.meeting) and shown and world.labelled(who, row, body, own=own)


def action(world: Oracle, who: Who, row: Any) -> bool:
    """A provisional one is the secretary's; the others go by their label."""
    body = world.body(row)
    own = world.owns(who, row.owner_id) and body in who.speaks_in
    return (row.state != "draft" or body in who.runs) and world.labelled(who, row, body, own=own)


def update(world: Oracle, who: Who, row: Any) -> bool:
    """On an item they see; a draft is its organisation's alone, what was handed in goes by its own label too."""
    body = world.body(row)
    own = world.owns(who, row.organisation_id) and body in who.speaks_in | who.runs
    shown = own if row.state == "draft" else world.labelled(who, row, body, own=own)
    return action(world, who, row.action) and shown


def evidence(world: Oracle, who: Who, row: Any) -> bool:
    """Between the owner and the ministry, also on a report that others may read."""
    body = world.body(row)
    own = world.owns(who, row.update.organisation_id) and body in who.speaks_in
    return update(world, who, row.update) and (own or body in who.runs)


def figures(world: Oracle, who: Who, row: Any) -> bool:
    """Where competition is keen, the owners' and the secretary's."""
    owners = [part.organisation_id for part in row.commitment.parts.all()]
    concerned = world.body(row) in who.runs or any(world.owns(who, owner) for owner in owners)
    return community(world, who, row) and (row.commitment.sensitivity != "high" or concerned)


def verification(world: Oracle, who: Who, row: Any) -> bool:
    """The ministry's answer is between it and the owner."""
    body = world.body(row)
    own = world.owns(who, row.action.owner_id) and body in who.speaks_in
    return action(world, who, row.action) and (own or body in who.runs)


def stored_file(world: Oracle, who: Who, row: Any) -> bool:
    evidence = world.about.get(("file of", str(row.pk)))
    return evidence is not None and world.sees(who, evidence)


def audit_entry(world: Oracle, who: Who, row: Any) -> bool:
    """The secretariat's, if it runs the body of what the entry is about, and sees it; of the register, every one's."""
    about = world.about.get((row.target_type, row.target_id))
    if about is None or type(about).__name__ in {"Seat", "BodyRules"}:
        return bool(who.runs)
    body = world.body_if_any(about)
    return (body in who.runs if body else bool(who.runs)) and world.sees(who, about)


def release(world: Oracle, who: Who, row: Any) -> bool:
    """Between the secretary and the owner's people, as far as each sees what it is about."""
    body = world.body(row)
    concerned = body in who.runs or (world.owns(who, row.organisation_id) and body in who.speaks_in)
    return concerned and world.sees(who, world.about["asked about", str(row.pk)])


def person(world: Oracle, who: Who, row: Any) -> bool:
    """Those of the own organisation and of the ministry; the register's keepers see everybody; oneself, always."""
    known = world.organisations[row.organisation_id] in {who.organisation, "MSIT"}
    return keeper(world, who, row) or (bool(who.seats) and known) or world.people.get(who.name) == row.pk


def account(world: Oracle, who: Who, row: Any) -> bool:
    """An address to sign in with: the administrator of accounts, the secretariat (the record names it), oneself."""
    return who.is_superuser or bool(who.runs) or world.people.get(who.name) == row.person_id


def keeper(world: Oracle, who: Who, row: Any) -> bool:
    return bool(who.runs) or who.is_superuser


def letter(world: Oracle, who: Who, row: Any) -> bool:
    return bool(who.runs) or world.people.get(who.name) == row.recipient_id


def seated(world: Oracle, who: Who, row: Any) -> bool:
    return bool(who.seats)


def community(world: Oracle, who: Who, row: Any) -> bool:
    return world.body(row) in who.community


def secretariat(world: Oracle, who: Who, row: Any) -> bool:
    return bool(who.runs)


def its_secretary(world: Oracle, who: Who, row: Any) -> bool:
    return world.body(row) in who.runs


RULES: dict[str, Rule] = {
    "ActionItem": action,
    "AgendaItem": agenda_item,
    "AuditEntry": audit_entry,
    "AuditReview": secretariat,
    "AuditHead": lambda world, who, row: False,
    "Body": lambda world, who, row: keeper(world, who, row) or row.code in who.community,
    "BodyRules": lambda world, who, row: keeper(world, who, row) or community(world, who, row),
    "Closure": lambda world, who, row: keeper(world, who, row) or seated(world, who, row),
    "Commitment": community,
    "CommitmentOwner": community,
    "Deadline": lambda world, who, row: meeting(world, who, row.meeting),
    "DeadlineTemplate": its_secretary,
    "Declaration": community,
    "Delivery": letter,
    "DeliveryAttempt": secretariat,
    "EngineState": keeper,
    "Evidence": evidence,
    "Incident": seated,
    "Indicator": figures,
    "Meeting": meeting,
    "Milestone": figures,
    "Notice": letter,
    "Organisation": lambda world, who, row: keeper(world, who, row) or seated(world, who, row),
    "Person": person,
    "Pillar": community,
    "ProgressUpdate": update,
    "ReleaseRequest": release,
    "ReminderRule": its_secretary,
    "Seat": lambda world, who, row: person(world, who, row.person),
    "Signatory": community,
    "SignInFailure": lambda world, who, row: False,
    "StoredFile": stored_file,
    "TargetGroup": seated,
    "User": account,
    "Verification": verification,
}


def named_with(row: Any) -> set[Person]:
    """The people whose names are said together with a row to whoever sees it: who will present, who holds the seat."""
    people = [getattr(row, name, None) for name in ("presenter", "person")]
    return {one for one in people if isinstance(one, Person)}
