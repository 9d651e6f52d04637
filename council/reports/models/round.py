"""A round of reports."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from council.core.models import Timestamped
from council.core.quarters import QuarterField
from council.core.reach import within_reach
from council.meetings.models import Meeting
from council.parties.models import Body
from council.reports.states import RoundState


class ReportingRound(Timestamped):
    """The reports of a body on one quarter, as of its last day; they prepare the meeting of the next."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="reporting_rounds", verbose_name=_("body"))
    meeting = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reporting_rounds",
        verbose_name=_("meeting"),
        help_text=_("The meeting that it prepares."),
    )
    covers = QuarterField(_("quarter reported on"))
    as_of = models.DateField(_("as of"), editable=False)
    opens_on = models.DateField(_("opens on"), editable=False)
    due_on = models.DateField(_("due on"), validators=[within_reach])
    follows_meeting = models.BooleanField(
        _("follows the meeting"),
        default=True,
        editable=False,
        help_text=_("No day was chosen instead of the meeting's."),
    )
    state = models.CharField(_("state"), max_length=6, choices=RoundState, default=RoundState.OPEN, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)

    objects: ClassVar[models.Manager[ReportingRound]] = models.Manager()

    class Meta:
        verbose_name = _("reporting round")
        verbose_name_plural = _("reporting rounds")
        ordering = ["-covers", "body"]
        constraints = [
            models.UniqueConstraint(fields=["body", "covers"], name="reporting_round_once_a_quarter"),
            models.CheckConstraint(
                name="reporting_round_closed_at_goes_with_state",
                condition=(Q(state="closed") & Q(closed_at__isnull=False)) | (Q(state="open") & Q(closed_at=None)),
            ),
            models.CheckConstraint(
                name="reporting_round_is_due_after_it_opens",
                condition=Q(due_on__gte=F("opens_on")),
                violation_error_message=_("Reports cannot be due before the round opens."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.covers.label}"
