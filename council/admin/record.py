"""The audit in words: what a verb means, and which fields changed from what to what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import ForeignKey, ManyToManyField, Q
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext

from council.access.roles import Standing
from council.access.visibility import visible_to
from council.admin.record_words import ATTEMPTS, COLUMNS, ENDINGS, REASONS, VERBS
from council.core import wording
from council.core.models import AuditEntry
from council.minutes.models import Publication, RecordsPiece, RecordsRequest, Redaction
from council.parties.models import Person, User

type Model = type[models.Model] | None
type Names = Mapping[tuple[type[models.Model], Any], str]

LINKS = (ForeignKey, ManyToManyField)
# Of what is kept in the record with the whole, the columns are those of its parts.
PARTS: Mapping[type[models.Model], type[models.Model]] = {RecordsRequest: RecordsPiece, Publication: Redaction}


@dataclass(frozen=True, slots=True)
class Change:
    """One field, as people call it, before and after."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One audit entry, ready to be shown."""

    entry: AuditEntry
    what: str
    changes: list[Change]

    @property
    def reason(self) -> str:
        return reason_in_words(self.entry.reason)

    @property
    def who(self) -> str:
        return who_in_words(self.entry.actor)

    @property
    def kind(self) -> str:
        """The kind of thing it is about."""
        return kind_of_thing(self.entry)


def lines_of(who: Standing, entries: Iterable[AuditEntry]) -> list[Line]:
    """Entries ready to be shown to somebody; a row that a change points to is named only to who sees it."""
    shown = [(entry, model_of(entry)) for entry in entries]
    names = _names(who, shown)
    return [Line(entry, what(entry.verb), _changes(entry, model, names)) for entry, model in shown]


def _changes(entry: AuditEntry, model: Model, names: Names) -> list[Change]:
    """By what the thing's own kind calls its columns."""
    return [
        Change(
            _label(model, name),
            _value(name, _field(model, name), entry.before.get(name), names),
            _value(name, _field(model, name), entry.after.get(name), names),
        )
        for name in _columns(entry)
    ]


def _columns(entry: AuditEntry) -> list[str]:
    shown = [name for name, value in entry.after.items() if entry.before or value not in {None, ""}]
    return shown + [name for name, value in entry.before.items() if name not in entry.after and value not in {None, ""}]


def _names(who: Standing, shown: Iterable[tuple[AuditEntry, Model]]) -> Names:
    """What the rows are called that the entries point to: one query for each kind."""
    numbers: dict[type[models.Model], set[Any]] = defaultdict(set)
    for entry, model in shown:
        for name in _columns(entry):
            field = _field(model, name)
            if isinstance(field, LINKS):
                for side in (entry.before, entry.after):
                    numbers[field.related_model] |= set(_numbers(side.get(name)))
    return {
        (related, pk): str(row)
        for related, pks in numbers.items()
        for pk, row in _rows(who, related).in_bulk(pks).items()
    }


def _rows(who: Standing, model: type[models.Model]) -> models.QuerySet[Any]:
    """An account is known by whose it is: the record names its people anyway."""
    if model is User:
        people = visible_to(who, Person.objects.all())
        return User.objects.filter(Q(person__in=people.values("pk")) | Q(person=None))
    return visible_to(who, model._default_manager.all())


def reason_in_words(reason: str) -> str:
    """Why something was refused; what people wrote stays as they wrote it."""
    return str(REASONS.get(reason, reason))


def who_in_words(actor: str) -> str:
    return gettext("not signed in") if actor == "anonymous" else actor


def what(verb: str) -> str:
    """A verb in words, also one of which only the ending is known or that was only attempted; else as it is."""
    ending = verb.rpartition(".")[2]
    return str(VERBS.get(verb) or ATTEMPTS.get(verb) or ENDINGS.get(ending) or verb)


def kind_of_thing(entry: AuditEntry) -> str:
    """What an entry is about, by the name people know; as it is kept if there is no such thing any more."""
    return wording.kind_text(entry.target_type) or "–"


def model_of(entry: AuditEntry) -> type[models.Model] | None:
    """The kind of thing that an entry is about, if there is one and it still exists."""
    return apps.get_app_config(AuditEntry._meta.app_label).models.get(entry.target_type)


def _field(model: type[models.Model] | None, column: str) -> Any | None:
    """A column of the thing, or of the parts that it is made of."""
    for kind in (model, PARTS.get(model) if model else None):
        for name in (column, column.removesuffix("_id")):
            with suppress(FieldDoesNotExist):
                if kind is not None:
                    return kind._meta.get_field(name)
    return None


def _label(model: type[models.Model] | None, column: str) -> str:
    field = _field(model, column)
    return capfirst(str(field.verbose_name if field is not None else COLUMNS.get(column, column)))


def _pieces(value: str) -> str:
    """Pieces of a records request as people know them: what each is, its number, and what was to become of it."""
    said = []
    for key, _colon, outcome in (one.partition(":") for one in value.split()):
        kind, _dash, number = key.rpartition("-")
        becomes = f"({dict(RecordsPiece.Outcome.choices).get(outcome, outcome)})" if outcome else ""
        said.append(" ".join(filter(None, [wording.kind_text(kind), number, becomes])))
    return ", ".join(said)


def _numbers(value: Any) -> list[int]:
    """Of the row that a column points to, or of several as ``register.note_links`` keeps them."""
    return [int(pk) for pk in str(value or "").split(",") if pk.isdecimal()]


def _value(name: str, field: Any, value: Any, names: Names) -> str:
    """A kept value as people read it: a choice by its word, a moment in Seoul, a related row by its name."""
    if value is None or value == "":
        return "–"
    if name == "chosen":
        return _pieces(value)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if getattr(field, "choices", None):
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.DateField) and (day := parse_date(str(value)[:10])) and "T" not in str(value):
        return wording.day_text(day)
    if isinstance(field, LINKS):
        return ", ".join(names.get((field.related_model, pk), str(pk)) for pk in _numbers(value))
    if isinstance(moment := parse_datetime(value) if isinstance(value, str) and "T" in value else None, datetime):
        return wording.moment_text(moment)
    return str(value)
