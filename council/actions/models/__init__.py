"""Action items, what is handed in and said on them, and how they climb."""

from council.actions.models.escalation import Escalation, EscalationQuerySet, EscalationRule
from council.actions.models.exchange import ActionComment, ExtensionRequest
from council.actions.models.item import UNBORN, ActionItem, ActionItemQuerySet, AgendaLink
from council.actions.models.progress import CheckPoint, Evidence, ProgressUpdate, Proof, Verification

__all__ = [
    "UNBORN",
    "ActionComment",
    "ActionItem",
    "ActionItemQuerySet",
    "AgendaLink",
    "CheckPoint",
    "Escalation",
    "EscalationQuerySet",
    "EscalationRule",
    "Evidence",
    "ExtensionRequest",
    "ProgressUpdate",
    "Proof",
    "Verification",
]
