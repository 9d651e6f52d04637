"""Writing down what was decided, promised or asked for, and what follows from it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from council.core import audit
from council.core.actor import Actor
from council.core.calendar import local_day
from council.core.errors import NotAllowedNow
from council.core.labels import Label
from council.core.lifecycle import change_if
from council.declaration.models import Commitment
from council.meetings.models import AgendaItem
from council.meetings.states import AgendaItemState
from council.minutes.models import Decision, Minutes, MinutesRevision, MinutesSection
from council.minutes.operations.locking import lock_minutes
from council.minutes.operations.writing import LONGEST, MinutesRefused, being_written, start_minutes, too_long
from council.parties.models import Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a decision says; ``by_whom``: who promises or is asked, nobody for all together."""

    kind: str
    text: str
    by_whom: Organisation | None = None
    commitment: Commitment | None = None
    effect: str = ""
    label: str = Label.AMBER


def record_decision(item: AgendaItem, *, by: Actor, wording: Wording) -> Decision:
    """Write down a decision on an item of a meeting that has begun; the minutes are started if there are none yet.

    It has no number and no force until the minutes are approved. The same words on the same item are one decision.
    """
    _check(wording)
    if wording.kind == Decision.Kind.PLEDGE and wording.label != Label.AMBER:
        raise MinutesRefused(_("Who promises agrees first to more readers: write it down as TLP:AMBER."), field="label")
    with transaction.atomic():
        minutes = start_minutes(item.meeting, by=by)
        revision = _open(minutes)
        if item.state != AgendaItemState.ACCEPTED:
            raise NotAllowedNow(_("This item does not stand on the agenda."))
        same = Decision.objects.current().filter(agenda_item=item, kind=wording.kind, text=_tidy(wording.text))
        if same.filter(by_whom=wording.by_whom).exists():
            raise MinutesRefused(_("This decision is written down on the item already."), field="text")
        decision = Decision(
            agenda_item=item, body_id=item.meeting.body_id, year=local_day(item.meeting.starts_at).year,
            revision=revision,
        )  # fmt: skip
        _apply(decision, wording)
        decision.save()
        MinutesSection.objects.filter(revision=revision, agenda_item=item).update(no_decision=False)
        audit.record(by=by, verb="decision.recorded", target=decision, after=audit.snapshot(decision))
    return decision


def change_decision(decision: Decision, *, by: Actor, wording: Wording) -> Decision:
    """Correct a decision while a version is being written. One that others have read is replaced by another.

    The decision that reads so now.
    """
    _check(wording)
    with transaction.atomic():
        revision = _open(decision.revision.minutes)
        stored = locked_current(decision)
        if stored.label != wording.label:
            raise MinutesRefused(_("A label is changed by release or tightening, with a reason."), field="label")
        if stored.is_told:
            return _replace(stored, revision, by=by, wording=wording)
        before = audit.snapshot(stored)
        _apply(stored, wording)
        stored.save()
        audit.record_change(by=by, verb="decision.changed", target=stored, before=before)
        return stored


def _replace(stored: Decision, revision: MinutesRevision, *, by: Actor, wording: Wording) -> Decision:
    """What was never in force hands on what follows from it and what it was to replace."""
    new = Decision(agenda_item=stored.agenda_item, body_id=stored.body_id, year=stored.year, revision=revision)
    _apply(new, wording)
    new.released_at = stored.released_at
    for name in ("disclosure", "grounds", "disclosure_reason", "disclosure_review_on"):
        setattr(new, name, getattr(stored, name))
    new.no_action = "" if stored.in_force_at else stored.no_action
    new.save()
    change_if(stored, {"superseded_by": None}, {"superseded_by": new})
    if stored.in_force_at is None:
        stored.actions.update(decision=new)
        Decision.objects.filter(superseded_by=stored).update(superseded_by=new)
    audit.record(by=by, verb="decision.replaced", target=stored, after={"superseded_by": new.pk})
    audit.record(by=by, verb="decision.recorded", target=new, after=audit.snapshot(new))
    return new


def withdraw_decision(decision: Decision, *, by: Actor, reason: str) -> None:
    """Take a decision back that was written down by mistake and is not in force; it stays in the record.

    NotAllowedNow while something follows from it.
    """
    if not reason.strip():
        raise MinutesRefused(_("Say why."), field="reason")
    with transaction.atomic():
        revision = _open(decision.revision.minutes)
        stored = Decision.objects.select_for_update().get(pk=decision.pk)
        if stored.superseded_by_id:
            raise NotAllowedNow(_("This decision has been withdrawn or replaced."))
        if stored.in_force_at:
            raise NotAllowedNow(_("A decision in force is replaced by another one, not withdrawn."))
        if stored.actions.exclude(state="cancelled").exists():
            raise NotAllowedNow(_("Action items follow from this decision. Cancel them first."))
        change_if(
            decision,
            {"withdrawn_because": "", "in_force_at": None},
            {"withdrawn_because": reason.strip(), "withdrawn_in": revision},
        )
        Decision.objects.filter(superseded_by=decision).update(superseded_by=None)
        audit.record(by=by, verb="decision.withdrawn", target=decision, reason=reason.strip())


def need_no_action(decision: Decision, *, by: Actor, because: str) -> None:
    """Say that nothing is to be done on a decision (조치 없음), with the reason."""
    if not because.strip():
        raise MinutesRefused(_("Say why."), field="because")
    with transaction.atomic():
        stored = locked_current(decision)
        if stored.actions.exclude(state="cancelled").exists():
            raise NotAllowedNow(_("Action items follow from this decision. Cancel them first."))
        change_if(decision, {"no_action": stored.no_action}, {"no_action": because.strip()})
        audit.record(by=by, verb="decision.no_action", target=decision, reason=because.strip())


def share_measure(decision: Decision, *, by: Actor, today: date) -> None:
    """Share a measure of the working group that is in force with the body above; its label must reach that."""
    above = decision.body.parent
    if decision.kind != Decision.Kind.MEASURE or above is None:
        raise NotAllowedNow(_("Only a measure of a working group is shared with the body above."))
    if decision.in_force_at is None:
        raise NotAllowedNow(_("A measure is shared once the minutes are approved."))
    if decision.counting_label.width < Label.GREEN.width:
        raise MinutesRefused(_("Release it to TLP:GREEN first: so far only the working group reads it."))
    with transaction.atomic():
        change_if(decision, {"shared_on": None}, {"shared_with": above, "shared_on": today})
        audit.record(by=by, verb="decision.shared", target=decision, after={"shared_with": above.pk})


def locked_current(decision: Decision) -> Decision:
    """A decision, locked; NotAllowedNow once it was withdrawn or replaced. Inside a transaction."""
    stored = Decision.objects.select_for_update().get(pk=decision.pk)
    if not stored.is_current:
        raise NotAllowedNow(_("This decision has been withdrawn or replaced."))
    return stored


def _open(minutes: Minutes) -> MinutesRevision:
    lock_minutes(pk=minutes.pk)
    revision = being_written(minutes)
    if revision is None:
        raise NotAllowedNow(_("The minutes are not being written. Begin a new version first."))
    return revision


def _check(wording: Wording) -> None:
    if not wording.text.strip():
        raise MinutesRefused(_("Write what was decided."), field="text")
    if len(wording.text) > LONGEST:
        raise MinutesRefused(too_long(len(wording.text)), field="text")
    if wording.kind not in Decision.Kind.values:
        raise MinutesRefused(_("Choose a kind."), field="kind")
    if wording.kind == Decision.Kind.PLEDGE and wording.by_whom is None:
        raise MinutesRefused(_("Say who promises."), field="by_whom")
    if wording.effect and wording.commitment is None:
        raise MinutesRefused(_("Name the commitment on which it has this effect."), field="commitment")
    if why_not := Decision().refuses_label(wording.label):
        raise MinutesRefused(why_not, field="label")


def _tidy(text: str) -> str:
    """Without blank lines: those stand between decisions where they are printed together."""
    return re.sub(r"\n\s*\n+", "\n", text.strip().replace("\r\n", "\n"))


def _apply(decision: Decision, wording: Wording) -> None:
    decision.kind, decision.text, decision.by_whom = wording.kind, _tidy(wording.text), wording.by_whom
    decision.commitment, decision.effect, decision.label = wording.commitment, wording.effect, wording.label
