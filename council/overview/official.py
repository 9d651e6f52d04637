"""What official documents say, out of what a reader sees: minutes, notice and agenda of a meeting, registers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_noop as _noop

from council.core.labels import Label
from council.core.languages import languages
from council.core.wording import day_text, moment_text, time_text
from council.documents.official import Grid, Line, Official, Part, rows_of
from council.meetings.agenda import COMPETITION_NOTICE
from council.meetings.models import Meeting
from council.minutes.models import Decision, MinutesSection
from council.minutes.passages import (
    NOTHING_HIDDEN,
    Hidden,
    decision_name,
    paragraphs,
    person_place,
    person_text,
    result_text,
    section_place,
    shown,
    vote_text,
)
from council.minutes.record import is_member
from council.overview.agenda import Board
from council.overview.minutes import MinutesPage, PartPage
from council.parties.queries import ministry


def author() -> str:
    """In whose name documents are made: the ministry's."""
    found = ministry()
    return found.name if found else ""


def minutes_document(
    page: MinutesPage, *, made_at: datetime, hidden: Hidden = NOTHING_HIDDEN, named: bool = True
) -> Official:
    """A version of the minutes with the ten things that the decree asks for (시행령 제18조제2항).

    Nothing that is not in ``page`` comes in: it was put together for its reader. What is ``hidden`` is nowhere in it,
    neither in its title nor among what is said of the file; a mark stands in its place. ``named``: each decision with
    its kind, number and of whom it is, which is no passage that could be withheld.
    """
    revision, minutes = page.revision, page.minutes
    marks = [] if revision.approved_at else [pgettext("minutes", "draft")]
    if page.has_annexes:
        marks.append(gettext("with annexes"))
    notes = [gettext("Content: SHA-256 %(hash)s") % {"hash": revision.sha256}] if revision.sha256 else []
    title = shown(hidden, "title", revision.title) or minutes.meeting.name
    return Official(
        title=gettext("Minutes of: %(meeting)s") % {"meeting": title},
        language=languages()[0],
        author=minutes.convened_by.name,
        made_at=made_at,
        # An annex is between one organisation and the ministry, and so is what holds it.
        label=Label.AMBER_STRICT if page.has_annexes else minutes.label,
        marking=", ".join(marks),
        facts=tuple(_facts(page, hidden)),
        parts=tuple(part for each in page.parts for part in _of_item(each, hidden, named=named)),
        summary=shown(hidden, "summary", revision.summary),
        keywords=()
        if set(hidden) & {place for place, _ in paragraphs("keywords", revision.keywords)}
        else tuple(revision.keyword_list),
        notes=tuple(notes),
    )


# What stands at the head of any of these documents, in a division's own form too.
HEADINGS = (
    _noop("Name of the meeting"), _noop("Host institution"), _noop("When"), _noop("Place"), _noop("Attendees"),
    _noop("In attendance"), _noop("Order of proceedings"), _noop("Agenda items"), _noop("Summary"),
    _noop("Keywords"), _noop("Version"), _noop("Approved"), _noop("Body"), _noop("Meeting"), _noop("Embargo until"),
    _noop("Document number"), _noop("Registration number"),
)  # fmt: skip


def _facts(page: MinutesPage, hidden: Hidden) -> Iterator[tuple[str, str]]:
    revision = page.revision
    people = [(one, shown(hidden, person_place(at), person_text(one))) for at, one in enumerate(page.attendance)]
    members = [text for one, text in people if is_member(one)]
    others = [text for one, text in people if not is_member(one)]
    titles = (f"{one.section.position}. {_title(one.section, hidden)}" for one in page.parts)
    yield gettext("Name of the meeting"), shown(hidden, "title", revision.title)
    yield gettext("Host institution"), page.minutes.convened_by.name
    yield gettext("When"), _span(revision.starts_at, revision.ends_at)
    yield gettext("Place"), shown(hidden, "venue", revision.venue)
    yield gettext("Attendees"), _listed(members)
    yield gettext("In attendance"), _listed(others)
    yield gettext("Order of proceedings"), shown(hidden, "proceedings", revision.proceedings)
    yield gettext("Agenda items"), "\n".join(titles)
    if revision.summary:
        yield gettext("Summary"), shown(hidden, "summary", revision.summary)
    if revision.keyword_list:
        yield gettext("Keywords"), shown(hidden, "keywords", revision.keywords)
    yield gettext("Version"), gettext("version %(number)s") % {"number": revision.number}
    if revision.registration_number:
        yield gettext("Registration number"), revision.registration_number
    if revision.approved_on:
        approved = (day_text(revision.approved_on), revision.approver, revision.get_route_display())
        yield gettext("Approved"), " · ".join(approved)


def _span(starts_at: datetime | None, ends_at: datetime | None) -> str:
    if starts_at is None:
        return ""
    return f"{moment_text(starts_at)} – {time_text(ends_at)}" if ends_at else moment_text(starts_at)


def _listed(people: Sequence[str]) -> str:
    return "\n".join(people) or pgettext("minutes", "none")


def _title(section: MinutesSection, hidden: Hidden) -> str:
    return shown(hidden, section_place(section, "title"), section.title)


def _of_item(part: PartPage, hidden: Hidden, *, named: bool) -> Iterator[Part]:
    section = part.section

    def text(what: str, words: str) -> str:
        return shown(hidden, section_place(section, what), words)

    yield Line(_title(section, hidden), 0, heading=True)
    yield Line(gettext("Gist of the remarks"), 1)
    for remark in part.remarks:
        annex = f" [{gettext('annex for this organisation alone')}]" if remark.private else ""
        who, said = text(f"said-{remark.pk}-who", remark.who), text(f"said-{remark.pk}", remark.text)
        yield Line(f"{who}{annex}: {said}", 2)
    if section.gist:
        yield Line(text("gist", section.gist), 2)
    yield Line(pgettext("minutes", "Decisions"), 1)
    lines = [
        f"({decision_name(decision)}) {words}" if named and decision else text(f"decided-{number}", words)
        for number, (words, decision) in enumerate(part.decided)
    ]
    for line in lines or [pgettext("minutes", "none")]:
        yield Line(line, 2)
    yield Line(f"{pgettext('minutes', 'Vote')}: {text('vote', vote_text(section))}", 1)
    if result := result_text(section):
        yield Line(f"{gettext('Result')}: {text('result', result)}", 1)


def agenda_document(
    meeting: Meeting, board: Board, *, author: str, made_at: datetime, notice: bool, number: str = ""
) -> Official:
    """The agenda of a meeting as a reader sees it; with ``notice``, the letter that convenes it (회의 개최 통보).

    ``number`` is that of the ministry's own document, once it is known.
    """
    columns = (gettext("No."), gettext("Starts"), gettext("Agenda item"), gettext("Kind"), gettext("Handed in by"))
    rows = rows_of(
        (
            slot.number,
            time_text(slot.starts_at) if slot.starts_at else "",
            slot.item.title,
            slot.item.get_kind_display(),
            slot.item.owner.short,
        )
        for slot in board.table.slots
    )
    numbered = ((gettext("Document number"), number),) if number else ()
    facts = (
        *numbered,
        (gettext("When"), _span(meeting.starts_at, meeting.ends_at)),
        (gettext("Place"), " ".join(filter(None, [meeting.venue, f"({meeting.get_mode_display()})"]))),
        (gettext("Body"), meeting.body.name),
    )
    grid = Grid(gettext("Agenda"), columns, rows, (8, 12, 48, 14, 18))
    parts: tuple[Part, ...] = (grid, Line(str(COMPETITION_NOTICE)))
    title = gettext("Agenda of: %(meeting)s")
    if notice:
        title = gettext("Notice of: %(meeting)s")
        asks = gettext("The meeting is held as follows. Please attend; answers are given in the system.")
        parts = (Line(gettext("The meeting below is convened."), 0), Line(asks, 0), *parts)
    return Official(
        title=title % {"meeting": meeting.name},
        language=languages()[0],
        author=author,
        made_at=made_at,
        label="TLP:AMBER",
        facts=facts,
        parts=parts,
        attachments=(gettext("Meeting papers"),) if notice else (),
    )


DECISION_WIDTHS = (10, 12, 46, 14, 18)


def decision_columns() -> tuple[str, ...]:
    """The headings of the register of decisions."""
    return (gettext("Number"), gettext("Kind"), gettext("Decision"), gettext("Of whom"), gettext("What follows"))


def decision_rows(decisions: Iterable[Decision]) -> tuple[tuple[str, ...], ...]:
    """The register's rows; the decisions come with the action items that the reader sees."""
    return rows_of(
        (
            decision.reference or gettext("provisional"),
            decision.get_kind_display(),
            decision.text,
            decision.by_whom.short if decision.by_whom else "",
            "\n".join(f"{action.owner.short} {action.reference}" for action in decision.actions.all())
            or (gettext("no action needed") if decision.no_action else ""),
        )
        for decision in decisions
    )


ACTION_WIDTHS = (10, 8, 26, 10, 8, 11, 11, 8, 8)


def action_columns() -> tuple[str, ...]:
    """The headings of the list of action items."""
    return (
        gettext("Owner"), gettext("Number"), gettext("Title"), gettext("Pillar"), gettext("Commitment"),
        gettext("Due on"), gettext("Originally due"), gettext("Progress (%)"), gettext("State"),
    )  # fmt: skip


def action_rows(actions: Iterable[Any]) -> tuple[tuple[str, ...], ...]:
    """The list's rows, of items with the progress that their reader sees."""
    return rows_of(
        (
            one.owner.short,
            one.reference,
            one.title,
            one.own_pillar.short if one.own_pillar else gettext("Running of the council"),
            one.commitment.code if one.commitment else "",
            day_text(one.due_on),
            day_text(one.original_due_on) if one.original_due_on != one.due_on else "",
            "" if one.progress is None else str(one.progress),
            one.get_state_display(),
        )
        for one in actions
    )


def register_document(title: str, grid: Grid, *, author: str, made_at: datetime, label: str) -> Official:
    """A register as a document."""
    return Official(title=title, language=languages()[0], author=author, made_at=made_at, label=label, parts=(grid,))
