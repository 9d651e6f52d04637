"""Action items as a reader narrows and orders them; the list on the page and the file are the same rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from council.access.roles import Standing
from council.access.visibility import visible_to
from council.actions.models import ActionItem, ActionItemQuerySet, Escalation, ProgressUpdate
from council.actions.states import SETTLED, ActionState
from council.core.errors import Text
from council.declaration.models import Pillar
from council.parties.models import Organisation

MINE, OURS, ALL = "mine", "ours", "all"
WHOSE: tuple[tuple[str, Text], ...] = (
    (OURS, _("my organisation's")), (MINE, _("assigned to me")), (ALL, _("all that I see")),
)  # fmt: skip
OPEN, OVERDUE, CLIMBING, WAITING, DONE, ANY = "open", "overdue", "escalated", "waiting", "settled", "any"
WHICH: tuple[tuple[str, Text], ...] = (
    (OPEN, _("not settled")), (OVERDUE, _("past its date")), (CLIMBING, _("escalated")),
    (WAITING, _("waiting for the ministry")),
    (DONE, _("verified or cancelled")), (ANY, _("all")),
)  # fmt: skip
# What the list can be ordered by; a minus before it turns it round.
ORDERS: dict[str, tuple[Text, tuple[str, ...]]] = {
    "due": (_("Due"), ("due_on", "owner", "number")),
    "owner": (_("Owner"), ("owner", "number")),
    "commitment": (_("Commitment"), ("commitment__code", "owner", "number")),
    "state": (_("State"), ("state", "due_on", "number")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """What of the action items is asked for."""

    whose: str = OURS
    which: str = OPEN
    words: str = ""
    owner: Organisation | None = None
    pillar: Pillar | None = None
    order: str = "due"


def narrowed_actions(who: Standing, asked: Narrowed, *, today: date) -> ActionItemQuerySet:
    """Of what somebody sees, what they ask for, in their order."""
    reports = visible_to(who, ProgressUpdate.objects.all())
    rows = visible_to(who, ActionItem.objects.all()).for_display().with_progress(reports)
    if asked.whose == MINE:
        rows = rows.filter(assignee=who.person_id or 0)
    elif asked.whose == OURS:
        rows = rows.filter(owner=who.organisation_id or 0)
    rows = _which(who, rows, asked.which, today)
    if asked.words:
        found = Q(title__icontains=asked.words) | Q(description__icontains=asked.words)
        rows = rows.filter(found | Q(commitment__code__iexact=asked.words))
    if asked.owner:
        rows = rows.filter(owner=asked.owner)
    if asked.pillar:
        rows = rows.alias(under=Coalesce("commitment__pillar", "pillar")).filter(under=asked.pillar.pk)
    return rows.order_by(*_order(asked.order), "pk")


def _which(who: Standing, rows: ActionItemQuerySet, which: str, today: date) -> ActionItemQuerySet:
    match which:
        case "overdue":
            return rows.overdue(today=today)
        case "escalated":
            climbing = visible_to(who, Escalation.objects.running())
            return rows.filter(pk__in=climbing.values("action"))
        case "waiting":
            return rows.filter(state=ActionState.SUBMITTED)
        case "settled":
            return rows.filter(state__in=SETTLED)
        case "open":
            return rows.exclude(state__in=SETTLED)
        case _:
            return rows


def _order(name: str) -> list[str]:
    columns = ORDERS[name.removeprefix("-")][1]
    return [f"-{columns[0]}", *columns[1:]] if name.startswith("-") else list(columns)
