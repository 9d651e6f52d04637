"""What leaves the council for the public, and what the organisations whose words it uses say to that beforehand."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from council.core.labels import Label
from council.core.models import Timestamped
from council.core.reach import within_reach
from council.core.wording import day_text
from council.minutes.models.minutes import Frozen, MinutesRevision, MinutesSection
from council.minutes.models.opinion import Answers, AskedAbout, AskedOpinion
from council.minutes.states import UNDER_WAY, PublicationState
from council.parties.models import Organisation, User

ASKED = _("Others have been asked about it as it is. Withdraw it and prepare it anew.")


class PublicationQuerySet(models.QuerySet["Publication"]):
    def under_way(self) -> Self:
        return self.filter(state__in=UNDER_WAY)

    def published(self) -> Self:
        return self.filter(state=PublicationState.PUBLISHED)


class Publication(AskedAbout, Timestamped):
    """The public version of approved minutes, or a text on the meeting: its results, a press release.

    Drawn from one version of the minutes. Each organisation whose words it uses has read those and could answer
    before it goes out.

    Law: 공공기관의 정보공개에 관한 법률 제14조 (partial disclosure), 제11조제3항 and 제21조 (third parties).
    """

    class Kind(models.TextChoices):
        MINUTES = "minutes", _("public version of the minutes")
        RESULTS = "results", _("report of the results")
        PRESS = "press", _("press release")

    State = PublicationState

    revision = models.ForeignKey(
        MinutesRevision, models.PROTECT, related_name="publications", verbose_name=_("version"), editable=False
    )
    kind = models.CharField(_("kind"), max_length=7, choices=Kind, editable=False)
    number = models.PositiveSmallIntegerField(_("number"), editable=False)
    state = models.CharField(
        _("state"), max_length=9, choices=PublicationState, default=PublicationState.DRAFT, editable=False
    )
    # Of a results report and a press release; a public version has the words of the minutes.
    title = models.CharField(_("title"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True)
    embargo = models.DateTimeField(_("embargo until"), null=True, blank=True, validators=[within_reach])

    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    withdrawn_because = models.CharField(_("withdrawn because"), max_length=300, blank=True, editable=False)
    # Over what the public reads: the hash of the whole would tell those who guess what is hidden.
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, editable=False)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "kind", "number"], name="publication_number_once"),
            models.UniqueConstraint(
                fields=["revision", "kind"],
                condition=Q(state__in=["draft", "asked"]),
                name="publication_one_of_a_kind_under_way",
            ),
            models.CheckConstraint(
                name="publication_of_the_minutes_has_their_words",
                condition=Q(kind="minutes", title="", text="", embargo=None)
                | (Q(kind__in=["results", "press"]) & ~Q(title="") & ~Q(text="")),
            ),
            *AskedAbout.Meta.constraints,
            models.CheckConstraint(
                name="publication_moments_go_with_its_state",
                condition=Q(state="draft", asked_at=None, published_at=None, withdrawn_because="", sha256="")
                | Q(state="asked", asked_at__isnull=False, published_at=None, withdrawn_because="", sha256="")
                | (Q(state="published", published_at__isnull=False, withdrawn_because="") & ~Q(sha256=""))
                | (Q(state="withdrawn", published_at=None, sha256="") & ~Q(withdrawn_because="")),
            ),
        ]

    def __str__(self) -> str:
        # Not what the meeting was called: a public version may withhold that.
        meeting = self.revision.minutes.meeting
        name = self.title or f"{meeting.body.short} {day_text(meeting.day)}"
        return f"{self.get_kind_display()} · {name} ({self.number})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Its text stays as it is once somebody was asked about it."""
        if self.pk and not Publication.objects.filter(pk=self.pk, state=PublicationState.DRAFT).exists():
            raise Frozen(ASKED)
        super().save(*args, **kwargs)

    @property
    def hides(self) -> bool:
        """Whether passages of it can be withheld: a text of one's own is written without them."""
        return self.kind == Publication.Kind.MINUTES

    @property
    def text_digest(self) -> str:
        """SHA-256 over what a text says."""
        return hashlib.sha256(f"{self.title}\n\n{self.text}".encode()).hexdigest()

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    def label_at(self, now: datetime) -> str:
        """Whom it may reach then: the secretariat and those asked, until it is out."""
        return self.label_once_out if self.is_out(now) else Label.AMBER_STRICT

    @property
    def label_once_out(self) -> str:
        """A report of the results stays inside the ministry; what is for the public may reach everybody."""
        return Label.CLEAR if self.is_public else Label.AMBER_STRICT

    @property
    def is_draft(self) -> bool:
        return self.state == PublicationState.DRAFT

    @property
    def is_public(self) -> bool:
        """Whether it is for the public: a report of the results stays inside the ministry."""
        return self.kind != Publication.Kind.RESULTS

    def is_out(self, now: datetime) -> bool:
        """Published, and its embargo is over."""
        if not self.is_public:
            return False
        return self.state == PublicationState.PUBLISHED and (self.embargo is None or self.embargo <= now)


class Redaction(Timestamped):
    """One passage of the minutes that their public version withholds, by what right, and until when."""

    publication = models.ForeignKey(
        Publication, models.PROTECT, related_name="redactions", verbose_name=_("publication"), editable=False
    )
    # Where it is, as ``passages`` names it: the text of an approved version does not move.
    place = models.CharField(_("place"), max_length=60, editable=False)
    section = models.ForeignKey(
        MinutesSection, models.PROTECT, null=True, related_name="+", verbose_name=_("part"), editable=False
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("of whom"), editable=False
    )
    grounds = models.JSONField(_("grounds (Article 9 (1))"), default=list, editable=False)
    reason = models.CharField(_("reason for not disclosing"), max_length=300, editable=False)
    review_on = models.DateField(_("to be reviewed on"), editable=False)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("by"), editable=False)

    objects: ClassVar[models.Manager[Redaction]] = models.Manager()

    class Meta:
        verbose_name = _("withheld passage")
        verbose_name_plural = _("withheld passages")
        ordering = ["publication", "id"]
        constraints = [
            models.UniqueConstraint(fields=["publication", "place"], name="redaction_once_a_place"),
            models.CheckConstraint(
                name="redaction_with_a_ground",
                condition=~Q(grounds=[]) & ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.place


class OpinionQuerySet(Answers["Opinion"]):
    pass


class Opinion(AskedOpinion):
    """That an organisation was asked about a publication with its words, what it said, and what was decided on that."""

    publication = models.ForeignKey(
        Publication, models.PROTECT, related_name="opinions", verbose_name=_("publication"), editable=False
    )

    objects = models.Manager.from_queryset(OpinionQuerySet)()

    class Meta:
        verbose_name = _("opinion on a publication")
        verbose_name_plural = _("opinions on publications")
        ordering = ["publication", "organisation"]
        constraints = [
            models.UniqueConstraint(fields=["publication", "organisation"], name="opinion_asked_once"),
            *AskedOpinion.Meta.constraints,
        ]

    @property
    def about(self) -> Publication:
        return self.publication
