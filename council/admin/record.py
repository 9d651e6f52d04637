"""The audit in words: what a verb means, and which fields changed from what to what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import ForeignKey, ManyToManyField, Q
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from council.access.roles import Standing
from council.access.visibility import visible_to
from council.core import wording
from council.core.errors import Text
from council.core.models import AuditEntry
from council.parties.models import Person, User

type Model = type[models.Model] | None
type Names = Mapping[tuple[type[models.Model], Any], str]

LINKS = (ForeignKey, ManyToManyField)

VERBS: dict[str, Text] = {
    "seed.added": _("loaded from the founding facts"),
    "meeting.scheduled": _("meeting planned"),
    "meeting.changed": _("meeting changed"),
    "meeting.convened": _("meeting announced"),
    "meeting.begun": _("meeting begun"),
    "meeting.closed": _("meeting closed"),
    "meeting.cancelled": _("meeting cancelled"),
    "minutes.started": _("minutes begun"),
    "minutes.head_saved": _("minutes written"),
    "minutes.part_saved": _("part of the minutes written"),
    "minutes.circulated": _("minutes circulated"),
    "minutes.sent_round": _("version of the minutes circulated"),
    "minutes.revised": _("next version of the minutes begun"),
    "minutes.amended": _("amendment of the minutes begun"),
    "minutes.commented": _("comment on the minutes"),
    "minutes.confirmed": _("minutes confirmed"),
    "minutes.objected": _("objection to the minutes"),
    "minutes.comment_accepted": _("comment on the minutes accepted"),
    "minutes.comment_declined": _("comment on the minutes declined"),
    "minutes.approved": _("minutes approved"),
    "minutes.approved_version": _("version of the minutes approved"),
    "minutes.registered": _("registration number entered"),
    "minutes.document_issued": _("document of the minutes issued"),
    "minutes.downloaded": _("minutes downloaded"),
    "minutes.published": _("public version of the minutes issued"),
    "recording.added": _("recording of the meeting added"),
    "recording.withdrawn": _("recording of the meeting withdrawn"),
    "official.entered": _("official document entered"),
    "official.withdrawn": _("official document withdrawn"),
    "form.added": _("form for documents handed in"),
    "form.put_aside": _("form for documents put aside"),
    "publication.prepared": _("publication prepared"),
    "publication.rewritten": _("text of a publication changed"),
    "publication.withheld": _("passage not disclosed"),
    "publication.shown_again": _("passage disclosed again"),
    "publication.asked": _("organisations asked about a publication"),
    "publication.agreed": _("no objection to a publication"),
    "publication.opposed": _("objection to a publication"),
    "publication.decided": _("objection to a publication decided on"),
    "publication.published": _("published"),
    "publication.withdrawn": _("publication withdrawn"),
    "decision.recorded": _("decision written down"),
    "decision.changed": _("decision changed"),
    "decision.replaced": _("decision replaced"),
    "decision.withdrawn": _("decision withdrawn"),
    "decision.no_action": _("no action needed on the decision"),
    "decision.shared": _("measure shared with the council"),
    "decision.in_force": _("decision in force"),
    "seat.succeeded": _("seat passed on"),
    "agenda.item_proposed": _("agenda item proposed"),
    "agenda.item_accepted": _("agenda item put on the agenda"),
    "agenda.item_returned": _("agenda item returned"),
    "agenda.item_merged": _("agenda item merged into another"),
    "agenda.item_raised": _("agenda item raised to the council"),
    "agenda.item_reconfirmed": _("provisional agenda item confirmed"),
    "agenda.competition_checked": _("checked against competition law"),
    "agenda.carried_over": _("carried over onto the agenda"),
    "agenda.actions_linked": _("open action items put on the agenda"),
    "agenda.fixed": _("agenda fixed"),
    "agenda.result_noted": _("result of an agenda item noted"),
    "room.item_called": _("agenda item called"),
    "room.note_saved": _("notes on an agenda item saved"),
    "paper.added": _("paper handed in"),
    "pack.downloaded": _("briefing pack downloaded"),
    "paper.version_added": _("version of a paper handed in"),
    "paper.withdrawn": _("paper withdrawn"),
    "pack.asked": _("briefing pack asked for"),
    "deadline.changed": _("step moved or left out"),
    "participation.invited": _("asked to the meeting"),
    "participation.changed": _("participation changed"),
    "participation.answered": _("invitation answered"),
    "participation.attended": _("attendance recorded"),
    "participation.withdrawn": _("invitation withdrawn"),
    "delegation.named": _("delegate named"),
    "delegation.confirmed": _("delegate confirmed"),
    "delegation.refused": _("delegate not taken"),
    "delegation.withdrawn": _("delegate does not come"),
    "calendar.given": _("calendar address given out"),
    "calendar.revoked": _("calendar address taken back"),
    "agenda.item_saved": _("agenda item saved"),
    "agenda.item_withdrawn": _("agenda item withdrawn"),
    "agenda.reordered": _("agenda reordered"),
    "action.opened": _("action item given out"),
    "action.changed": _("action item changed"),
    "action.in_force": _("action item no longer provisional"),
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
    "user.changed": _("account changed"),
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
    "answer": _("answer for the owner or the one invited"),
    "propose": _("propose an item"),
    "accept": _("put it on the agenda"),
    "merge": _("merge it"),
    "check_competition": _("check it against competition law"),
    "raise": _("raise it to the council"),
    "reconfirm": _("confirm the provisional item"),
    "revise": _("change the proposal"),
    "arrange": _("put the agenda in order"),
    "fix_agenda": _("fix the agenda"),
    "carry_over": _("carry over"),
    "add_paper": _("hand in a paper"),
    "supersede": _("hand in a newer version"),
    "bind": _("have the papers bound"),
    "run": _("run the meeting"),
    "succeed": _("pass the seat on"),
    "give": _("get a calendar address"),
    "attendance": _("record the attendance"),
    "attend": _("record the attendance"),
    "name_delegate": _("name a delegate"),
    "confirm_delegate": _("confirm the delegate"),
    "refuse_delegate": _("not take the delegate"),
    "withdraw_delegate": _("withdraw the delegate"),
    "take_back": _("take it back"),
    "write_minutes": _("write the minutes"),
    "circulate": _("circulate it"),
    "approve": _("approve it"),
    "register": _("enter its registration number"),
    "comment": _("comment on it"),
    "decline": _("decline it"),
    "reword": _("change its wording"),
    "need_no_action": _("say that no action is needed"),
    "share": _("share it with the council"),
    "follow_up": _("give out action items"),
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
}


# Why the system refused, as it keeps the reasons.
REASONS: dict[str, Text] = {
    "not visible": _("not visible to the reader"),
    "not allowed": _("not given to the reader"),
    "not allowed with these values": _("not given to the reader with these values"),
    "locked": _("too many attempts"),
    "not the password of an account that is open": _("wrong password, or no such account"),
    "not a code of the second factor": _("wrong code of the second factor"),
    "not the present password": _("wrong present password"),
    "waiting for the virus scan": _("waiting for the virus scan"),
    "virus found": _("a virus was found"),
    "content missing or changed": _("the content is missing or was changed"),
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
            _value(_field(model, name), entry.before.get(name), names),
            _value(_field(model, name), entry.after.get(name), names),
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
    model = model_of(entry)
    return capfirst(str(model._meta.verbose_name)) if model else entry.target_type or "–"


def model_of(entry: AuditEntry) -> type[models.Model] | None:
    """The kind of thing that an entry is about, if there is one and it still exists."""
    return apps.get_app_config(AuditEntry._meta.app_label).models.get(entry.target_type)


def _field(model: type[models.Model] | None, column: str) -> Any | None:
    if model is None:
        return None
    try:
        return model._meta.get_field(column)
    except FieldDoesNotExist:
        return None


def _label(model: type[models.Model] | None, column: str) -> str:
    field = _field(model, column)
    return capfirst(str(field.verbose_name)) if field is not None else column


def _numbers(value: Any) -> list[int]:
    """Of the row that a column points to, or of several as ``register.note_links`` keeps them."""
    return [int(pk) for pk in str(value or "").split(",") if pk.isdecimal()]


def _value(field: Any, value: Any, names: Names) -> str:
    """A kept value as people read it: a choice by its word, a moment in Seoul, a related row by its name."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if getattr(field, "choices", None):
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, LINKS):
        return ", ".join(names.get((field.related_model, pk), str(pk)) for pk in _numbers(value))
    if isinstance(moment := parse_datetime(value) if isinstance(value, str) and "T" in value else None, datetime):
        return wording.moment_text(moment)
    return str(value)
