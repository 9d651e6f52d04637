"""What the open data looks like, as JSON Schema (draft 2020-12)."""

from __future__ import annotations

from typing import Any

from council.reports.states import Rating

WORDS = {
    "type": "object",
    "description": "A text in Korean and in English.",
    "properties": {"ko": {"type": "string"}, "en": {"type": "string"}},
    "required": ["ko", "en"],
    "additionalProperties": False,
}


def _object(description: str, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


STATUS = {"enum": [rating.value for rating in Rating], "description": "How the ministry rates it, at that quarter."}
ORGANISATION = _object("Who made the promise.", code={"type": "string"}, name=WORDS)
COMMITMENT = _object(
    "One promise of the declaration.",
    code={"type": "string"},
    title=WORDS,
    statuses=_list(_object("How one organisation stands.", organisation=ORGANISATION, status=STATUS)),
)
PILLAR = _object(
    "A pillar of the declaration; without code and title: the running of the council.",
    code={"type": ["string", "null"]},
    title={"oneOf": [WORDS, {"type": "null"}]},
    commitments=_list(COMMITMENT),
)
QUARTER = _object(
    "What was released of a quarter.",
    quarter={"type": "string", "pattern": "^[0-9]{4}-Q[1-4]$", "description": "The quarter reported on."},
    pillars=_list(PILLAR),
)
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Progress on the commitments",
    **_object(
        "The released quarters of a body, the newest first. Only what is cleared for everybody; what is not listed has "
        "not been published, which says nothing about how it stands.",
        body=_object("The consultative body.", code={"type": "string"}, name=WORDS),
        quarters=_list(QUARTER),
    ),
}
