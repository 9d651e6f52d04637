"""What a receipt is made of: the content as it was handed in, always written the same way, and its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from council.reports.models import Report, ReportDraft, ReportEvidence, Submission

type Payload = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a report says: ``values`` by the number of the indicator, as text."""

    narrative: str
    self_rating: str
    values: Mapping[str, str]

    @classmethod
    def of(cls, kept: ReportDraft) -> Self:
        """What stands in a draft."""
        return cls(narrative=kept.narrative, self_rating=kept.self_rating, values=kept.values)

    @classmethod
    def handed_in(cls, submission: Submission) -> Self:
        """What was handed in once."""
        payload = submission.payload
        return cls(narrative=payload["narrative"], self_rating=payload["self_rating"], values=payload["values"])

    @property
    def columns(self) -> dict[str, Any]:
        """As a draft keeps it."""
        return {"narrative": self.narrative, "self_rating": self.self_rating, "values": dict(self.values)}

    @property
    def figures(self) -> dict[int, Decimal]:
        """The values by the number of the indicator."""
        return {int(number): Decimal(text) for number, text in self.values.items()}


def payload_of(report: Report, content: Content, evidence: Iterable[ReportEvidence]) -> Payload:
    """What is handed in, with the name of what it is about and everything that shows it."""
    return {
        "commitment": report.commitment.code,
        "organisation": report.organisation.code,
        "quarter": str(report.round.covers),
        **content.columns,
        "evidence": [_shown(piece) for piece in evidence],
    }


def drafted(report: Report, draft: ReportDraft) -> Payload:
    """What would be handed in, were the draft handed in as it stands."""
    return payload_of(report, Content.of(draft), own_evidence(report))


def own_evidence(report: Report) -> list[ReportEvidence]:
    """What shows a report by its organisation's own hand, not what the ministry attached to a letter.

    For many reports, prefetch ``evidence__file`` and ``evidence__submission``.
    """
    evidence = sorted(report.evidence.all(), key=lambda piece: piece.pk)
    return [piece for piece in evidence if piece.submission is None or not piece.submission.on_behalf]


def _shown(piece: ReportEvidence) -> dict[str, str]:
    shown = {"kind": piece.kind, "title": piece.title}
    if piece.file:
        return shown | {"sha256": piece.file.sha256}
    return shown | ({"url": piece.url} if piece.url else {})


def digest(payload: Payload) -> str:
    """SHA-256 of the content in its one written form, which anybody can compute again."""
    text = json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
