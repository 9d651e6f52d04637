"""Opening action items, handing in progress, and the ministry's answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime

from django.core.files.base import File
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from council.actions.models import ActionItem, Evidence, ProgressUpdate, Verification
from council.actions.states import ACTION, OWED, UPDATE, ActionState, UpdateState
from council.core import audit, register
from council.core.actor import Actor
from council.core.errors import DomainError, NotAllowedNow, SomebodyWasFaster
from council.core.labels import Label, refuse_change
from council.core.lifecycle import change_if, move
from council.core.register import version_of
from council.files.models import StoredFile
from council.files.operations import discard, taken_in
from council.mail.operations import announce
from council.minutes.models import Decision
from council.minutes.operations.decisions import locked_current
from council.parties.models import Organisation


class ActionRefused(DomainError):
    """The action item, or what is handed in on it, breaks a rule."""


def open_action(action: ActionItem, *, by: Actor, today: date, quiet: bool = False) -> None:
    """Give an organisation a new item; it is numbered among its owner's items, and the people concerned are told."""
    check(action)
    if action.due_on < today:
        raise ActionRefused(_("The day by which it is due lies in the past."), field="due_on")
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=action.owner_id)
        last = ActionItem.objects.filter(owner=action.owner).aggregate(last=Max("number"))["last"] or 0
        action.number = last + 1
        action.original_due_on = action.due_on
        action.save()
        audit.record(by=by, verb="action.opened", target=action, after=audit.snapshot(action))
        announce("action_assigned", action, by=by, quiet=quiet)


def follow_up(
    decision: Decision, *, by: Actor, owners: Collection[Organisation], title: str, due_on: date, today: date
) -> list[ActionItem]:
    """Give each of these organisations an item of its own that follows from a decision; under its commitment, if any.

    Provisional until the minutes are approved, if they are not yet: then nobody is told before that.
    """
    if not owners:
        raise ActionRefused(_("Choose who is to do it."), field="owners")
    if not title.strip():
        raise ActionRefused(_("Give it a title."), field="title")
    with transaction.atomic():
        stored = locked_current(decision)
        given = stored.actions.exclude(state=ActionState.CANCELLED).filter(title=title.strip())
        if twice := [owner.short for owner in owners if given.filter(owner=owner).exists()]:
            raise ActionRefused(_("Given already: %(names)s.") % {"names": ", ".join(twice)}, field="owners")
        made = [
            ActionItem(
                decision=stored,
                body_id=stored.body_id,
                commitment=stored.commitment,
                pillar=None if stored.commitment else stored.agenda_item.own_pillar,
                owner=owner,
                title=title.strip(),
                due_on=due_on,
                state=ActionState.OPEN if stored.in_force_at else ActionState.DRAFT,
            )
            for owner in sorted(owners, key=lambda owner: owner.pk)
        ]
        for action in made:
            open_action(action, by=by, today=today, quiet=action.state == ActionState.DRAFT)
        if stored.no_action:
            change_if(stored, {"no_action": stored.no_action}, {"no_action": ""})
    return made


def put_into_force(actions: Iterable[ActionItem], *, by: Actor) -> None:
    """What was provisional until the minutes were approved is to be done from now on; the owners are told."""
    for action in actions:
        move(action, to=ActionState.OPEN, by=by, lifecycle=ACTION, verb="action.in_force")
        announce("action_assigned", action, by=by)


def change_action(action: ActionItem, *, by: Actor, today: date) -> None:
    """Keep changes to an item's wording, assignee, commitment or due date. The original due date stays."""
    check(action)
    with transaction.atomic():
        stored = ActionItem.objects.select_for_update().get(pk=action.pk)
        if stored.is_settled:
            raise NotAllowedNow(_("A verified or cancelled item is not changed any more."))
        if stored.owner_id != action.owner_id:
            raise ActionRefused(_("An item stays with its owner; cancel it and open another one."), field="owner")
        if action.due_on != stored.due_on and action.due_on < today:
            raise ActionRefused(_("The day by which it is due lies in the past."), field="due_on")
        refuse_change(action, stored)
        register.write(action, stored)
        audit.record_change(by=by, verb="action.changed", target=action, before=audit.snapshot(stored))


def check(action: ActionItem) -> None:
    """Refuse an item that breaks a rule, naming the field to correct."""
    if action.commitment and action.pillar:
        raise ActionRefused(_("The pillar follows from the commitment; leave it empty."), field="pillar")
    if action.assignee and action.assignee.organisation_id != action.owner_id:
        raise ActionRefused(_("The assignee must belong to the owner."), field="assignee")


def cancel_action(action: ActionItem, *, by: Actor, reason: str) -> None:
    """Nothing more is expected on this item, for a reason that stays with it."""
    if not reason.strip():
        raise ActionRefused(_("Say why the item is cancelled."), field="reason")
    move(
        action,
        to=ActionState.CANCELLED,
        by=by,
        lifecycle=ACTION,
        verb="action.cancelled",
        reason=reason,
        cancelled_because=reason,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What an owner has to say on an item: percent done, text, and what shows it.

    ``seen`` is the ``version_of`` the draft it was written over; None where nobody asks.
    """

    percent: int
    text: str
    label: str = Label.AMBER_STRICT
    uploads: Sequence[File[bytes]] = ()
    url: str = ""
    seen: str | None = None


def save_draft(action: ActionItem, *, by: Actor, progress: Progress) -> ProgressUpdate:
    """Keep what the owner has written so far. The organisation's one draft on an item is replaced, its files stay."""
    with ExitStack() as files, transaction.atomic():
        return _save_draft(action, by=by, progress=progress, files=files)


def submit_progress(action: ActionItem, *, by: Actor, now: datetime, progress: Progress) -> ProgressUpdate:
    """Hand progress in: from now on the ministry sees it, and it is not edited any more."""
    with ExitStack() as files, transaction.atomic():
        draft = _save_draft(action, by=by, progress=progress, files=files)
        _refuse_repetition(draft)
        _refuse_infected(draft)
        move(draft, to=UpdateState.SUBMITTED, by=by, lifecycle=UPDATE, verb="progress.submitted", submitted_at=now)
        if action.state != ActionState.IN_PROGRESS:
            move(action, to=ActionState.IN_PROGRESS, by=by, lifecycle=ACTION, verb="action.in_progress")
        return draft


def _refuse_repetition(draft: ProgressUpdate) -> None:
    """A button pressed twice does not report twice."""
    handed_in = ProgressUpdate.objects.filter(
        action=draft.action, organisation=draft.organisation, state=UpdateState.SUBMITTED
    )
    if handed_in.order_by("-id").values_list("percent", "text").first() == (draft.percent, draft.text):
        raise ActionRefused(_("The same report has been submitted already. Say what is new."), field="text")


def _refuse_infected(draft: ProgressUpdate) -> None:
    """What nobody will be able to open shows nothing."""
    infected = draft.evidence.filter(file__scan=StoredFile.Scan.INFECTED).values_list("file__name", flat=True)
    if names := ", ".join(infected):
        raise ActionRefused(_("A virus was found in %(names)s. Remove it from the draft first.") % {"names": names})


def _refuse_overwriting(action: ActionItem, *, by: Actor, progress: Progress) -> None:
    """What a colleague has written meanwhile is not lost; the same thing sent twice is no other thing."""
    draft = action.updates.filter(organisation_id=by.organisation, state=UpdateState.DRAFT).first()
    if progress.seen in {None, version_of(draft)}:
        return
    if draft is None:
        raise SomebodyWasFaster(_("The draft was handed in meanwhile; what you wrote is still below."))
    if (draft.percent, draft.text, draft.label) != (progress.percent, progress.text, progress.label):
        raise SomebodyWasFaster(
            _("A colleague saved this draft: %(percent)s%%, “%(text)s” Yours is below; send it again to replace it.")
            % {"percent": draft.percent, "text": draft.text}
        )


def _save_draft(action: ActionItem, *, by: Actor, progress: Progress, files: ExitStack) -> ProgressUpdate:
    stored = ActionItem.objects.select_for_update().get(pk=action.pk)
    if stored.state not in OWED:
        raise NotAllowedNow(_("Nothing can be handed in on this item at the moment."))
    if not 0 <= progress.percent <= 100:
        raise ActionRefused(_("A percentage lies between 0 and 100."), field="percent")
    _refuse_overwriting(stored, by=by, progress=progress)
    draft, __ = ProgressUpdate.objects.update_or_create(
        action=action,
        organisation_id=by.organisation,
        state=UpdateState.DRAFT,
        defaults={
            "percent": progress.percent,
            "text": progress.text,
            "label": progress.label,
            "by_id": by.account,
        },
    )
    if progress.url and not draft.evidence.filter(url=progress.url).exists():
        Evidence.objects.create(update=draft, kind=Evidence.Kind.LINK, title=progress.url[:200], url=progress.url)
    for upload in progress.uploads:
        kept = files.enter_context(taken_in(upload, by=by))
        Evidence.objects.create(update=draft, kind=Evidence.Kind.FILE, title=kept.name, file=kept)
    audit.record(by=by, verb="progress.drafted", target=draft)
    return draft


def remove_from_draft(evidence: Evidence, *, by: Actor) -> None:
    """Take a piece of evidence off a draft again, its file with it. What was submitted stays as it is."""
    with transaction.atomic():
        update = ProgressUpdate.objects.select_for_update().get(pk=evidence.update_id)
        if update.state != UpdateState.DRAFT:
            raise NotAllowedNow(_("What was submitted is not changed any more."))
        if not update.evidence.filter(pk=evidence.pk).exists():
            raise SomebodyWasFaster(_("Somebody else has removed this a moment ago."))
        audit.record(by=by, verb="progress.evidence_removed", target=evidence)
        stored = evidence.file
        evidence.delete()
        discard([stored] if stored else [])


def submit_for_verification(action: ActionItem, *, by: Actor, now: datetime) -> None:
    """Say that the item is done and ask the ministry to verify it; the secretary is told.

    At least one progress update must have been handed in, and no draft may be left lying.
    """
    with transaction.atomic():
        ActionItem.objects.select_for_update().get(pk=action.pk)
        updates = ProgressUpdate.objects.filter(action=action, organisation_id=by.organisation)
        if updates.filter(state=UpdateState.DRAFT).exists():
            raise ActionRefused(_("There is a draft on this item. Submit it first, so that the ministry can see it."))
        if not updates.filter(state=UpdateState.SUBMITTED).exists():
            raise ActionRefused(_("Report your progress before you submit the item for verification."))
        move(action, to=ActionState.SUBMITTED, by=by, lifecycle=ACTION, verb="action.submitted", submitted_at=now)
        announce("action_submitted", action, by=by)


def verify_action(action: ActionItem, *, by: Actor, now: datetime, comment: str = "") -> None:
    """The ministry finds the item done; its owner is told."""
    _judge(action, Verification.Verdict.VERIFIED, by=by, now=now, comment=comment)


def return_action(action: ActionItem, *, by: Actor, now: datetime, comment: str) -> None:
    """The ministry asks the owner to complete it, and says what is missing; the owner is told."""
    if not comment.strip():
        raise ActionRefused(_("Say what is missing."), field="comment")
    _judge(action, Verification.Verdict.RETURNED, by=by, now=now, comment=comment)


def _judge(action: ActionItem, verdict: Verification.Verdict, *, by: Actor, now: datetime, comment: str) -> None:
    columns = {"verified_at": now} if verdict == Verification.Verdict.VERIFIED else {}
    with transaction.atomic():
        move(action, to=verdict, by=by, lifecycle=ACTION, verb=f"action.{verdict}", reason=comment, **columns)
        Verification.objects.create(
            action=action,
            verdict=verdict,
            comment=comment,
            self_check=by.organisation_id == action.owner_id,
            by_id=by.account,
            at=now,
        )
        announce(f"action_{verdict}", action, by=by)
