"""An agenda item with what belongs to it, for one reader: papers, their versions, where it comes from and leads to."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from council.access.policy import allowed
from council.access.roles import Standing
from council.access.visibility import visible_to
from council.actions.models import ActionItem, AgendaLink
from council.meetings.models import AgendaItem, Meeting, Paper, PaperReceipt, PaperVersion


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A paper with its versions, the newest first, and who has opened that, as far as the reader may know."""

    paper: Paper
    versions: Sequence[PaperVersion]
    opened: Sequence[PaperReceipt]
    may_supersede: bool

    @property
    def newest(self) -> PaperVersion | None:
        return next(iter(self.versions), None)


@dataclass(frozen=True, slots=True)
class ItemPage:
    papers: Sequence[PaperLine]
    carried_from: AgendaItem | None
    carried_to: Sequence[AgendaItem]
    raised_from: AgendaItem | None
    raised_to: Sequence[AgendaItem]
    actions: Sequence[ActionItem]
    # Of these, the numbers of those that climbed to the council.
    escalated: Set[int]

    @property
    def links(self) -> list[tuple[str, AgendaItem]]:
        """The items it is linked with, each with how."""
        found = [
            (_("Carried over from"), [self.carried_from] if self.carried_from else []),
            (_("Carried over to"), self.carried_to),
            (_("Raised from"), [self.raised_from] if self.raised_from else []),
            (_("Raised to"), self.raised_to),
        ]
        return [(text, item) for text, items in found for item in items]


def item_page(who: Standing, item: AgendaItem) -> ItemPage:
    """What of an item's surroundings the reader sees; a link is shown only where both ends are."""
    near = visible_to(who, AgendaItem.objects.select_related("meeting__body"))
    links = visible_to(who, AgendaLink.objects.filter(agenda_item=item))
    reasons = dict(links.values_list("action", "reason"))
    escalated = {pk for pk, reason in reasons.items() if reason == AgendaLink.Reason.ESCALATED}
    actions = visible_to(who, ActionItem.objects.filter(pk__in=reasons)).for_display()
    return ItemPage(
        papers=paper_lines(who, visible_to(who, Paper.objects.filter(agenda_item=item))),
        carried_from=near.filter(pk=item.carried_from_id).first() if item.carried_from_id else None,
        carried_to=list(near.filter(carried_from=item)),
        raised_from=near.filter(pk=item.raised_from_id).first() if item.raised_from_id else None,
        raised_to=list(near.filter(raised_from=item)),
        actions=sorted(actions.order_by("owner", "number"), key=lambda action: action.pk not in escalated),
        escalated=escalated,
    )


def paper_lines(who: Standing, papers: QuerySet[Paper]) -> list[PaperLine]:
    """Papers that the reader sees, in the order they were handed in, each with what the reader sees of it."""
    versions = visible_to(who, PaperVersion.objects.select_related("file", "added_by__person"))
    receipts = visible_to(who, PaperReceipt.objects.select_related("person__organisation"))
    shown = papers.select_related("owner", "agenda_item__meeting").order_by("agenda_item", "pk")
    shown = shown.prefetch_related(
        Prefetch("versions", versions.order_by("-number").prefetch_related(Prefetch("receipts", receipts)))
    )
    return [_line(who, paper) for paper in shown]


def _line(who: Standing, paper: Paper) -> PaperLine:
    versions = list(paper.versions.all())
    opened = list(versions[0].receipts.all()) if versions else []
    return PaperLine(paper, versions, opened, allowed(who, "supersede", paper) and not paper.withdrawn_because)


def papers_by_item(who: Standing, meeting: Meeting) -> dict[int, list[PaperLine]]:
    """The papers of a meeting's items, by the items' numbers."""
    found: dict[int, list[PaperLine]] = {}
    for line in paper_lines(who, visible_to(who, Paper.objects.standing().filter(agenda_item__meeting=meeting))):
        found.setdefault(line.paper.agenda_item_id, []).append(line)
    return found
