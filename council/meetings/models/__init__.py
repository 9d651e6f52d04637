"""Meetings, their deadlines and agendas."""

from council.meetings.models.agenda import AgendaItem
from council.meetings.models.deadline import Deadline, DeadlineKind, DeadlineTemplate
from council.meetings.models.meeting import Meeting

__all__ = ["AgendaItem", "Deadline", "DeadlineKind", "DeadlineTemplate", "Meeting"]
