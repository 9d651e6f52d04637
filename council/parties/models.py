"""Organisations, people, accounts, bodies, seats."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, ClassVar, Self
from unicodedata import category, normalize

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from council.core.models import Bilingual, Timestamped
from council.core.reach import within_reach


class Organisation(Timestamped):
    class Kind(models.TextChoices):
        MINISTRY = "ministry", _("ministry")
        CARRIER = "carrier", _("carrier")
        AGENCY = "agency", _("agency")

    code = models.SlugField(_("code"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name_ko = models.CharField(_("name (Korean)"), max_length=100)
    name_en = models.CharField(_("name (English)"), max_length=100)
    short_ko = models.CharField(_("short name (Korean)"), max_length=40, blank=True)
    short_en = models.CharField(_("short name (English)"), max_length=40, blank=True)
    also_called = models.CharField(
        _("also called"),
        max_length=200,
        blank=True,
        help_text=_(
            "Separated by commas: how a text may name it besides. Whoever is named in what is published is asked."
        ),
    )

    clearance_required = models.BooleanField(
        _("clearance required"),
        default=False,
        editable=False,
        help_text=_(
            "Reports and progress are handed in only once an executive has cleared them. The organisation's to decide."
        ),
    )

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["kind", "code"]

    def __str__(self) -> str:
        return self.name

    name = Bilingual()
    short = Bilingual(instead="name")

    def is_named_in(self, text: str) -> bool:
        """Whether a text names it by one of its names, however it is spaced; in Latin letters as a word of its own."""
        called = (self.code, self.name_ko, self.name_en, self.short_ko, self.short_en, *self.also_called.split(","))
        names = {_bare(name) for name in called} - {""}
        said = "|".join(r"\s*".join(map(re.escape, name)) for name in sorted(names))
        return re.search(rf"(?<![A-Za-z])(?:{said})(?![A-Za-z])", _plain(text), re.IGNORECASE) is not None


def _plain(text: str) -> str:
    """As it is read: full-width letters and parted Hangul put together, nothing in it that is not seen."""
    return "".join(letter for letter in normalize("NFKC", text) if category(letter) != "Cf")


def _bare(name: str) -> str:
    return "".join(_plain(name).split())


class Person(Timestamped):
    """Somebody who holds a seat or is written to; with or without an account."""

    name_ko = models.CharField(_("name (Korean)"), max_length=60)
    name_en = models.CharField(_("name (English)"), max_length=60, blank=True)
    position_ko = models.CharField(_("position (Korean)"), max_length=100, blank=True)
    position_en = models.CharField(_("position (English)"), max_length=100, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="people", verbose_name=_("organisation")
    )
    email = models.EmailField(_("e-mail address"), blank=True)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["organisation_id", "name_ko"]

    def __str__(self) -> str:
        return self.name

    name = Bilingual()
    position = Bilingual()


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        """The account of an e-mail address, whatever its upper and lower case."""
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        user = self.model(email=self.normalize_email(email), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)


class User(Timestamped, AbstractBaseUser, PermissionsMixin):
    """An account. What it may do follows from its person's seats; ``is_staff`` opens the admin and nothing else."""

    class Language(models.TextChoices):
        KOREAN = "ko", "한국어"
        ENGLISH = "en", "English"

    email = models.EmailField(
        _("e-mail address"), unique=True, error_messages={"unique": _("There is an account with this address.")}
    )
    person = models.OneToOneField(
        Person, models.PROTECT, null=True, blank=True, related_name="user", verbose_name=_("person")
    )
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.KOREAN)
    is_staff = models.BooleanField(_("may open the administration"), default=False)
    is_active = models.BooleanField(_("active"), default=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(Upper("email"), name="user_email_unique_in_any_case"),
        ]

    def __str__(self) -> str:
        return self.email


class SignInFailure(models.Model):
    """An attempt to sign in that has not succeeded: as which account, from where. Kept for a day.

    ``account`` is a keyed hash of the address that was typed, whether or not there is such an account. ``origin`` is
    the visitor's address, or the mark of a browser in which this account has signed in before (``known``).
    """

    class Step(models.TextChoices):
        PASSWORD = "password", _("password")
        CODE = "code", _("second factor")
        LINK = "link", _("link asked for")
        TOKEN = "token", _("access token")

    account = models.CharField(max_length=64)
    step = models.CharField(max_length=8, choices=Step)
    origin = models.CharField(max_length=64)
    known = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("failed sign-in")
        verbose_name_plural = _("failed sign-ins")
        indexes = [
            # Counting, before each attempt.
            models.Index(fields=["account", "step", "at"], name="failure_by_account"),
            # Forgetting what is older than a day.
            models.Index(fields=["at"], name="failure_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.at:%Y-%m-%d %H:%M:%S}"


class AccessToken(Timestamped):
    """What a program shows to act in the place of the account it belongs to. The secret itself is not kept."""

    class Scope(models.TextChoices):
        READ = "read", pgettext_lazy("access token", "read")
        WRITE = "write", pgettext_lazy("access token", "read and hand in")

    user = models.ForeignKey(User, models.CASCADE, related_name="access_tokens", verbose_name=_("account"))
    # Of the person then: with whoever goes elsewhere it opens nothing.
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("organisation"), editable=False
    )
    name = models.CharField(_("name"), max_length=60)
    scope = models.CharField(_("scope"), max_length=5, choices=Scope, default=Scope.READ)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    expires_on = models.DateField(_("good until"), validators=[within_reach])
    revoked_at = models.DateTimeField(_("revoked at"), null=True, editable=False)
    last_used_at = models.DateTimeField(_("last used at"), null=True, editable=False)
    # Requests since a minute of the clock began.
    counted_from = models.DateTimeField(null=True, editable=False)
    used = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("access token")
        verbose_name_plural = _("access tokens")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.mark

    @property
    def mark(self) -> str:
        """By which the record and its owner tell it from others; its name is the owner's own."""
        return self.digest[:8]


class Body(Timestamped):
    """A consultative body: the council, or a working group under it."""

    class Cadence(models.TextChoices):
        QUARTERLY = "quarterly", _("quarterly")
        AS_NEEDED = "as_needed", _("as needed")

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name_ko = models.CharField(_("name (Korean)"), max_length=100)
    name_en = models.CharField(_("name (English)"), max_length=100)
    short_ko = models.CharField(_("short name (Korean)"), max_length=60, blank=True)
    short_en = models.CharField(_("short name (English)"), max_length=60, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="working_groups", verbose_name=_("reports to")
    )
    cadence = models.CharField(_("cadence"), max_length=10, choices=Cadence, default=Cadence.QUARTERLY)
    designated_meeting = models.BooleanField(
        _("designated meeting"),
        default=False,
        help_text=_("Designated by the National Archives: a stenographic record or a recording is required."),
    )

    public_progress = models.BooleanField(
        _("public progress page"),
        default=False,
        help_text=_("Quarters that were released are shown to everybody, without signing in."),
    )

    class Meta:
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.short

    name = Bilingual()
    short = Bilingual(instead="name")


class BodyRules(Timestamped):
    """A version of a body's operating rules; the newest that has taken effect counts."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="rules", verbose_name=_("body"))
    version = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("text"))
    effective_on = models.DateField(_("effective on"), validators=[within_reach])

    class Meta:
        verbose_name = _("operating rules")
        verbose_name_plural = _("operating rules")
        ordering = ["body", "-version"]
        constraints = [models.UniqueConstraint(fields=["body", "version"], name="body_rules_version_once")]

    def __str__(self) -> str:
        return f"{self.body} {self.version}"


class SeatQuerySet(models.QuerySet["Seat"]):
    def valid_on(self, day: date) -> Self:
        """Seats held on that day: begun, and not ended before it or in the course of it."""
        held = Q(ends_on=None) | Q(ends_on__gt=day) | Q(ends_on=day, cut_short=False)
        return self.filter(held, starts_on__lte=day)


class Seat(Timestamped):
    """A person's role in a body, from a day to a day. Access follows from it and ends with it."""

    class Role(models.TextChoices):
        CHAIR = "chair", _("chair")
        MEMBER = "member", _("member")
        SECRETARY = "secretary", _("secretary")
        ASSISTANT = "assistant", _("assistant")
        HEAD = "head", _("head of division")
        REVIEWER = "reviewer", _("reviewer")
        LIAISON = "liaison", _("liaison")
        CONTRIBUTOR = "contributor", _("contributor")
        APPROVER = "approver", _("approver")
        OBSERVER = "observer", _("observer")

    body = models.ForeignKey(Body, models.PROTECT, related_name="seats", verbose_name=_("body"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="seats", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=12, choices=Role)
    acting = models.BooleanField(_("acting"), default=False, help_text=_("Stands in for the one who holds the seat."))
    starts_on = models.DateField(_("from"), validators=[within_reach])
    ends_on = models.DateField(_("until"), null=True, blank=True, validators=[within_reach])
    # Ended at once: its last day counts no more.
    cut_short = models.BooleanField(_("ended at once"), default=False, editable=False)
    office_contacts = models.ManyToManyField(
        Person,
        blank=True,
        related_name="offices",
        verbose_name=_("office contacts"),
        help_text=_("Receive a copy of what is sent to this seat."),
    )

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ["body", "role", "person"]
        constraints = [
            models.CheckConstraint(
                name="seat_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The seat cannot end before it starts."),
            ),
            models.CheckConstraint(
                name="seat_cut_short_has_ended", condition=Q(cut_short=False) | Q(ends_on__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["body", "person", "role"],
                condition=Q(ends_on=None),
                name="seat_held_once",
                violation_error_message=_("This person holds this seat already."),
            ),
            models.UniqueConstraint(
                fields=["body"],
                condition=Q(ends_on=None, role="chair", acting=False),
                name="seat_one_chair",
                violation_error_message=_("This body has a chair already; end that seat first."),
            ),
        ]
        indexes = [
            # An actor's standing is read at every request.
            models.Index(fields=["person", "starts_on", "ends_on"], name="seat_by_person"),
        ]

    def __str__(self) -> str:
        return self.get_role_display()
