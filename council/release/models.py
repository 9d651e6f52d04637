"""The question to an owner whether something of theirs may reach more readers."""

from __future__ import annotations

from typing import ClassVar

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from council.core.labels import Label, Labelled
from council.core.models import Timestamped
from council.parties.models import Body, Organisation, User
from council.release.states import ReleaseState


class ReleaseRequest(Timestamped):
    """Asked by the ministry, answered by the owner.

    What it is about is named by plain values, since it may be any labelled row; ``about`` keeps its name for both.
    """

    target_type = models.CharField(_("kind of thing"), max_length=40, editable=False)
    target_id = models.BigIntegerField(_("number of the thing"), editable=False)
    about = models.CharField(_("about"), max_length=300, editable=False)
    body = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name=_("body"), editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("owner"), editable=False
    )
    label_from = models.CharField(_("label now"), max_length=16, choices=Label, editable=False)
    label_to = models.CharField(_("label after release"), max_length=16, choices=Label, editable=False)
    reason = models.CharField(_("reason"), max_length=300, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=ReleaseState, default=ReleaseState.ASKED, editable=False
    )
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked by"), editable=False)
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("answered by"), editable=False
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, editable=False)
    answer = models.CharField(_("answer"), max_length=300, blank=True, editable=False)

    objects: ClassVar[models.Manager[ReleaseRequest]] = models.Manager()

    class Meta:
        verbose_name = _("release request")
        verbose_name_plural = _("release requests")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["target_type", "target_id"],
                condition=Q(state="asked"),
                name="release_asked_once_at_a_time",
                violation_error_message=_("The owner has been asked already."),
            ),
            models.CheckConstraint(
                name="release_answer_goes_with_state",
                condition=(Q(state="asked") & Q(answered_by=None) & Q(answered_at=None))
                | (~Q(state="asked") & Q(answered_by__isnull=False) & Q(answered_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about}: {self.label_from} → {self.label_to}"

    @property
    def target(self) -> Labelled | None:
        """The thing it is about, read afresh; None when it is gone."""
        return self._targets.first()

    def locked_target(self) -> Labelled | None:
        """The same, locked. Always before the request itself is changed, lest two steps wait for each other."""
        return self._targets.select_for_update().first()

    @property
    def _targets(self) -> models.QuerySet[Labelled]:
        rows: models.QuerySet[Labelled] = apps.get_model("council", self.target_type)._default_manager.all()
        return rows.filter(pk=self.target_id)
