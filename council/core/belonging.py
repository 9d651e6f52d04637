"""Which body a row belongs to: its own, else that of what it is part of."""

from __future__ import annotations

from typing import Any

from django.db import models

# What a row may be part of, the nearest first. A stored file is part of what it is attached to.
PARTS = (
    "round", "report", "indicator", "update", "action", "agenda_item", "item", "paper", "version", "section",
    "revision", "publication", "minutes", "meeting", "commitment", "declaration", "request", "evidence",
    "report_evidence", "delegations", "paper_versions", "issued_as", "recorded_as", "form_of", "archive_of", "part_of",
)  # fmt: skip


def body_of(row: models.Model) -> int | None:
    """The number of the body a row belongs to; None for what belongs to none, such as people and closures."""
    if hasattr(row, "body_id"):
        own: int | None = row.body_id
        return own
    above = _above(row)
    return body_of(above) if above else None


def _above(row: models.Model) -> models.Model | None:
    for part in PARTS:
        above: Any = getattr(row, part, None)
        one = above.first() if isinstance(above, models.Manager) else above
        # Some count their versions under such a name.
        if isinstance(one, models.Model):
            return one
    return None
