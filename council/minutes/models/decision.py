"""What was decided, asked for or promised at a meeting."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from council.core.errors import Text
from council.core.labels import Label, Labelled
from council.core.models import Timestamped
from council.declaration.models import Commitment
from council.meetings.models import AgendaItem
from council.minutes.models.minutes import TOO_STRICT, WIDE_ENOUGH, Frozen, MinutesRevision
from council.parties.models import Body, Organisation

TOLD = Q(revision__circulated_at__isnull=False) | Q(in_force_at__isnull=False)


class DecisionQuerySet(models.QuerySet["Decision"]):
    def told(self) -> Self:
        """Which others than the secretariat have read, or which are in force."""
        return self.filter(TOLD)

    def standing(self) -> Self:
        """Neither withdrawn nor replaced: one in force by another in force, else by one that was told."""
        replaced = Q(superseded_by__in_force_at__isnull=False)
        replaced |= Q(in_force_at=None, superseded_by__revision__circulated_at__isnull=False)
        withdrawn = Q(withdrawn_in__circulated_at__isnull=False) | (Q(withdrawn_in=None) & ~Q(withdrawn_because=""))
        return self.filter(Q(superseded_by=None) | ~replaced).exclude(withdrawn)

    def current(self) -> Self:
        """As they read in the version that is being written: the ones that replace, not the ones replaced."""
        return self.filter(withdrawn_because="", superseded_by=None)

    def as_of(self, revision: MinutesRevision) -> Self:
        """As they read in a version, whatever came after it."""
        gone = Q(superseded_by__revision__number__lte=revision.number) | Q(withdrawn_in__number__lte=revision.number)
        gone |= Q(withdrawn_in=None) & ~Q(withdrawn_because="")
        return self.filter(revision__number__lte=revision.number).exclude(gone)

    def unsettled(self) -> Self:
        """Nothing follows from them yet, and nobody has said that nothing will."""
        following = Count("actions", filter=~Q(actions__state="cancelled"))
        return self.current().annotate(following=following).filter(no_action="", following=0)


class Decision(Labelled, Timestamped):
    """A decision, a measure of the working group, a request, or a pledge; its text stands by itself.

    Its number is given when the minutes are approved, so that the numbers of a year run on.
    """

    class Kind(models.TextChoices):
        DECISION = "decision", _("decision")
        MEASURE = "measure", _("information-protection measure")
        REQUEST = "request", _("request")
        PLEDGE = "pledge", _("pledge")

    class Effect(models.TextChoices):
        NONE = "", pgettext_lazy("effect", "none")
        ADOPTS = "adopts", _("adopts the commitment")
        CHANGES = "changes", _("changes the commitment")
        CLOSES = "closes", _("declares the commitment fulfilled")

    agenda_item = models.ForeignKey(
        AgendaItem, models.PROTECT, related_name="decisions", verbose_name=_("agenda item"), editable=False
    )
    # The body and the year that number it.
    body = models.ForeignKey(Body, models.PROTECT, related_name="decisions", verbose_name=_("body"), editable=False)
    year = models.PositiveSmallIntegerField(_("year"), editable=False)
    number = models.PositiveIntegerField(_("number"), null=True, blank=True, editable=False)
    # The version in which it was first written down.
    revision = models.ForeignKey(
        MinutesRevision, models.PROTECT, related_name="decisions", verbose_name=_("version"), editable=False
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.DECISION)
    text = models.TextField(_("text"))
    by_whom = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("of whom"),
        help_text=_("Who promises, or who is asked; empty: all together."),
    )
    commitment = models.ForeignKey(
        Commitment, models.PROTECT, null=True, blank=True, related_name="decisions", verbose_name=_("commitment")
    )
    effect = models.CharField(_("effect on the commitment"), max_length=7, choices=Effect, blank=True)
    label = models.CharField(_("label"), max_length=16, choices=Label, default=Label.AMBER)
    no_action = models.CharField(_("no action needed because"), max_length=300, blank=True, editable=False)
    in_force_at = models.DateTimeField(_("in force since"), null=True, blank=True, editable=False)
    withdrawn_because = models.CharField(_("withdrawn because"), max_length=300, blank=True, editable=False)
    # In which version it was taken back: until that is shown, it stands for its readers.
    withdrawn_in = models.ForeignKey(
        MinutesRevision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("withdrawn in the version"),
        editable=False,
    )
    superseded_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="supersedes",
        verbose_name=_("replaced by"),
        editable=False,
    )
    raised_to = models.ForeignKey(
        AgendaItem,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="raised_decisions",
        verbose_name=_("raised to"),
        editable=False,
    )
    shared_with = models.ForeignKey(
        Body,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("shared with"),
        editable=False,
    )
    shared_on = models.DateField(_("shared on"), null=True, blank=True, editable=False)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-year", "-number", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["body", "year", "number"], name="decision_number_once_a_year"),
            models.CheckConstraint(
                name="decision_numbered_in_force", condition=Q(number=None) | Q(in_force_at__isnull=False)
            ),
            models.CheckConstraint(
                name="decision_effect_on_a_commitment", condition=Q(effect="") | Q(commitment__isnull=False)
            ),
            models.CheckConstraint(
                name="decision_label_is_amber_or_wider",
                condition=Q(label__in=WIDE_ENOUGH),
            ),
            models.CheckConstraint(
                name="decision_shared_with_somebody_on_a_day",
                condition=Q(shared_with=None, shared_on=None) | Q(shared_with__isnull=False, shared_on__isnull=False),
            ),
            Labelled.disclosure_constraint("decision_withheld_with_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.text}".strip()[:120]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Frozen once it is in force."""
        if self.pk and Decision.objects.filter(pk=self.pk, in_force_at__isnull=False).exists():
            raise Frozen(_("A decision in force is replaced by another one, not changed."))
        super().save(*args, **kwargs)

    @property
    def label_owner_id(self) -> int:
        """A pledge is the words of whoever promises."""
        if self.kind == Decision.Kind.PLEDGE and self.by_whom_id:
            return self.by_whom_id
        return self.revision.minutes.convened_by_id

    def refuses_label(self, label: str) -> Text | None:
        if self.pk and self.in_force_at and Label(label).width < Label(self.label).width:
            return _("It is in force, and those it reaches may have read it.")
        return None if label in WIDE_ENOUGH else TOO_STRICT

    @property
    def withdrawal_told(self) -> str:
        """Why it was withdrawn, once the version is shown that says so."""
        told = self.withdrawn_in is None or self.withdrawn_in.circulated_at is not None
        return self.withdrawn_because if told else ""

    @property
    def is_current(self) -> bool:
        """Neither withdrawn nor replaced, as ``DecisionQuerySet.current`` asks of many."""
        return not self.withdrawn_because and self.superseded_by_id is None

    @property
    def is_told(self) -> bool:
        """Whether others than the secretariat have read it."""
        return self.in_force_at is not None or self.revision.circulated_at is not None

    @property
    def reference(self) -> str:
        """For example "2027-3"; empty before it has a number."""
        return f"{self.year}-{self.number}" if self.number else ""
