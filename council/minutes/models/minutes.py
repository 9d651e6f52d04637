"""The minutes of a meeting and their versions."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from council.core.errors import DomainError, Text
from council.core.labels import Label, Labelled
from council.core.models import Timestamped
from council.core.reach import within_reach
from council.meetings.models import AgendaItem, Meeting, Participation
from council.minutes.states import MinutesState
from council.parties.models import Organisation, User

# Minutes and decisions are for everyone seated on the body; what one alone may read is marked remark by remark.
WIDE_ENOUGH = [Label.AMBER, Label.GREEN, Label.CLEAR]
TOO_STRICT = _("Minutes are TLP:AMBER or wider; what one organisation alone may read is marked remark by remark.")
FROZEN = _("What was circulated or approved is not changed any more. Write a new version.")


class Frozen(DomainError):
    """The text of a version that others have read stays as it is."""


class Minutes(Labelled, Timestamped):
    """The record of one meeting. Written by the one who convened it: 공공기록물 관리에 관한 법률 시행령 제18조제4항."""

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="minutes", verbose_name=_("meeting"))
    convened_by = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("host institution"), editable=False
    )
    label = models.CharField(_("label"), max_length=16, choices=Label, default=Label.AMBER)
    state = models.CharField(
        _("state"), max_length=12, choices=MinutesState, default=MinutesState.DRAFT, editable=False
    )

    objects: ClassVar[models.Manager[Minutes]] = models.Manager()

    class Meta:
        verbose_name = pgettext_lazy("record", "minutes")
        verbose_name_plural = pgettext_lazy("record", "minutes")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="minutes_label_is_amber_or_wider", condition=Q(label__in=WIDE_ENOUGH)),
            Labelled.disclosure_constraint("minutes_withheld_with_a_reason"),
        ]

    def __str__(self) -> str:
        return str(self.meeting)

    @property
    def label_owner_id(self) -> int:
        return self.convened_by_id

    @property
    def newest(self) -> MinutesRevision:
        """The version with the highest number, whether it is being written or was shown; read anew each time."""
        return self.revisions.order_by("-number")[0]

    @property
    def approved_last(self) -> MinutesRevision | None:
        """The version that is in force; None while none is. Read anew each time."""
        return self.revisions.approved().order_by("-number").first()

    def refuses_label(self, label: str) -> Text | None:
        return None if label in WIDE_ENOUGH else TOO_STRICT


class RevisionQuerySet(models.QuerySet["MinutesRevision"]):
    def shown(self) -> Self:
        """What others than the secretariat have been given to read."""
        return self.filter(Q(circulated_at__isnull=False) | Q(approved_at__isnull=False))

    def being_written(self) -> Self:
        return self.filter(circulated_at=None, approved_at=None)

    def approved(self) -> Self:
        return self.filter(approved_at__isnull=False)


class MinutesRevision(Timestamped):
    """One version of the minutes. Once circulated or approved its text stays as it is; the next version follows it.

    Law: 행정업무의 운영 및 혁신에 관한 규정 제17조 (an approved document is changed by approving it anew).
    """

    class Route(models.TextChoices):
        APPROVAL = "approval", _("approval by the head")
        DELEGATED = "delegated", _("approval with delegated authority")
        ON_BEHALF = "on_behalf", _("approval in the place of the absent one")

    minutes = models.ForeignKey(
        Minutes, models.PROTECT, related_name="revisions", verbose_name=pgettext_lazy("record", "minutes")
    )
    number = models.PositiveSmallIntegerField(_("version"), editable=False)
    because = models.CharField(_("reason for this version"), max_length=300, blank=True, editable=False)
    # Counts what was saved of this page's own fields: the secretary and the assistant write at the same time.
    version = models.PositiveIntegerField(default=0, editable=False)

    title = models.CharField(_("name of the meeting"), max_length=200, blank=True)
    starts_at = models.DateTimeField(_("began at"), null=True, blank=True, validators=[within_reach])
    ends_at = models.DateTimeField(_("ended at"), null=True, blank=True, validators=[within_reach])
    venue = models.CharField(_("place"), max_length=200, blank=True)
    proceedings = models.TextField(_("order of proceedings"), blank=True)
    summary = models.TextField(_("summary"), blank=True)
    keywords = models.CharField(_("keywords"), max_length=300, blank=True, help_text=_("Separated by commas."))
    # Who was there, as it stood when this version was circulated or approved.
    attendance = models.JSONField(_("attendance"), default=list, blank=True, editable=False)

    circulated_at = models.DateTimeField(_("circulated at"), null=True, blank=True, editable=False)
    comments_until = models.DateTimeField(_("comments until"), null=True, blank=True, editable=False)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True, editable=False)
    approved_on = models.DateField(_("day of approval"), null=True, blank=True, editable=False)
    approver = models.CharField(_("approved by"), max_length=100, blank=True, editable=False)
    route = models.CharField(_("route"), max_length=10, choices=Route, blank=True, editable=False)
    approval_entered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("entered by"), editable=False
    )
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, editable=False)
    registration_number = models.CharField(_("registration number"), max_length=60, blank=True, editable=False)
    published_at = models.DateTimeField(_("public version issued at"), null=True, blank=True, editable=False)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of the minutes")
        verbose_name_plural = _("versions of the minutes")
        ordering = ["minutes", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["minutes", "number"], name="minutes_revision_number_once"),
            models.UniqueConstraint(
                fields=["minutes"],
                condition=Q(circulated_at=None, approved_at=None),
                name="minutes_one_version_being_written",
            ),
            models.CheckConstraint(
                name="minutes_revision_ends_after_it_starts",
                condition=Q(ends_at=None) | Q(starts_at=None) | Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("The meeting must end after it starts."),
            ),
            models.CheckConstraint(
                name="minutes_revision_circulated_until",
                condition=Q(circulated_at=None, comments_until=None)
                | Q(circulated_at__isnull=False, comments_until__gt=F("circulated_at")),
            ),
            models.CheckConstraint(
                name="minutes_revision_approval_is_complete",
                condition=Q(approved_at=None, approved_on=None, approver="", route="", sha256="")
                | (
                    Q(approved_at__isnull=False, approved_on__isnull=False, circulated_at__isnull=False)
                    & ~Q(approver="")
                    & ~Q(route="")
                    & ~Q(sha256="")
                ),
            ),
            models.CheckConstraint(
                name="minutes_revision_registered_once_approved",
                condition=Q(registration_number="") | Q(approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="minutes_revision_published_once_registered",
                condition=Q(published_at=None) | (Q(approved_at__isnull=False) & ~Q(registration_number="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Frozen once it was shown: what is added then (approval, registration) is added by conditional updates."""
        if self.pk and not MinutesRevision.objects.being_written().filter(pk=self.pk).exists():
            raise Frozen(FROZEN)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Frozen(_("A version of the minutes is not deleted."))

    @property
    def is_open(self) -> bool:
        """Still being written."""
        return self.circulated_at is None and self.approved_at is None

    @property
    def shown_state(self) -> MinutesState:
        """What its readers are told of its state; whether a next version is being written is not for them."""
        if self.published_at:
            return MinutesState.PUBLISHED
        if self.approved_at:
            return MinutesState.APPROVED
        return MinutesState.CIRCULATED if self.circulated_at else MinutesState.DRAFT

    @property
    def keyword_list(self) -> list[str]:
        return [word.strip() for word in self.keywords.split(",") if word.strip()]


class Written(models.Model):
    """A part of a version: nothing of it changes once the version was shown to others."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._require_open()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        self._require_open()
        return super().delete(*args, **kwargs)

    @property
    def of_revision(self) -> MinutesRevision:
        raise NotImplementedError

    def _require_open(self) -> None:
        """Frozen, told in words; behind it the database refuses by itself (migration 0016)."""
        if not MinutesRevision.objects.being_written().filter(pk=self.of_revision.pk).exists():
            raise Frozen(FROZEN)


class MinutesSection(Written, Timestamped):
    """What was said and decided on one item."""

    class Vote(models.TextChoices):
        UNSAID = "", _("not said yet")
        NONE = "none", _("no vote was taken")
        HELD = "held", _("a vote was taken")

    revision = models.ForeignKey(MinutesRevision, models.PROTECT, related_name="sections", verbose_name=_("version"))
    agenda_item = models.ForeignKey(
        AgendaItem, models.PROTECT, related_name="minutes_sections", verbose_name=_("agenda item")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    # As it was called then; an item's title can be corrected before the meeting only, its result afterwards.
    title = models.CharField(_("title"), max_length=200)
    version = models.PositiveIntegerField(default=0, editable=False)
    gist = models.TextField(_("gist, without a speaker"), blank=True)
    no_decision = models.BooleanField(_("nothing was decided"), default=False)
    # The decisions as they read when this version was shown; before that they are the item's ``Decision`` rows.
    decision = models.TextField(_("decision"), blank=True, editable=False)
    vote = models.CharField(_("vote"), max_length=4, choices=Vote, blank=True)
    voters = models.PositiveSmallIntegerField(_("entitled and present"), null=True, blank=True)
    votes_for = models.PositiveSmallIntegerField(_("for"), null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(_("against"), null=True, blank=True)
    votes_abstained = models.PositiveSmallIntegerField(_("abstained"), null=True, blank=True)

    objects: ClassVar[models.Manager[MinutesSection]] = models.Manager()

    class Meta:
        verbose_name = _("part of the minutes")
        verbose_name_plural = _("parts of the minutes")
        ordering = ["revision", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "agenda_item"], name="minutes_section_once_an_item"),
            models.CheckConstraint(
                name="minutes_section_vote_is_complete",
                condition=(~Q(vote="held") & Q(voters=None, votes_for=None, votes_against=None, votes_abstained=None))
                | Q(vote="held", voters=F("votes_for") + F("votes_against") + F("votes_abstained")),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def of_revision(self) -> MinutesRevision:
        return self.revision


class Remark(Written):
    """The gist of what one speaker said on an item, in order."""

    section = models.ForeignKey(MinutesSection, models.PROTECT, related_name="remarks", verbose_name=_("part"))
    position = models.PositiveSmallIntegerField(_("position"))
    speaker = models.ForeignKey(Participation, models.PROTECT, related_name="remarks", verbose_name=_("speaker"))
    text = models.TextField(_("gist of the remarks"))
    # Who spoke, as they were called when the version was shown: the register goes on.
    said_by = models.CharField(_("said by"), max_length=200, blank=True, editable=False)
    # Law: 독점규제 및 공정거래에 관한 법률 제40조: what competitors must not exchange is in an annex for one alone.
    private = models.BooleanField(
        _("annex for the speaker's organisation alone"),
        default=False,
        help_text=_("Only this organisation and the secretariat read it."),
    )

    objects: ClassVar[models.Manager[Remark]] = models.Manager()

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        ordering = ["section", "position", "id"]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def of_revision(self) -> MinutesRevision:
        return self.section.revision

    @property
    def who(self) -> str:
        """Who spoke: the organisation and the person, the delegate where one came."""
        speaker = self.speaker
        return self.said_by or f"{speaker.organisation.short} {speaker.attends_in_person.name}"
