"""Registry: imports every model so that Django finds them under one label. Nobody imports from here."""

from council.actions.models import ActionItem, Evidence, ProgressUpdate, Verification
from council.core.models import AuditEntry, AuditHead, AuditReview, Closure
from council.declaration.models import (
    Commitment,
    CommitmentOwner,
    Declaration,
    Incident,
    Indicator,
    Milestone,
    Pillar,
    Signatory,
    TargetGroup,
)
from council.files.models import StoredFile
from council.mail.models import Delivery, DeliveryAttempt, EngineState, Notice
from council.meetings.models import AgendaItem, Deadline, DeadlineTemplate, Meeting
from council.parties.models import Body, BodyRules, Organisation, Person, Seat, SignInFailure, User
from council.release.models import ReleaseRequest
from council.reminders.models import ReminderRule

__all__ = [
    "ActionItem",
    "AgendaItem",
    "AuditEntry",
    "AuditHead",
    "AuditReview",
    "Body",
    "BodyRules",
    "Closure",
    "Commitment",
    "CommitmentOwner",
    "Deadline",
    "DeadlineTemplate",
    "Declaration",
    "Delivery",
    "DeliveryAttempt",
    "EngineState",
    "Evidence",
    "Incident",
    "Indicator",
    "Meeting",
    "Milestone",
    "Notice",
    "Organisation",
    "Person",
    "Pillar",
    "ProgressUpdate",
    "ReleaseRequest",
    "ReminderRule",
    "Seat",
    "SignInFailure",
    "Signatory",
    "StoredFile",
    "TargetGroup",
    "User",
    "Verification",
]
