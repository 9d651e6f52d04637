"""The audit in words: what a verb means, and which fields changed from what to what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
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
    "file.infected": _("virus found in the file"),
    "seat.ended": _("seat ended"),
    "letter.released": _("letter released"),
    "letter.withheld": _("letter withheld"),
    "engine.paused": _("letters paused"),
    "engine.resumed": _("letters resumed"),
    "label.release_asked": _("release asked for"),
    "label.release_agreed": _("owner agreed to the release"),
    "label.release_declined": _("owner did not agree to the release"),
    "label.release_taken_back": _("question about the release taken back"),
    "label.released": _("released to more readers"),
    "label.tightened": _("label tightened"),
    "label.readers_named": _("readers named"),
    "disclosure.decided": _("disclosure decided"),
    "view_as.begun": _("viewing as somebody begun"),
    "view_as.ended": _("viewing as somebody ended"),
    "user.password_set": _("password set"),
    "audit.exported": _("access record exported"),
    "audit.reviewed": _("month of the access record signed off"),
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
# What somebody tried to do who was refused: the policy's own words.
ATTEMPTS: dict[str, Text] = {
    "view": _("look at it"),
    "browse": _("open the list"),
    "add": _("add one"),
    "change": _("change it"),
    "delete": _("delete it"),
    "remove": _("remove it"),
    "report": _("report on it"),
    "submit": _("submit it"),
    "verify": _("verify it"),
    "return": _("return it"),
    "cancel": _("cancel it"),
    "convene": _("announce it"),
    "begin": _("begin it"),
    "close": _("close it"),
    "reorder": _("reorder it"),
    "withdraw": _("withdraw it"),
    "end": _("end it"),
    "release": _("release it"),
    "withhold": _("withhold it"),
    "pause": _("pause it"),
    "resume": _("resume it"),
    "export": _("export it"),
    "sign": _("sign it off"),
    "tighten": _("tighten its label"),
    "disclose": _("decide on its disclosure"),
    "name_readers": _("name its readers"),
    "answer": _("answer for the owner"),
    "take_back": _("take the question back"),
    "choose_view_as": _("choose somebody to view as"),
    "view_as": _("do something while viewing as somebody else"),
}
# What the verbs of every kind of thing end with.
ENDINGS: dict[str, Text] = {
    "added": _("added"),
    "changed": _("changed"),
    "removed": _("removed"),
    "read": _("read"),
    "downloaded": _("downloaded"),
    "exported": _("exported"),
    "signed_in": _("signed in"),
    "sign_in_failed": _("sign-in failed"),
}


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
    def kind(self) -> str:
        """The kind of thing it is about."""
        return kind_of_thing(self.entry)

    @classmethod
    def of(cls, entry: AuditEntry, model: type[models.Model] | None) -> Line:
        """``model`` is the kind of thing the entry is about; it knows what its columns are called."""
        shown = [name for name, value in entry.after.items() if entry.before or value not in {None, ""}]
        shown += [name for name, value in entry.before.items() if name not in entry.after and value not in {None, ""}]
        changes = [
            Change(
                _label(model, name),
                _value(model, name, entry.before.get(name)),
                _value(model, name, entry.after.get(name)),
            )
            for name in shown
        ]
        return cls(entry, what(entry.verb), changes)


def what(verb: str) -> str:
    """A verb in words, also one of which only the ending is known or that was only attempted; else as it is."""
    ending = verb.rpartition(".")[2]
    return str(VERBS.get(verb) or ATTEMPTS.get(verb) or ENDINGS.get(ending) or verb)


def kind_of_thing(entry: AuditEntry) -> str:
    """What an entry is about, by the name people know; as it is kept if there is no such thing any more."""
    model = model_of(entry)
    return capfirst(str(model._meta.verbose_name)) if model else entry.target_type or "–"


def model_of(entry: AuditEntry) -> type[models.Model] | None:
    """The kind of thing that an entry is about, if there is one and it still exists."""
    return apps.get_app_config(AuditEntry._meta.app_label).models.get(entry.target_type)


def _field(model: type[models.Model] | None, column: str) -> Any | None:
    if model is None:
        return None
    try:
        return model._meta.get_field(column.removesuffix("_id"))
    except FieldDoesNotExist:
        return None


def _label(model: type[models.Model] | None, column: str) -> str:
    field = _field(model, column)
    return capfirst(str(field.verbose_name)) if field is not None else column


def _value(model: type[models.Model] | None, column: str, value: Any) -> str:
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
