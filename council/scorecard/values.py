"""A quarter's scorecard as plain values: rows are commitments, cells what one organisation did on one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from council.core.errors import Text
from council.core.languages import languages
from council.core.quarters import Quarter
from council.declaration.models import Commitment, Indicator
from council.reports.states import Rating, ReportState

HANDED_IN = frozenset({ReportState.SUBMITTED, ReportState.RETURNED, ReportState.ACCEPTED})


class Status(StrEnum):
    """What a cell counts as. *Not submitted* says nothing of the work, and so is not *no evidence*."""

    ON_TRACK = "on_track"
    ATTENTION = "attention"
    REVIEW = "review"
    DONE = "done"
    NO_EVIDENCE = "no_evidence"
    SUBMITTED = "submitted"
    NOT_SUBMITTED = "not_submitted"
    MISSED = "missed"

    @property
    def label(self) -> Text:
        return STATUS_WORDS[self]


STATUS_WORDS: Mapping[Status, Text] = {Status(rating.value): rating.label for rating in Rating} | {
    Status.SUBMITTED: _("submitted, not judged yet"),
    Status.NOT_SUBMITTED: _("not submitted"),
    Status.MISSED: _("not submitted by the deadline"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages; as a string, in the reader's, the other one where it is empty."""

    ko: str
    en: str = ""

    def __str__(self) -> str:
        return next((text for language in languages() if (text := getattr(self, language))), "")


@dataclass(frozen=True, slots=True)
class Heading:
    """A pillar."""

    code: str
    title: Words


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation with cells. A rival's figures are kept from the other rivals, those of a ministry are not."""

    code: str
    name: Words
    rival: bool = True


@dataclass(frozen=True, slots=True)
class Measure:
    """An indicator of a commitment.

    ``summable``: figures of several organisations can be added up. Never so where they cannot exceed a known number,
    as percentages cannot: a sum near the largest one possible tells every part of it. ``step``: the coarsest step in
    which its figures may be given.
    """

    key: str
    name: Words
    unit: Words = field(default_factory=lambda: Words(""))
    direction: Indicator.Direction = Indicator.Direction.UP
    summable: bool = False
    step: Decimal = Decimal(1)

    def __post_init__(self) -> None:
        if self.step <= 0:
            msg = f"Figures of {self.key} cannot be given in steps of {self.step}."
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Figure:
    """What one organisation has on one indicator: where it started, where it is, where it wants to be."""

    actual: Decimal | None = None
    baseline: Decimal | None = None
    target: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A commitment. ``owners``: the organisations that report on it, each with a cell."""

    code: str
    title: Words
    pillar: str | None
    sensitivity: Commitment.Sensitivity
    kind: str
    owners: tuple[str, ...]
    state: str = "tracked"
    tracked_through: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = ()

    @property
    def unscored(self) -> Text | None:
        """Why it is not scored; None if it is."""
        if self.state == "discussed":
            return _("Discussed only; it is scored once a meeting has adopted it.")
        if self.state == "withdrawn":
            return _("Withdrawn.")
        if self.tracked_through:
            return _("Scored through %(codes)s.") % {"codes": ", ".join(self.tracked_through)}
        return None


@dataclass(frozen=True, slots=True)
class Cell:
    """What one organisation handed in on one commitment for one quarter, and how it was judged."""

    commitment: str
    organisation: str
    quarter: Quarter
    state: ReportState
    self_rating: Rating | None = None
    ministry_rating: Rating | None = None
    late: bool = False
    corrected: bool = False
    figures: Mapping[str, Figure] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        return self.commitment, self.organisation

    @property
    def status(self) -> Status:
        """The ministry's rating where there is one; else how far the report has come. Nothing is told of a draft."""
        if self.ministry_rating is not None:
            return Status(self.ministry_rating)
        if self.state in HANDED_IN:
            return Status.SUBMITTED
        return Status.MISSED if self.state == ReportState.MISSED else Status.NOT_SUBMITTED

    def as_handed_in(self) -> Cell:
        """What everybody but its owner may know of it: nothing that was not handed in."""
        if self.state in HANDED_IN:
            return self
        state = ReportState.MISSED if self.state == ReportState.MISSED else ReportState.NOT_SUBMITTED
        figures = {key: replace(figure, actual=None) for key, figure in self.figures.items()}
        return replace(self, state=state, self_rating=None, figures=figures)


@dataclass(frozen=True, slots=True)
class Card:
    """Everything of a quarter, to the ministry. What others may see of it, ``withholding`` says."""

    quarter: Quarter
    parties: tuple[Party, ...]
    pillars: tuple[Heading, ...]
    rows: tuple[Row, ...]
    cells: tuple[Cell, ...]

    def __post_init__(self) -> None:
        """ValueError unless each cell is of this quarter, and the only one of an owner of one of the rows."""
        owned = {(row.code, owner) for row in self.rows for owner in row.owners}
        keys = [cell.key for cell in self.cells]
        strange = set(keys) - owned or {cell.key for cell in self.cells if cell.quarter != self.quarter}
        twice = len(set(keys)) < len(keys) or len({row.code for row in self.rows}) < len(self.rows)
        if strange or twice:
            msg = f"These do not make up a scorecard of {self.quarter}: {sorted(strange) or 'some are there twice'}."
            raise ValueError(msg)

    @property
    def scored(self) -> tuple[Row, ...]:
        """The rows whose cells count."""
        return tuple(row for row in self.rows if row.unscored is None)

    @property
    def rivals(self) -> frozenset[str]:
        return frozenset(party.code for party in self.parties if party.rival)
