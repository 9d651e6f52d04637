"""Scorecards as they were tabled and closed, and which commitments' statuses the whole table may know."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from council.core.lifecycle import Lifecycle
from council.core.models import Timestamped
from council.core.quarters import QuarterField
from council.declaration.models import Commitment
from council.parties.models import Body, User


class FrozenScorecard(models.Model):
    """A body's scorecard of a quarter, word for word, with its hash. A correction is a new one that supersedes it.

    The ministry's alone: of a sum and one's own part only one number is open, so whoever holds the hash of all figures
    could try them out. What a carrier is shown is made of it by ``withholding``.
    """

    class Stage(models.TextChoices):
        TABLED = "tabled", _("as tabled at the meeting")
        CLOSED = "closed", _("as confirmed at the end of the round")

    body = models.ForeignKey(Body, models.PROTECT, related_name="scorecards", verbose_name=_("body"))
    quarter = QuarterField(_("quarter"))
    stage = models.CharField(_("stage"), max_length=6, choices=Stage)
    payload = models.JSONField(_("content"))
    sha256 = models.CharField("SHA-256", max_length=64)
    frozen_at = models.DateTimeField(_("frozen at"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by", verbose_name=_("supersedes")
    )
    reason = models.CharField(_("reason for the correction"), max_length=300, blank=True)

    objects: ClassVar[models.Manager[FrozenScorecard]] = models.Manager()

    class Meta:
        verbose_name = _("frozen scorecard")
        verbose_name_plural = _("frozen scorecards")
        ordering = ["-quarter", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "quarter", "stage"], condition=Q(supersedes=None), name="scorecard_frozen_once_a_stage"
            ),
            models.CheckConstraint(
                name="scorecard_corrected_with_a_reason",
                condition=Q(supersedes=None, reason="") | (Q(supersedes__isnull=False) & ~Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.quarter.label} ({self.get_stage_display()})"


class PublicQuarter(Timestamped):
    """What the public is told of a quarter. The carriers are shown it first; then it is released, word for word."""

    class State(models.TextChoices):
        SHOWN = "shown", _("shown to the carriers")
        RELEASED = "released", _("released to the public")
        WITHDRAWN = "withdrawn", _("withdrawn")

    body = models.ForeignKey(Body, models.PROTECT, related_name="public_quarters", verbose_name=_("body"))
    quarter = QuarterField(_("quarter"))
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.SHOWN, editable=False)
    payload = models.JSONField(_("content"))
    sha256 = models.CharField("SHA-256", max_length=64)
    shown_at = models.DateTimeField(_("shown to the carriers on"))
    released_at = models.DateTimeField(_("released on"), null=True, blank=True)
    withdrawn_because = models.CharField(_("reason for the withdrawal"), max_length=300, blank=True)

    objects: ClassVar[models.Manager[PublicQuarter]] = models.Manager()

    class Meta:
        verbose_name = _("public quarter")
        verbose_name_plural = _("public quarters")
        ordering = ["-quarter", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "quarter"], condition=~Q(state="withdrawn"), name="public_quarter_once"
            ),
            models.CheckConstraint(
                name="public_quarter_released_at_goes_with_state",
                condition=Q(state="shown", released_at=None)
                | Q(state="released", released_at__isnull=False)
                | Q(state="withdrawn"),
            ),
            models.CheckConstraint(
                name="public_quarter_withdrawn_with_a_reason",
                condition=(Q(state="withdrawn") & ~Q(withdrawn_because=""))
                | (~Q(state="withdrawn") & Q(withdrawn_because="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.quarter.label} ({self.get_state_display()})"


PUBLIC_QUARTER: Lifecycle = {
    PublicQuarter.State.SHOWN: frozenset({PublicQuarter.State.RELEASED, PublicQuarter.State.WITHDRAWN}),
    PublicQuarter.State.RELEASED: frozenset({PublicQuarter.State.WITHDRAWN}),
    PublicQuarter.State.WITHDRAWN: frozenset(),
}


class SharedRow(Timestamped):
    """The status word of each organisation on one commitment in one quarter may be known to the whole table."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="shared_rows", verbose_name=_("body"))
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="shared_rows", verbose_name=_("commitment"))
    quarter = QuarterField(_("quarter"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))

    objects: ClassVar[models.Manager[SharedRow]] = models.Manager()

    class Meta:
        verbose_name = _("shared row of a scorecard")
        verbose_name_plural = _("shared rows of scorecards")
        ordering = ["quarter", "commitment"]
        constraints = [models.UniqueConstraint(fields=["commitment", "quarter"], name="scorecard_row_shared_once")]

    def __str__(self) -> str:
        return f"{self.commitment.code} {self.quarter.label}"
