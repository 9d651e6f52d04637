"""When what hangs climbs, and what has climbed."""

from __future__ import annotations

from typing import Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from council.actions.models.item import ActionItem
from council.actions.models.progress import Verification
from council.actions.states import OWED
from council.core.models import Timestamped
from council.parties.models import Body, User


class EscalationRule(Timestamped):
    """After how many business days what hangs climbs to the next who has to know. No rule, no climbing."""

    class Cause(models.TextChoices):
        OVERDUE = "overdue", _("past its date")
        RETURNED = "returned", _("not completed since it was returned")

    class Step(models.TextChoices):
        LEAD = "lead", _("the owner's CISO")
        COUNCIL = "council", _("the agenda of the council")

    body = models.ForeignKey(Body, models.CASCADE, related_name="escalation_rules", verbose_name=_("body"))
    cause = models.CharField(_("cause"), max_length=8, choices=Cause)
    step = models.CharField(_("climbs to"), max_length=7, choices=Step)
    business_days = models.PositiveSmallIntegerField(_("business days after"), validators=[MaxValueValidator(250)])

    class Meta:
        verbose_name = _("rule of escalation")
        verbose_name_plural = _("rules of escalation")
        ordering = ["body", "cause", "business_days"]
        constraints = [models.UniqueConstraint(fields=["body", "cause", "step"], name="escalation_rule_once")]

    def __str__(self) -> str:
        return f"{self.get_cause_display()} → {self.get_step_display()}"


class EscalationQuerySet(models.QuerySet["Escalation"]):
    def running(self) -> Self:
        """Not stopped, and the cause still stands: owed past that very date, or not submitted again since."""
        overdue = Q(cause=EscalationRule.Cause.OVERDUE, action__due_on=F("since_on"))
        again = Verification.objects.filter(action=OuterRef("action"), at__gt=OuterRef("raised_at"))
        since = Q(action__submitted_at__gt=F("raised_at"))
        returned = Q(cause=EscalationRule.Cause.RETURNED) & ~since & ~Exists(again)
        return self.filter(overdue | returned, stopped_at=None, action__state__in=OWED)

    def with_running(self) -> Self:
        """With ``runs``, whether it still stands."""
        return self.annotate(runs=Exists(Escalation.objects.running().filter(pk=OuterRef("pk"))))


class Escalation(models.Model):
    """That an item climbed, once a cause and step. Never removed; whether it still stands follows from the item."""

    action = models.ForeignKey(ActionItem, models.PROTECT, related_name="escalations", verbose_name=_("action item"))
    cause = models.CharField(_("cause"), max_length=8, choices=EscalationRule.Cause)
    step = models.CharField(_("climbed to"), max_length=7, choices=EscalationRule.Step)
    # The due date that went by, or the day it was returned.
    since_on = models.DateField(_("since"))
    raised_at = models.DateTimeField(_("raised at"))
    stopped_at = models.DateTimeField(_("stopped at"), null=True, blank=True)
    stopped_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("stopped by")
    )
    stopped_because = models.CharField(_("reason for stopping it"), max_length=300, blank=True)

    objects = EscalationQuerySet.as_manager()

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["action", "cause", "step", "since_on"], name="escalation_once"),
            models.CheckConstraint(
                name="escalation_stopped_with_a_reason",
                condition=Q(stopped_at=None, stopped_by=None, stopped_because="")
                | (Q(stopped_at__isnull=False, stopped_by__isnull=False) & ~Q(stopped_because="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action}: {self.get_step_display()}"
