"""Which state of an action item and of a progress update may follow which."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from council.core.lifecycle import Lifecycle


class ActionState(models.TextChoices):
    DRAFT = "draft", _("provisional")
    OPEN = "open", _("not started")
    IN_PROGRESS = "in_progress", _("in progress")
    SUBMITTED = "submitted", _("submitted for verification")
    VERIFIED = "verified", _("verified")
    RETURNED = "returned", _("completion requested")
    CANCELLED = "cancelled", _("cancelled")


ACTION: Lifecycle = {
    ActionState.DRAFT: frozenset({ActionState.OPEN, ActionState.CANCELLED}),
    ActionState.OPEN: frozenset({ActionState.IN_PROGRESS, ActionState.SUBMITTED, ActionState.CANCELLED}),
    ActionState.IN_PROGRESS: frozenset({ActionState.SUBMITTED, ActionState.CANCELLED}),
    ActionState.SUBMITTED: frozenset({ActionState.VERIFIED, ActionState.RETURNED, ActionState.IN_PROGRESS}),
    ActionState.RETURNED: frozenset({ActionState.IN_PROGRESS, ActionState.SUBMITTED, ActionState.CANCELLED}),
    ActionState.VERIFIED: frozenset(),
    ActionState.CANCELLED: frozenset(),
}
# The owner still owes something.
OWED = frozenset({ActionState.OPEN, ActionState.IN_PROGRESS, ActionState.RETURNED})
# Nothing more is expected of anybody.
SETTLED = frozenset({ActionState.VERIFIED, ActionState.CANCELLED})


class UpdateState(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ExtensionState(models.TextChoices):
    REQUESTED = "requested", _("requested")
    GRANTED = "granted", _("granted")
    REFUSED = "refused", _("not granted")
    WITHDRAWN = "withdrawn", _("withdrawn")


EXTENSION: Lifecycle = {
    ExtensionState.REQUESTED: frozenset({ExtensionState.GRANTED, ExtensionState.REFUSED, ExtensionState.WITHDRAWN}),
    ExtensionState.GRANTED: frozenset(),
    ExtensionState.REFUSED: frozenset(),
    ExtensionState.WITHDRAWN: frozenset(),
}

UPDATE: Lifecycle = {
    UpdateState.DRAFT: frozenset({UpdateState.SUBMITTED}),
    UpdateState.SUBMITTED: frozenset({UpdateState.WITHDRAWN}),
    UpdateState.WITHDRAWN: frozenset(),
}
