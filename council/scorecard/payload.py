"""A scorecard as JSON: the form in which it is frozen, hashed, read back and compared with a later one.

The hash of a whole card is for the ministry's eyes. Of a sum and one's own part only one number is open, so whoever
holds the hash of all figures can try them out. What a carrier gets is the hash of its own view.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from decimal import Decimal
from typing import Any

from council.core.quarters import Quarter
from council.declaration.models import Commitment, Indicator
from council.reports.states import Rating, ReportState
from council.scorecard.values import Card, Cell, Figure, Heading, Measure, Party, Row, Words
from council.scorecard.withholding import SharedCard

type Payload = dict[str, Any]

# What is listed in an order that says nothing, and by what it is told apart.
SORTED = {
    "parties": ("code",),
    "rows": ("code",),
    "measures": ("key",),
    "cells": ("commitment", "organisation"),
    "sums": ("commitment", "measure"),
}
# Lists whose members have names, and so can be compared one by one.
COMPARED = ("rows", "cells", "sums")


def payload_of(card: Card | SharedCard) -> Payload:
    """Plain values that JSON can hold, the same whatever the order in which rows and cells came.

    Of a whole card, what was handed in and no drafts.
    """
    if isinstance(card, Card):
        card = replace(card, cells=tuple(cell.as_handed_in() for cell in card.cells))
    payload: Payload = _plain(card)
    return payload


def digest(payload: Payload) -> str:
    """SHA-256 over the canonical text."""
    text = json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, Quarter):
        return {one.name: _listed(one.name, _plain(getattr(value, one.name))) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key or ""): _plain(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Decimal):
        # 1.5, 1.50 and 15E-1 are one number.
        return f"{value.normalize() + 0:f}"
    return value if value is None or isinstance(value, int) else str(value)


def _listed(name: str, value: Any) -> Any:
    if name in {"owners", "tracked_through"}:
        return sorted(value)
    return sorted(value, key=lambda one: [one[key] for key in SORTED[name]]) if name in SORTED else value


def card_of(payload: Payload) -> Card:
    """The card that was frozen."""
    return Card(
        quarter=Quarter.parse(payload["quarter"]),
        parties=tuple(Party(one["code"], Words(**one["name"]), one["rival"]) for one in payload["parties"]),
        pillars=tuple(Heading(one["code"], Words(**one["title"])) for one in payload["pillars"]),
        rows=tuple(map(_row_of, payload["rows"])),
        cells=tuple(map(_cell_of, payload["cells"])),
    )


def _row_of(kept: Payload) -> Row:
    changed = {
        "title": Words(**kept["title"]),
        "sensitivity": Commitment.Sensitivity(kept["sensitivity"]),
        "owners": tuple(kept["owners"]),
        "tracked_through": tuple(kept["tracked_through"]),
        "measures": tuple(map(_measure_of, kept["measures"])),
    }
    return Row(**(kept | changed))


def _measure_of(kept: Payload) -> Measure:
    words = {"name": Words(**kept["name"]), "unit": Words(**kept["unit"])}
    return Measure(
        **(kept | words | {"direction": Indicator.Direction(kept["direction"]), "step": Decimal(kept["step"])})
    )


def _cell_of(kept: Payload) -> Cell:
    ratings = {name: Rating(kept[name]) if kept[name] else None for name in ("self_rating", "ministry_rating")}
    figures = {
        key: Figure(**{name: None if said is None else Decimal(said) for name, said in figure.items()})
        for key, figure in kept["figures"].items()
    }
    where = {"quarter": Quarter.parse(kept["quarter"]), "state": ReportState(kept["state"])}
    return Cell(**(kept | where | ratings | {"figures": figures}))


@dataclass(frozen=True, slots=True)
class Change:
    """One value that is another one now. ``of``: what tells the row, cell or sum apart; ``what``: the value's place."""

    where: str
    of: tuple[str, ...]
    what: str
    was: Any
    now: Any


def changes(before: Payload, after: Payload) -> list[Change]:
    """What differs between two cards, or two views of one reader, in the order of their rows and cells."""
    found = []
    for where in COMPARED:
        old, new = (_leaves(where, payload.get(where, [])) for payload in (before, after))
        different = [place for place in old.keys() | new.keys() if old.get(place) != new.get(place)]
        found += [Change(where, *place, old.get(place), new.get(place)) for place in sorted(different)]
    return found


def _leaves(where: str, members: list[Payload]) -> dict[tuple[tuple[str, ...], str], Any]:
    return {
        (tuple(one[key] for key in SORTED[where]), what): said for one in members for what, said in _paths(one)
    }  # fmt: skip


def _paths(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each value within, by its place: ``figures.coverage.actual``."""
    if isinstance(value, dict) and value:
        for key, one in value.items():
            yield from _paths(one, f"{path}.{key}" if path else key)
    else:
        yield path, value
