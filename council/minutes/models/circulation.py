"""What the organisations say to the minutes that were sent round."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from council.core.models import Timestamped
from council.minutes.models.minutes import MinutesRevision, MinutesSection
from council.minutes.states import CommentState
from council.parties.models import Organisation, User


class MinutesComment(Timestamped):
    """What one organisation asks to be written otherwise; between it and the secretariat."""

    State = CommentState

    revision = models.ForeignKey(
        MinutesRevision, models.PROTECT, related_name="comments", verbose_name=_("version"), editable=False
    )
    section = models.ForeignKey(
        MinutesSection,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="comments",
        verbose_name=pgettext_lazy("comment", "part"),
        editable=False,
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="minutes_comments", verbose_name=_("organisation"), editable=False
    )
    text = models.TextField(_("comment"), editable=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"), editable=False)
    state = models.CharField(_("state"), max_length=8, choices=CommentState, default=CommentState.OPEN, editable=False)
    reply = models.TextField(_("reply"), blank=True, editable=False)
    replied_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("replied by"), editable=False
    )
    replied_at = models.DateTimeField(_("replied at"), null=True, blank=True, editable=False)

    objects: ClassVar[models.Manager[MinutesComment]] = models.Manager()

    class Meta:
        verbose_name = _("comment on the minutes")
        verbose_name_plural = _("comments on the minutes")
        ordering = ["revision", "id"]
        constraints = [
            models.CheckConstraint(
                name="minutes_comment_reply_goes_with_state",
                condition=Q(state="open", reply="", replied_at=None, replied_by=None)
                | (Q(state="accepted", replied_at__isnull=False, replied_by__isnull=False))
                | (Q(state="declined", replied_at__isnull=False, replied_by__isnull=False) & ~Q(reply="")),
                violation_error_message=_("Say why the comment is declined."),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class ConfirmationQuerySet(models.QuerySet["Confirmation"]):
    def awaited(self) -> Self:
        return self.filter(kind="")


class Confirmation(Timestamped):
    """That one organisation was sent a version, and what it said: silence until the date counts as confirmed."""

    class Kind(models.TextChoices):
        AWAITED = "", _("awaited")
        CONFIRMED = "confirmed", _("confirmed")
        DEEMED = "deemed", _("counts as confirmed")
        OBJECTED = "objected", _("objected")

    revision = models.ForeignKey(
        MinutesRevision, models.PROTECT, related_name="confirmations", verbose_name=_("version"), editable=False
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation"), editable=False
    )
    kind = models.CharField(_("answer"), max_length=9, choices=Kind, blank=True, editable=False)
    by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by"), editable=False
    )
    at = models.DateTimeField(_("at"), null=True, blank=True, editable=False)

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        verbose_name = _("confirmation of the minutes")
        verbose_name_plural = _("confirmations of the minutes")
        ordering = ["revision", "organisation"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "organisation"], name="minutes_confirmed_once"),
            models.CheckConstraint(
                name="minutes_confirmation_is_complete",
                condition=Q(kind="", by=None, at=None)
                | Q(kind="deemed", by=None, at__isnull=False)
                | Q(kind__in=["confirmed", "objected"], by__isnull=False, at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.kind}".strip()
