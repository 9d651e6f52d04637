"""Calling an extraordinary meeting in one step, at any hour: planned, its people asked, announced."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from council.core.actor import Actor
from council.core.calendar import local_day
from council.core.quarters import Quarter
from council.meetings.models import Meeting
from council.meetings.operations.schedule import Plan, convene_meeting, schedule_meeting
from council.parties.models import Body, Person


def call_meeting(
    *, by: Actor, body: Body, plan: Plan, only: Collection[Person] | None, announce_now: bool, now: datetime
) -> Meeting:
    """Plan an extraordinary meeting; announced at once, its letters go at any hour and wait for no release.

    ``only`` these people learn of it; everyone seated if None. What breaks a rule leaves nothing behind.
    """
    with transaction.atomic():
        meeting = schedule_meeting(
            by=by,
            body=body,
            quarter=Quarter.of(local_day(plan.starts_at)),
            kind=Meeting.Kind.EXTRAORDINARY,
            plan=plan,
            now=now,
            only=only,
        )
        if announce_now:
            convene_meeting(meeting, by=by, now=now, urgent=True)
    return meeting
