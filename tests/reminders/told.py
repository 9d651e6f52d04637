"""Who is told of what, as plain addresses."""

from __future__ import annotations

from typing import Any

from council.core.actor import Actor
from council.mail.models import Notice
from council.meetings.models import Meeting
from council.meetings.operations.schedule import convene_meeting
from council.reminders.operations import plan
from tests.factories import moment

SYSTEM = Actor.system("test")


def nine(day: Any) -> Any:
    """Nine in the morning of a day."""
    return moment(f"{day:%Y-%m-%d} 09:00")


def told(**about: Any) -> set[str]:
    """Addresses (or names, without one) of those who are to be told."""
    rows = Notice.objects.filter(**about).select_related("recipient")
    return {notice.recipient.email or notice.recipient.name_ko for notice in rows}


def told_on(day: Any, **about: Any) -> set[str]:
    """Plan a day, then say who is to be told of something."""
    plan(now=nine(day))
    return told(**about)


def seeded_meeting(body: str) -> Meeting:
    """The next regular meeting that the seed has planned, still a draft."""
    return Meeting.objects.get(body__code=body, kind=Meeting.Kind.REGULAR)


def announced(meeting: Meeting, when: str = "2026-11-24 09:00") -> Meeting:
    convene_meeting(meeting, by=SYSTEM, now=moment(when), quiet=True)
    return meeting
