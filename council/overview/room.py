"""The meeting as it goes on: which item, since when, what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from council.access.roles import Standing
from council.meetings.agenda import Slot
from council.meetings.models import Meeting
from council.overview.agenda import Board, agenda_board


@dataclass(frozen=True, slots=True)
class Room:
    """What stands on the wall. Minutes are those since the item was called; negative is none."""

    board: Board
    current: Slot | None
    next: Slot | None
    minutes: int

    @property
    def over(self) -> int:
        """Minutes by which the current item runs over its time."""
        return max(self.minutes - self.current.item.duration, 0) if self.current else 0


def room(who: Standing, meeting: Meeting, *, now: datetime) -> Room:
    """The room for somebody at a moment."""
    board = agenda_board(who, meeting)
    slots = board.table.slots
    at = next((n for n, slot in enumerate(slots) if slot.item.pk == meeting.current_item_id), None)
    current = None if at is None else slots[at]
    following = slots[0 if at is None else at + 1 :][:1]
    since = meeting.current_since
    minutes = int((now - since).total_seconds()) // 60 if since and current else 0
    return Room(board, current, following[0] if following else None, minutes)
