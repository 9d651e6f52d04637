"""The days by which things must be done around a meeting."""

from __future__ import annotations

from datetime import datetime

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from council.core.errors import Text
from council.core.models import Timestamped
from council.core.reach import within_reach
from council.meetings.models.meeting import Meeting
from council.parties.models import Body


class DeadlineKind(models.TextChoices):
    AGENDA_CALL = "agenda_call", _("call for agenda items")
    WORKING_GROUP = "working_group", _("meeting of the working group")
    SECURITY_REPORTS_DUE = "security_reports_due", _("security reports due")
    ITEMS_DUE = "items_due", _("agenda items due")
    REPORTS_DUE = "reports_due", _("progress reports due")
    AGENDA_FIXED = "agenda_fixed", _("agenda fixed")
    NOTICE = "notice", _("notice of meeting")
    PAPERS_OUT = "papers_out", _("papers distributed")
    ATTENDANCE_SETTLED = "attendance_settled", _("attendance and delegates settled")
    MINUTES_CIRCULATED = "minutes_circulated", _("draft minutes circulated")
    COMMENTS_DUE = "comments_due", _("comments on the minutes due")
    MINUTES_APPROVED = "minutes_approved", _("minutes approved and registered")
    MINUTES_PUBLISHED = "minutes_published", _("public version published")

    @property
    def after_the_meeting(self) -> bool:
        """Whether the step follows the meeting; all others go before it."""
        return self in self.following()

    @classmethod
    def following(cls) -> frozenset[DeadlineKind]:
        """The steps that come after a meeting."""
        return frozenset({cls.MINUTES_CIRCULATED, cls.COMMENTS_DUE, cls.MINUTES_APPROVED, cls.MINUTES_PUBLISHED})

    def misplaced(self, due_at: datetime, *, starts_at: datetime) -> Text | None:
        """Why the step of a meeting that starts then cannot be due then, or None."""
        if self.after_the_meeting and due_at < starts_at:
            return _("“%(step)s” comes after the meeting.") % {"step": self.label}
        if not self.after_the_meeting and due_at > starts_at:
            return _("“%(step)s” comes before the meeting.") % {"step": self.label}
        return None


class DeadlineTemplate(Timestamped):
    """How far before or after a meeting a step lies, for every meeting of a kind."""

    class Unit(models.TextChoices):
        BUSINESS = "business", _("business days")
        CALENDAR = "calendar", _("calendar days, moved to the business day before")
        HOURS = "hours", _("hours")

    body = models.ForeignKey(Body, models.CASCADE, related_name="deadline_templates", verbose_name=_("body"))
    meeting_kind = models.CharField(
        _("kind of meeting"), max_length=14, choices=Meeting.Kind, default=Meeting.Kind.REGULAR
    )
    kind = models.CharField(_("step"), max_length=24, choices=DeadlineKind)
    offset = models.SmallIntegerField(
        _("offset"),
        help_text=_("Negative: before the meeting."),
        validators=[MinValueValidator(-1000), MaxValueValidator(1000)],
    )
    unit = models.CharField(_("unit"), max_length=8, choices=Unit, default=Unit.BUSINESS)

    class Meta:
        verbose_name = _("deadline template")
        verbose_name_plural = _("deadline templates")
        ordering = ["body", "meeting_kind", "offset"]
        constraints = [
            models.UniqueConstraint(fields=["body", "meeting_kind", "kind"], name="deadline_template_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.offset:+d}"


class Deadline(Timestamped):
    """A step of one meeting. A day without a clock time ends at 23:59:59 in Seoul."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="deadlines", verbose_name=_("meeting"))
    kind = models.CharField(_("step"), max_length=24, choices=DeadlineKind)
    due_at = models.DateTimeField(_("due at"), validators=[within_reach])
    waived_because = models.CharField(_("waived because"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        ordering = ["due_at", "id"]
        constraints = [models.UniqueConstraint(fields=["meeting", "kind"], name="deadline_kind_once_a_meeting")]
        indexes = [
            # The planner's and the dashboard's search for what falls due.
            models.Index(fields=["due_at"], name="deadline_by_due"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}"

    @property
    def step(self) -> DeadlineKind:
        return DeadlineKind(self.kind)


class DateChange(models.Model):
    """A date that was moved: of the meeting itself or of one of its steps. Appended only; dates keep their history."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="date_changes", verbose_name=_("meeting"))
    deadline = models.ForeignKey(
        Deadline, models.CASCADE, null=True, blank=True, related_name="changes", verbose_name=_("step")
    )
    was = models.DateTimeField(_("was"))
    became = models.DateTimeField(_("became"))
    because = models.CharField(_("reason"), max_length=300, blank=True)
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("change of a date")
        verbose_name_plural = _("changes of dates")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.was:%Y-%m-%d} → {self.became:%Y-%m-%d}"
