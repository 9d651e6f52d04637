"""Writing the minutes: they grow from the agenda and the notes; two who write at once lose nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from council.core import audit
from council.core.actor import Actor
from council.core.errors import DomainError, NotAllowedNow, SomebodyWasFaster, Text
from council.core.lifecycle import move
from council.core.wording import time_text
from council.meetings.agenda import Timetable, timetable
from council.meetings.models import AgendaItem, ItemNote, Meeting, Participation
from council.meetings.states import BEGUN
from council.minutes.models import Decision, Frozen, Minutes, MinutesRevision, MinutesSection, Remark
from council.minutes.models.minutes import FROZEN
from council.minutes.operations.locking import lock_minutes
from council.minutes.states import IN_FORCE, MINUTES, MinutesState
from council.parties.queries import ministry

# What one may type at once; a longer text belongs into a paper.
LONGEST = 20_000
CHANGED = _("Somebody else has saved this part meanwhile. Both texts are shown; nothing you typed is lost.")


class MinutesRefused(DomainError):
    """The minutes cannot be kept like this."""


class PartChanged(SomebodyWasFaster):
    """Somebody else saved this part meanwhile; ``version`` is the one that is stored."""

    def __init__(self, version: int) -> None:
        super().__init__(CHANGED)
        self.version = version


type Plain = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a version says about the meeting as a whole."""

    title: str
    starts_at: datetime | None
    ends_at: datetime | None
    venue: str
    proceedings: str
    summary: str
    keywords: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one speaker said."""

    speaker: Participation
    text: str
    private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What was said and decided on one item; without a vote, the numbers are None."""

    remarks: Sequence[Said] = ()
    gist: str = ""
    no_decision: bool = False
    vote: str = ""
    voters: int | None = None
    votes_for: int | None = None
    votes_against: int | None = None
    votes_abstained: int | None = None


def start_minutes(meeting: Meeting, *, by: Actor) -> Minutes:
    """The minutes of a meeting that has begun, with a first version made of its agenda and the notes; once."""
    with transaction.atomic():
        locked = Meeting.objects.select_for_update().get(pk=meeting.pk)
        if existing := Minutes.objects.filter(meeting=locked).first():
            return existing
        if locked.state not in BEGUN:
            raise NotAllowedNow(_("Minutes are written once the meeting has begun."))
        host = ministry()
        if host is None:
            raise DomainError(_("No ministry is in the register. Minutes are written by the one who convenes."))
        minutes = Minutes.objects.create(meeting=locked, convened_by=host)
        table = timetable(locked, locked.agenda_items.select_related("section"))
        with translation.override("ko"):
            revision = MinutesRevision.objects.create(
                minutes=minutes,
                number=1,
                title=_name_of(locked),
                starts_at=None if locked.day_only else locked.starts_at,
                ends_at=locked.ends_at,
                venue=locked.venue,
                proceedings=_order(table),
            )
        _add_sections(revision, [slot.item for slot in table.slots])
        audit.record(by=by, verb="minutes.started", target=minutes)
        return minutes


def _name_of(meeting: Meeting) -> str:
    """With the body's, as the file is read by those who do not see whose folder it lay in."""
    name = capfirst(meeting.name)
    whole = f"{meeting.body.name} {name}"
    longest = MinutesRevision._meta.get_field("title").max_length or 0
    return name if name.startswith(meeting.body.name) or len(whole) > longest else whole


def _order(table: Timetable) -> str:
    """The order of proceedings as it was planned, a line an item; the secretary writes over it what came otherwise."""
    return "\n".join(
        f"{time_text(slot.starts_at)} {slot.number}. {slot.item.title}"
        if slot.starts_at
        else f"{slot.number}. {slot.item.title}"
        for slot in table.slots
    )


def _add_sections(revision: MinutesRevision, items: Iterable[AgendaItem]) -> None:
    items = list(items)
    notes = dict(ItemNote.objects.filter(item__in=items).values_list("item", "text"))
    for position, item in enumerate(items, 1):
        MinutesSection.objects.create(
            revision=revision,
            agenda_item=item,
            position=position,
            title=item.title,
            gist=notes.get(item.pk, "")[:LONGEST],
        )


def open_revision(pk: int) -> MinutesRevision:
    """A version that is being written, with the minutes locked; Frozen once it was shown. Inside a transaction."""
    found = MinutesRevision.objects.filter(pk=pk).values_list("minutes", flat=True).first()
    if found is None:
        raise SomebodyWasFaster(_("Somebody else removed this a moment ago."))
    lock_minutes(pk=found)
    # The meeting comes first everywhere: read here, it is not to be locked behind the minutes.
    revisions = MinutesRevision.objects.select_for_update(of=("self",)).select_related("minutes__meeting")
    revision = revisions.get(pk=pk)
    if not revision.is_open:
        raise Frozen(FROZEN)
    return revision


def save_head(revision: MinutesRevision, *, by: Actor, head: Head, seen: int) -> int:
    """Keep what is said of the meeting as a whole, written over the version that was ``seen``; the new one's number.

    PartChanged if somebody else has saved other words meanwhile.
    """
    if head.starts_at and head.ends_at and head.ends_at <= head.starts_at:
        raise MinutesRefused(_("The meeting must end after it starts."), field="ends_at")
    _refuse_longer({"proceedings": head.proceedings, "summary": head.summary})
    with transaction.atomic():
        stored = open_revision(revision.pk)
        values = {name: getattr(head, name) for name in Head.__slots__}
        if values == {name: getattr(stored, name) for name in values}:
            return stored.version
        if stored.version != seen:
            raise PartChanged(stored.version)
        before = audit.snapshot(stored)
        for name, value in values.items():
            setattr(stored, name, value)
        stored.version += 1
        stored.save()
        audit.record_change(by=by, verb="minutes.head_saved", target=stored, before=before)
        return stored.version


def save_part(section: MinutesSection, *, by: Actor, part: Part, seen: int) -> int:
    """Keep what was said and decided on an item, written over the version that was ``seen``; the new one's number.

    PartChanged if somebody else has saved other words meanwhile; MinutesRefused for a vote that does not add up.
    """
    with transaction.atomic():
        revision = open_revision(section.revision_id)
        _check(part, revision.minutes.meeting)
        stored = MinutesSection.objects.select_for_update().get(pk=section.pk)
        if _as_stored(stored) == _as_written(part):
            return stored.version
        if stored.version != seen:
            raise PartChanged(stored.version)
        if part.no_decision and Decision.objects.current().filter(agenda_item=stored.agenda_item_id).exists():
            raise MinutesRefused(_("A decision is written down on this item already."), field="no_decision")
        _keep_annexes(stored, part)
        was = _as_stored(stored)
        for name in COLUMNS:
            setattr(stored, name, getattr(part, name))
        stored.version += 1
        stored.save()
        stored.remarks.all().delete()
        Remark.objects.bulk_create(
            Remark(section=stored, position=position, speaker=said.speaker, text=said.text, private=said.private)
            for position, said in enumerate(part.remarks, 1)
        )
        before, after = audit.changes(_texts(was), _texts(_as_written(part)))
        audit.record(by=by, verb="minutes.part_saved", target=stored, before=before, after=after)
        return stored.version


COLUMNS = ("gist", "no_decision", "vote", "voters", "votes_for", "votes_against", "votes_abstained")


def _as_stored(section: MinutesSection) -> Plain:
    said = section.remarks.order_by("position", "pk").values_list("speaker", "text", "private")
    return {name: getattr(section, name) for name in COLUMNS} | {"remarks": list(said)}


def _as_written(part: Part) -> Plain:
    said = [(one.speaker.pk, one.text, one.private) for one in part.remarks]
    return {name: getattr(part, name) for name in COLUMNS} | {"remarks": said}


def _texts(values: Plain) -> Plain:
    """For the record: what was said is kept there too, correction by correction (시행령 제16조)."""
    said = [f"{speaker}{' [annex]' * private}: {text}" for speaker, text, private in values["remarks"]]
    return values | {"remarks": "\n".join(said)}


def _check(part: Part, meeting: Meeting) -> None:
    _refuse_longer({"gist": part.gist} | {"remarks": max((one.text for one in part.remarks), key=len, default="")})
    if any(one.speaker.meeting_id != meeting.pk for one in part.remarks):
        raise MinutesRefused(_("Only who takes part in this meeting speaks at it."), field="remarks")
    if any(not one.text.strip() for one in part.remarks):
        raise MinutesRefused(_("Write what was said, or remove the line."), field="remarks")
    if part.vote not in MinutesSection.Vote.values:
        raise MinutesRefused(_("Say whether a vote was taken."), field="vote")
    numbers = (part.voters, part.votes_for, part.votes_against, part.votes_abstained)
    if part.vote != MinutesSection.Vote.HELD:
        if any(number is not None for number in numbers):
            raise MinutesRefused(_("Numbers belong to a vote that was taken."), field="vote")
        return
    if None in numbers:
        raise MinutesRefused(_("Enter all four numbers of the vote."), field="voters")
    check_sum(part, meeting)


def _keep_annexes(section: MinutesSection, part: Part) -> None:
    """What an organisation alone has read stays its own; to others it is released by it, not by a tick that is lost."""
    shown = Remark.objects.filter(
        private=True, section__agenda_item=section.agenda_item_id, section__revision__circulated_at__isnull=False
    )
    annexes = dict(shown.values_list("text", "speaker__organisation"))
    for said in part.remarks:
        owner = annexes.get(said.text)
        if owner is not None and (not said.private or said.speaker.organisation_id != owner):
            raise MinutesRefused(
                _("“%(text)s” was shown as an annex to one organisation alone. Keep it so, or write it anew.")
                % {"text": said.text[:60]},
                field="remarks",
            )


def check_sum(part: Part | MinutesSection, meeting: Meeting) -> None:
    """As many votes as voters, and no more voters than members who were there, themselves or by proxy."""
    cast = sum(number or 0 for number in (part.votes_for, part.votes_against, part.votes_abstained))
    if cast != part.voters:
        raise MinutesRefused(
            _("The vote does not add up: %(cast)d votes of %(voters)d who voted.")
            % {"cast": cast, "voters": part.voters or 0},
            field="voters",
        )
    there = meeting.participations.asked().filter(
        capacity=Participation.Capacity.MEMBER,
        attendance__in=[Participation.Attendance.PRESENT, Participation.Attendance.BY_PROXY],
    )
    if cast > (members := there.count()):
        raise MinutesRefused(
            _("%(cast)d votes were entered, but the attendance list has %(members)d members present.")
            % {"cast": cast, "members": members},
            field="voters",
        )


def _refuse_longer(texts: dict[str, str]) -> None:
    for field, text in texts.items():
        if len(text) > LONGEST:
            raise MinutesRefused(too_long(len(text)), field=field)


def too_long(length: int) -> Text:
    """What is said of a text that is too long."""
    return _("%(length)d characters are more than the %(longest)d that fit here. Attach a longer text as a paper.") % {
        "length": length,
        "longest": LONGEST,
    }


def next_version(minutes: Minutes, *, by: Actor, because: str) -> MinutesRevision:
    """Write on as the next version, from the words of the last one: after comments, or to amend what was approved.

    What others have read stays as it is. NotAllowedNow while a version is being written already.
    """
    if not because.strip():
        raise MinutesRefused(_("Say why there is a new version."), field="because")
    with transaction.atomic():
        locked = lock_minutes(pk=minutes.pk)
        verb = "minutes.amended" if locked.state in IN_FORCE else "minutes.revised"
        move(locked, to=MinutesState.DRAFT, by=by, lifecycle=MINUTES, verb=verb, reason=because.strip())
        minutes.refresh_from_db(fields=["state"])
        last = locked.newest
        copied = {name: getattr(last, name) for name in Head.__slots__}
        new = MinutesRevision.objects.create(
            minutes=locked, number=last.number + 1, version=last.version + 1, because=because.strip(), **copied
        )
        for section in last.sections.prefetch_related("remarks").order_by("position", "pk"):
            _copy(section, into=new)
        return new


def _copy(section: MinutesSection, *, into: MinutesRevision) -> None:
    names = ("agenda_item_id", "position", "title", *COLUMNS)
    new = MinutesSection.objects.create(revision=into, **{name: getattr(section, name) for name in names})
    Remark.objects.bulk_create(
        Remark(section=new, position=one.position, speaker_id=one.speaker_id, text=one.text, private=one.private)
        for one in section.remarks.all()
    )


def being_written(minutes: Minutes) -> MinutesRevision | None:
    """The version that is being written; None if none is."""
    return minutes.revisions.being_written().first()
