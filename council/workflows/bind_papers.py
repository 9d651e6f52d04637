"""Binding a meeting's papers into one file for one reader: asked for on the web, made in the background."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator, Sequence, Set
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from time import monotonic

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from council.access.readers import known_people
from council.access.roles import Standing, standing
from council.access.visibility import visible_to
from council.actions.models import ActionItem
from council.core import audit
from council.core.actor import Actor
from council.core.calendar import local_day
from council.core.labels import Label
from council.core.wording import day_text, moment_text, time_text
from council.documents.briefing import PDF, AgendaLine, Pack, PaperPart, Table, briefing_pack
from council.files.queries import opened, withheld
from council.meetings.agenda import COMPETITION_NOTICE, Slot, timetable
from council.meetings.models import AgendaItem, BriefingPack, Meeting, Paper, PaperVersion
from council.meetings.operations.papers import note_received
from council.meetings.states import MeetingState
from council.parties.models import User
from council.parties.queries import actor_for

logger = logging.getLogger(__name__)
Stage = BriefingPack.Stage
# Longer than making one takes; a worker that died gives it up to the next.
LEASE = timedelta(minutes=5)


def ask_for_pack(meeting: Meeting, *, user: User, by: Actor) -> BriefingPack:
    """Have the papers bound anew for an account; one that is being made already goes on."""
    with transaction.atomic():
        pack, made = BriefingPack.objects.select_for_update().get_or_create(meeting=meeting, user=user)
        if made or pack.stage in {Stage.READY, Stage.FAILED}:
            pack.stage, pack.done, pack.total, pack.made_at, pack.lease_until = Stage.WAITING, 0, 0, None, None
            pack.save()
            audit.record(by=by, verb="pack.asked", target=pack)
    return pack


def make_waiting(*, now: datetime, limit: int = 2) -> int:
    """Make packs that were asked for; how many were made. Any number may run at once."""
    made = 0
    waiting = Q(stage=Stage.WAITING) | Q(stage=Stage.MAKING, lease_until__lt=now)
    for pack in BriefingPack.objects.filter(waiting).order_by("updated_at")[:limit]:
        claimed = BriefingPack.objects.filter(waiting, pk=pack.pk)
        if claimed.update(stage=Stage.MAKING, lease_until=now + LEASE, updated_at=now):
            made += _make(BriefingPack.objects.select_related("meeting__body", "user__person").get(pk=pack.pk), now)
    return made


def _make(row: BriefingPack, now: datetime) -> bool:
    who = standing(actor_for(row.user), on=local_day(now))
    mine = BriefingPack.objects.filter(pk=row.pk, stage=Stage.MAKING)
    begun = monotonic()

    def progress(done: int, of: int) -> None:
        passed = timedelta(seconds=monotonic() - begun)
        mine.update(done=done, total=of, lease_until=now + passed + LEASE)

    try:
        with translation.override(row.user.language), TemporaryFile() as out:
            versions = list(bound_versions(who, row.meeting))
            pack = compose(
                who,
                row.meeting,
                versions,
                reader=_reader(row.user),
                language=row.user.language,
                made=moment_text(now),
            )
            briefing_pack(pack, out, progress=progress)
            out.seek(0)
            older = row.file.name
            row.file.save(f"{row.pk}.pdf", File(out), save=False)
            if older:
                row.file.storage.delete(older)
    except Exception:
        logger.exception("Briefing pack %s could not be made.", row.pk)
        mine.update(stage=Stage.FAILED, lease_until=None)
        return False
    done = mine.update(stage=Stage.READY, file=row.file.name, made_at=now, lease_until=None, contents=_digest(pack))
    if not done and row.file.name:  # another driver took it over meanwhile
        row.file.storage.delete(row.file.name)
    return bool(done)


def note_downloaded(pack: BriefingPack, *, who: Standing, by: Actor, now: datetime) -> None:
    """A reader has got a pack, and with it the papers whose pages are in it: each has been opened."""
    audit.record(by=by, verb="pack.downloaded", target=pack)
    versions = bound_versions(who, pack.meeting)
    inside = [one for one in versions if one.file.media_type == PDF and withheld(one.file) is None]
    note_received(inside, by=by, now=now)


def _reader(user: User) -> str:
    return f"{user.person.name} ({user.person.organisation.short})" if user.person else user.email


def fingerprint(who: Standing, meeting: Meeting, *, language: str) -> str:
    """What tells one state of what a reader may have from the next: a pack of another state is not handed out."""
    with translation.override(language):
        pack = compose(who, meeting, list(bound_versions(who, meeting)), reader="", language=language, made="")
    return _digest(pack)


def _digest(pack: Pack) -> str:
    """Of everything in it but for whom and when it was made; a file is known by its hash."""
    plain = replace(pack, reader="", made="", papers=tuple(replace(paper, content=None) for paper in pack.papers))
    return hashlib.sha256(json.dumps(asdict(plain), ensure_ascii=False, default=str).encode()).hexdigest()


def bound_versions(who: Standing, meeting: Meeting) -> Iterator[PaperVersion]:
    """The newest version of each paper that goes into a reader's pack. TLP:RED is read on its own page alone."""
    papers = visible_to(who, Paper.objects.standing().filter(agenda_item__meeting=meeting)).exclude(label=Label.RED)
    newest: dict[int, PaperVersion] = {}
    rows = visible_to(who, PaperVersion.objects.filter(paper__in=papers.values("pk")))
    for version in rows.select_related("paper__owner", "paper__agenda_item", "file").order_by("paper", "number"):
        newest[version.paper_id] = version
    return iter(newest.values())


def compose(
    who: Standing, meeting: Meeting, versions: Sequence[PaperVersion], *, reader: str, language: str, made: str
) -> Pack:
    """What goes into a reader's pack, in the active language: nothing that the reader does not see."""
    rows = visible_to(who, AgendaItem.objects.filter(meeting=meeting))
    items = rows.select_related("section", "commitment__pillar", "pillar", "presenter", "owner")
    table = timetable(meeting, items)
    numbers = {slot.item.pk: str(slot.number) for slot in table.slots}
    actions = _shown_actions(who, meeting)
    results = _last_results(who, meeting)
    labels = [*(slot.item.label for slot in table.slots), *(version.paper.counting_label for version in versions)]
    labels += [row.label for row in (*actions, *results)]
    known = known_people(who, [slot.item.presenter_id for slot in table.slots])
    return Pack(
        title=capfirst(meeting.name),
        body=meeting.body.name,
        when=_when(meeting),
        venue=meeting.venue or str(meeting.get_mode_display()),
        reader=reader,
        made=made,
        label=Label.strictest(labels) if labels else Label.AMBER,
        notice=str(COMPETITION_NOTICE),
        author=str(settings.SITE_NAME),
        language=language,
        agenda=tuple(_line(slot, known) for slot in table.slots),
        papers=(*_papers(versions, numbers), *_elsewhere(who, meeting, numbers)),
        tables=(_open_actions(actions), _results(results)),
    )


def _when(meeting: Meeting) -> str:
    if meeting.day_only:
        return day_text(meeting.day)
    return moment_text(meeting.starts_at) + (f"–{time_text(meeting.ends_at)}" if meeting.ends_at else "")


def _line(slot: Slot, known: Set[int]) -> AgendaLine:
    item = slot.item
    marks = [
        (item.consent, _("without discussion")),
        (item.late, _("late")),
        (item.provisional, _("provisional")),
        (item.carried_from_id is not None, _("carried over")),
    ]
    return AgendaLine(
        number=str(slot.number),
        title=item.title,
        kind=str(item.get_kind_display()),
        section=item.section.title if item.section else "",
        starts=time_text(slot.starts_at) if slot.starts_at else "",
        minutes=item.duration,
        presenter=item.presenter.name if item.presenter and item.presenter_id in known else "",
        pillar=item.own_pillar.short if item.own_pillar else "",
        commitment=f"{item.commitment.code} {item.commitment.title}" if item.commitment else "",
        label=item.label,
        marks=tuple(text for holds, text in marks if holds),
        background=item.background,
    )


def _papers(versions: Sequence[PaperVersion], numbers: dict[int, str]) -> Iterator[PaperPart]:
    for version in versions:
        paper, file = version.paper, version.file
        yield PaperPart(
            item_number=numbers.get(paper.agenda_item_id, ""),
            title=paper.title,
            kind=str(paper.get_kind_display()),
            label=paper.counting_label,
            owner=paper.owner.short,
            version=version.number,
            file_name=file.name,
            size=file.size,
            sha256=file.sha256,
            media_type=file.media_type,
            content=lambda file=file: opened(file),  # type: ignore[misc]
            withheld=str(withheld(file) or ""),
        )


def _elsewhere(who: Standing, meeting: Meeting, numbers: dict[int, str]) -> Iterator[PaperPart]:
    """Papers without a file, by their document numbers."""
    papers = Paper.objects.standing().filter(agenda_item__meeting=meeting, versions=None).exclude(document_number="")
    for paper in visible_to(who, papers).exclude(label=Label.RED).select_related("owner", "agenda_item").order_by("pk"):
        yield PaperPart(
            item_number=numbers.get(paper.agenda_item_id, ""),
            title=paper.title,
            kind=str(paper.get_kind_display()),
            label=paper.counting_label,
            owner=paper.owner.short,
            version=0,
            elsewhere=paper.document_number,
        )


def _shown_actions(who: Standing, meeting: Meeting) -> list[ActionItem]:
    rows = visible_to(who, ActionItem.objects.owed().filter(body=meeting.body_id)).exclude(label=Label.RED)
    return list(rows.for_display().order_by("owner", "due_on", "number"))


def _open_actions(actions: Sequence[ActionItem]) -> Table:
    return Table(
        title=_("Open action items"),
        columns=(_("Owner"), _("Number"), _("Title"), _("Due"), _("State")),
        rows=tuple(
            (row.owner.short, row.reference, row.title, day_text(row.due_on), str(row.get_state_display()))
            for row in actions
        ),
        empty=_("There are no open action items that you see."),
    )


def _last_results(who: Standing, meeting: Meeting) -> list[AgendaItem]:
    """The items of the last meeting of which something became."""
    held = Meeting.objects.filter(body=meeting.body_id, state=MeetingState.CLOSED, starts_at__lt=meeting.starts_at)
    last = visible_to(who, held).order_by("-starts_at").first()
    items = visible_to(who, AgendaItem.objects.filter(meeting=last).exclude(result=""))
    return list(items) if last else []


def _results(items: Sequence[AgendaItem]) -> Table:
    return Table(
        title=_("Results of the last meeting"),
        columns=(_("Item"), _("Result")),
        rows=tuple((item.title, str(item.get_result_display())) for item in items),
        empty=_("No results of an earlier meeting are kept."),
    )
