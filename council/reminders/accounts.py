"""Letters about somebody's own account: links to choose a password, and warnings.

They go to the account's address at once. The kept letter shows a link only masked: whoever may read letters in the
administration could use it otherwise. The engine fills it in when the letter is handed over.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext_lazy as _

from council.core.calendar import local_day
from council.core.models import AuditEntry
from council.mail.models import Notice
from council.mail.registry import MailKind
from council.mail.states import Unwanted
from council.parties.models import Person, Seat, User

MASKED = "/login/link/••••••••/"
WITH_LINK = {"account_invited", "account_link"}


def account_path(notice: Notice) -> str:
    """Where a letter about an account leads; a link to choose a password only masked."""
    if notice.kind == "account_opened":
        return reverse("portal:desk")
    return MASKED if notice.kind in WITH_LINK else reverse("mfa_index")


def link(notice: Notice) -> dict[str, str]:
    """The link itself, in place of the masked one."""
    user = User.objects.get(pk=notice.target_id)
    whose = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("access_link", args=[whose, default_token_generator.make_token(user)])
    site = settings.SITE_URL.rstrip("/")
    return {site + MASKED: site + path}


def themselves(user: User, on: date) -> Collection[Person]:
    return [user.person] if user.person else []


def colleagues(person: Person, on: date) -> Collection[Person]:
    """Who answers for the organisation of somebody for whom an account was opened."""
    held = Seat.objects.valid_on(on).filter(role=Seat.Role.LIAISON, person__organisation=person.organisation_id)
    return Person.objects.filter(pk__in=held.values("person")).exclude(pk=person.pk)


def account_address(person: Person) -> str:
    """The account's, which only the administrator of accounts changes; the person's is kept by others as well."""
    user = getattr(person, "user", None)
    return user.email if user else ""


def former_address(person: Person) -> str:
    """Where the account was reached before its address was last changed, as the record has it."""
    changes = AuditEntry.objects.filter(
        verb="user.changed", target_type="user", target_id=str(person.user.pk), before__has_key="email"
    )
    change = changes.order_by("-id").first()
    return str(change.before["email"]) if change else ""


def account_closed(notice: Notice, now: datetime) -> Unwanted | None:
    return None if User.objects.filter(pk=notice.target_id, is_active=True).exists() else Unwanted.GONE


def no_colleague(notice: Notice, now: datetime) -> Unwanted | None:
    """Of interest to who still answers for that organisation."""
    person = Person.objects.filter(pk=notice.target_id).first()
    if person is None:
        return Unwanted.GONE
    return None if notice.recipient in colleagues(person, local_day(now)) else Unwanted.NOT_VISIBLE


def account_in_use(notice: Notice, now: datetime) -> Unwanted | None:
    """An invitation is of no use once there is a password."""
    user = User.objects.filter(pk=notice.target_id, is_active=True).first()
    if user is None:
        return Unwanted.GONE
    return Unwanted.SETTLED if user.has_usable_password() else None


KINDS = [
    MailKind(
        "account_invited", _("an account was opened"), themselves, account_in_use,
        digest=False, at_once=True, address=account_address, secrets=link,
    ),
    MailKind(
        "account_opened", _("an account was opened in the recipient's organisation"), colleagues, no_colleague,
        digest=False, at_once=True,
    ),
    MailKind(
        "account_link", _("a link to choose a password was asked for"), themselves, account_closed,
        digest=False, at_once=True, address=account_address, secrets=link,
    ),
    MailKind(
        "account_attacked", _("several attempts to sign in have failed"), themselves, account_closed,
        digest=False, at_once=True, address=account_address,
    ),
    MailKind(
        "account_moved", _("the address of an account was changed"), themselves, account_closed,
        digest=False, at_once=True, address=former_address,
    ),
    MailKind(
        "account_token", _("an access token was made"), themselves, account_closed,
        digest=False, at_once=True, address=account_address,
    ),
    MailKind(
        "account_factor_reset", _("the second factor was reset"), themselves, account_closed,
        digest=False, at_once=True, address=account_address,
    ),
]  # fmt: skip
