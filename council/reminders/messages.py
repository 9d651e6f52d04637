"""The words of letters: a subject line, and one entry a notice, grouped by pillar, in a frame that is the same for all.

A letter carries no content of the council, only what is due, when, and where to look (see mail.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from council.actions.models import ActionItem
from council.core.calendar import BusinessCalendar, local_day
from council.core.labels import Label
from council.core.quarters import Quarter
from council.declaration.models import Pillar
from council.mail.models import Notice
from council.mail.registry import Letter
from council.meetings.models import Deadline, Meeting
from council.parties.models import Body
from council.reminders.targets import TARGETS

# Wider than this, a label is not put before the subject.
SHOWN_IN_SUBJECT = {Label.RED, Label.AMBER_STRICT, Label.AMBER}


@dataclass(frozen=True, slots=True)
class Entry:
    """One notice, ready for the templates of its kind. ``days_left`` counts business days; negative: past."""

    notice: Notice
    target: Any
    body: Body
    pillar: Pillar | None
    about_on: date
    days_left: int
    quarter: Quarter
    label: str
    url: str

    @property
    def days_past(self) -> int:
        return -self.days_left


def render(notices: Sequence[Notice], now: datetime) -> Letter:
    """One letter of one or several notices to the same person, in the active language."""
    entries = sorted(_entries(notices, now), key=_order)
    first = entries[0]
    context = {
        "entries": entries,
        "first": first,
        "recipient": first.notice.recipient,
        "site_url": settings.SITE_URL,
        "contact": settings.CONTACT,
        "today": local_day(now),
        "groups": [(pillar, list(group)) for pillar, group in groupby(entries, key=lambda entry: entry.pillar)],
        "label": _label(entries),
    }
    alike = len({entry.notice.kind for entry in entries}) == 1
    kind = first.notice.kind if alike else "digest"
    return Letter(
        subject=" ".join(render_to_string(f"mail/{kind}/subject.txt", context).split()),
        text=render_to_string("mail/letter/body.txt", context).strip() + "\n",
        html=render_to_string("mail/letter/body.html", context),
    )


def _entries(notices: Iterable[Notice], now: datetime) -> Iterable[Entry]:
    today, calendar = local_day(now), BusinessCalendar.load()
    for notice in notices:
        target = TARGETS[notice.target_type].get(pk=notice.target_id)
        about_on = _about_on(target, notice)
        yield Entry(
            notice=notice,
            target=target,
            body=_body(target),
            pillar=target.own_pillar if isinstance(target, ActionItem) else None,
            about_on=about_on,
            days_left=calendar.business_days_until(today, about_on),
            quarter=target.quarter if isinstance(target, Meeting) else Quarter.of(notice.anchor_on),
            label=str(getattr(target, "label", "")),
            url=settings.SITE_URL + _path(target, notice),
        )


def _about_on(target: Any, notice: Notice) -> date:
    match target:
        case ActionItem():
            return target.due_on
        case Meeting():
            return target.day
        case _:
            return notice.anchor_on


def _body(target: Any) -> Body:
    match target:
        case Body():
            return target
        case Deadline():
            return target.meeting.body
        case _:
            body: Body = target.body
            return body


def _path(target: Any, notice: Notice) -> str:
    """Where it can be acted on, not merely read."""
    match target:
        case ActionItem():
            return reverse("portal:action", args=[target.pk])
        case Meeting():
            return reverse("portal:meeting", args=[target.pk])
        case Deadline():
            return reverse("portal:meeting", args=[target.meeting_id])
        case _ if notice.kind == "quarter_unplanned":
            return reverse("admin:council_meeting_add")
        case _:
            return reverse("portal:meetings")


def _order(entry: Entry) -> tuple[int, date, int]:
    """By pillar, those without one last, then by day."""
    return entry.pillar.order if entry.pillar else 99, entry.about_on, entry.notice.pk or 0


def _label(entries: Iterable[Entry]) -> str:
    """The strictest label among them, where it is to be shown before the subject."""
    labels = [entry.label for entry in entries if entry.label in SHOWN_IN_SUBJECT]
    return Label.strictest(labels) if labels else ""
