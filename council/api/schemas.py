"""What is said and taken, as the API's document names it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Self

from ninja import Field, Schema
from pydantic import BeforeValidator, ConfigDict

from council.actions.models import ActionItem, ProgressUpdate
from council.core.register import version_of
from council.declaration.models import Commitment
from council.overview.reporting import ReportPage, shown_state
from council.reports.models import Report, ReportDraft, Submission
from council.reports.operations.contributing import LONGEST_TEXT
from council.web.addresses import SealedNumber

# As in the addresses of the pages: sealed, since a plain number would tell how many things there are.
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{32}$", description="The thing's key, as the lists give it.")]
# What no database keeps.
PLAIN = r"^[^\x00]*$"
# At least one letter that is seen.
SAID = r"^[^\x00]*[^\s\x00][^\x00]*$"


def key_of(kind: str, pk: int) -> str:
    """What a thing is called here, whatever its number."""
    return SealedNumber(kind).to_url(pk)


def _a_number(value: Any) -> Any:
    """A text, or true, is none, though it could be read as one."""
    if isinstance(value, bool | str):
        msg = "Input should be a valid integer"
        raise ValueError(msg)
    return value


# As the database keeps one.
FIGURE = r"^-?[0-9]{1,13}(\.[0-9]{1,3})?$"


class Strict(Schema):
    """What is sent: nothing that is not asked for."""

    model_config = ConfigDict(extra="forbid")


class Problem(Schema):
    """What is wrong, in the language of the account; ``field`` where one is concerned."""

    detail: str
    field: str | None = None


class Flaw(Schema):
    """One thing in what was sent that is not as the document says."""

    type: str
    loc: list[str | int]
    msg: str
    ctx: dict[str, Any] | None = None


class Invalid(Schema):
    detail: list[Flaw]


class Me(Schema):
    name: str
    organisation: str | None
    scope: str
    expires_on: date


class CommitmentOut(Schema):
    code: str
    title: str
    pillar: str | None = Field(description="The pillar's code; none for the body's own running.")
    kind: str
    state: str

    @classmethod
    def of(cls, row: Commitment) -> Self:
        pillar = row.pillar.code if row.pillar else None
        return cls(code=row.code, title=row.title, pillar=pillar, kind=row.kind, state=row.state)


class Receipt(Schema):
    """What was handed in: when, and the SHA-256 of its content."""

    sha256: str
    submitted_at: datetime


class ProgressOut(Schema):
    percent: int
    text: str
    state: str
    submitted_at: datetime | None
    sha256: str = Field(description="Of what was handed in; empty for a draft.")
    version: str = Field(description="Of a draft: sent back with a change of it, so that nobody's words are lost.")

    @classmethod
    def of(cls, row: ProgressUpdate) -> Self:
        return cls(
            percent=row.percent, text=row.text, state=row.state, submitted_at=row.submitted_at, sha256=row.sha256,
            version=version_of(row),
        )  # fmt: skip


class ActionOut(Schema):
    key: Key
    reference: str
    title: str
    description: str
    commitment: str | None = Field(description="The commitment's code.")
    due_on: date
    original_due_on: date | None
    state: str
    label: str

    @classmethod
    def of(cls, row: ActionItem) -> Self:
        return cls(
            key=key_of("action", row.pk), reference=row.reference, title=row.title, description=row.description,
            commitment=row.commitment.code if row.commitment else None, due_on=row.due_on,
            original_due_on=row.original_due_on, state=row.state, label=row.label,
        )  # fmt: skip


class Page[Row: Schema](Schema):
    """``count``: of all there are."""

    count: int
    items: list[Row]


class Part(Strict):
    """Of a list, so many from one on."""

    limit: int = Field(100, ge=1, le=200)
    offset: int = Field(0, ge=0, le=100_000)

    @property
    def slice(self) -> slice:
        return slice(self.offset, self.offset + self.limit)


class ProgressIn(Strict):
    percent: Annotated[int, Field(ge=0, le=100), BeforeValidator(_a_number)]
    text: str = Field(max_length=10_000, pattern=SAID)
    url: str = Field("", max_length=500, pattern=r"^(https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[!-~]*)?)?$")
    version: str | None = Field(None, max_length=40, pattern=PLAIN, description="Of the draft it was written over.")


class Value(Strict):
    indicator: Key
    value: str = Field(pattern=FIGURE, description="As text, so that no digit is lost: 1234.5")


class ReportIn(Strict):
    narrative: str = Field("", max_length=LONGEST_TEXT, pattern=PLAIN)
    self_rating: str = Field("", pattern=r"^(|on_track|attention|review|done|no_evidence)$")
    values: list[Value] = Field([], max_length=50)
    version: str | None = Field(None, max_length=40, pattern=PLAIN, description="Of the draft it was written over.")


class IndicatorOut(Schema):
    key: Key
    name: str
    unit: str
    baseline: Decimal | None
    target: Decimal | None
    actual: Decimal | None


class DraftOut(Schema):
    narrative: str
    self_rating: str
    values: list[Value]
    version: str

    @classmethod
    def of(cls, draft: ReportDraft) -> Self:
        values = [
            Value(indicator=key_of("indicator", int(number)), value=text) for number, text in draft.values.items()
        ]
        return cls(narrative=draft.narrative, self_rating=draft.self_rating, values=values, version=version_of(draft))


class ReportLine(Schema):
    key: Key
    commitment: str
    quarter: str
    due_on: date
    state: str
    self_rating: str
    ministry_rating: str

    @classmethod
    def values_of(cls, row: Report, state: str) -> dict[str, Any]:
        return {
            "key": key_of("report", row.pk), "commitment": row.commitment.code, "quarter": str(row.round.covers),
            "due_on": row.last_day, "state": state, "self_rating": row.self_rating,
            "ministry_rating": row.ministry_rating,
        }  # fmt: skip


class ReportOut(ReportLine):
    narrative: str
    comment: str = Field(description="The ministry's, where it answered.")
    indicators: list[IndicatorOut]
    draft: DraftOut | None
    receipt: Receipt | None = Field(description="Of what was handed in last and not withdrawn.")

    @classmethod
    def of(cls, page: ReportPage, who: Any) -> Self:
        row, standing = page.task.report, page.standing
        return cls(
            **cls.values_of(row, shown_state(who, row)),
            narrative=row.narrative,
            comment=row.comment,
            indicators=[
                IndicatorOut(
                    key=key_of("indicator", line.indicator.pk), name=line.indicator.name, unit=line.indicator.unit,
                    baseline=line.counts.baseline, target=line.counts.target, actual=line.actual,
                )
                for line in page.lines
            ],
            draft=DraftOut.of(page.draft) if page.draft else None,
            receipt=receipt_of(standing) if standing else None,
        )  # fmt: skip


def receipt_of(row: Submission | ProgressUpdate) -> Receipt:
    """Of what was handed in."""
    return Receipt.model_validate({"sha256": row.sha256, "submitted_at": row.submitted_at})
