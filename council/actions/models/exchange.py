"""What owner and ministry say to each other beside progress and verdicts."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from council.actions.models.item import ActionItem
from council.actions.states import ExtensionState
from council.core.models import Timestamped
from council.core.reach import within_reach
from council.parties.models import Organisation, User


class ExtensionRequest(Timestamped):
    """The owner asks for a later day, with a reason. The days stay visible, whatever the answer."""

    action = models.ForeignKey(ActionItem, models.PROTECT, related_name="extensions", verbose_name=_("action item"))
    due_on = models.DateField(_("due on, when it was asked"))
    requested_due_on = models.DateField(_("requested day"), validators=[within_reach])
    reason = models.TextField(_("reason"), max_length=2000)
    state = models.CharField(
        _("state"), max_length=9, choices=ExtensionState, default=ExtensionState.REQUESTED, editable=False
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    asked_at = models.DateTimeField(_("asked at"))
    answer = models.CharField(_("answer"), max_length=300, blank=True, editable=False)
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by"), editable=False
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("request for an extension")
        verbose_name_plural = _("requests for extensions")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["action"], condition=Q(state="requested"), name="extension_asked_once"),
            models.CheckConstraint(
                name="extension_leads_to_a_later_day", condition=Q(requested_due_on__gt=models.F("due_on"))
            ),
            models.CheckConstraint(
                name="extension_answered_at_goes_with_state",
                condition=Q(state="requested", answered_at=None)
                | (~Q(state="requested") & Q(answered_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action}: {self.due_on} → {self.requested_due_on}"


class ActionComment(models.Model):
    """A word between the owner and the ministry about an item. Appended, never edited."""

    action = models.ForeignKey(ActionItem, models.PROTECT, related_name="comments", verbose_name=_("action item"))
    text = models.TextField(_("text"), max_length=4000)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("comment on an action item")
        verbose_name_plural = _("comments on action items")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.action}"
