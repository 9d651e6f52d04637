"""Declaration → pillar → commitment → indicator."""

from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from council.core.models import Bilingual, Timestamped
from council.core.quarters import Quarter
from council.core.reach import within_reach
from council.declaration.states import CommitmentState
from council.files.models import StoredFile
from council.parties.models import Body, Organisation, Person


class Declaration(Timestamped):
    code = models.SlugField(_("code"), max_length=40, unique=True)
    body = models.ForeignKey(Body, models.PROTECT, related_name="declarations", verbose_name=_("body"))
    title_ko = models.CharField(_("title (Korean)"), max_length=200)
    title_en = models.CharField(_("title (English)"), max_length=200)
    issued_on = models.DateField(_("issued on"), validators=[within_reach])
    text = models.TextField(_("text"), blank=True, help_text=_("The full text, or where it is kept."))
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("declaration")
        verbose_name_plural = _("declarations")
        ordering = ["-issued_on"]

    def __str__(self) -> str:
        return self.title

    title = Bilingual()


class Signatory(models.Model):
    """Who signed, with the position held on that day."""

    declaration = models.ForeignKey(Declaration, models.CASCADE, related_name="signatories")
    person = models.ForeignKey(Person, models.PROTECT, related_name="signatures", verbose_name=_("person"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="signatures")
    position_ko = models.CharField(_("position (Korean)"), max_length=100)
    position_en = models.CharField(_("position (English)"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("signatory")
        verbose_name_plural = _("signatories")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["declaration", "person"], name="signatory_once")]

    def __str__(self) -> str:
        return self.position_ko


class Pillar(Timestamped):
    declaration = models.ForeignKey(Declaration, models.PROTECT, related_name="pillars", verbose_name=_("declaration"))
    order = models.PositiveSmallIntegerField(_("order"))
    code = models.SlugField(_("code"), max_length=20)
    title_ko = models.CharField(_("title (Korean)"), max_length=100)
    title_en = models.CharField(_("title (English)"), max_length=100)
    short_ko = models.CharField(_("short title (Korean)"), max_length=40, blank=True)
    short_en = models.CharField(_("short title (English)"), max_length=40, blank=True)
    promise_ko = models.CharField(_("promise (Korean)"), max_length=200, blank=True)
    promise_en = models.CharField(_("promise (English)"), max_length=200, blank=True)
    working_group = models.ForeignKey(
        Body,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="pillars",
        verbose_name=_("working group"),
        help_text=_("Discusses the reports on this pillar before the body meets; they are due earlier."),
    )

    class Meta:
        verbose_name = _("pillar")
        verbose_name_plural = _("pillars")
        ordering = ["declaration", "order"]
        constraints = [
            models.UniqueConstraint(fields=["declaration", "order"], name="pillar_order_once"),
            models.UniqueConstraint(fields=["declaration", "code"], name="pillar_code_once"),
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.title}"

    title = Bilingual()
    short = Bilingual(instead="title")
    promise = Bilingual()


def pillar_order(pillar: Pillar | None) -> tuple[bool, int, int]:
    """Sorts what belongs to pillars: in their order, what has none last."""
    return (False, pillar.order, pillar.pk) if pillar else (True, 0, 0)


class TargetGroup(Timestamped):
    """Whom a commitment is for."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name_ko = models.CharField(_("name (Korean)"), max_length=60)
    name_en = models.CharField(_("name (English)"), max_length=60)

    class Meta:
        verbose_name = _("target group")
        verbose_name_plural = _("target groups")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    name = Bilingual()


class Commitment(Timestamped):
    """One thing that was promised, requested or announced. Without a pillar it concerns the body's own running."""

    class Kind(models.TextChoices):
        JOINT = "joint", _("joint declaration")
        PLEDGE = "pledge", _("pledge")
        REQUEST = "request", _("request")
        MINISTRY = "ministry", _("government commitment")
        DISCUSSED = "discussed", _("discussed")

    class Sensitivity(models.TextChoices):
        LOW = "low", _("low")
        MEDIUM = "medium", _("medium")
        HIGH = "high", _("high")

    State = CommitmentState

    declaration = models.ForeignKey(
        Declaration, models.PROTECT, related_name="commitments", verbose_name=_("declaration")
    )
    code = models.SlugField(_("code"), max_length=20)
    pillar = models.ForeignKey(
        Pillar, models.PROTECT, null=True, blank=True, related_name="commitments", verbose_name=_("pillar")
    )
    second_pillar = models.ForeignKey(
        Pillar, models.PROTECT, null=True, blank=True, related_name="also_commitments", verbose_name=_("second pillar")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    title_ko = models.CharField(_("title (Korean)"), max_length=200)
    title_en = models.CharField(_("title (English)"), max_length=200)
    summary_ko = models.TextField(_("summary (Korean)"), blank=True)
    summary_en = models.TextField(_("summary (English)"), blank=True)
    owners = models.ManyToManyField(
        Organisation, through="CommitmentOwner", related_name="commitments", verbose_name=_("owners")
    )
    lead_division = models.CharField(_("division in charge"), max_length=100, blank=True)
    reviewers = models.ManyToManyField(
        Person,
        blank=True,
        related_name="reviewed_commitments",
        verbose_name=_("reviewers"),
        help_text=_("Who judges the reports on it: the division in charge, or whoever benefits."),
    )
    target_groups = models.ManyToManyField(
        TargetGroup, blank=True, related_name="commitments", verbose_name=_("target groups")
    )
    legal_basis_ko = models.CharField(_("legal basis (Korean)"), max_length=300, blank=True)
    legal_basis_en = models.CharField(_("legal basis (English)"), max_length=300, blank=True)
    effective_on = models.DateField(_("law effective on"), null=True, blank=True, validators=[within_reach])
    due_on = models.DateField(_("due on"), null=True, blank=True, validators=[within_reach])
    sensitivity = models.CharField(
        _("competitive sensitivity"), max_length=6, choices=Sensitivity, default=Sensitivity.MEDIUM
    )
    origin_ko = models.CharField(_("origin (Korean)"), max_length=200, blank=True)
    origin_en = models.CharField(_("origin (English)"), max_length=200, blank=True)
    note_ko = models.TextField(_("note (Korean)"), blank=True, help_text=_("What is not settled yet."))
    note_en = models.TextField(_("note (English)"), blank=True)
    tracked_through = models.ManyToManyField(
        "self", blank=True, symmetrical=False, related_name="stands_for", verbose_name=_("tracked through")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=CommitmentState, default=CommitmentState.TRACKED, editable=False
    )
    state_because = models.CharField(_("reason for the state"), max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["declaration", "code"], name="commitment_code_once"),
            models.CheckConstraint(
                name="commitment_second_pillar_is_another",
                condition=Q(second_pillar=None) | (~Q(pillar=None) & ~Q(second_pillar=models.F("pillar"))),
                violation_error_message=_("The second pillar must be another one than the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def clean(self) -> None:
        """A body's scorecard and letters name a commitment by its code alone, whichever declaration it stands in."""
        if self.declaration_id is None:
            return
        others = Commitment.objects.filter(declaration__body=self.declaration.body_id, code=self.code)
        if others.exclude(declaration=self.declaration_id).exclude(pk=self.pk).exists():
            raise ValidationError({"code": _("Another declaration of this body has a commitment with this code.")})

    title = Bilingual()
    summary = Bilingual()
    legal_basis = Bilingual()
    origin = Bilingual()
    note = Bilingual()


class CommitmentOwner(models.Model):
    """Whose commitment it is, and who has a part in it."""

    class Part(models.TextChoices):
        OWNER = "owner", _("owner")
        CO_OWNER = "co_owner", _("co-owner")

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="parts", verbose_name=_("commitment"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="parts", verbose_name=_("organisation"))
    part = models.CharField(_("part"), max_length=8, choices=Part, default=Part.OWNER)

    class Meta:
        verbose_name = _("owner")
        verbose_name_plural = _("owners")
        ordering = ["-part", "organisation"]
        constraints = [models.UniqueConstraint(fields=["commitment", "organisation"], name="commitment_owner_once")]

    def __str__(self) -> str:
        return self.get_part_display()


class Milestone(Timestamped):
    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="milestones", verbose_name=_("commitment"))
    title = models.CharField(_("title"), max_length=200)
    due_on = models.DateField(_("due on"), validators=[within_reach])

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["due_on"]

    def __str__(self) -> str:
        return self.title


class Indicator(Timestamped):
    """What a commitment is measured by. A target that nobody has set yet is empty, never guessed."""

    class Direction(models.TextChoices):
        UP = "up", _("more is better")
        DOWN = "down", _("less is better")
        NONE = "none", _("neither")

    class Cadence(models.TextChoices):
        QUARTERLY = "quarterly", _("quarterly")
        HALF_YEARLY = "half_yearly", _("half-yearly")
        YEARLY = "yearly", _("yearly")
        ONCE = "once", _("once")

    class Source(models.TextChoices):
        SELF_REPORTED = "self_reported", _("self-reported")
        EXTERNAL = "external", _("external")

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="indicators", verbose_name=_("commitment"))
    name_ko = models.CharField(_("name (Korean)"), max_length=100)
    name_en = models.CharField(_("name (English)"), max_length=100)
    unit_ko = models.CharField(_("unit (Korean)"), max_length=30, blank=True)
    unit_en = models.CharField(_("unit (English)"), max_length=30, blank=True)
    direction = models.CharField(_("direction"), max_length=4, choices=Direction, default=Direction.UP)
    baseline = models.DecimalField(_("baseline"), max_digits=16, decimal_places=3, null=True, blank=True)
    target = models.DecimalField(_("target"), max_digits=16, decimal_places=3, null=True, blank=True)
    target_note_ko = models.CharField(_("note on the target (Korean)"), max_length=200, blank=True)
    target_note_en = models.CharField(_("note on the target (English)"), max_length=200, blank=True)
    cadence = models.CharField(_("cadence"), max_length=12, choices=Cadence, default=Cadence.QUARTERLY)
    source = models.CharField(_("source"), max_length=14, choices=Source, default=Source.SELF_REPORTED)
    summable = models.BooleanField(
        _("can be summed"),
        default=False,
        help_text=_("Figures of several organisations can be added up: amounts and numbers, never percentages."),
    )
    step = models.DecimalField(
        pgettext_lazy("of figures", "step"),
        max_digits=16,
        decimal_places=3,
        default=Decimal(1),
        help_text=_("The coarsest step in which its figures are given, such as 1 or 100."),
    )
    evidence_ko = models.CharField(_("evidence (Korean)"), max_length=200, blank=True)
    evidence_en = models.CharField(_("evidence (English)"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["commitment", "id"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "name_ko"], name="indicator_name_once"),
            models.CheckConstraint(
                name="indicator_has_a_step",
                condition=Q(step__gt=0),
                violation_error_message=_("A step is larger than zero."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    name = Bilingual()
    unit = Bilingual()
    evidence = Bilingual()
    target_note = Bilingual()

    def is_due_in(self, quarter: Quarter) -> bool:
        """Whether its value is reported for that quarter. What is reported once is due until it is done."""
        match self.cadence:
            case self.Cadence.HALF_YEARLY:
                return quarter.number in {2, 4}
            case self.Cadence.YEARLY:
                return quarter.number == 4
            case _:
                return True


class IndicatorTarget(Timestamped):
    """Where one organisation starts from and what it is to reach; never on the indicator that others share."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="targets", verbose_name=_("indicator"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="targets", verbose_name=_("organisation")
    )
    baseline = models.DecimalField(_("baseline"), max_digits=16, decimal_places=3, null=True, blank=True)
    target = models.DecimalField(_("target"), max_digits=16, decimal_places=3, null=True, blank=True)

    class Meta:
        verbose_name = _("target of an organisation")
        verbose_name_plural = _("targets of organisations")
        ordering = ["indicator", "organisation"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "organisation"], name="indicator_target_once_an_organisation")
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.organisation.short}"


class Incident(Timestamped):
    """An event or controversy (사고·현안) that commitments answer. Listing one does not say that it is established."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="incidents", verbose_name=_("organisation")
    )
    title_ko = models.CharField(_("title (Korean)"), max_length=200)
    title_en = models.CharField(_("title (English)"), max_length=200)
    happened = models.CharField(_("when"), max_length=30, blank=True, help_text=_("As exactly as it is known."))
    commitments = models.ManyToManyField(
        Commitment, blank=True, related_name="incidents", verbose_name=_("commitments")
    )

    class Meta:
        verbose_name = _("incident or issue")
        verbose_name_plural = _("incidents and issues")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title

    title = Bilingual()
