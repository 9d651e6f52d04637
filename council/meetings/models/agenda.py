"""What a meeting is about."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from council.core.errors import Text
from council.core.labels import Label, Labelled
from council.core.models import Timestamped
from council.declaration.models import Commitment, Pillar
from council.meetings.models.meeting import Meeting
from council.meetings.states import AgendaItemState
from council.parties.models import Body, Organisation, Person, User

TOO_STRICT = _("An accepted agenda item is TLP:AMBER or wider; stricter material goes into an annex.")


class AgendaKind(models.TextChoices):
    REMARKS = "remarks", _("remarks")
    DECISION = "decision", _("for decision")
    DISCUSSION = "discussion", _("for discussion")
    REPORT = "report", _("report")
    INFORMATION = "information", _("information")


class AgendaSection(Timestamped):
    """A part of a meeting's agenda under a heading of its own; what is in none comes first."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="sections", verbose_name=_("meeting"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    title = models.CharField(_("title"), max_length=100)

    class Meta:
        verbose_name = _("section of the agenda")
        verbose_name_plural = _("sections of the agenda")
        ordering = ["meeting", "position", "id"]

    def __str__(self) -> str:
        return self.title


class StandingItem(Timestamped):
    """What stands on every agenda of a body by itself, in this order."""

    class About(models.TextChoices):
        NOTHING = "nothing", _("nothing further")
        PREVIOUS_MINUTES = "previous_minutes", _("the minutes of the last meeting")
        OPEN_ACTIONS = "open_actions", _("the open action items")

    body = models.ForeignKey(Body, models.CASCADE, related_name="standing_items", verbose_name=_("body"))
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=12, choices=AgendaKind, default=AgendaKind.REPORT)
    title = models.CharField(_("title"), max_length=150)
    duration = models.PositiveSmallIntegerField(_("minutes"), default=5, validators=[MaxValueValidator(600)])
    consent = models.BooleanField(_("taken without discussion"), default=False)
    about = models.CharField(_("about"), max_length=16, choices=About, default=About.NOTHING)
    last = models.BooleanField(_("at the end"), default=False)

    class Meta:
        verbose_name = _("standing item")
        verbose_name_plural = _("standing items")
        ordering = ["body", "last", "position", "id"]

    def __str__(self) -> str:
        return self.title


class AgendaItem(Labelled, Timestamped):
    """An item on a meeting's agenda; its pillar is its commitment's, where it has one."""

    Kind = AgendaKind

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
    section = models.ForeignKey(
        AgendaSection, models.SET_NULL, null=True, blank=True, related_name="items", verbose_name=_("section")
    )
    duration = models.PositiveSmallIntegerField(_("minutes"), default=10, validators=[MaxValueValidator(600)])
    consent = models.BooleanField(
        _("taken without discussion"), default=False, help_text=_("Unless somebody asks to discuss it.")
    )
    label = models.CharField(_("label"), max_length=16, choices=Label, default=Label.AMBER)
    readers = models.ManyToManyField(Person, blank=True, related_name="+", verbose_name=_("readers (TLP:RED)"))
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="agenda_items", verbose_name=_("handed in by"))
    state = models.CharField(
        _("state"), max_length=10, choices=AgendaItemState, default=AgendaItemState.ACCEPTED, editable=False
    )
    result = models.CharField(_("result"), max_length=22, choices=Result, blank=True, editable=False)
    proposed_at = models.DateTimeField(_("proposed at"), null=True, blank=True, editable=False)
    late = models.BooleanField(_("proposed after the deadline"), default=False, editable=False)
    returned_because = models.CharField(_("what is missing"), max_length=300, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name=_("merged into"),
        editable=False,
    )
    competition_checked_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("competition law checked by"),
        editable=False,
    )
    competition_checked_at = models.DateTimeField(
        _("competition law checked at"), null=True, blank=True, editable=False
    )
    competition_opinion = models.CharField(_("opinion on competition law"), max_length=500, blank=True, editable=False)
    standing = models.ForeignKey(
        StandingItem,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="items",
        verbose_name=_("standing item"),
        editable=False,
    )
    about_meeting = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("about the meeting"),
        editable=False,
    )
    provisional = models.BooleanField(
        _("provisional"),
        default=False,
        editable=False,
        help_text=_("Raised by the working group before its minutes were approved."),
    )
    carried_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="carried_to",
        editable=False,
        verbose_name=_("carried over from"),
    )
    raised_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="raised_to",
        editable=False,
        verbose_name=_("raised from"),
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
            models.UniqueConstraint(
                fields=["meeting", "standing"], condition=Q(standing__isnull=False), name="agenda_item_standing_once"
            ),
            models.UniqueConstraint(
                fields=["meeting", "carried_from"],
                condition=Q(carried_from__isnull=False),
                name="agenda_item_carried_once",
            ),
            models.CheckConstraint(
                name="agenda_item_returned_with_a_reason", condition=~Q(state="returned") | ~Q(returned_because="")
            ),
            models.CheckConstraint(
                name="agenda_item_merged_is_withdrawn", condition=Q(merged_into=None) | Q(state="withdrawn")
            ),
            models.CheckConstraint(
                name="agenda_item_competition_check_is_complete",
                condition=Q(competition_checked_by=None, competition_checked_at=None)
                | Q(competition_checked_by__isnull=False, competition_checked_at__isnull=False),
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


class ItemNote(Timestamped):
    """What the secretariat noted on an item in the meeting; the minutes grow from it. Nobody else reads it."""

    item = models.OneToOneField(AgendaItem, models.PROTECT, related_name="note", verbose_name=_("agenda item"))
    text = models.TextField(_("text"), blank=True)
    version = models.PositiveIntegerField(_("version"), default=0)

    class Meta:
        verbose_name = _("note of the meeting")
        verbose_name_plural = _("notes of the meeting")

    def __str__(self) -> str:
        return str(self.item)


class AgendaSnapshot(models.Model):
    """The agenda as it was fixed: what follows is a change to it. Appended only."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="snapshots", verbose_name=_("meeting"))
    version = models.PositiveSmallIntegerField(_("version"))
    fixed_at = models.DateTimeField(_("fixed at"))
    fixed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("fixed by"))
    items = models.JSONField(_("items"))
    sha256 = models.CharField("SHA-256", max_length=64)

    class Meta:
        verbose_name = _("fixed agenda")
        verbose_name_plural = _("fixed agendas")
        ordering = ["meeting", "-version"]
        constraints = [models.UniqueConstraint(fields=["meeting", "version"], name="agenda_snapshot_version_once")]

    def __str__(self) -> str:
        return str(self.version)
