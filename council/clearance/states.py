"""What becomes of a batch that was put before an executive."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from council.core.lifecycle import Lifecycle


class ClearanceState(models.TextChoices):
    ASKED = "asked", _("waiting for clearance")
    CLEARED = "cleared", _("cleared")
    REFUSED = "refused", pgettext_lazy("clearance", "not cleared")
    WITHDRAWN = "withdrawn", pgettext_lazy("clearance", "withdrawn")


CLEARANCE: Lifecycle = {
    ClearanceState.ASKED: frozenset({ClearanceState.CLEARED, ClearanceState.REFUSED, ClearanceState.WITHDRAWN}),
    # Taken back before anything of it left the house.
    ClearanceState.CLEARED: frozenset({ClearanceState.WITHDRAWN}),
    ClearanceState.REFUSED: frozenset(),
    ClearanceState.WITHDRAWN: frozenset(),
}
