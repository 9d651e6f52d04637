"""Steps of an item's life that several tests start from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from council.actions.models import ActionItem
from council.actions.operations.judging import submit_for_verification, verify_action
from council.actions.operations.progress import Progress, submit_progress
from council.actions.queries import check_points
from council.core.actor import Actor
from tests.factories import Cast, actor_of, an_action, moment


def a_report(**values: Any) -> Progress:
    given: dict[str, Any] = {"percent": 40, "text": "Half of the base stations are done"} | values
    return Progress(**given)


def reported(cast: Cast, **values: Any) -> ActionItem:
    """An item of SKT's on which its liaison has reported."""
    action = an_action(**values)
    submit_progress(action, by=actor_of(cast.skt_liaison), now=moment("2026-11-24 09:00"), progress=a_report())
    return action


def submitted(cast: Cast, **values: Any) -> ActionItem:
    """An item of SKT's that waits for the ministry's answer."""
    action = reported(cast, **values)
    submit_for_verification(action, by=actor_of(cast.skt_liaison), now=moment("2026-11-24 09:30"))
    return action


def every_point(action: ActionItem) -> list[int]:
    """The numbers of the points of the checklist, all of them."""
    return [point.pk for point in check_points(action)]


def verified(action: ActionItem, *, by: Actor, now: datetime, comment: str = "") -> ActionItem:
    """An item of which the ministry found every point met."""
    verify_action(action, by=by, now=now, comment=comment, met=every_point(action))
    return action
