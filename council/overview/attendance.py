"""Who came to the meetings that were held, by organisation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from council.access.roles import Standing
from council.access.visibility import visible_to
from council.meetings.models import Meeting, Participation
from council.meetings.states import MeetingState
from council.parties.models import Body, Organisation

Attendance = Participation.Attendance


@dataclass(frozen=True, slots=True)
class Record:
    """An organisation's members at each of the meetings, in the meetings' order; several may have been asked."""

    organisation: Organisation
    at: Sequence[Sequence[Participation]]

    def _count(self, *kinds: str) -> int:
        return sum(row.attendance in kinds for rows in self.at for row in rows)

    @property
    def present(self) -> int:
        return self._count(Attendance.PRESENT)

    @property
    def by_proxy(self) -> int:
        return self._count(Attendance.BY_PROXY)

    @property
    def away(self) -> int:
        return self._count(Attendance.EXCUSED, Attendance.ABSENT)

    @property
    def proxy_rate(self) -> int | None:
        """Of the places that were filled, how many in a hundred through a delegate (시행령 제4조제3항제3호)."""
        attended = self.present + self.by_proxy
        return self.by_proxy * 100 // attended if attended else None


@dataclass(frozen=True, slots=True)
class History:
    body: Body
    meetings: Sequence[Meeting]
    records: Sequence[Record]


def attendance_history(who: Standing, body: Body, *, limit: int = 12) -> History:
    """The last meetings of a body that were held, the latest first, and which organisation's members were there."""
    held = visible_to(who, Meeting.objects.filter(body=body, state=MeetingState.CLOSED))
    meetings = list(held.exclude(kind=Meeting.Kind.FOUNDING).order_by("-starts_at")[:limit])
    rows = visible_to(who, Participation.objects.asked().filter(meeting__in=meetings))
    members = rows.filter(capacity=Participation.Capacity.MEMBER).select_related("organisation", "person", "delegate")
    groups = groupby(members.order_by("organisation", "pk"), key=lambda row: row.organisation)
    return History(body, meetings, [_record(organisation, list(group), meetings) for organisation, group in groups])


def _record(organisation: Organisation, rows: Sequence[Participation], meetings: Sequence[Meeting]) -> Record:
    return Record(organisation, [[row for row in rows if row.meeting_id == meeting.pk] for meeting in meetings])
