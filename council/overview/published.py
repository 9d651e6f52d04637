"""What was published of a quarter, for a page: in the reader's language, with the status as a sign."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import override

from council.core.quarters import Quarter
from council.scorecard.values import Status, Words

LANGUAGES = ("ko", "en")
COLUMNS = (
    "quarter", "pillar_code", "pillar_ko", "pillar_en", "commitment_code", "commitment_ko", "commitment_en",
    "organisation_code", "organisation_ko", "organisation_en", "status", "status_ko", "status_en",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    organisation: Words
    status: Status


@dataclass(frozen=True, slots=True)
class ToldCommitment:
    code: str
    title: Words
    statuses: Sequence[Told]


@dataclass(frozen=True, slots=True)
class ToldPillar:
    """``title`` is None for what belongs to no pillar."""

    title: Words | None
    commitments: Sequence[ToldCommitment]


@dataclass(frozen=True, slots=True)
class ToldQuarter:
    quarter: Quarter
    pillars: Sequence[ToldPillar]


def quarter_of(payload: dict[str, Any]) -> ToldQuarter:
    """A quarter as it was kept."""
    return ToldQuarter(Quarter.parse(payload["quarter"]), [_pillar(one) for one in payload["pillars"]])


def _pillar(one: dict[str, Any]) -> ToldPillar:
    return ToldPillar(
        Words(**one["title"]) if one["title"] else None, [_commitment(each) for each in one["commitments"]]
    )


def _commitment(one: dict[str, Any]) -> ToldCommitment:
    told = [Told(Words(**each["organisation"]["name"]), Status(each["status"])) for each in one["statuses"]]
    return ToldCommitment(one["code"], Words(**one["title"]), told)


def rows_of(payloads: Sequence[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    """One line for each status, under ``COLUMNS``."""
    for payload in payloads:
        for pillar in payload["pillars"]:
            title = pillar["title"] or {"ko": "", "en": ""}
            for one in pillar["commitments"]:
                for each in one["statuses"]:
                    name = each["organisation"]["name"]
                    yield (
                        payload["quarter"], pillar["code"] or "", title["ko"], title["en"], one["code"],
                        one["title"]["ko"], one["title"]["en"], each["organisation"]["code"], name["ko"], name["en"],
                        each["status"], *words_for(each["status"]),
                    )  # fmt: skip


def words_for(status: str) -> tuple[str, ...]:
    """A status in each language."""
    said = []
    for language in LANGUAGES:
        with override(language):
            said.append(capfirst(str(Status(status).label)))
    return tuple(said)
