"""What can be written on the day after a meeting, out of what was recorded: a report of the results, a press release.

Of an organisation's words only what it promised comes in: the rest is for the secretary to write, and for those it
names to read first. What each is to do stands in the report alone, which stays inside the ministry; of it an
organisation that is asked reads the lines that name it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext

from council.access.roles import Standing
from council.access.visibility import visible_to
from council.actions.models import ActionItem
from council.actions.states import ActionState
from council.core.labels import Label
from council.core.wording import day_text, moment_text
from council.minutes.models import Decision, MinutesRevision, MinutesSection, Publication
from council.minutes.queries.publications import name_outside, withheld_texts
from council.minutes.record import written
from council.overview.publication import depth_of


@dataclass(frozen=True, slots=True)
class Draft:
    title: str
    text: str


def drafted(who: Standing, revision: MinutesRevision, kind: str) -> Draft:
    """The first wording of a text of that kind, in the active language, without what the public version withholds."""
    name = name_outside(revision)
    if kind == Publication.Kind.RESULTS:
        title = gettext("Results of: %(meeting)s") % {"meeting": name}
        lines = [*_outline(revision), *_results(revision), *_follows(who, revision)]
    else:
        title = capfirst(gettext("%(host)s held the %(meeting)s") % {
            "host": revision.minutes.convened_by.name, "meeting": name,
        })  # fmt: skip
        lines = [*_opening(revision, name), *_results(revision)]
    return Draft(title[:200], "\n".join(_without(lines, withheld_texts(revision.minutes))))


def _without(lines: Iterable[str], hidden: Collection[str]) -> Iterator[str]:
    """The lines but for those with a withheld text, and what stands under them."""
    hidden_at: int | None = None
    for line in lines:
        depth = depth_of(line)
        if hidden_at is not None and depth > hidden_at:
            continue
        hidden_at = depth if any(text in line for text in hidden) else None
        if hidden_at is None:
            yield line


def _outline(revision: MinutesRevision) -> Iterator[str]:
    meeting = revision.minutes.meeting
    yield gettext("Outline")
    yield f"- {gettext('When')}: {moment_text(revision.starts_at or meeting.starts_at)}"
    if venue := revision.venue or meeting.venue:
        yield f"- {gettext('Place')}: {venue}"
    titles = ", ".join(section.title for section in revision.sections.order_by("position"))
    yield f"- {gettext('Agenda items')}: {titles}"


def _opening(revision: MinutesRevision, name: str) -> Iterator[str]:
    meeting = revision.minutes.meeting
    yield gettext("%(host)s held the %(meeting)s of %(body)s on %(day)s.") % {
        "host": revision.minutes.convened_by.name,
        "meeting": name,
        "body": meeting.body.name,
        "day": day_text(meeting.day),
    }


def _results(revision: MinutesRevision) -> Iterator[str]:
    """What was decided, asked for and promised, item by item; of remarks nothing."""
    yield gettext("Results")
    for section in written(revision):
        decisions = list(section.agenda_item.decisions.all())
        yield f"- {section.title}{_outcome(section, decisions)}"
        for decision in decisions:
            whose = f"{decision.by_whom.short}: " if decision.by_whom else ""
            first, *further = decision.text.strip().splitlines() or [""]
            named = decision.by_whom and decision.by_whom.is_named_in(first)
            yield f"  - ({decision.get_kind_display()}) {'' if named else whose}{first}"
            yield from (f"    - {line.strip()}" for line in further if line.strip())


def _outcome(section: MinutesSection, decisions: list[Decision]) -> str:
    result = section.agenda_item.get_result_display() if section.agenda_item.result else ""
    return f" ({result})" if result and not decisions else ""


def _follows(who: Standing, revision: MinutesRevision) -> Iterator[str]:
    """What was given out, by owner; not what named persons alone may read."""
    meeting = revision.minutes.meeting_id
    rows = visible_to(who, ActionItem.objects.filter(decision__agenda_item__meeting=meeting))
    rows = (
        rows.exclude(state=ActionState.CANCELLED)
        .exclude(label=Label.RED)
        .select_related("owner")
        .order_by("due_on", "owner", "pk")
    )
    yield gettext("What follows")
    for action in rows.order_by("due_on", "owner", "pk"):
        yield f"- {action.owner.short}: {action.title} ({day_text(action.due_on)})"
    if revision.approved_at is None:
        ahead = gettext("The minutes are circulated for comments and then approved.")
        yield f"- {ahead}"
