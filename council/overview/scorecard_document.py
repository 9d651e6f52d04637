"""A scorecard on paper: the whole of it, and one page about a pillar. Made of what its reader sees and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext, pgettext

from council.core.labels import Label
from council.core.languages import languages
from council.core.wording import moment_text
from council.documents.official import Grid, Line, Official, Part, Picture
from council.overview.scorecard import PartyPage, PillarPart, ScorecardPage
from council.scorecard.charts import Chart
from council.scorecard.symbols import word_of
from council.scorecard.values import Party, Status
from council.scorecard.withholding import SharedCell

# What a commitment's title gets of a table's width at least, in hundredths.
LEAST_TITLE = 40
# What somebody has to look at, the gravest first.
GRAVE = (Status.REVIEW, Status.MISSED, Status.NO_EVIDENCE, Status.ATTENTION)
MOST_NAMED = 8


def scorecard_document(page: ScorecardPage, *, author: str, made_at: datetime) -> Official:
    """The counts, how they went over the quarters, and each pillar's commitments against the organisations."""
    parts: list[Part] = [
        Line(gettext("All pillars"), level=0, heading=True),
        Line(counts_text(page.total)),
        _picture(page.total.trend),
    ]
    for part in page.parts:
        parts += [Line(_name(part), level=0, heading=True), Line(counts_text(part)), matrix(part, page.parties)]
    title = gettext("Scorecard of %(quarter)s") % {"quarter": page.quarter.label}
    return _document(page, title, parts, author=author, made_at=made_at)


def pillar_brief(page: ScorecardPage, code: str, *, author: str, made_at: datetime) -> Official | None:
    """One page about a pillar, for somebody with a minute; None if the reader sees no commitment of it."""
    part = next((one for one in page.parts if one.heading and one.heading.code == code), None)
    if part is None:
        return None
    parts: list[Part] = [
        Line(gettext("Where it stands"), level=0, heading=True),
        Line(counts_text(part)),
        *([Line(said)] if (said := _change(part)) else []),
        Line(gettext("What needs attention"), level=0, heading=True),
        *_grave(part, page.parties),
        matrix(part, page.parties, plain=True),
        replace(_picture(part.trend), width=45),
    ]
    title = gettext("%(pillar)s in %(quarter)s") % {"pillar": _name(part), "quarter": page.quarter.label}
    return replace(_document(page, title, parts, author=author, made_at=made_at), dense=True)


# So many quarters stand side by side on a page; the charts show all.
MOST_QUARTERS = 6


def party_document(page: PartyPage, *, author: str, made_at: datetime) -> Official:
    """One organisation over the quarters: what each of its commitments counted as, and how its figures went."""
    quarters = page.quarters[-MOST_QUARTERS:]
    rows = []
    for line in page.lines:
        cells = dict(line.cells)
        words = (_cell(cells.get(quarter), plain=False) for quarter in quarters)
        rows.append((f"{line.row.code} {line.row.title}", *words))
    each = min(15, (100 - LEAST_TITLE) // max(len(quarters), 1))
    heads = (gettext("Commitment"), *(quarter.label for quarter in quarters))
    widths = (100 - each * len(quarters), *[each] * len(quarters))
    charts = [replace(_picture(chart), width=70) for line in page.lines for chart in line.charts]
    return Official(
        title=gettext("%(name)s over the quarters") % {"name": page.party.name},
        language=languages()[0],
        author=author,
        made_at=made_at,
        label=Label.AMBER_STRICT,
        facts=((gettext("Body"), page.body.name),),
        parts=(Grid("", heads, tuple(rows), widths), *charts),
        notes=(),
    )


def _document(page: ScorecardPage, title: str, parts: Sequence[Part], *, author: str, made_at: datetime) -> Official:
    frozen = page.frozen
    state = gettext("as the reports stand now")
    if frozen:
        state = f"{frozen.get_stage_display()}, {moment_text(frozen.frozen_at)}"
    facts = [(gettext("Body"), page.body.name), (gettext("State"), str(state))]
    if frozen and frozen.reason and page.for_ministry:
        facts.append((gettext("Correction"), frozen.reason))
    return Official(
        title=title,
        language=languages()[0],
        author=author,
        made_at=made_at,
        label=Label.AMBER_STRICT,
        facts=tuple(facts),
        parts=tuple(parts),
        notes=(f"SHA-256 {frozen.sha256}",) if frozen and page.for_ministry else (),
    )


def counts_text(part: PillarPart) -> str:
    """ "on track 5 (50%), attention 3 (30%) …", and how many more there are."""
    said = [f"{capfirst(str(status.label))} {number} ({percent}%)" for status, number, percent in part.counts]
    if part.tally.withheld:
        said.append(f"{capfirst(str(word_of(None)))} {part.tally.withheld}")
    return ", ".join(said) or gettext("Nothing is counted yet.")


def _change(part: PillarPart) -> str:
    """Against the quarter before, where both can be compared."""
    if part.change is None or not part.change.comparable:
        return ""
    moved = [f"{capfirst(str(status.label))} {number:+d}" for status, number in part.change.counts.items() if number]
    if not moved:
        return gettext("No change against the quarter before.")
    return gettext("Against the quarter before: %(changes)s.") % {"changes": ", ".join(moved)}


def _grave(part: PillarPart, parties: Sequence[Party]) -> Iterator[Line]:
    """A line for each status that somebody has to look at, the gravest first, with whose and on what."""
    found: dict[Status, list[str]] = {status: [] for status in GRAVE}
    for line in part.rows:
        for cell, party in zip(line.cells, parties, strict=True):
            if cell and cell.status and cell.status in GRAVE and line.row.unscored is None:
                found[cell.status].append(f"{line.row.code} {party.name}")
    for status, names in found.items():
        more = len(names) - MOST_NAMED
        rest = [ngettext("and %(number)d more", "and %(number)d more", more) % {"number": more}] if more > 0 else []
        if names:
            yield Line(f"{capfirst(str(status.label))}: {', '.join([*names[:MOST_NAMED], *rest])}", level=1)
    if not any(found.values()):
        yield Line(gettext("Nothing that is shown here."), level=1)


def matrix(part: PillarPart, parties: Sequence[Party], *, plain: bool = False) -> Grid:
    """Commitments against the organisations that have any; ``plain`` without their own ratings."""
    columns = [at for at in range(len(parties)) if any(line.cells[at] for line in part.rows)]
    rows = []
    for line in part.rows:
        name = f"{line.row.code} {line.row.title}"
        if line.row.unscored is not None:
            rows.append((f"{name}\n({line.row.unscored})", *["–" for _column in columns]))
            continue
        rows.append((name, *(_cell(line.cells[at], plain=plain) for at in columns)))
    heads = (gettext("Commitment"), *(str(parties[at].name) for at in columns))
    each = min(15, (100 - LEAST_TITLE) // max(len(columns), 1))
    return Grid("", heads, tuple(rows), (100 - each * len(columns), *[each] * len(columns)))


def _cell(cell: SharedCell | None, *, plain: bool) -> str:
    if cell is None:
        return "–"
    lines = [capfirst(str(word_of(cell.status)))]
    full = cell.full
    if full and full.self_rating and not plain:
        lines.append(f"{pgettext('rating', 'Own')}: {full.self_rating.label}")
    if full and full.late:
        lines.append(pgettext("report", "late"))
    if full and full.corrected:
        lines.append(pgettext("report", "corrected"))
    return "\n".join(lines)


def _picture(chart: Chart) -> Picture:
    width = 100 // max(len(chart.header), 1)
    grid = Grid(chart.title, chart.header, chart.rows, (width,) * len(chart.header))
    return Picture(chart.svg, grid)


def _name(part: PillarPart) -> str:
    return str(part.heading.title) if part.heading else gettext("Running of the council")
