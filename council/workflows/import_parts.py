"""A table in which a department filled in its parts: written for it, and taken in as if each had been entered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from council.core.actor import Actor
from council.core.register import version_of
from council.core.wording import day_text
from council.declaration.models import Indicator
from council.documents.sheet import Column, SheetRow
from council.parties.models import Body
from council.reports.figures import parse_value
from council.reports.models import Contribution
from council.reports.operations.contributing import Part, deliver
from council.workflows.import_rows import Fate, RowRefused, all_or_none

PART_COLUMNS = (
    Column("about", "과제·조치", "Commitment or item", required=True),
    Column("quarter", "분기", "Quarter"),
    Column("contributor", "담당자", "Contributor", required=True),
    Column("title", "제목", "Title"),
    Column("asked", "요청 사항", "What is asked for"),
    Column("due_on", "제출기한", "Due"),
    Column("indicator", "지표", "Indicator"),
    Column("unit", "단위", "Unit"),
    Column("value", "값", "Value"),
    Column("text", "작성 내용", "Text"),
)
PART_WIDTHS = (12, 12, 24, 40, 40, 16, 30, 8, 12, 60)


def part_headings() -> list[str]:
    return [column.ko if get_language() == "ko" else column.en for column in PART_COLUMNS]


def part_rows(parts: Sequence[Contribution]) -> Iterator[list[str]]:
    """For each part a line to write in, and one for each of its indicators."""
    for part in parts:
        title = part.report.commitment.title if part.report else part.action.title if part.action else ""
        head = [_about(part), _quarter(part), _contributor(part), title]
        yield [*head, part.asked, day_text(part.due_on), "", "", "", part.text]
        for indicator in part.report.commitment.indicators.all() if part.report else ():
            yield [*head, "", "", indicator.name, indicator.unit, part.values.get(str(indicator.pk), ""), ""]


def _about(part: Contribution) -> str:
    if part.report:
        return part.report.commitment.code
    return part.action.reference if part.action else ""


def _quarter(part: Contribution) -> str:
    return str(part.report.round.covers) if part.report else ""


def _contributor(part: Contribution) -> str:
    return part.contributor.email or part.contributor.name_ko


def import_parts(
    rows: Sequence[SheetRow], *, parts: Sequence[Contribution], body: Body, by: Actor, now: datetime
) -> list[Fate]:
    """Give, for the departments, what the lines say of the ``parts`` that are asked for; if one cannot be, none is.

    A line with an indicator holds its value, one without holds the text. What is left empty says nothing.
    """
    keys = [(_about(part), _quarter(part), _contributor(part).casefold()) for part in parts]
    known = {key: part for key, part in zip(keys, parts, strict=True) if keys.count(key) == 1}
    texts: dict[int, list[str]] = defaultdict(list)
    values: dict[int, dict[int, Decimal | None]] = defaultdict(dict)
    filled = [row for row in rows if row.values.get("text") or row.values.get("value")]
    if not filled:
        raise RowRefused(_("Nothing is filled in."), field="upload")
    last = {_of(row, known): row.number for row in filled}

    def make(row: SheetRow) -> None:
        part, say = _of(row, known), row.values.get
        if part is None:
            raise RowRefused(_("Nobody, or more than one of that name, is asked for this; or it was given already."))
        if say("indicator"):
            indicator = _indicator(say("indicator", ""), part)
            if say("value"):
                values[part.pk][indicator.pk] = parse_value(say("value", ""), unit=indicator.unit)
        elif say("value"):
            raise RowRefused(_("A value stands on the line of its indicator."))
        if say("text"):
            texts[part.pk].append(say("text", ""))
        filled_in = texts[part.pk] or values[part.pk]
        if row.number == last[part] and filled_in:
            said = Part(text="\n".join(texts[part.pk]), values=values[part.pk], seen=version_of(part))
            deliver(part, part=said, by=by, now=now)

    def lock() -> None:
        """All in one order, or two tables wait for each other."""
        list(Contribution.objects.select_for_update().filter(pk__in=[part.pk for part in parts]).order_by("pk"))

    return all_or_none(filled, make=make, about=body, verb="contributions.imported", by=by, dry=False, lock=lock)


def _of(row: SheetRow, known: Mapping[tuple[str, str, str], Contribution]) -> Contribution | None:
    say = row.values.get
    return known.get((say("about", ""), say("quarter", ""), say("contributor", "").casefold()))


def _indicator(name: str, part: Contribution) -> Indicator:
    indicators = part.report.commitment.indicators.all() if part.report else ()
    found = next((one for one in indicators if name in {one.name_ko, one.name_en}), None)
    if found is None:
        raise RowRefused(_("“%(name)s” is no indicator of this commitment.") % {"name": name[:80]})
    return found
