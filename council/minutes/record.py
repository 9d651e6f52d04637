"""The ten things that minutes must hold, as plain values, and which of them are missing. Reads only.

Law: 공공기록물 관리에 관한 법률 시행령 제18조제2항.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from council.core.audit import plain
from council.core.errors import Text
from council.meetings.models import Meeting, Participation
from council.minutes.models import Decision, Minutes, MinutesRevision, MinutesSection, Recording, Remark

Attendance = Participation.Attendance
type Kept = dict[str, Any]


class LegalField(StrEnum):
    """In the order of the decree."""

    NAME = "name"
    HOST = "host"
    WHEN = "when"
    PLACE = "place"
    ATTENDEES = "attendees"
    IN_ATTENDANCE = "in_attendance"
    PROCEEDINGS = "proceedings"
    ITEMS = "items"
    REMARKS = "remarks"
    DECISIONS = "decisions"

    @property
    def label(self) -> Text:
        return NAMES[self]


NAMES: dict[LegalField, Text] = {
    LegalField.NAME: _("name of the meeting"),
    LegalField.HOST: _("host institution"),
    LegalField.WHEN: _("day and time"),
    LegalField.PLACE: _("place"),
    LegalField.ATTENDEES: _("list of attendees"),
    LegalField.IN_ATTENDANCE: _("list of those in attendance"),
    LegalField.PROCEEDINGS: _("order of proceedings"),
    LegalField.ITEMS: _("agenda items"),
    LegalField.REMARKS: _("gist of the remarks"),
    LegalField.DECISIONS: _("decisions and votes"),
}


@dataclass(frozen=True, slots=True)
class Missing:
    """A field that may not be empty and is; with the part of the minutes in which it is."""

    field: LegalField
    section: MinutesSection | None = None


def written(revision: MinutesRevision) -> list[MinutesSection]:
    """The parts of a version in their order, with all remarks and the item's decisions at hand."""
    sections = revision.sections.select_related("revision", "agenda_item__commitment__pillar", "agenda_item__pillar")
    remarks = Remark.objects.select_related("speaker__person", "speaker__organisation", "speaker__delegate")
    decisions = Decision.objects.current() if revision.is_open else Decision.objects.as_of(revision)
    decisions = decisions.select_related("commitment", "by_whom").order_by("pk")
    return list(
        sections.prefetch_related(
            Prefetch("remarks", remarks.order_by("position", "pk")),
            Prefetch("agenda_item__decisions", decisions),
        ).order_by("position", "pk")
    )


def is_member(kept: Kept) -> bool:
    """Whether somebody attended, and did not merely sit in."""
    return bool(kept["capacity"] == Participation.Capacity.MEMBER)


def missing_in(
    revision: MinutesRevision, sections: Sequence[MinutesSection], attendance: Sequence[Kept]
) -> list[Missing]:
    """Which of the ten fields are empty. ``attendance``: everybody asked to the meeting, as it is kept or will be."""
    members = [one for one in attendance if is_member(one)]
    others = [one for one in attendance if not is_member(one)]
    empty = {
        LegalField.NAME: not revision.title.strip(),
        LegalField.HOST: not revision.minutes.convened_by_id,
        LegalField.WHEN: revision.starts_at is None or revision.ends_at is None,
        LegalField.PLACE: not revision.venue.strip(),
        LegalField.ATTENDEES: not any(map(_came, members)) or not all(one["attendance"] for one in members),
        # Nobody may have been in attendance; then the list says so.
        LegalField.IN_ATTENDANCE: not all(one["attendance"] for one in others),
        LegalField.PROCEEDINGS: not revision.proceedings.strip(),
        LegalField.ITEMS: not sections,
    }
    found = [Missing(field) for field, is_empty in empty.items() if is_empty]
    found += [Missing(LegalField.REMARKS, each) for each in sections if not (each.gist.strip() or each.remarks.all())]
    found += [Missing(LegalField.DECISIONS, each) for each in sections if not _decided(each)]
    return found


def _came(one: Kept) -> bool:
    return one["attendance"] in {Attendance.PRESENT, Attendance.BY_PROXY}


def _decided(section: MinutesSection) -> bool:
    """What was decided is written down, or that nothing was; the same of a vote."""
    return bool(section.vote) and (section.no_decision or bool(section.agenda_item.decisions.all()))


def attendance_now(meeting: Meeting) -> list[Kept]:
    """The attendance as it stands, in the form in which a version keeps it."""
    return attendance_kept(attendance_of(meeting))


def attendance_of(meeting: Meeting) -> list[Participation]:
    """Everybody asked to a meeting, the presiding one first, with what is printed of them."""
    rows = meeting.participations.asked().select_related("person", "organisation", "delegate", "item")
    return list(rows.order_by("-presides", "-capacity", "organisation", "pk"))


def attendance_kept(rows: Iterable[Participation]) -> list[Kept]:
    """Who was there, as plain values: names and positions as they were on that day."""
    return [_kept_of(row) for row in rows]


def _kept_of(row: Participation) -> Kept:
    delegate = row.delegate if row.attendance == Attendance.BY_PROXY else None
    return {
        "participation": row.pk,
        "organisation": row.organisation_id,
        "organisation_ko": row.organisation.name_ko,
        "organisation_en": row.organisation.name_en,
        "name_ko": row.person.name_ko,
        "name_en": row.person.name_en,
        "position_ko": row.position_ko,
        "position_en": row.position_en,
        "capacity": row.capacity,
        "presides": row.presides,
        "attendance": row.attendance,
        "reason": row.reason,
        "delegate_ko": delegate.name_ko if delegate else "",
        "delegate_en": delegate.name_en if delegate else "",
        "delegate_position_ko": delegate.position_ko if delegate else "",
        "delegate_position_en": delegate.position_en if delegate else "",
    }


def recording_missing(minutes: Minutes) -> Text | None:
    """What a designated meeting lacks beside its minutes; None for one that has it, or is not designated.

    Law: 공공기록물 관리에 관한 법률 제17조제2항 (a stenographic record, or a recording, and then its transcript).
    """
    if not minutes.meeting.body.designated_meeting:
        return None
    there = set(minutes.recordings.standing().values_list("kind", flat=True))
    if Recording.Kind.STENOGRAPHIC in there or {Recording.Kind.SOUND, Recording.Kind.TRANSCRIPT} <= there:
        return None
    if Recording.Kind.SOUND in there:
        return _("A designated meeting: the recording needs its transcript.")
    return _("A designated meeting: a stenographic record is needed, or a recording with its transcript.")


# What of a version and its parts is the text that is approved.
HEAD = ("title", "starts_at", "ends_at", "venue", "proceedings", "summary", "keywords", "number")
PART = (
    "agenda_item_id", "position", "title", "gist", "decision", "no_decision", "vote", "voters", "votes_for",
    "votes_against", "votes_abstained",
)  # fmt: skip
SAID = ("said_by", "text")


def digest(revision: MinutesRevision, sections: Iterable[MinutesSection]) -> str:
    """SHA-256 over what everybody reads of a version: what a document says is known again by it, whatever its format.

    Annexes of one organisation and reasons of absence are not in it: whoever knows the rest could guess them by it.
    """
    attendance = [one | {"reason": ""} for one in revision.attendance]
    values = {name: plain(getattr(revision, name)) for name in HEAD} | {
        "attendance": attendance,
        "sections": [
            {name: getattr(section, name) for name in PART}
            | {
                "remarks": [
                    {name: getattr(remark, name) for name in SAID}
                    for remark in section.remarks.all()
                    if not remark.private
                ]
            }
            for section in sections
        ],
    }
    return hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def decisions_text(section: MinutesSection) -> str:
    """The decisions of an item as they are printed, a blank line between two."""
    return "\n\n".join(decision.text.strip() for decision in section.agenda_item.decisions.all())
