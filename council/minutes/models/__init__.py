"""Minutes and their versions, decisions, comments and confirmations."""

from council.minutes.models.circulation import Confirmation, MinutesComment
from council.minutes.models.decision import Decision
from council.minutes.models.issue import IssuedDocument
from council.minutes.models.minutes import Frozen, Minutes, MinutesRevision, MinutesSection, Remark
from council.minutes.models.paperwork import DocumentForm, OfficialDocument, Recording
from council.minutes.models.publication import Opinion, Publication, Redaction
from council.minutes.models.records import RecordsOpinion, RecordsPiece, RecordsRequest

__all__ = [
    "Confirmation",
    "Decision",
    "DocumentForm",
    "Frozen",
    "IssuedDocument",
    "Minutes",
    "MinutesComment",
    "MinutesRevision",
    "MinutesSection",
    "OfficialDocument",
    "Opinion",
    "Publication",
    "Recording",
    "RecordsOpinion",
    "RecordsPiece",
    "RecordsRequest",
    "Redaction",
    "Remark",
]
