"""Strings that name where they came from, so that a leak names its source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

# Letters and digits only, so that no escaping, encoding or slug changes it; the Z at its end lets a search for all but
# the last character find the row without the page's echo of the search being taken for a leak.
CANARY = re.compile(r"CNRY[A-Z]+[0-9]{5}Z", re.IGNORECASE)

# Fields of text that hold nothing anybody wrote; each with the reason.
NOT_SOWN = {
    "ActionItem.grounds": "numbers",
    "AgendaItem.grounds": "numbers",
    "ProgressUpdate.grounds": "numbers",
    "ProgressUpdate.sha256": "computed",
    "Report.grounds": "numbers",
    "Submission.sha256": "computed",
    "FrozenScorecard.sha256": "computed",
    "FrozenScorecard.payload": "titles of commitments, ratings and figures; tests/scorecard proves who is told what",
    "FrozenScorecard.quarter": "a quarter",
    "AccessToken.digest": "computed",
    "ClearancePiece.sha256": "computed",
    "ClearancePiece.target_type": "the name of a model",
    "ReportDraft.values": "figures by the number of the indicator",
    "Contribution.values": "figures by the number of the indicator",
    "PublicQuarter.payload": "titles and ratings of what is TLP:CLEAR; tests/public proves what is told",
    "PublicQuarter.quarter": "a quarter",
    "PublicQuarter.sha256": "computed",
    "SharedRow.quarter": "a quarter",
    "ReportingRound.covers": "a quarter",
    "Verification.checks": "the points of the checklist, which have canaries of their own",
    "Paper.grounds": "numbers",
    "Minutes.grounds": "numbers",
    "Decision.grounds": "numbers",
    "MinutesRevision.sha256": "computed",
    "DocumentForm.fields_found": "what the form's own fields are called",
    "Publication.sha256": "computed",
    "RecordsPiece.grounds": "numbers",
    "RecordsPiece.path": "made of the title, which has a canary of its own",
    "RecordsPiece.sha256": "computed",
    "RecordsPiece.target_type": "the name of a model",
    "RecordsRequest.sha256": "computed",
    "Redaction.grounds": "numbers",
    "Redaction.place": "a name of ours",
    "AgendaSnapshot.items": "what the agenda items say, which have canaries of their own",
    "AgendaSnapshot.sha256": "computed",
    "BriefingPack.contents": "computed",
    "BriefingPack.file": "one's own papers bound together; tests/workflows/test_binding.py reads one",
    "CalendarFeed.digest": "computed",
    "Delivery.calendar_method": "a word of ours",
    "AuditReview.head_hash": "computed",
    "ReleaseRequest.target_type": "the name of a model",
    "SignInFailure.account": "computed",
    "SignInFailure.origin": "an address, or the mark of a browser",
    "StoredFile.scan_finding": "what the scanner calls a virus",
    "AuditEntry.verb": "a word of ours",
    "AuditEntry.target_type": "the name of a model",
    "AuditEntry.target_id": "a number",
    "AuditEntry.request_id": "drawn by the server",
    "AuditEntry.previous_hash": "computed",
    "AuditEntry.hash": "computed",
    "AuditHead.hash": "computed",
    "Delivery.language": "ko or en",
    "Delivery.dedupe_key": "computed",
    "Delivery.message_id": "drawn by the server",
    "DeliveryAttempt.outcome": "a word of ours",
    "Meeting.quarter": "a quarter",
    "Notice.kind": "a word of ours",
    "Notice.target_type": "the name of a model",
    "Notice.dedupe_key": "computed",
    "StoredFile.file": "a drawn name without the sender's; what is in the file has a canary of its own",
    "StoredFile.sha256": "computed",
    "StoredFile.media_type": "from a list of ours",
    "User.password": "a hash",
}
TEXT = (models.CharField, models.TextField, models.JSONField, models.FileField)


@dataclass(frozen=True)
class Canary:
    """One planted string: whose it is, in which field of which row, in what state."""

    token: str
    organisation: str
    field: str
    state: str
    row: models.Model

    def __str__(self) -> str:
        kind = type(self.row).__name__
        return f"{self.token}: {kind}.{self.field} of {self.organisation} ({self.state}), number {self.row.pk}"


def text_fields(model: type[models.Model]) -> Iterator[Any]:
    """The fields of a model in which somebody writes."""
    for field in model._meta.concrete_fields:
        if isinstance(field, TEXT) and not field.choices and f"{model.__name__}.{field.name}" not in NOT_SOWN:
            yield field


def models_of_ours() -> list[type[models.Model]]:
    return list(apps.get_app_config("council").get_models())


class Canaries:
    """Every string that was planted, by itself."""

    def __init__(self) -> None:
        self.by_token: dict[str, Canary] = {}
        self.minted = 0

    def token(self, organisation: str) -> str:
        self.minted += 1
        return f"CNRY{organisation}{self.minted:05d}Z"

    def note(self, token: str, organisation: str, field: str, state: str, row: models.Model) -> None:
        self.by_token[token] = Canary(token, organisation, field, state, row)

    def sow[M: models.Model](self, row: M, organisation: str, state: str = "", *, leave: str = "") -> M:
        """Save a row with a canary in each of its texts that has been given no value (but those to ``leave``)."""
        planted = {}
        for field in text_fields(type(row)):
            if field.name in leave.split() or isinstance(field, models.FileField) or getattr(row, field.name):
                continue
            token = planted[field.name] = self.token(organisation)
            setattr(row, field.name, _as_value(field, token))
        row.save()
        for name, token in planted.items():
            self.note(token, organisation, name, state, row)
        return row

    def in_text(self, text: str) -> set[str]:
        """The canaries in a text."""
        return {found.upper() for found in CANARY.findall(text)} & self.by_token.keys()


def _as_value(field: Any, token: str) -> Any:
    if isinstance(field, models.EmailField):
        return f"{token}@carrier.test".lower()
    if isinstance(field, models.URLField):
        return f"https://carrier.test/{token}"
    if isinstance(field, models.JSONField):
        return {"said": token}
    return token
