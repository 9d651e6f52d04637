"""What is asked about action items: who can be given one, what is looked at before one is verified."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from council.actions.models import ActionItem, CheckPoint, Escalation, EscalationQuerySet, ExtensionRequest
from council.actions.states import ExtensionState
from council.parties.models import Person, Seat

# Through these seats somebody reads what is their own organisation's (access.roles says the same of readers).
ANSWERING = (Seat.Role.MEMBER, Seat.Role.LIAISON, Seat.Role.APPROVER)
RUNNING = (Seat.Role.SECRETARY, Seat.Role.ASSISTANT, Seat.Role.HEAD)


def assignable(action: ActionItem, *, on: date) -> QuerySet[Person]:
    """The owner's people who work on such an item on a day, by seats through which it is read; each once.

    Members and liaisons of the item's body, or of one above or below it; of the ministry, who runs the body.
    """
    near = Q(body=action.body_id) | Q(body__parent=action.body_id) | Q(body__working_groups=action.body_id)
    answering = near & Q(role__in=ANSWERING) | Q(body=action.body_id, role__in=RUNNING)
    held = Seat.objects.valid_on(on).filter(answering)
    return Person.objects.filter(organisation=action.owner_id, pk__in=held.values("person")).order_by("name_ko", "pk")


def check_points(action: ActionItem) -> QuerySet[CheckPoint]:
    """What the ministry looks at before it verifies an item of this body, in its order."""
    return CheckPoint.objects.filter(body=action.body_id)


def open_extension(action: ActionItem) -> ExtensionRequest | None:
    """The request for more time that waits for the ministry's answer."""
    return ExtensionRequest.objects.filter(action=action, state=ExtensionState.REQUESTED).first()


def climbing() -> EscalationQuerySet:
    """The steps of escalation that stand now."""
    return Escalation.objects.running()


def ordinals(requests: Iterable[ExtensionRequest]) -> dict[int, int]:
    """Which extension each granted one is, the first, the second …, by the requests' numbers."""
    granted = sorted(one.pk for one in requests if one.state == ExtensionState.GRANTED)
    return {pk: number for number, pk in enumerate(granted, 1)}
