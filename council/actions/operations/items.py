"""Giving action items out, changing and cancelling them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from council.actions.models import ActionItem
from council.actions.operations.errors import ActionRefused
from council.actions.queries import assignable
from council.actions.states import ACTION, ActionState
from council.core import audit, register
from council.core.actor import Actor
from council.core.calendar import BusinessCalendar
from council.core.errors import NotAllowedNow
from council.core.labels import refuse_change
from council.core.lifecycle import change_if, move
from council.core.wording import day_text
from council.mail.operations import announce
from council.minutes.models import Decision
from council.minutes.operations.decisions import locked_current
from council.parties.models import Organisation, Person


def open_action(action: ActionItem, *, by: Actor, today: date, quiet: bool = False) -> None:
    """Give an organisation a new item; it is numbered among its owner's items, and the people concerned are told."""
    check(action)
    check_due_on(action.due_on, today=today)
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=action.owner_id)
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
        if action.due_on != stored.due_on:
            check_due_on(action.due_on, today=today)
        refuse_change(action, stored)
        register.write(action, stored)
        audit.record_change(by=by, verb="action.changed", target=action, before=audit.snapshot(stored))


def check_due_on(due_on: date, *, today: date, field: str = "due_on") -> None:
    """Refuse a day that is over or on which nobody works, naming the next one on which somebody does."""
    if due_on < today:
        raise ActionRefused(_("The day by which it is due lies in the past."), field=field)
    calendar = BusinessCalendar.load()
    if not calendar.is_business_day(due_on):
        following = calendar.on_or_after(due_on)
        raise ActionRefused(
            _("%(day)s is no business day; the next one is %(next)s.")
            % {"day": day_text(due_on), "next": day_text(following)},
            field=field,
        )


def reassign(action: ActionItem, *, by: Actor, assignee: Person | None, today: date) -> None:
    """Give an item to another person of its owner's, or to nobody in particular; the new assignee is told.

    ActionRefused unless they hold a seat on the item's body, or one above or below it, on that day.
    """
    with transaction.atomic():
        stored = ActionItem.objects.select_for_update().get(pk=action.pk)
        if stored.is_settled:
            raise NotAllowedNow(_("A verified or cancelled item is not changed any more."))
        before = {"assignee_id": stored.assignee_id}
        if assignee is not None and not assignable(stored, on=today).filter(pk=assignee.pk).exists():
            raise ActionRefused(_("Choose somebody of the owner's who holds a seat."), field="assignee")
        after = {"assignee_id": assignee.pk if assignee else None}
        if before == after:
            return
        change_if(action, before, after)
        audit.record(by=by, verb="action.reassigned", target=action, before=before, after=after)
        if assignee is not None and action.state != ActionState.DRAFT:
            action.assignee = assignee
            announce("action_assigned", action, by=by)


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
