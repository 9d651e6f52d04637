"""What an owner hands in on an item, what shows that it is true, and the ministry's answer."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from council.actions.models.item import ActionItem
from council.actions.states import UpdateState
from council.core.labels import Labelled
from council.core.models import Bilingual, Timestamped
from council.files.models import StoredFile
from council.parties.models import Body, Organisation, User


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
