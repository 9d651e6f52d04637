"""What parliament, the auditors or somebody by the Information Disclosure Act ask of the records, and what they get."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from council.core.labels import Label
from council.core.models import Timestamped
from council.core.reach import within_reach
from council.declaration.models import Commitment
from council.files.models import StoredFile
from council.minutes.models.issue import IssuedDocument
from council.minutes.models.minutes import Frozen, MinutesRevision
from council.minutes.models.opinion import Answers, AskedAbout, AskedOpinion
from council.minutes.states import RECORDS_SETTLED, RecordsState
from council.parties.models import Body, Organisation

SETTLED = _("This request has been answered or closed; it stays as it is.")
GROUND_NEEDED = _("Whatever is withheld has a reason, with the law that it rests on.")


class RecordsRequestQuerySet(models.QuerySet["RecordsRequest"]):
    def on_hold(self) -> Self:
        return self.filter(legal_hold=True)

    def awaiting_archive(self, now: datetime) -> Self:
        """Whose archive was asked for, or was begun by somebody who did not finish."""
        lost = Q(stage=RecordsRequest.Stage.MAKING, lease_until__lt=now)
        return self.filter(Q(stage=RecordsRequest.Stage.WAITING) | lost, state=RecordsState.DECIDED)


class RecordsRequest(AskedAbout, Timestamped):
    """A request for all records of a scope: an index, an archive, and what becomes of each piece and why.

    Law, for a request for disclosure: 공공기관의 정보공개에 관한 법률; the others rest on laws of their own.
    """

    class Kind(models.TextChoices):
        ASSEMBLY = "assembly", _("request of the National Assembly")
        AUDIT = "audit", _("request of the auditors")
        DISCLOSURE = "disclosure", _("disclosure request")

    class Stage(models.TextChoices):
        NONE = "", _("not asked for")
        WAITING = "waiting", _("waiting")
        MAKING = "making", _("being made")
        READY = "ready", _("ready")
        FAILED = "failed", _("could not be made")

    State = RecordsState

    body = models.ForeignKey(Body, models.PROTECT, related_name="records_requests", verbose_name=_("body"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    requester = models.CharField(_("requester"), max_length=200)
    reference = models.CharField(_("document number of the request"), max_length=100, blank=True)
    received_on = models.DateField(_("received on"), validators=[within_reach])
    due_at = models.DateTimeField(
        _("due at"),
        validators=[within_reach],
        help_text=_(
            "A disclosure request is decided within ten days from the day it came, business days only and the first one"
            " counted (Information Disclosure Act, Articles 11 and 29)."
        ),
    )
    from_day = models.DateField(_("records from"), validators=[within_reach])
    to_day = models.DateField(_("records up to"), validators=[within_reach])
    commitment = models.ForeignKey(
        Commitment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("commitment"),
        help_text=_("Empty: everything of the period."),
    )
    note = models.TextField(_("note"), blank=True, help_text=_("What exactly is asked for, and what was agreed on."))
    state = models.CharField(
        _("state"), max_length=10, choices=RecordsState, default=RecordsState.COLLECTING, editable=False
    )
    collected_at = models.DateTimeField(_("collected at"), null=True, blank=True, editable=False)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True, editable=False)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True, editable=False)
    handed_to = models.CharField(_("handed over to"), max_length=200, blank=True, editable=False)
    handed_how = models.CharField(_("handed over how"), max_length=200, blank=True, editable=False)
    closed_because = models.CharField(_("closed because"), max_length=300, blank=True, editable=False)
    legal_hold = models.BooleanField(_("legal hold"), default=False, editable=False)
    hold_reason = models.CharField(_("reason for the legal hold"), max_length=300, blank=True, editable=False)

    # The archive, made in the background.
    stage = models.CharField(_("archive"), max_length=7, choices=Stage, blank=True, editable=False)
    done = models.PositiveIntegerField(_("pieces put into the archive"), default=0, editable=False)
    total = models.PositiveIntegerField(_("pieces to be put into the archive"), default=0, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    failed_because = models.CharField(_("could not be made because"), max_length=300, blank=True, editable=False)
    made_at = models.DateTimeField(_("made at"), null=True, blank=True, editable=False)
    archive = models.OneToOneField(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="archive_of",
        verbose_name=_("file of the archive"),
        editable=False,
    )
    sha256 = models.CharField(_("SHA-256 of the whole"), max_length=64, blank=True, editable=False)

    objects = RecordsRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("records request")
        verbose_name_plural = _("records requests")
        ordering = ["-id"]
        constraints = [
            *AskedAbout.Meta.constraints,
            models.CheckConstraint(
                name="recordsrequest_period_runs_forward",
                condition=Q(to_day__gte=F("from_day")),
                violation_error_message=_("The period ends before it begins."),
            ),
            models.CheckConstraint(
                name="recordsrequest_moments_go_with_its_state",
                condition=Q(state="collecting", asked_at=None, decided_at=None)
                | Q(state="asked", asked_at__isnull=False, decided_at=None)
                | Q(state__in=["decided", "answered"], decided_at__isnull=False)
                | Q(state="closed"),
            ),
            models.CheckConstraint(
                name="recordsrequest_answered_with_what_was_handed_over",
                condition=(
                    Q(state="answered", answered_at__isnull=False, stage="ready") & ~Q(handed_to="") & ~Q(handed_how="")
                )
                | (~Q(state="answered") & Q(answered_at=None, handed_to="", handed_how="")),
            ),
            models.CheckConstraint(
                name="recordsrequest_closed_with_a_reason",
                condition=(Q(state="closed") & ~Q(closed_because="")) | (~Q(state="closed") & Q(closed_because="")),
            ),
            models.CheckConstraint(
                name="recordsrequest_hold_has_a_reason",
                condition=Q(legal_hold=False, hold_reason="") | (Q(legal_hold=True) & ~Q(hold_reason="")),
            ),
            models.CheckConstraint(
                name="recordsrequest_archive_is_whole",
                condition=(Q(stage="ready", archive__isnull=False, made_at__isnull=False) & ~Q(sha256=""))
                | (~Q(stage="ready") & Q(archive=None, made_at=None, sha256="")),
            ),
            models.CheckConstraint(
                name="recordsrequest_archive_of_what_was_decided",
                condition=Q(stage="") | Q(state__in=["decided", "answered", "closed"]),
            ),
        ]
        indexes = [
            # The turn that looks for archives to make.
            models.Index(fields=["stage"], condition=Q(stage__in=["waiting", "making"]), name="records_archive_due"),
        ]

    def __str__(self) -> str:
        return " · ".join(filter(None, [str(self.get_kind_display()), self.requester, self.reference]))

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Nothing of it changes once it was answered or closed; its legal hold by a conditional update."""
        if self.pk and RecordsRequest.objects.filter(pk=self.pk, state__in=RECORDS_SETTLED).exists():
            raise Frozen(SETTLED)
        super().save(*args, **kwargs)

    @property
    def takes_decisions(self) -> bool:
        """Whether what becomes of its pieces can still change."""
        return self.state in {RecordsState.COLLECTING, RecordsState.ASKED}

    @property
    def is_settled(self) -> bool:
        return self.state in RECORDS_SETTLED

    @property
    def rests_on_disclosure(self) -> bool:
        """Whether it rests on the Information Disclosure Act; parliament and the auditors have laws of their own."""
        return self.kind == RecordsRequest.Kind.DISCLOSURE

    @property
    def is_being_made(self) -> bool:
        return self.stage in {RecordsRequest.Stage.WAITING, RecordsRequest.Stage.MAKING}


def key_of(target_type: str, target_id: int) -> str:
    """What a piece is, in a word."""
    return f"{target_type}-{target_id}"


class RecordsPiece(Timestamped):
    """One thing in the scope of a request, and what becomes of it."""

    class Outcome(models.TextChoices):
        OPEN = "", _("not decided yet")
        HANDED_OVER = "handed_over", _("handed over")
        SHOWN = "shown", _("shown")
        REFUSED = "refused", pgettext_lazy("records request", "refused")

    # The requester gets it or reads it, be it in part.
    LEAVES = frozenset({Outcome.HANDED_OVER, Outcome.SHOWN})

    request = models.ForeignKey(
        RecordsRequest, models.PROTECT, related_name="pieces", verbose_name=_("records request"), editable=False
    )
    position = models.PositiveIntegerField(_("number"), editable=False)
    target_type = models.CharField(_("kind of thing"), max_length=60, editable=False)
    target_id = models.PositiveBigIntegerField(_("number of the thing"), editable=False)
    title = models.CharField(_("title"), max_length=300, editable=False)
    day = models.DateField(_("day"), editable=False)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("of whom"), editable=False)
    # Whose words or data are in it: the owner, and whoever said something in it or is named there.
    concerns = models.ManyToManyField(Organisation, related_name="+", verbose_name=_("whose words"), editable=False)
    label = models.CharField(_("label"), max_length=16, choices=Label, editable=False)
    outcome = models.CharField(_("outcome"), max_length=11, choices=Outcome, blank=True, editable=False)
    in_part = models.BooleanField(_("in part"), default=False, editable=False)
    # Of minutes: what their readers are given of them.
    audience = models.CharField(_("version"), max_length=6, choices=IssuedDocument.Audience, blank=True, editable=False)
    grounds = models.JSONField(_("grounds (Article 9 (1))"), default=list, blank=True, editable=False)
    reason = models.CharField(_("reason for not disclosing"), max_length=300, blank=True, editable=False)
    review_on = models.DateField(_("to be reviewed on"), null=True, blank=True, editable=False)
    part = models.OneToOneField(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="part_of",
        verbose_name=_("the part that is handed over"),
        editable=False,
    )
    # Outcome, whether in part, version, the part: as whose words it has were told, and the most that is given of it.
    asked_as = models.JSONField(default=list, blank=True, editable=False)
    at_most = models.JSONField(default=list, blank=True, editable=False)
    # As it lies in the archive.
    path = models.CharField(_("name in the archive"), max_length=200, blank=True, editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, editable=False)

    objects: ClassVar[models.Manager[RecordsPiece]] = models.Manager()

    class Meta:
        verbose_name = _("piece of a records request")
        verbose_name_plural = _("pieces of records requests")
        ordering = ["request", "position"]
        constraints = [
            models.UniqueConstraint(fields=["request", "target_type", "target_id"], name="recordspiece_once"),
            models.UniqueConstraint(fields=["request", "position"], name="recordspiece_position_once"),
            models.CheckConstraint(
                name="recordspiece_withheld_with_a_ground",
                condition=(
                    (Q(outcome="refused", in_part=False) | Q(outcome__in=["handed_over", "shown"], in_part=True))
                    & ((~Q(grounds=[]) & Q(review_on__isnull=False)) | Q(grounds=[], review_on=None))
                    & ~Q(reason="")
                )
                | Q(outcome__in=["", "handed_over", "shown"], in_part=False, grounds=[], reason="", review_on=None),
                violation_error_message=GROUND_NEEDED,
            ),
            models.CheckConstraint(
                name="recordspiece_version_of_minutes",
                condition=(Q(target_type="minutesrevision") & ~Q(audience=""))
                | (~Q(target_type="minutesrevision") & Q(audience="")),
            ),
            models.CheckConstraint(
                name="recordspiece_in_the_archive_if_handed_over",
                condition=Q(path="", sha256="") | (Q(outcome="handed_over") & ~Q(path="") & ~Q(sha256="")),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """What was answered stays as it is."""
        if RecordsRequest.objects.filter(pk=self.request_id, state__in=RECORDS_SETTLED).exists():
            raise Frozen(SETTLED)
        super().save(*args, **kwargs)

    @property
    def key(self) -> str:
        """What it is, whenever the pieces are collected."""
        return key_of(self.target_type, self.target_id)

    @property
    def is_minutes(self) -> bool:
        return self.target_type == MinutesRevision._meta.model_name

    @property
    def takes_a_part(self) -> bool:
        """Whether what is handed over of it is a file of its own; of minutes it is their public version."""
        return self.outcome == RecordsPiece.Outcome.HANDED_OVER and self.in_part and not self.is_minutes

    @property
    def given_as(self) -> list[Any]:
        return [self.outcome, self.in_part, self.audience, self.part_id]

    @property
    def is_given_whole(self) -> bool:
        """Whether the requester gets or reads all of it: then its title betrays nothing."""
        return self.leaves and not self.in_part

    @property
    def label_given(self) -> str:
        """What goes out of it: minutes with the annexes of the organisations are stricter than the minutes."""
        is_whole = self.audience == IssuedDocument.Audience.WHOLE and self.leaves
        return Label.strictest([self.label, Label.AMBER_STRICT]) if is_whole else self.label

    @property
    def leaves(self) -> bool:
        """Whether the requester gets it or reads it, be it in part."""
        return self.outcome in RecordsPiece.LEAVES


class RecordsOpinionQuerySet(Answers["RecordsOpinion"]):
    pass


class RecordsOpinion(AskedOpinion):
    """What an organisation says to its pieces going to somebody. It sees this and its pieces, and no request."""

    request = models.ForeignKey(
        RecordsRequest, models.PROTECT, related_name="opinions", verbose_name=_("records request"), editable=False
    )

    objects = models.Manager.from_queryset(RecordsOpinionQuerySet)()

    class Meta:
        verbose_name = _("opinion on a records request")
        verbose_name_plural = _("opinions on records requests")
        ordering = ["request", "organisation"]
        constraints = [
            models.UniqueConstraint(fields=["request", "organisation"], name="recordsopinion_asked_once"),
            *AskedOpinion.Meta.constraints,
        ]

    @property
    def about(self) -> RecordsRequest:
        return self.request
