"""What a meeting is about."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from council.core.errors import Text
from council.core.labels import Label, Labelled
from council.core.models import Timestamped
from council.declaration.models import Commitment, Pillar
from council.meetings.models.meeting import Meeting
from council.meetings.states import AgendaItemState
from council.parties.models import Organisation, Person

TOO_STRICT = _("An accepted agenda item is TLP:AMBER or wider; stricter material goes into an annex.")


class AgendaItem(Labelled, Timestamped):
    """An item on a meeting's agenda; its pillar is its commitment's, where it has one."""

    class Kind(models.TextChoices):
        REMARKS = "remarks", _("remarks")
        DECISION = "decision", _("for decision")
        DISCUSSION = "discussion", _("for discussion")
        REPORT = "report", _("report")
        INFORMATION = "information", _("information")

    class Result(models.TextChoices):
        ADOPTED = "adopted", _("adopted")
        ADOPTED_WITH_CHANGES = "adopted_with_changes", _("adopted with changes")
        DEFERRED = "deferred", _("deferred")
        WITHDRAWN = "withdrawn", _("withdrawn")
        NOTED = "noted", _("noted")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="agenda_items", verbose_name=_("meeting"))
    # No unique constraint: SQLite leaves deferrable ones out. The meeting is locked and the order rewritten whole.
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.DISCUSSION)
    title = models.CharField(_("title"), max_length=200)
    background = models.TextField(_("background"), blank=True)
    pillar = models.ForeignKey(
        Pillar, models.PROTECT, null=True, blank=True, related_name="agenda_items", verbose_name=_("pillar")
    )
    commitment = models.ForeignKey(
        Commitment, models.PROTECT, null=True, blank=True, related_name="agenda_items", verbose_name=_("commitment")
    )
    presenter = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("presenter")
    )
    duration = models.PositiveSmallIntegerField(_("minutes"), default=10)
    label = models.CharField(_("label"), max_length=16, choices=Label, default=Label.AMBER)
    readers = models.ManyToManyField(Person, blank=True, related_name="+", verbose_name=_("readers (TLP:RED)"))
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="agenda_items", verbose_name=_("handed in by"))
    state = models.CharField(
        _("state"), max_length=10, choices=AgendaItemState, default=AgendaItemState.ACCEPTED, editable=False
    )
    result = models.CharField(_("result"), max_length=22, choices=Result, blank=True, editable=False)
    carried_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="carried_to", editable=False
    )
    raised_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="raised_to", editable=False
    )

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ["meeting", "position", "id"]
        constraints = [
            models.CheckConstraint(
                name="agenda_item_pillar_only_without_commitment",
                condition=Q(pillar=None) | Q(commitment=None),
                violation_error_message=_("The pillar follows from the commitment; leave it empty."),
            ),
            models.CheckConstraint(
                name="agenda_item_accepted_is_amber_or_wider",
                condition=~Q(state="accepted") | Q(label__in=[Label.AMBER, Label.GREEN, Label.CLEAR]),
                violation_error_message=TOO_STRICT,
            ),
            Labelled.disclosure_constraint("agenda_item_withheld_with_a_reason"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def label_owner_id(self) -> int:
        return self.owner_id

    def refuses_label(self, label: str) -> Text | None:
        accepted = self.state == AgendaItemState.ACCEPTED
        return TOO_STRICT if accepted and Label(label).width < Label.AMBER.width else None

    @property
    def own_pillar(self) -> Pillar | None:
        """The pillar it belongs to: its commitment's, else its own."""
        return self.commitment.pillar if self.commitment else self.pillar
