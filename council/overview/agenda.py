"""An agenda for one reader: the timetable of what they see, what was proposed, what has changed since it was fixed."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from council.access.readers import known_people
from council.access.roles import Standing
from council.access.visibility import visible_to
from council.meetings.agenda import Timetable, changes_since, removed_since, timetable
from council.meetings.models import AgendaItem, AgendaSection, AgendaSnapshot, Meeting
from council.meetings.states import AgendaItemState


@dataclass(frozen=True, slots=True)
class Board:
    """The whole of it. ``fixed`` is the latest version, if the agenda has been fixed."""

    table: Timetable
    proposed: Sequence[AgendaItem]
    returned: Sequence[AgendaItem]
    gone: Sequence[AgendaItem]
    sections: Sequence[AgendaSection]
    fixed: AgendaSnapshot | None
    # Something that was fixed stands there no more, also where the reader does not see it any longer.
    shortened: bool
    # Of the presenters those whom the reader may know by name.
    known: Set[int]

    @property
    def changed(self) -> bool:
        return self.shortened or any(slot.change for slot in self.table.slots)

    @property
    def unchecked(self) -> int:
        """Items that nobody has looked at for competition law yet."""
        return sum(slot.item.competition_checked_at is None for slot in self.table.slots)


def agenda_board(who: Standing, meeting: Meeting) -> Board:
    """What somebody sees of a meeting's agenda."""
    rows = visible_to(who, AgendaItem.objects.filter(meeting=meeting)).select_related(
        "section", "commitment__pillar", "pillar", "presenter", "owner", "competition_checked_by__person"
    )
    items = list(rows.order_by("position", "pk"))
    fixed = visible_to(who, AgendaSnapshot.objects.filter(meeting=meeting)).order_by("-version").first()
    plain = timetable(meeting, items)
    removed = set(removed_since(fixed, plain.slots))
    return Board(
        table=plain.marked(changes_since(fixed, plain.slots)),
        proposed=[item for item in items if item.state == AgendaItemState.PROPOSED],
        returned=[item for item in items if item.state == AgendaItemState.RETURNED],
        gone=[item for item in items if item.pk in removed],
        sections=list(visible_to(who, AgendaSection.objects.filter(meeting=meeting))),
        fixed=fixed,
        shortened=bool(removed),
        known=known_people(who, [item.presenter_id for item in items]),
    )
