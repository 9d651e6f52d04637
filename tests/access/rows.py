"""Rows with a label for the truth tables, all of SKT or all of KT."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models

from council.access.visibility import visible_to
from council.actions.models import ActionItem, ProgressUpdate
from council.core.actor import Actor
from council.core.labels import Label
from council.declaration.models import Commitment
from council.meetings.models import AgendaItem, Meeting
from council.meetings.operations.schedule import convene_meeting
from council.parties.models import Organisation, Person
from tests.factories import TODAY, Cast, a_meeting, actor_of, an_action, moment

PEOPLE = (
    "secretary", "chair", "skt_liaison", "skt_ciso", "skt_ceo", "kt_liaison", "kt_ciso", "kt_ceo", "lgu_liaison",
    "observer", "former_liaison", "accounts", "nobody",
)  # fmt: skip
ANONYMOUS = Actor(label="anonymous")


def actors(cast: Cast) -> dict[str, Actor]:
    """Everybody of the cast, and nobody at all."""
    return {name: actor_of(getattr(cast, name)) for name in PEOPLE} | {"anonymous": ANONYMOUS}


def who_sees(cast: Cast, row: models.Model) -> set[str]:
    """The names of those who see a row on TODAY."""
    rows = type(row)._default_manager.filter(pk=row.pk)
    return {name for name, actor in actors(cast).items() if visible_to(actor, rows, on=TODAY).exists()}


def swapped(names: Iterable[str]) -> set[str]:
    """The same with SKT's and KT's people in each other's place."""
    other = {"skt": "kt", "kt": "skt"}
    return {"_".join(other.get(part, part) for part in name.split("_")) for name in names}


def a_labelled_action(label: str, owner: str = "SKT", *readers: Person, **values: Any) -> ActionItem:
    action = an_action(owner, label=label, **values)
    action.readers.set(readers)
    return action


def an_update(action: ActionItem, label: str, by: Any) -> ProgressUpdate:
    """What an owner handed in, with a label of its own."""
    return ProgressUpdate.objects.create(
        action=action, percent=50, text="t", by=by, organisation=by.person.organisation, label=label,
        state="submitted", submitted_at=moment("2026-11-24 09:00"),
    )  # fmt: skip


def an_open_meeting(**plan: Any) -> Meeting:
    meeting = a_meeting(**plan)
    convene_meeting(meeting, by=Actor.system("test"), now=moment("2026-11-24 09:00"), quiet=True)
    return meeting


def an_agenda_item(meeting: Meeting, label: str = Label.AMBER, owner: str = "SKT", **values: Any) -> AgendaItem:
    given = {"title": f"Item of {owner}", "commitment": Commitment.objects.get(code="C01"), "returned_because": "r"}
    given |= values
    return AgendaItem.objects.create(meeting=meeting, label=label, owner=Organisation.objects.get(code=owner), **given)
