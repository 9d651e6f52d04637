"""Closing a meeting: it was held, and what it leaves stands on the next agenda by itself."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from council.core.actor import Actor
from council.meetings.models import Meeting
from council.meetings.operations import schedule
from council.workflows.carry_over import carry_over


def close_meeting(meeting: Meeting, *, by: Actor, now: datetime) -> Meeting | None:
    """Close it, and carry over to the body's next planned regular meeting; that one, or None if none is planned."""
    with transaction.atomic():
        schedule.close_meeting(meeting, by=by, now=now)
        following = Meeting.objects.next_regular(meeting.body_id, after=meeting)
        if following:
            carry_over(following, by=by)
    return following
