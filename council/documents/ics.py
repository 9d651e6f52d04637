"""Calendar entries: invitations for a letter, and feeds (RFC 5545, exchanged as RFC 5546 says)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from urllib.parse import quote

import icalendar

from council.core.calendar import SEOUL, local_day

PRODID = "-//Council//Meeting calendar//EN"
REFRESH = timedelta(hours=1)
BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
BOM = "\ufeff"
ADDRESS_SIGNS = "!$'*+"
URL_SIGNS = "%/:?#[]@!$&'()*+,;=~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One entry of a calendar. All moments are aware; they are written as the clock shows them in Seoul.

    With the same ``uid`` and a higher ``sequence`` it replaces what a reader already has (RFC 5546, 2.1.4 and 2.1.5).
    """

    uid: str
    sequence: int
    stamp: datetime
    starts_at: datetime
    ends_at: datetime | None
    day_only: bool = False
    summary: str
    location: str = ""
    description: str = ""
    url: str = ""
    cancelled: bool = False
    tentative: bool = False
    confidential: bool = True

    def __post_init__(self) -> None:
        moments = [self.stamp, self.starts_at, self.ends_at]
        if any(moment is not None and moment.utcoffset() is None for moment in moments):
            raise ValueError("The moments of a calendar entry must be aware.")

    @property
    def status(self) -> str:
        """RFC 5545, 3.8.1.11."""
        if self.cancelled:
            return "CANCELLED"
        return "TENTATIVE" if self.tentative else "CONFIRMED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who invites, or who is invited."""

    name: str
    email: str


class Answer(StrEnum):
    """What the invited person has answered so far."""

    NEEDS_ACTION = "needs_action"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"

    @property
    def partstat(self) -> str:
        """The word of RFC 5545, 3.2.12."""
        return self.value.replace("_", "-").upper()


def invitation(event: Event, *, organizer: Party, attendee: Party, answer: Answer = Answer.NEEDS_ACTION) -> bytes:
    """METHOD:REQUEST (RFC 5546, 3.2.2): a first invitation or, with a higher sequence, a change.

    The recipient is its only attendee, so nobody learns from it who else is invited. ``answer`` is the one on
    record: a change that need not be answered again keeps it. Of a cancelled meeting send ``cancellation``.
    """
    if event.cancelled:
        raise ValueError("Nobody is invited to a cancelled meeting.")
    invited = {"PARTSTAT": answer.partstat, "RSVP": "TRUE"}
    return _scheduled("REQUEST", event, organizer, attendee, invited)


def cancellation(event: Event, *, organizer: Party, attendee: Party) -> bytes:
    """METHOD:CANCEL (RFC 5546, 3.2.5): takes the entry out of the recipient's calendar.

    The uid is that of the invitation and the sequence is higher; the status is CANCELLED whatever ``event`` says.
    """
    return _scheduled("CANCEL", replace(event, cancelled=True), organizer, attendee, {})


def published(events: Iterable[Event], *, name: str) -> bytes:
    """METHOD:PUBLISH (RFC 5546, 3.2.1): a feed or a download, in the order given, to be fetched again each hour.

    Names nobody: with an organizer, which 3.2.1 asks for, programs take each entry for an invitation, and RFC 5545,
    3.8.4.3 wants none where nothing is scheduled in a group. What is cancelled belongs in here: a reader who has the
    entry learns it from STATUS:CANCELLED. The name and the interval are RFC 7986, 5.1 and 5.7, and the older words.
    """
    calendar = _calendar("PUBLISH")
    calendar["NAME"] = _Text(name)
    calendar["X-WR-CALNAME"] = _Text(name)
    calendar.add("REFRESH-INTERVAL", REFRESH, {"VALUE": "DURATION"})
    calendar["X-PUBLISHED-TTL"] = icalendar.vDuration(REFRESH)
    for event in events:
        calendar.add_component(_entry(event))
    return _written(calendar)


class _Text(icalendar.vText):
    r"""TEXT of RFC 5545, 3.3.11.

    The library would take a backslash and an N that somebody typed (``C:\New``) for the end of a line.
    """

    __slots__ = ()

    def __new__(cls, value: str) -> _Text:
        return super().__new__(cls, _clean(value))

    def to_ical(self) -> bytes:
        escaped = re.sub(r"[\\;,]", r"\\\g<0>", self)
        return escaped.replace("\n", "\\n").encode()


def _clean(text: str) -> str:
    """Whatever some reader takes for the end of a line is ``\\n``; other control characters may not occur (3.1)."""
    # Some readers drop the mark of UTF-8 where a text begins with it, and it cannot be seen anywhere.
    lines = BREAKS.sub("\n", text.replace(BOM, ""))
    return "".join(char for char in lines if char in "\t\n" or unicodedata.category(char) not in {"Cc", "Cs"})


def _on_one_line(text: str) -> str:
    return " ".join(_clean(text).split())


def _scheduled(method: str, event: Event, organizer: Party, attendee: Party, invited: dict[str, str]) -> bytes:
    entry = _entry(event)
    entry["ORGANIZER"] = _address(organizer, {})
    entry["ATTENDEE"] = _address(attendee, {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT"} | invited)
    calendar = _calendar(method)
    calendar.add_component(entry)
    return _written(calendar)


def _calendar(method: str) -> icalendar.Calendar:
    """The shell; with its time zone it is valid without any entry (RFC 5545, 3.6)."""
    calendar = icalendar.Calendar()
    for name, value in {"VERSION": "2.0", "PRODID": PRODID, "CALSCALE": "GREGORIAN", "METHOD": method}.items():
        calendar.add(name, value)
    calendar.add_component(_time_zone())
    return calendar


@lru_cache(maxsize=1)
def _time_zone() -> icalendar.Timezone:
    """Kept, since the library computes it from the history of the zone."""
    zone = icalendar.Timezone.from_tzid(SEOUL.key, first_date=date(2020, 1, 1))
    # "only works from 2020 to 2038" is a remark for zones with summer time.
    zone.pop("COMMENT", None)
    return zone


def _entry(event: Event) -> icalendar.Event:
    """A VEVENT (RFC 5545, 3.6.1)."""
    entry = icalendar.Event()
    entry["UID"] = _Text(event.uid)
    entry.add("SEQUENCE", event.sequence)
    for name in ("DTSTAMP", "LAST-MODIFIED"):
        entry.add(name, event.stamp.astimezone(UTC))
    for name, moment in _span(event).items():
        entry.add(name, moment)
    entry["SUMMARY"] = _Text(event.summary)
    for name, text in {"LOCATION": event.location, "DESCRIPTION": event.description}.items():
        if text:
            entry[name] = _Text(text)
    if event.url:
        entry["URL"] = icalendar.vUri(quote(_on_one_line(event.url), safe=URL_SIGNS))
    entry.add("STATUS", event.status)
    entry.add("CLASS", "PRIVATE" if event.confidential else "PUBLIC")
    return entry


def _span(event: Event) -> dict[str, date]:
    """From when to when; an end is the first moment, or day, that no longer belongs to it (RFC 5545, 3.8.2.2)."""
    if event.day_only:
        day = local_day(event.starts_at)
        return {"DTSTART": day, "DTEND": day + timedelta(days=1)}
    span: dict[str, date] = {"DTSTART": event.starts_at.astimezone(SEOUL)}
    if event.ends_at is not None:
        span["DTEND"] = event.ends_at.astimezone(SEOUL)
    return span


def _address(party: Party, parameters: dict[str, str]) -> icalendar.vCalAddress:
    """CAL-ADDRESS of RFC 5545, 3.3.3: a mailto address, in which RFC 6068, 2 has all odd characters encoded."""
    local, at, domain = _on_one_line(party.email).rpartition("@")
    address = f"mailto:{quote(local, safe=ADDRESS_SIGNS)}{at}{quote(domain, safe=ADDRESS_SIGNS)}"
    # A parameter has no escape for a quotation mark (3.2), and not all readers agree about a backslash.
    name = _on_one_line(party.name).replace('"', "'").replace("\\", "/")
    return icalendar.vCalAddress(address, params=({"CN": name} if name else {}) | parameters)


def _written(calendar: icalendar.Calendar) -> bytes:
    """The library folds lines after 75 octets at the latest, between characters (RFC 5545, 3.1)."""
    data: bytes = calendar.to_ical()
    return data
