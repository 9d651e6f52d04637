"""The audit in words: what a verb means, and which fields changed from what to what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from council.core import wording
from council.core.errors import Text
from council.core.models import AuditEntry

VERBS: dict[str, Text] = {
    "seed.added": _("loaded from the founding facts"),
    "meeting.scheduled": _("meeting planned"),
    "meeting.changed": _("meeting changed"),
    "meeting.convened": _("meeting announced"),
    "meeting.begun": _("meeting begun"),
    "meeting.closed": _("meeting closed"),
    "meeting.cancelled": _("meeting cancelled"),
    "agenda.item_saved": _("agenda item saved"),
    "agenda.item_withdrawn": _("agenda item withdrawn"),
    "agenda.reordered": _("agenda reordered"),
    "action.opened": _("action item given out"),
    "action.changed": _("action item changed"),
    "action.cancelled": _("action item cancelled"),
    "action.in_progress": _("action item in progress"),
    "action.submitted": _("submitted for verification"),
    "action.verified": _("verified"),
    "action.returned": _("completion requested"),
    "progress.drafted": _("draft saved"),
    "progress.submitted": _("progress submitted"),
    "progress.evidence_removed": _("evidence removed from the draft"),
    "file.downloaded": _("file downloaded"),
    "seat.ended": _("seat ended"),
    "letter.released": _("letter released"),
    "letter.withheld": _("letter withheld"),
    "engine.paused": _("letters paused"),
    "engine.resumed": _("letters resumed"),
    "user.password_set": _("password set"),
    "account.signed_in": _("signed in"),
    "account.signed_out": _("signed out"),
    "account.locked": _("too many attempts to sign in"),
    "second_factor.added": _("second factor added"),
    "second_factor.removed": _("second factor removed"),
    "second_factor.codes_renewed": _("recovery codes made anew"),
    "second_factor.reset": _("second factor reset"),
    "account.invited": _("invited to choose a password"),
    "account.link_sent": _("link to choose a password sent"),
    "account.sessions_ended": _("sessions elsewhere ended"),
}
# What a register row's own verb ends with.
ENDINGS: dict[str, Text] = {"added": _("added"), "changed": _("changed"), "removed": _("removed")}


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

    @classmethod
    def of(cls, entry: AuditEntry, model: type[models.Model]) -> Line:
        """``model`` is the kind of thing the entry is about; it knows what its columns are called."""
        shown = [name for name, value in entry.after.items() if entry.before or value not in {None, ""}]
        changes = [
            Change(
                _label(model, name), _value(model, name, entry.before.get(name)), _value(model, name, entry.after[name])
            )
            for name in shown
        ]
        return cls(entry, what(entry.verb), changes)


def what(verb: str) -> str:
    """A verb in words; one that has none, such as a refused attempt's, as it is."""
    ending = verb.rpartition(".")[2]
    return str(VERBS.get(verb) or ENDINGS.get(ending) or verb)


def _field(model: type[models.Model], column: str) -> Any | None:
    try:
        return model._meta.get_field(column.removesuffix("_id"))
    except FieldDoesNotExist:
        return None


def _label(model: type[models.Model], column: str) -> str:
    field = _field(model, column)
    return capfirst(str(field.verbose_name)) if field is not None else column


def _value(model: type[models.Model], column: str, value: Any) -> str:
    """A kept value as people read it: a choice by its word, a moment in Seoul, a related row by its name."""
    field = _field(model, column)
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if getattr(field, "choices", None):
        return str(dict(field.flatchoices).get(value, value))  # type: ignore[union-attr]
    if getattr(field, "many_to_one", False):
        related = field.related_model._default_manager.filter(pk=value).first()  # type: ignore[union-attr]
        return str(related or value)
    if isinstance(moment := parse_datetime(value) if isinstance(value, str) and "T" in value else None, datetime):
        return wording.moment_text(moment)
    return str(value)
