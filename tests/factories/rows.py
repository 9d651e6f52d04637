"""Meetings, action items and files for tests."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from council.actions.models import ActionItem
from council.actions.operations.items import open_action
from council.core.actor import Actor
from council.core.calendar import at
from council.core.quarters import Quarter
from council.declaration.models import Commitment
from council.meetings.models import Meeting
from council.meetings.operations.schedule import Plan, schedule_meeting
from council.parties.models import Body, Organisation

TODAY = date(2026, 11, 24)
TESTER = Actor.system("test")


def link(page: str, pk: int | None, **values: Any) -> str:
    """The address of a row's page in the portal, by the page's name."""
    return reverse(f"portal:{page}", kwargs={"pk": pk} | values)


def moment(text: str) -> datetime:
    """A moment in Seoul out of "2026-11-24 09:00"."""
    day, _, clock = text.partition(" ")
    return at(date.fromisoformat(day), time.fromisoformat(clock or "09:00"))


def an_action(
    owner: str = "SKT", *, due_on: date = date(2026, 12, 10), commitment: str = "C01", by: Actor = TESTER, **values: Any
) -> ActionItem:
    """An open action item under a commitment of the council, opened on TODAY without telling anybody."""
    action = ActionItem(
        body=Body.objects.get(code="council"),
        owner=Organisation.objects.get(code=owner),
        commitment=Commitment.objects.get(code=commitment),
        due_on=due_on,
        **{"title": f"Something for {owner}"} | values,
    )
    open_action(action, by=by, today=TODAY, quiet=True)
    return action


def a_meeting(
    body: str = "council",
    *,
    quarter: str = "2027-Q2",
    starts_at: datetime | None = None,
    kind: str = Meeting.Kind.REGULAR,
    by: Actor = TESTER,
    now: datetime | None = None,
    **plan: Any,
) -> Meeting:
    """A planned meeting; by default Thursday 20 May 2027, 10:00 to 11:30."""
    starts_at = starts_at or moment("2027-05-20 10:00")
    values = {"starts_at": starts_at, "ends_at": starts_at.replace(hour=starts_at.hour + 1, minute=30)} | plan
    return schedule_meeting(
        by=by,
        body=Body.objects.get(code=body),
        quarter=Quarter.parse(quarter),
        kind=kind,
        plan=Plan(**values),
        now=now or min(moment("2026-11-24 09:00"), starts_at - timedelta(days=90)),
    )


def pdf(name: str = "evidence.pdf", content: bytes = b"%PDF-1.7\n1 0 obj\n%%EOF\n") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")
