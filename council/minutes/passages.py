"""The passages of a version of the minutes: what its public version can withhold, each under a name that stays.

Plain values, read off an approved version, whose text does not move. Annexes of one organisation are none of them:
they are no part of what the public version is made from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, pgettext

from council.core.errors import Text
from council.core.languages import in_language
from council.meetings.models import Participation
from council.minutes.models import Decision, MinutesRevision, MinutesSection, Publication, Redaction
from council.minutes.record import NAMES, Kept, LegalField
from council.parties.models import Organisation

# What of a version as a whole can be withheld paragraph by paragraph; when it was and who convened it cannot.
HEAD: dict[str, LegalField | str] = {
    "title": LegalField.NAME,
    "venue": LegalField.PLACE,
    "proceedings": LegalField.PROCEEDINGS,
    "summary": "summary",
    "keywords": "keywords",
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


def passages(revision: MinutesRevision, sections: Iterable[MinutesSection]) -> Iterator[Passage]:
    """Everything that a public version of this one could say, in its order."""
    host = revision.minutes.convened_by_id
    for name, field in HEAD.items():
        what = NAMES[field] if isinstance(field, LegalField) else revision._meta.get_field(field).verbose_name  # type: ignore[union-attr]
        for place, line in paragraphs(name, getattr(revision, name)):
            yield Passage(place, what, line, host)
    for at, one in enumerate(revision.attendance):
        for place, line in paragraphs(person_place(at), person_text(one | {"reason": ""})):
            yield Passage(place, NAMES[LegalField.ATTENDEES], line, one["organisation"])
    for section in sections:
        yield from _of_section(section, host)


def _of_section(section: MinutesSection, host: int) -> Iterator[Passage]:
    owner = section.agenda_item.owner_id
    for place, line in paragraphs(section_place(section, "title"), section.title):
        yield Passage(place, NAMES[LegalField.ITEMS], line, owner, section)
    for remark in section.remarks.all():
        if remark.private:
            continue
        whose, said = remark.speaker.organisation_id, f"said-{remark.pk}"
        who = gettext("speaker")
        yield Passage(f"{section_place(section, said)}-who.0", who, remark.who, whose, section)
        for place, line in paragraphs(section_place(section, said), remark.text):
            yield Passage(place, NAMES[LegalField.REMARKS], line, whose, section)
    for place, line in paragraphs(section_place(section, "gist"), section.gist):
        yield Passage(place, NAMES[LegalField.REMARKS], line, owner, section)
    promises = _promises(section)
    for number, text in enumerate(decided(section)):
        for place, line in paragraphs(section_place(section, f"decided-{number}"), text):
            yield Passage(place, NAMES[LegalField.DECISIONS], line, promises.get(text.strip(), host), section)
    for place, line in paragraphs(section_place(section, "vote"), vote_text(section)):
        yield Passage(place, NAMES[LegalField.DECISIONS], line, host, section)


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


def _promises(section: MinutesSection) -> dict[str, int]:
    """Whose a decision is, by its words: a pledge is of whoever promises, and a request speaks of whom it is made."""
    rows = section.agenda_item.decisions.all()
    return {one.text.strip(): one.by_whom_id for one in rows if one.by_whom_id and one.kind in OF_SOMEBODY}


def digest_of(all_of_it: Iterable[Passage], hidden: Hidden) -> str:
    """SHA-256 over what the public reads: the passages that are not withheld, and where something is."""
    said = [[one.place, hidden.get(one.place, one.text)] for one in all_of_it]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def own_lines(publication: Publication, organisation_id: int | None) -> Iterator[str | None]:
    """The lines of a text; for an organisation that is asked, None for those that name others and not it."""
    if organisation_id is None:
        yield from publication.text.splitlines()
        return
    everybody = list(Organisation.objects.exclude(pk=publication.revision.minutes.convened_by_id))
    for line in publication.text.splitlines():
        named = {one.pk for one in everybody if one.is_named_in(line)}
        yield line if not named or organisation_id in named else None
