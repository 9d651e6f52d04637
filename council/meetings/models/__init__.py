"""Meetings, their deadlines, agendas and participants."""

from council.meetings.models.agenda import AgendaItem, AgendaSection, AgendaSnapshot, ItemNote, StandingItem
from council.meetings.models.deadline import DateChange, Deadline, DeadlineKind, DeadlineTemplate
from council.meetings.models.feed import CalendarFeed
from council.meetings.models.meeting import Meeting
from council.meetings.models.paper import BriefingPack, Paper, PaperReceipt, PaperVersion
from council.meetings.models.participation import Participation

__all__ = [
    "AgendaItem",
    "AgendaSection",
    "AgendaSnapshot",
    "BriefingPack",
    "CalendarFeed",
    "DateChange",
    "Deadline",
    "DeadlineKind",
    "DeadlineTemplate",
    "ItemNote",
    "Meeting",
    "Paper",
    "PaperReceipt",
    "PaperVersion",
    "Participation",
    "StandingItem",
]
