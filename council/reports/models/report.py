"""What one organisation reports on one commitment for one quarter."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from council.core.calendar import local_day
from council.core.errors import Text
from council.core.labels import Label, Labelled
from council.core.models import Timestamped
from council.core.quarters import Quarter
from council.core.reach import within_reach
from council.declaration.models import Commitment, Indicator
from council.parties.models import Organisation, User
from council.reports.models.round import ReportingRound
from council.reports.states import OWED, Rating, ReportState, RoundState


class ReportQuerySet(models.QuerySet["Report"]):
    def owed(self) -> Self:
        """The organisation still owes something."""
        return self.filter(state__in=OWED)

    def overdue(self, *, today: date, since: date = date.min) -> Self:
        """Owed, and the day it was due on, or reopened until, is over, but not before ``since``.

        Never stored: it follows from the date.
        """
        last_day = Coalesce("reopened_until", "due_on")
        return self.owed().alias(last_day=last_day).filter(last_day__lt=today, last_day__gte=since)

    def accepted(self) -> Self:
        """What they say was accepted; also while a correction of it is asked for, until one is submitted."""
        return self.filter(state__in=(ReportState.ACCEPTED, ReportState.RETURNED)).exclude(ministry_rating="")

    def of_quarter(self, quarter: Quarter) -> Self:
        """On that quarter, whenever they were handed in."""
        return self.filter(round__covers=quarter)

    def for_page(self) -> Self:
        """With what belongs to a single one."""
        return self.select_related(
            "round__body", "round__meeting", "commitment__pillar", "commitment__declaration", "organisation"
        )

    def for_display(self) -> Self:
        """With what a list or a page of them shows."""
        related = self.select_related("round__body", "commitment__pillar", "organisation")
        return related.prefetch_related("commitment__indicators", "measurements", "judgements")


class Report(Labelled, Timestamped):
    """One slot of a round. Its columns say what was submitted last; what is being written is in its draft."""

    round = models.ForeignKey(
        ReportingRound, models.PROTECT, related_name="reports", verbose_name=_("reporting round"), editable=False
    )
    commitment = models.ForeignKey(
        Commitment, models.PROTECT, related_name="reports", verbose_name=_("commitment"), editable=False
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="reports", verbose_name=_("organisation"), editable=False
    )
    state = models.CharField(
        _("state"), max_length=13, choices=ReportState, default=ReportState.NOT_SUBMITTED, editable=False
    )
    due_on = models.DateField(_("due on"), validators=[within_reach], editable=False)
    self_rating = models.CharField(_("own rating"), max_length=11, choices=Rating, blank=True, editable=False)
    ministry_rating = models.CharField(
        _("the ministry's rating"), max_length=11, choices=Rating, blank=True, editable=False
    )
    narrative = models.TextField(_("narrative"), blank=True, editable=False)
    # The value of the commitment's first indicator, as in its Measurement.
    actual = models.DecimalField(
        _("actual value"), max_digits=16, decimal_places=3, null=True, blank=True, editable=False
    )
    comment = models.TextField(_("the ministry's comment"), blank=True, editable=False)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True, editable=False)
    first_submitted_at = models.DateTimeField(_("first submitted at"), null=True, blank=True, editable=False)
    judged_at = models.DateTimeField(_("judged at"), null=True, blank=True, editable=False)
    judged_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("judged by"), editable=False
    )
    self_check = models.BooleanField(
        _("self-check"), default=False, editable=False, help_text=_("Judged by the organisation that owns it.")
    )
    reopened_until = models.DateField(
        _("reopened until"), null=True, blank=True, validators=[within_reach], editable=False
    )
    reopened_because = models.CharField(_("reason for reopening"), max_length=300, blank=True, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("on a commitment", "report")
        verbose_name_plural = pgettext_lazy("on a commitment", "reports")
        ordering = ["commitment", "organisation"]
        constraints = [
            models.UniqueConstraint(fields=["round", "commitment", "organisation"], name="report_once_a_round"),
            models.CheckConstraint(
                name="report_submitted_at_goes_with_state",
                condition=~Q(state__in=["submitted", "returned", "accepted"])
                | Q(submitted_at__isnull=False, first_submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="report_judged_at_goes_with_state",
                condition=~Q(state__in=["returned", "accepted"]) | Q(judged_at__isnull=False),
            ),
            models.CheckConstraint(
                name="report_accepted_with_a_rating", condition=~Q(state="accepted") | ~Q(ministry_rating="")
            ),
            models.CheckConstraint(
                name="report_judged_by_somebody",
                condition=Q(judged_at=None, judged_by=None) | Q(judged_at__isnull=False, judged_by__isnull=False),
            ),
            models.CheckConstraint(
                name="report_reopened_with_a_reason",
                condition=Q(reopened_until=None, reopened_because="")
                | (Q(reopened_until__isnull=False) & ~Q(reopened_because="")),
            ),
            Labelled.disclosure_constraint("report_withheld_with_a_reason"),
        ]
        indexes = [
            # The planner and the dashboard look for what is owed by a day; a desk for what one organisation owes.
            models.Index(fields=["state", "due_on"], name="report_by_state_and_due"),
            models.Index(fields=["organisation", "state", "due_on"], name="report_by_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment.code} {self.organisation.short} {self.round.covers.label}"

    @property
    def heading(self) -> str:
        """What it is about, in a line."""
        return f"{self.commitment.code} {self.commitment.title} · {self.round.covers.label}"

    @property
    def label_owner_id(self) -> int:
        return self.organisation_id

    def refuses_label(self, label: str) -> Text | None:
        """Reports name no readers: TLP:RED would take them from those who write and judge them."""
        return (
            _("A report is read by its owner and the ministry; it cannot be TLP:RED.") if label == Label.RED else None
        )

    @property
    def told_state(self) -> ReportState:
        """Its state as others than its organisation may know it: nothing is told of a draft."""
        return ReportState.NOT_SUBMITTED if self.state == ReportState.DRAFT else ReportState(self.state)

    @property
    def last_day(self) -> date:
        """Until when it is to be handed in, once it was reopened too."""
        return self.reopened_until or self.due_on

    def is_overdue(self, today: date) -> bool:
        return self.state in OWED and self.last_day < today

    def is_open(self, today: date) -> bool:
        """Whether its organisation may hand something in on that day: in an open round, or reopened by itself."""
        reopened = self.reopened_until is not None and self.reopened_until >= today
        return self.round.state == RoundState.OPEN or reopened

    @property
    def is_late(self) -> bool:
        """What stands was first submitted after the day it was due on, in Seoul."""
        return self.first_submitted_at is not None and local_day(self.first_submitted_at) > self.due_on

    @property
    def is_corrected(self) -> bool:
        """Something else was accepted of it before. For many reports, prefetch their ``judgements``."""
        return len({one.submission_id for one in self.judgements.all() if one.is_accepted}) > 1


class ReportDraft(Timestamped):
    """What is being written on a report: its organisation's alone, gone once it is submitted."""

    report = models.OneToOneField(
        Report, models.PROTECT, related_name="draft", verbose_name=pgettext_lazy("on a commitment", "report")
    )
    narrative = models.TextField(_("narrative"), blank=True)
    self_rating = models.CharField(_("own rating"), max_length=11, choices=Rating, blank=True)
    # By the number of the indicator, as text; what is not known is not there.
    values = models.JSONField(_("values"), default=dict, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name = _("draft of a report")
        verbose_name_plural = _("drafts of reports")
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.report)


class Measurement(Timestamped):
    """The value of an indicator as it stands in a report; what was submitted before is in the submissions."""

    report = models.ForeignKey(
        Report, models.PROTECT, related_name="measurements", verbose_name=pgettext_lazy("on a commitment", "report")
    )
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="measurements", verbose_name=_("indicator"))
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=3)

    class Meta:
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        ordering = ["report", "indicator"]
        constraints = [models.UniqueConstraint(fields=["report", "indicator"], name="measurement_once_a_report")]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.value}"
