"""Papers of a meeting: versions that supersede one another, and who has opened them."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from council.core.labels import Label, Labelled
from council.core.models import Timestamped
from council.core.reach import within_reach
from council.files.models import StoredFile
from council.meetings.models.agenda import AgendaItem
from council.meetings.models.meeting import Meeting
from council.parties.models import Organisation, Person, User


class PaperQuerySet(models.QuerySet["Paper"]):
    def standing(self) -> Self:
        """Not withdrawn."""
        return self.filter(withdrawn_because="")


class Paper(Labelled, Timestamped):
    """A paper for one item. Without a version it is kept elsewhere, under a document number."""

    class Kind(models.TextChoices):
        PAPER = "paper", _("paper")
        TALKING_POINTS = "talking_points", _("talking points")
        RUNNING_ORDER = "running_order", _("running order")
        SEATING = "seating", _("seating plan")
        RESULTS = "results", _("results")
        PRESS_RELEASE = "press_release", _("press release")

    agenda_item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="papers", verbose_name=_("agenda item"))
    kind = models.CharField(_("kind"), max_length=14, choices=Kind, default=Kind.PAPER)
    title = models.CharField(_("title"), max_length=200)
    label = models.CharField(_("label"), max_length=16, choices=Label, default=Label.AMBER_STRICT)
    readers = models.ManyToManyField(Person, blank=True, related_name="+", verbose_name=_("readers (TLP:RED)"))
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="papers", verbose_name=_("handed in by"))
    embargo = models.DateTimeField(
        _("not before"),
        null=True,
        blank=True,
        validators=[within_reach],
        help_text=_("Until then it is its owner's and the secretariat's alone."),
    )
    document_number = models.CharField(
        _("document number"),
        max_length=100,
        blank=True,
        help_text=_("Of a paper that is kept elsewhere: state secrets do not belong here."),
    )
    withdrawn_because = models.CharField(_("withdrawn because"), max_length=300, blank=True, editable=False)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        ordering = ["agenda_item", "id"]
        constraints = [Labelled.disclosure_constraint("paper_withheld_with_a_reason")]

    def __str__(self) -> str:
        return self.title

    @property
    def label_owner_id(self) -> int:
        return self.owner_id

    @property
    def label_above(self) -> str:
        return self.agenda_item.label


class PaperVersion(models.Model):
    """One state of a paper. The newest counts; none is taken away. Appended only."""

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="versions", verbose_name=_("paper"))
    number = models.PositiveSmallIntegerField(_("version"))
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="paper_versions", verbose_name=_("file"))
    added_at = models.DateTimeField(_("added at"))
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("added by"))
    remark = models.CharField(_("what has changed"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("version of a paper")
        verbose_name_plural = _("versions of papers")
        ordering = ["paper", "-number"]
        constraints = [models.UniqueConstraint(fields=["paper", "number"], name="paper_version_number_once")]

    def __str__(self) -> str:
        return f"{self.paper} {self.number}"


class PaperReceipt(models.Model):
    """That somebody has opened a version. Law: 행정업무의 운영 및 혁신에 관한 규정 제18조제4항."""

    version = models.ForeignKey(PaperVersion, models.PROTECT, related_name="receipts", verbose_name=_("version"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    opened_at = models.DateTimeField(_("opened at"))

    class Meta:
        verbose_name = _("receipt of a paper")
        verbose_name_plural = _("receipts of papers")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["version", "person"], name="paper_receipt_once")]

    def __str__(self) -> str:
        return f"{self.person} {self.opened_at:%Y-%m-%d %H:%M}"


class BriefingPack(Timestamped):
    """One meeting's papers bound together for one reader, made in the background."""

    class Stage(models.TextChoices):
        WAITING = "waiting", _("waiting")
        MAKING = "making", _("being made")
        READY = "ready", _("ready")
        FAILED = "failed", _("could not be made")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="packs", verbose_name=_("meeting"))
    user = models.ForeignKey(User, models.CASCADE, related_name="packs", verbose_name=_("account"))
    stage = models.CharField(_("state"), max_length=7, choices=Stage, default=Stage.WAITING, editable=False)
    done = models.PositiveSmallIntegerField(_("papers bound"), default=0)
    total = models.PositiveSmallIntegerField(_("papers"), default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(_("made at"), null=True, blank=True)
    contents = models.CharField(max_length=64, blank=True, editable=False)
    file = models.FileField(upload_to="packs/%Y/%m", max_length=80, blank=True)

    class Meta:
        verbose_name = _("briefing pack")
        verbose_name_plural = _("briefing packs")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "user"], name="briefing_pack_once"),
            models.CheckConstraint(
                name="briefing_pack_made_at_goes_with_stage",
                condition=Q(stage="ready", made_at__isnull=False) | (~Q(stage="ready") & Q(made_at=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} {self.user}"
