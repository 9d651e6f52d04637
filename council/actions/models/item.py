"""Action items and where they stand on agendas."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from council.actions.states import OWED, SETTLED, ActionState, UpdateState
from council.core.labels import Labelled
from council.core.models import Timestamped
from council.core.reach import within_reach
from council.declaration.models import Commitment, Pillar
from council.meetings.models import AgendaItem
from council.minutes.models import Decision
from council.parties.models import Body, Organisation, Person

if TYPE_CHECKING:
    from council.actions.models.progress import ProgressUpdate

# Provisional, or cancelled while it was: the decision that it follows never came into force.
UNBORN = Q(state=ActionState.DRAFT) | Q(state=ActionState.CANCELLED, decision__isnull=False, decision__in_force_at=None)


class ActionItemQuerySet(models.QuerySet["ActionItem"]):
    def owed(self) -> Self:
        """The owner still owes something."""
        return self.filter(state__in=OWED)

    def overdue(self, *, today: date) -> Self:
        """Owed, and the day it was due on is over. Never stored: it follows from the date."""
        return self.owed().filter(due_on__lt=today)

    def for_display(self) -> Self:
        """With what a list or a page of them shows."""
        return self.select_related("owner", "assignee", "commitment__pillar", "pillar", "body")

    def with_progress(self, reports: models.QuerySet[ProgressUpdate]) -> Self:
        """With ``progress``, the percentage last handed in among the reports a reader sees; None if there is none."""
        handed_in = reports.filter(action=OuterRef("pk"), state=UpdateState.SUBMITTED)
        return self.annotate(progress=Subquery(handed_in.order_by("-id").values("percent")[:1]))


class ActionItem(Labelled, Timestamped):
    """One thing one organisation has to do by a day. What is meant for all carriers is one item for each."""

    number = models.PositiveIntegerField(_("number"), editable=False)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    body = models.ForeignKey(Body, models.PROTECT, related_name="actions", verbose_name=_("body"))
    commitment = models.ForeignKey(
        Commitment, models.PROTECT, null=True, blank=True, related_name="actions", verbose_name=_("commitment")
    )
    pillar = models.ForeignKey(
        Pillar, models.PROTECT, null=True, blank=True, related_name="actions", verbose_name=_("pillar")
    )
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="actions", verbose_name=_("owner"))
    assignee = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="actions", verbose_name=_("assignee")
    )
    decision = models.ForeignKey(
        Decision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name=_("decision"),
        editable=False,
    )
    due_on = models.DateField(_("due on"), validators=[within_reach])
    original_due_on = models.DateField(_("originally due on"), editable=False)
    readers = models.ManyToManyField(Person, blank=True, related_name="+", verbose_name=_("readers (TLP:RED)"))
    state = models.CharField(_("state"), max_length=12, choices=ActionState, default=ActionState.OPEN, editable=False)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True, editable=False)
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True, editable=False)
    cancelled_because = models.CharField(_("reason for the cancellation"), max_length=300, blank=True, editable=False)

    objects = ActionItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("action item")
        verbose_name_plural = _("action items")
        ordering = ["due_on", "owner", "number"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "number"], name="action_number_once_an_owner"),
            models.CheckConstraint(
                name="action_pillar_only_without_commitment",
                condition=Q(pillar=None) | Q(commitment=None),
                violation_error_message=_("The pillar follows from the commitment; leave it empty."),
            ),
            models.CheckConstraint(
                name="action_verified_at_goes_with_state",
                condition=(Q(state="verified") & Q(verified_at__isnull=False))
                | (~Q(state="verified") & Q(verified_at=None)),
            ),
            models.CheckConstraint(
                name="action_submitted_at_goes_with_state",
                condition=~Q(state__in=["submitted", "verified"]) | Q(submitted_at__isnull=False),
            ),
            Labelled.disclosure_constraint("action_withheld_with_a_reason"),
        ]
        indexes = [
            # The planner and the dashboard look for what is owed by a day; a desk for what one owner owes.
            models.Index(fields=["state", "due_on"], name="action_by_state_and_due"),
            models.Index(fields=["owner", "state", "due_on"], name="action_by_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def reference(self) -> str:
        """Counted for each owner by itself, so that a number betrays nothing about the others."""
        return f"A-{self.number:03d}"

    @property
    def heading(self) -> str:
        """Its number and title, for its owner's own people."""
        return f"{self.reference} {self.title}"

    @property
    def label_owner_id(self) -> int:
        return self.owner_id

    @property
    def own_pillar(self) -> Pillar | None:
        """The pillar it belongs to: its commitment's, else its own."""
        return self.commitment.pillar if self.commitment else self.pillar

    @property
    def is_unborn(self) -> bool:
        """As ``UNBORN`` says it."""
        never = self.decision is not None and self.decision.in_force_at is None
        return self.state == ActionState.DRAFT or (self.state == ActionState.CANCELLED and never)

    def is_overdue(self, today: date) -> bool:
        return self.state in OWED and self.due_on < today

    @property
    def is_settled(self) -> bool:
        return self.state in SETTLED


class AgendaLink(Timestamped):
    """An action item that stands under an item of an agenda, and why."""

    class Reason(models.TextChoices):
        OPEN = "open", _("open since the last meeting")
        ESCALATED = "escalated", _("escalated")

    action = models.ForeignKey(ActionItem, models.CASCADE, related_name="agenda_links", verbose_name=_("action item"))
    agenda_item = models.ForeignKey(
        AgendaItem, models.CASCADE, related_name="action_links", verbose_name=_("agenda item")
    )
    reason = models.CharField(_("reason"), max_length=9, choices=Reason, default=Reason.OPEN)

    class Meta:
        verbose_name = _("action item on an agenda")
        verbose_name_plural = _("action items on agendas")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["action", "agenda_item"], name="agenda_link_once")]

    def __str__(self) -> str:
        return self.get_reason_display()
