"""A batch before an organisation's executive, and each thing in it as it was then. It never leaves the organisation."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from council.clearance.states import ClearanceState
from council.core.models import Timestamped
from council.files.models import StoredFile
from council.parties.models import Body, Organisation, Person, User


class Clearance(Timestamped):
    """Answered by the executive in the system, or entered by a liaison from what was signed on paper."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="clearances", verbose_name=_("organisation"), editable=False
    )
    body = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name=_("body"), editable=False)
    approver = models.ForeignKey(
        Person, models.PROTECT, related_name="clearances", verbose_name=_("approving executive"), editable=False
    )
    note = models.TextField(_("note to the executive"), blank=True, editable=False)
    state = models.CharField(
        _("state"), max_length=9, choices=ClearanceState, default=ClearanceState.ASKED, editable=False
    )
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked by"), editable=False)
    asked_at = models.DateTimeField(_("asked at"), editable=False)
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("answered by"), editable=False
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, editable=False)
    comment = models.TextField(_("comment"), blank=True, editable=False)
    # Signed on paper: the document's number and day, in the organisation's own register.
    on_paper = models.CharField(_("signed on paper as"), max_length=200, blank=True, editable=False)
    signed = models.OneToOneField(
        StoredFile, models.PROTECT, null=True, related_name="clearance", verbose_name=_("signed paper"), editable=False
    )

    objects: ClassVar[models.Manager[Clearance]] = models.Manager()

    class Meta:
        verbose_name = _("clearance")
        verbose_name_plural = _("clearances")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="clearance_answer_goes_with_state",
                condition=Q(state="asked", answered_by=None, answered_at=None)
                | Q(state="withdrawn")
                | Q(state__in=["cleared", "refused"], answered_by__isnull=False, answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="clearance_refused_with_a_reason", condition=~Q(state="refused") | ~Q(comment="")
            ),
            models.CheckConstraint(
                name="clearance_paper_goes_with_its_number", condition=Q(signed=None) | ~Q(on_paper="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} #{self.pk}"


class ClearancePiece(models.Model):
    """A thing of the batch, named by plain values since it may be of several kinds, with what it said and its hash."""

    clearance = models.ForeignKey(
        Clearance, models.PROTECT, related_name="pieces", verbose_name=_("clearance"), editable=False
    )
    target_type = models.CharField(_("kind of thing"), max_length=40, editable=False)
    target_id = models.BigIntegerField(_("number of the thing"), editable=False)
    about = models.CharField(_("about"), max_length=300, editable=False)
    # As the executive reads it: a list of [heading, text].
    content = models.JSONField(_("content"), editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)

    objects: ClassVar[models.Manager[ClearancePiece]] = models.Manager()

    class Meta:
        verbose_name = _("piece of a clearance")
        verbose_name_plural = _("pieces of clearances")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["clearance", "target_type", "target_id"], name="clearance_piece_once_a_batch"
            ),
        ]
        indexes = [
            # Before anything is handed in.
            models.Index(fields=["target_type", "target_id", "sha256"], name="clearance_piece_by_content"),
        ]

    def __str__(self) -> str:
        return self.about
