"""The passages of a version of the minutes: what its public version can withhold, each under a name that stays.

Plain values, read off an approved version, whose text does not move. Annexes of one organisation are none of them:
they are no part of what the public version is made from.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_lazy, pgettext, pgettext_lazy

from council.core.errors import Text
from council.core.languages import in_language
from council.meetings.models import Participation
from council.minutes.models import Decision, MinutesRevision, MinutesSection, Redaction
from council.minutes.record import NAMES, Kept, LegalField, is_member

# What of a version as a whole can be withheld paragraph by paragraph; when it was and who convened it cannot.
OF_THE_WHOLE: dict[str, Text] = {
    "title": NAMES[LegalField.NAME],
    "venue": NAMES[LegalField.PLACE],
    "proceedings": NAMES[LegalField.PROCEEDINGS],
    "summary": gettext_lazy("summary"),
    "keywords": gettext_lazy("keywords"),
}
OF_SOMEBODY = {Decision.Kind.PLEDGE, Decision.Kind.REQUEST}
type Hidden = Mapping[str, str]
NOTHING_HIDDEN: Hidden = {}


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph with its place, whose words or data it is, and the part of the minutes in which it stands."""

    place: str
    what: Text
    text: str
    organisation_id: int
    section: MinutesSection | None = None


def paragraphs(place: str, text: str) -> list[tuple[str, str]]:
    """The paragraphs of a text, each with its place."""
    return [(f"{place}.{at}", line) for at, line in enumerate(line for line in text.splitlines() if line.strip())]


def shown(hidden: Hidden, place: str, text: str) -> str:
    """A text with the paragraphs that are withheld exchanged for what marks them; neighbours share one mark."""
    if not hidden:
        return text
    lines: list[str] = []
    for where, line in paragraphs(place, text):
        mark = hidden.get(where)
        if mark is None or lines[-1:] != [mark]:
            lines.append(line if mark is None else mark)
    return "\n".join(lines)


def marks_of(redactions: Iterable[Redaction]) -> Hidden:
    """What stands in the place of each withheld passage: that it is withheld, and by what right."""
    return {row.place: mark(row.grounds) for row in redactions}


def mark(grounds: Sequence[int]) -> str:
    """Marks a place where something is withheld."""
    items = "·".join(gettext("item %(number)s") % {"number": number} for number in grounds)
    return gettext("[Not disclosed: Information Disclosure Act, Article 9 (1), %(items)s]") % {"items": items}


def person_place(at: int) -> str:
    """Where somebody stands in the list of those who were there."""
    return f"person-{at}"


def section_place(section: MinutesSection, what: str) -> str:
    return f"part-{section.pk}-{what}"


def decided(section: MinutesSection) -> list[str]:
    """The decisions of a part as the version keeps them."""
    return [one for one in section.decision.split("\n\n") if one.strip()]


def passages(
    revision: MinutesRevision, sections: Iterable[MinutesSection], decisions: Iterable[Decision]
) -> Iterator[Passage]:
    """Everything that a public version of this one could say, in its order.

    ``decisions``: all of the meeting's in the order of their numbers, also those that were replaced since.
    """
    host = revision.minutes.convened_by_id
    by_item: dict[int, list[Decision]] = defaultdict(list)
    for decision in decisions:
        by_item[decision.agenda_item_id].append(decision)
    for name, what in OF_THE_WHOLE.items():
        for place, line in paragraphs(name, getattr(revision, name)):
            yield Passage(place, what, line, host)
    for at, one in enumerate(revision.attendance):
        what = NAMES[LegalField.ATTENDEES if is_member(one) else LegalField.IN_ATTENDANCE]
        for place, line in paragraphs(person_place(at), person_text(one | {"reason": ""})):
            yield Passage(place, what, line, one["organisation"])
    for section in sections:
        yield from _of_section(section, by_item[section.agenda_item_id], host)


def _of_section(section: MinutesSection, decisions: Sequence[Decision], host: int) -> Iterator[Passage]:
    owner = section.agenda_item.owner_id

    def of(what: str, named: Text, text: str, whose: int) -> Iterator[Passage]:
        for place, line in paragraphs(section_place(section, what), text):
            yield Passage(place, named, line, whose, section)

    yield from of("title", NAMES[LegalField.ITEMS], section.title, owner)
    for remark in section.remarks.all():
        if not remark.private:
            whose = remark.speaker.organisation_id
            yield from of(f"said-{remark.pk}-who", gettext_lazy("speaker"), remark.who, whose)
            yield from of(f"said-{remark.pk}", NAMES[LegalField.REMARKS], remark.text, whose)
    yield from of("gist", NAMES[LegalField.REMARKS], section.gist, owner)
    for number, (text, decision) in enumerate(decisions_kept(section, decisions)):
        theirs = decision.by_whom_id if decision and decision.kind in OF_SOMEBODY else None
        yield from of(f"decided-{number}", NAMES[LegalField.DECISIONS], text, theirs or host)
    yield from of("vote", pgettext_lazy("minutes", "Vote"), vote_text(section), host)
    yield from of("result", gettext_lazy("Result"), result_text(section), host)


def decisions_kept(section: MinutesSection, decisions: Iterable[Decision]) -> list[tuple[str, Decision | None]]:
    """The texts that a version keeps, each with the decision it belongs to; None where its words are others by now.

    A version keeps them in the order of their numbers, so those that others replaced are passed over.
    """
    texts = decided(section)
    found: list[Decision | None] = [None] * len(texts)
    at = 0
    for decision in decisions:
        blocks = [one.strip() for one in decision.text.split("\n\n") if one.strip()]
        if blocks and [one.strip() for one in texts[at : at + len(blocks)]] == blocks:
            found[at : at + len(blocks)] = [decision] * len(blocks)
            at += len(blocks)
    return list(zip(texts, found, strict=True))


def decision_name(decision: Decision) -> str:
    """What a decision is, its number once it has one, and of whom it is if it is of one organisation."""
    whose = decision.by_whom.short if decision.by_whom and decision.kind in OF_SOMEBODY else ""
    kind = f"{decision.get_kind_display()} {decision.reference}".strip()
    return ", ".join(filter(None, [kind, whose]))


def person_text(kept: Kept) -> str:
    """Somebody in the list of those who were there, as it is printed."""
    name = _joined(kept, "organisation", "position", "name")
    if kept["presides"]:
        name = f"{name} ({gettext('presiding')})"
    match kept["attendance"]:
        case Participation.Attendance.BY_PROXY:
            instead = _joined(kept, "delegate_position", "delegate")
            return f"{name} – {gettext('by proxy')}: {instead}"
        case Participation.Attendance.EXCUSED | Participation.Attendance.ABSENT:
            reason = f" ({kept['reason']})" if kept["reason"] else ""
            return f"{name} – {gettext('not there')}{reason}"
        case "":
            return f"{name} – {gettext('attendance not recorded')}"
        case _:
            return name


def _joined(kept: Kept, *names: str) -> str:
    return " ".join(filter(None, (in_language(kept, name) for name in names)))


def vote_text(section: MinutesSection) -> str:
    """The vote in words; "none" where there was none."""
    if section.vote != MinutesSection.Vote.HELD:
        return pgettext("minutes", "none") if section.vote else "-"
    return gettext("%(voters)s voted: %(yes)s for, %(no)s against, %(abstained)s abstained") % {
        "voters": section.voters,
        "yes": section.votes_for,
        "no": section.votes_against,
        "abstained": section.votes_abstained,
    }


def result_text(section: MinutesSection) -> str:
    """What became of the item, in words."""
    item = section.agenda_item
    return str(item.get_result_display()) if item.result else ""


def digest_of(all_of_it: Iterable[Passage], hidden: Hidden) -> str:
    """SHA-256 over what the public reads: the passages that are not withheld, and where something is."""
    said = [[one.place, hidden.get(one.place, one.text)] for one in all_of_it]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
