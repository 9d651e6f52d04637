"""Which state of a commitment may follow which."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from council.core.lifecycle import Lifecycle


class CommitmentState(models.TextChoices):
    DISCUSSED = "discussed", _("discussed")
    TRACKED = "tracked", _("tracked")
    FULFILLED = "fulfilled", _("fulfilled")
    WITHDRAWN = "withdrawn", _("withdrawn")


COMMITMENT: Lifecycle = {
    # Merely discussed, it is not scored until a meeting adopts it.
    CommitmentState.DISCUSSED: frozenset({CommitmentState.TRACKED, CommitmentState.WITHDRAWN}),
    CommitmentState.TRACKED: frozenset({CommitmentState.FULFILLED, CommitmentState.WITHDRAWN}),
    # Found to be unfulfilled after all.
    CommitmentState.FULFILLED: frozenset({CommitmentState.TRACKED}),
    CommitmentState.WITHDRAWN: frozenset(),
}
