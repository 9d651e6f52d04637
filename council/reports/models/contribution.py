"""A department's part in what its organisation hands in. It never leaves the organisation as such."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from council.actions.models import ActionItem
from council.actions.states import OWED as OWED_ACTIONS
from council.core.models import Timestamped
from council.core.reach import within_reach
from council.declaration.models import Commitment
from council.files.models import StoredFile
from council.parties.models import Body, Organisation, Person, User
from council.reports.models.report import Report
from council.reports.states import OWED, WANTED, ContributionState


class ContributionQuerySet(models.QuerySet["Contribution"]):
    def wanted(self) -> Self:
        """The department may still give something, on what is not handed in."""
        owed = Q(report__state__in=OWED) | Q(action__state__in=OWED_ACTIONS)
        return self.filter(owed, state__in=WANTED)


class Contribution(Timestamped):
    """Asked of somebody in a department by a liaison, on a report or on an action item; given, then taken over."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation"), editable=False
    )
    body = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name=_("body"), editable=False)
    report = models.ForeignKey(
        Report,
        models.PROTECT,
        null=True,
        related_name="contributions",
        verbose_name=pgettext_lazy("on a commitment", "report"),
        editable=False,
    )
    action = models.ForeignKey(
        ActionItem,
        models.PROTECT,
        null=True,
        related_name="contributions",
        verbose_name=_("action item"),
        editable=False,
    )
    contributor = models.ForeignKey(
        Person, models.PROTECT, related_name="contributions", verbose_name=_("contributor"), editable=False
    )
    due_on = models.DateField(_("due on"), validators=[within_reach], editable=False)
    asked = models.TextField(_("what is asked for"), blank=True, editable=False)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked by"), editable=False)
    text = models.TextField(_("text"), blank=True, editable=False)
    # By the number of the indicator, as text; what is not known is not there.
    values = models.JSONField(_("values"), default=dict, blank=True, editable=False)
    state = models.CharField(
        _("state"), max_length=9, choices=ContributionState, default=ContributionState.ASKED, editable=False
    )
    delivered_at = models.DateTimeField(_("delivered at"), null=True, editable=False)
    # A liaison enters what came by other ways.
    delivered_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("delivered by"), editable=False
    )

    objects = ContributionQuerySet.as_manager()

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="contribution_to_a_report_or_an_item",
                condition=Q(report__isnull=False, action=None) | Q(report=None, action__isnull=False),
            ),
            models.CheckConstraint(
                name="contribution_delivered_goes_with_state",
                condition=Q(state__in=["asked", "recalled"])
                | (Q(state__in=["delivered", "taken"], delivered_at__isnull=False, delivered_by__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=["report", "contributor"],
                condition=Q(state__in=["asked", "delivered"]),
                name="contribution_asked_once_of_a_report",
            ),
            models.UniqueConstraint(
                fields=["action", "contributor"],
                condition=Q(state__in=["asked", "delivered"]),
                name="contribution_asked_once_of_an_item",
            ),
        ]
        indexes = [
            # What is asked of somebody, at each of their requests.
            models.Index(fields=["contributor", "state"], name="contribution_by_contributor"),
        ]

    def __str__(self) -> str:
        return str(self.about)

    @property
    def about(self) -> Report | ActionItem:
        """One of the two."""
        about = self.report or self.action
        assert about is not None  # noqa: S101 - the database has a constraint
        return about

    @property
    def is_wanted(self) -> bool:
        """The department may still give something: the report or the item is not handed in."""
        return self.state in WANTED and self.about.state in (OWED if self.report else OWED_ACTIONS)

    @property
    def commitment(self) -> Commitment | None:
        """What it is about: the report's commitment, or the item's."""
        return self.about.commitment


class ContributionFile(models.Model):
    """A file that a department gave; once taken over, it is evidence on the draft instead."""

    contribution = models.ForeignKey(
        Contribution, models.PROTECT, related_name="files", verbose_name=_("contribution"), editable=False
    )
    file = models.OneToOneField(
        StoredFile, models.PROTECT, related_name="contribution_file", verbose_name=_("file"), editable=False
    )

    objects: ClassVar[models.Manager[ContributionFile]] = models.Manager()

    class Meta:
        verbose_name = _("file of a contribution")
        verbose_name_plural = _("files of contributions")
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.file)
