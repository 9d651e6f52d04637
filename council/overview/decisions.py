"""A decision with where it comes from and what followed, for one reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from council.access.roles import Standing
from council.access.visibility import visible_to
from council.actions.models import ActionItem
from council.declaration.models import Commitment
from council.meetings.models import AgendaItem
from council.minutes.models import Decision, Minutes


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """Each end of a link only where the reader sees it."""

    item: AgendaItem | None
    minutes: Minutes | None
    commitment: Commitment | None
    actions: Sequence[ActionItem]
    replaces: Sequence[Decision]
    replaced_by: Decision | None
    raised_to: AgendaItem | None


def decision_page(who: Standing, decision: Decision) -> DecisionPage:
    """What somebody sees around a decision that they see."""
    items = visible_to(who, AgendaItem.objects.select_related("meeting__body"))
    others = visible_to(who, Decision.objects.all())
    commitments = visible_to(who, Commitment.objects.select_related("pillar"))
    actions = visible_to(who, ActionItem.objects.filter(decision=decision)).for_display()
    return DecisionPage(
        item=items.filter(pk=decision.agenda_item_id).first(),
        minutes=visible_to(who, Minutes.objects.filter(pk=decision.revision.minutes_id)).first(),
        commitment=commitments.filter(pk=decision.commitment_id).first() if decision.commitment_id else None,
        actions=list(actions.order_by("owner", "number")),
        replaces=list(others.filter(superseded_by=decision).order_by("pk")),
        replaced_by=others.filter(pk=decision.superseded_by_id).first() if decision.superseded_by_id else None,
        raised_to=items.filter(pk=decision.raised_to_id).first() if decision.raised_to_id else None,
    )
