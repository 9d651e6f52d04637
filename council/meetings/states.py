"""Which state of a meeting and of an agenda item may follow which."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from council.core.lifecycle import Lifecycle


class MeetingState(models.TextChoices):
    DRAFT = "draft", _("in preparation")
    OPEN = "open", _("convened")
    IN_PROGRESS = "in_progress", _("in session")
    CLOSED = "closed", _("held")
    CANCELLED = "cancelled", _("cancelled")


MEETING: Lifecycle = {
    MeetingState.DRAFT: frozenset({MeetingState.OPEN, MeetingState.CANCELLED}),
    MeetingState.OPEN: frozenset({MeetingState.IN_PROGRESS, MeetingState.CANCELLED}),
    MeetingState.IN_PROGRESS: frozenset({MeetingState.CLOSED}),
    MeetingState.CLOSED: frozenset(),
    MeetingState.CANCELLED: frozenset(),
}
# Still to be held: it has deadlines that bind somebody and can be moved.
PLANNED = frozenset({MeetingState.DRAFT, MeetingState.OPEN})
# What happens in the room is written down: who is there, what became of an item, notes.
BEGUN = frozenset({MeetingState.IN_PROGRESS, MeetingState.CLOSED})


class AgendaItemState(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    ACCEPTED = "accepted", _("accepted")
    RETURNED = "returned", _("returned for completion")
    WITHDRAWN = "withdrawn", _("withdrawn")


AGENDA_ITEM: Lifecycle = {
    AgendaItemState.PROPOSED: frozenset(
        {AgendaItemState.ACCEPTED, AgendaItemState.RETURNED, AgendaItemState.WITHDRAWN}
    ),
    AgendaItemState.RETURNED: frozenset({AgendaItemState.PROPOSED, AgendaItemState.WITHDRAWN}),
    AgendaItemState.ACCEPTED: frozenset({AgendaItemState.WITHDRAWN}),
    AgendaItemState.WITHDRAWN: frozenset(),
}
