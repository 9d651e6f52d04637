"""The rules by which people are reminded; staff edit them."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from council.core.models import Timestamped
from council.meetings.models import DeadlineKind
from council.parties.models import Body


class ReminderRule(Timestamped):
    """So many days before or after an anchor, an audience is reminded of one kind of thing."""

    class Kind(models.TextChoices):
        QUARTER_UNPLANNED = "quarter_unplanned", _("the quarter has no meeting planned")
        QUARTER_AHEAD = "quarter_ahead", _("the quarter's meeting is ahead")
        MEETING_DEADLINE = "meeting_deadline", _("a deadline of a meeting is near")
        ACTION_DUE = "action_due", _("an action item is due")
        ACTION_OVERDUE = "action_overdue", _("an action item is past its date")
        REPORT_OVERDUE = "report_overdue", _("a report is past its date")

    class Anchor(models.TextChoices):
        QUARTER_START = "quarter_start", _("first day of the quarter")
        DEADLINE = "deadline", _("deadline")
        DUE_DATE = "due_date", _("due date")

    class Audience(models.TextChoices):
        SECRETARIAT = "secretariat", _("secretariat")
        SEATED = "seated", _("everyone seated")
        LIAISONS = "liaisons", _("liaisons of the carriers")
        RESPONSIBLE = "responsible", _("assignee, or the owner's liaisons")
        LEAD = "lead", _("the owner's CISO")

    class Unit(models.TextChoices):
        BUSINESS = "business", _("business days")
        CALENDAR = "calendar", _("calendar days")

    body = models.ForeignKey(Body, models.CASCADE, related_name="reminder_rules", verbose_name=_("body"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    deadline_kind = models.CharField(_("step"), max_length=24, choices=DeadlineKind, blank=True)
    anchor = models.CharField(_("counted from"), max_length=16, choices=Anchor)
    offset = models.SmallIntegerField(
        _("offset"),
        help_text=_("Negative: before; 0: on the day; positive: after."),
        validators=[MinValueValidator(-250), MaxValueValidator(250)],
    )
    unit = models.CharField(_("unit"), max_length=8, choices=Unit, default=Unit.BUSINESS)
    audience = models.CharField(_("audience"), max_length=12, choices=Audience)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("reminder rule")
        verbose_name_plural = _("reminder rules")
        ordering = ["body", "kind", "deadline_kind", "offset"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "kind", "deadline_kind", "offset", "unit", "audience"],
                name="reminder_rule_once",
                violation_error_message=_("There is such a rule already."),
            ),
            models.CheckConstraint(
                name="reminder_rule_anchor_fits_kind",
                condition=Q(kind__in=["quarter_unplanned", "quarter_ahead"], anchor="quarter_start")
                | Q(kind="meeting_deadline", anchor="deadline")
                | Q(kind__in=["action_due", "action_overdue", "report_overdue"], anchor="due_date"),
                violation_error_message=_("This kind of reminder is counted from another day."),
            ),
            models.CheckConstraint(
                name="reminder_rule_names_its_step",
                condition=(Q(kind="meeting_deadline") & ~Q(deadline_kind=""))
                | (~Q(kind="meeting_deadline") & Q(deadline_kind="")),
                violation_error_message=_("A rule about a deadline names the step, another rule does not."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.get_deadline_kind_display()} {self.offset:+d}"
