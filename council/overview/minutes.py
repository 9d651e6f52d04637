"""The minutes as one reader sees them: a version with its parts, who was there, what was said to it, what changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from django.db import models
from django.db.models import Prefetch

from council.access.roles import Standing
from council.access.visibility import visible_to
from council.actions.models import ActionItem
from council.minutes.models import (
    Confirmation,
    Decision,
    Minutes,
    MinutesComment,
    MinutesRevision,
    MinutesSection,
    Publication,
    Remark,
)
from council.minutes.passages import decisions_kept
from council.minutes.record import attendance_now, is_member, written


@dataclass(frozen=True, slots=True)
class PartPage:
    """An item in a version: what was said, what was decided and follows from it, what was said to that."""

    section: MinutesSection
    remarks: Sequence[Remark]
    decisions: Sequence[Decision]
    comments: Sequence[MinutesComment]
    # Decided on the item in a later version.
    decided_since: Sequence[Decision] = ()

    @property
    def decided(self) -> list[tuple[str, Decision | None]]:
        """The texts of the decisions, each that begins one with it: as they are, or as an older version keeps them."""
        if self.section.revision.is_open:
            return [(decision.text, decision) for decision in self.decisions]
        kept = decisions_kept(self.section, self.decisions)
        before = [None, *(decision for _text, decision in kept)]
        return [(text, None if one is last else one) for (text, one), last in zip(kept, before, strict=False)]


@dataclass(frozen=True, slots=True)
class MinutesPage:
    minutes: Minutes
    revision: MinutesRevision
    versions: Sequence[MinutesRevision]
    parts: Sequence[PartPage]
    attendance: Sequence[dict[str, Any]]
    confirmations: Sequence[Confirmation]
    # Said to the whole of it.
    comments: Sequence[MinutesComment]

    @property
    def members(self) -> list[dict[str, Any]]:
        """The attendees."""
        return [one for one in self.attendance if is_member(one)]

    @property
    def others(self) -> list[dict[str, Any]]:
        """Those in attendance."""
        return [one for one in self.attendance if not is_member(one)]

    @property
    def has_annexes(self) -> bool:
        """Whether something in it is for one organisation alone."""
        return any(remark.private for part in self.parts for remark in part.remarks)

    def without_annexes(self) -> MinutesPage:
        """What everybody reads of it: without annexes, and without the reasons of those who were not there."""
        parts = [replace(part, remarks=[one for one in part.remarks if not one.private]) for part in self.parts]
        return replace(self, parts=parts, attendance=[one | {"reason": ""} for one in self.attendance])

    @property
    def in_force(self) -> MinutesRevision | None:
        """The version that was approved last."""
        return next((version for version in self.versions if version.approved_at), None)


def versions_of(who: Standing, minutes: Minutes) -> list[MinutesRevision]:
    """The versions that somebody sees, the newest first."""
    rows = visible_to(who, MinutesRevision.objects.filter(minutes=minutes))
    return list(rows.select_related("minutes__meeting__body", "minutes__convened_by").order_by("-number"))


def minutes_page(who: Standing, revision: MinutesRevision) -> MinutesPage:
    """Everything that somebody sees of a version that they see."""
    minutes = revision.minutes
    # While the next version is written, what was said to the last one is at hand.
    about = revision.number - 1 if revision.is_open else revision.number
    comments = visible_to(who, MinutesComment.objects.filter(revision__minutes=minutes, revision__number=about))
    said = list(comments.select_related("organisation", "by__person", "replied_by__person", "section").order_by("pk"))
    confirmations = visible_to(who, Confirmation.objects.filter(revision=revision))
    runs_it = who.runs(minutes.meeting.body_id)
    kept = revision.attendance or attendance_now(minutes.meeting)
    return MinutesPage(
        minutes=minutes,
        revision=revision,
        versions=versions_of(who, minutes),
        parts=[
            PartPage(
                section=section,
                remarks=list(section.remarks.all()),
                decisions=list(section.agenda_item.decisions.all()),
                comments=[one for one in said if one.section and one.section.agenda_item_id == section.agenda_item_id],
                decided_since=getattr(section.agenda_item, "decided_since", ()),
            )
            for section in _sections(who, revision)
        ],
        attendance=[
            one if runs_it or one["organisation"] == who.organisation_id else one | {"reason": ""} for one in kept
        ],
        confirmations=list(confirmations.select_related("organisation", "by__person").order_by("organisation")),
        comments=[one for one in said if one.section_id is None],
    )


def publications_of(who: Standing, meeting_id: int) -> list[Publication]:
    """What is published of a meeting, or is to be, as far as somebody sees it."""
    rows = visible_to(who, Publication.objects.filter(revision__minutes__meeting=meeting_id))
    return list(rows.select_related("revision__minutes__meeting__body").order_by("-pk"))


def whole_page(revision: MinutesRevision) -> MinutesPage:
    """A version for the record, whoever reads it, with the annexes of all organisations."""
    parts = [
        PartPage(
            section=section,
            remarks=list(section.remarks.all()),
            decisions=list(section.agenda_item.decisions.all()),
            comments=[],
        )
        for section in written(revision)
    ]
    return MinutesPage(
        minutes=revision.minutes,
        revision=revision,
        versions=[revision],
        parts=parts,
        attendance=revision.attendance,
        confirmations=[],
        comments=[],
    )


def _sections(who: Standing, revision: MinutesRevision) -> Iterable[MinutesSection]:
    remarks = visible_to(
        who, Remark.objects.select_related("speaker__person", "speaker__organisation", "speaker__delegate")
    )
    actions = visible_to(who, ActionItem.objects.for_display())

    def shown(decisions: models.QuerySet[Decision]) -> models.QuerySet[Decision]:
        rows = decisions.select_related("by_whom", "commitment", "revision").order_by("pk")
        return rows.prefetch_related(Prefetch("actions", actions))

    own = visible_to(who, Decision.objects.current() if revision.is_open else Decision.objects.as_of(revision))
    later = visible_to(who, Decision.objects.standing().filter(revision__number__gt=revision.number))
    rows = visible_to(who, MinutesSection.objects.filter(revision=revision))
    return (
        rows.select_related("revision", "agenda_item__commitment__pillar", "agenda_item__pillar")
        .prefetch_related(
            Prefetch("remarks", remarks.order_by("position", "pk")),
            Prefetch("agenda_item__decisions", shown(own)),
            Prefetch("agenda_item__decisions", shown(later), to_attr="decided_since"),
        )
        .order_by("position", "pk")
    )


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: kept, or only in the older or only in the newer version."""

    text: str
    was: bool = False
    became: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs in one place of two versions."""

    place: str
    pieces: Sequence[Piece]


def differences(older: MinutesPage, newer: MinutesPage) -> list[Difference]:
    """Place by place, where two versions differ, as far as the reader sees both."""
    before, after = _texts(older), _texts(newer)
    places = [*after, *(place for place in before if place not in after)]
    return [
        Difference(place, compare(before.get(place, ""), after.get(place, "")))
        for place in places
        if before.get(place, "") != after.get(place, "")
    ]


def _texts(page: MinutesPage) -> dict[str, str]:
    revision = page.revision
    texts = {
        str(revision._meta.get_field(name).verbose_name): getattr(revision, name)  # type: ignore[union-attr]
        for name in ("title", "venue", "proceedings", "summary", "keywords")
    }
    for part in page.parts:
        section = part.section
        said = [f"{one.who}: {one.text}" for one in part.remarks]
        lines = [*said, section.gist, section.decision, section.get_vote_display() if section.vote else ""]
        if section.vote == MinutesSection.Vote.HELD:
            lines.append(f"{section.votes_for} / {section.votes_against} / {section.votes_abstained}")
        texts[f"{section.position}. {section.title}"] = "\n".join(line for line in lines if line)
    return texts


def compare(before: str, after: str) -> list[Piece]:
    """Two texts word by word."""
    old, new = _words(before), _words(after)
    pieces: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("".join(old[a:b])))
            continue
        if a < b:
            pieces.append(Piece("".join(old[a:b]), was=True))
        if c < d:
            pieces.append(Piece("".join(new[c:d]), became=True))
    return pieces


def _words(text: str) -> list[str]:
    """Words with the blanks behind them; of a very long text its lines, since comparing takes its time squared."""
    lines = text.splitlines(keepends=True)
    if len(text) > MANY:
        return lines
    return [word for line in lines for word in _split(line)]


MANY = 5_000


def _split(line: str) -> list[str]:
    words = line.split(" ")
    return [f"{word} " for word in words[:-1]] + [words[-1]]
