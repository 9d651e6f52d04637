"""What was handed in on a report, with what shows it, and how the ministry judged it. Only ever added to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from council.actions.models import Proof
from council.files.models import StoredFile
from council.parties.models import User
from council.reports.models.report import Report
from council.reports.states import Rating, SubmissionState


class Submission(models.Model):
    """The receipt: what was handed in, word for word, when, by whom, and its hash. It is withdrawn, never edited."""

    report = models.ForeignKey(
        Report, models.PROTECT, related_name="submissions", verbose_name=pgettext_lazy("on a commitment", "report")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    payload = models.JSONField(_("content"))
    sha256 = models.CharField("SHA-256", max_length=64)
    submitted_at = models.DateTimeField(_("submitted at"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    on_behalf = models.BooleanField(
        _("on behalf"), default=False, help_text=_("Entered by the ministry for the organisation, from a letter.")
    )
    state = models.CharField(
        _("state"), max_length=9, choices=SubmissionState, default=SubmissionState.SUBMITTED, editable=False
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True, editable=False)

    objects: ClassVar[models.Manager[Submission]] = models.Manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["report", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="submission_number_once_a_report"),
            models.CheckConstraint(
                name="submission_withdrawn_at_goes_with_state",
                condition=(Q(state="withdrawn") & Q(withdrawn_at__isnull=False))
                | (Q(state="submitted") & Q(withdrawn_at=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report} ({self.number})"


class ReportEvidence(Proof):
    """What shows that a report is true. Without a submission it is on the draft, and its organisation's alone."""

    report = models.ForeignKey(
        Report, models.PROTECT, related_name="evidence", verbose_name=pgettext_lazy("on a commitment", "report")
    )
    submission = models.ForeignKey(
        Submission, models.PROTECT, null=True, blank=True, related_name="evidence", verbose_name=_("submission")
    )
    file = models.OneToOneField(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="report_evidence", verbose_name=_("file")
    )

    class Meta:
        verbose_name = _("evidence of a report")
        verbose_name_plural = _("evidence of reports")
        ordering = ["id"]
        constraints = [Proof.kind_constraint("report_evidence_has_what_its_kind_says")]


class Judgement(models.Model):
    """The ministry's answer to one submission. Appended, never edited."""

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", pgettext_lazy("report", "accepted")
        RETURNED = "returned", _("completion requested")

    report = models.ForeignKey(
        Report, models.PROTECT, related_name="judgements", verbose_name=pgettext_lazy("on a commitment", "report")
    )
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="judgements", verbose_name=_("submission"))
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict)
    rating = models.CharField(_("the ministry's rating"), max_length=11, choices=Rating, blank=True)
    comment = models.TextField(_("comment"), blank=True)
    self_check = models.BooleanField(
        _("self-check"), default=False, help_text=_("Judged by the organisation that owns it.")
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("judgement")
        verbose_name_plural = _("judgements")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="judgement_rates_what_it_accepts",
                condition=(Q(verdict="accepted") & ~Q(rating="")) | Q(verdict="returned", rating=""),
            ),
            models.CheckConstraint(
                name="judgement_says_what_is_missing", condition=~Q(verdict="returned") | ~Q(comment="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.verdict}"

    @property
    def is_accepted(self) -> bool:
        return self.verdict == self.Verdict.ACCEPTED
