"""Action items and what is handed in on them."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from council.actions.states import OWED, SETTLED, ActionState, ExtensionState, UpdateState
from council.core.labels import Labelled
from council.core.models import Bilingual, Timestamped
from council.core.reach import within_reach
from council.declaration.models import Commitment, Pillar
from council.files.models import StoredFile
from council.meetings.models import AgendaItem
from council.minutes.models import Decision
from council.parties.models import Body, Organisation, Person, User

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
        ESCALATED = "escalated", _("past its date")

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


class ProgressUpdate(Labelled, Timestamped):
    """What the owner says about an item. A draft is the owner's alone; once submitted it is never edited."""

    action = models.ForeignKey(ActionItem, models.PROTECT, related_name="updates", verbose_name=_("action item"))
    percent = models.PositiveSmallIntegerField(_("percent done"), validators=[MaxValueValidator(100)])
    text = models.TextField(_("text"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation"))
    state = models.CharField(_("state"), max_length=10, choices=UpdateState, default=UpdateState.DRAFT, editable=False)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True, editable=False)
    # Entered by the ministry for its owner; how it reached the ministry, such as the number and day of a letter.
    on_behalf = models.BooleanField(_("entered for the owner"), default=False, editable=False)
    received = models.CharField(_("received as"), max_length=200, blank=True, editable=False)
    # Of what was handed in, with its evidence: what the receipt names.
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("progress update")
        verbose_name_plural = _("progress updates")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="update_percent_at_most_100",
                condition=Q(percent__lte=100),
                violation_error_message=_("A percentage lies between 0 and 100."),
            ),
            models.CheckConstraint(
                name="update_submitted_at_goes_with_state",
                condition=(Q(state="draft") & Q(submitted_at=None))
                | (~Q(state="draft") & Q(submitted_at__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=["action", "organisation"], condition=Q(state="draft"), name="update_one_draft_an_owner"
            ),
            models.CheckConstraint(
                name="update_on_behalf_says_how_received",
                condition=Q(on_behalf=False, received="") | (Q(on_behalf=True) & ~Q(received="") & ~Q(state="draft")),
            ),
            Labelled.disclosure_constraint("update_withheld_with_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.action} ({self.percent} %)"

    @property
    def label_owner_id(self) -> int:
        return self.organisation_id

    @property
    def label_above(self) -> str:
        return self.action.label


class Proof(Timestamped):
    """What shows that something handed in is true: a file, an address, or that it was seen on site."""

    class Kind(models.TextChoices):
        FILE = "file", _("file")
        LINK = "link", _("link")
        INSPECTED_ON_SITE = "inspected_on_site", _("inspected on site")

    kind = models.CharField(_("kind"), max_length=18, choices=Kind)
    title = models.CharField(_("title"), max_length=200, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title or self.url

    @classmethod
    def kind_constraint(cls, name: str) -> models.CheckConstraint:
        """A file is there where there is to be one, an address likewise."""
        return models.CheckConstraint(
            name=name,
            condition=Q(kind="file", file__isnull=False, url="")
            | (Q(kind="link", file=None) & ~Q(url=""))
            | Q(kind="inspected_on_site", file=None, url=""),
        )


class Evidence(Proof):
    """What shows that an update is true."""

    update = models.ForeignKey(
        ProgressUpdate, models.PROTECT, related_name="evidence", verbose_name=_("progress update")
    )
    file = models.OneToOneField(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="evidence", verbose_name=_("file")
    )

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["id"]
        constraints = [Proof.kind_constraint("evidence_has_what_its_kind_says")]


class Verification(models.Model):
    """The ministry's answer to what was submitted. Appended, never edited."""

    class Verdict(models.TextChoices):
        VERIFIED = "verified", _("verified")
        RETURNED = "returned", _("completion requested")

    action = models.ForeignKey(ActionItem, models.PROTECT, related_name="verifications", verbose_name=_("action item"))
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict)
    comment = models.TextField(_("comment"), blank=True)
    # What was looked at, in the words of that day (Korean): a list of {"text": …, "met": true or false}.
    checks = models.JSONField(_("checklist"), default=list, blank=True)
    self_check = models.BooleanField(
        _("self-check"), default=False, help_text=_("Judged by the organisation that owns the item.")
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.action_id} {self.verdict}"


class CheckPoint(Timestamped):
    """One thing the ministry looks at before it verifies an item of a body."""

    body = models.ForeignKey(Body, models.CASCADE, related_name="check_points", verbose_name=_("body"))
    position = models.PositiveSmallIntegerField(_("position"))
    text_ko = models.CharField(_("text (Korean)"), max_length=200)
    text_en = models.CharField(_("text (English)"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("point of the checklist")
        verbose_name_plural = _("points of the checklist")
        ordering = ["body", "position", "id"]

    def __str__(self) -> str:
        return self.text

    text = Bilingual()


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
