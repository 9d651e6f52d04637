"""The second factor: for whom it is compulsory, whether this session has given it, and what follows if not."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    compare_user_code,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from council.access.roles import standing
from council.parties.models import User
from council.parties.queries import actor_for
from council.web.routes import Opens, opens

KEY = "second_factor"
SALT = "council.web.second_factor"
KINDS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
# Open before the second factor although it lacks in the session: leaving, and staying for a while.
NO_FACTOR_NEEDED = {"account_logout", "session_clock"}


def given(request: HttpRequest) -> bool:
    """Whether a second factor of whoever is signed in was used in this session. Asks the session alone."""
    return bool(request.session.get(KEY) == str(request.user.pk))


def note_given(request: HttpRequest, user: User) -> None:
    request.session[KEY] = str(user.pk)


def spend_this_step(app: Authenticator) -> None:
    """A code of an app is taken once: the one it was set up with opens nothing more."""
    app.data = app.data | {"step": max(yield_hotp_counters_from_time())}
    app.save(update_fields=["data"])


def _is_code_of(code: str, secret: str, step: int) -> bool:
    """Whether it is the app's code of a step, also as apps show it, with a space in the middle."""
    return bool(compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))))


@transaction.atomic
def spend(authenticator: Authenticator, code: str) -> bool:
    """Note that a code of the app was used; False if it, or a later one, was used before."""
    row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    secret = decrypt(row.data["secret"])
    steps = (n for n in yield_hotp_counters_from_time() if _is_code_of(code, secret, n))
    step = max(steps, default=0)  # 0: it was right a moment ago, and its time is over now
    if row.data.get("step", 0) >= step:
        return False
    authenticator.data = row.data = row.data | {"step": step}
    row.save(update_fields=["data"])
    return True


def enrolled(user: User) -> bool:
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=KINDS).exists())


def compulsory(user: User, *, seated: bool) -> bool:
    """Staff, and whoever holds a seat, and with it reads what is AMBER or stricter."""
    return settings.SECOND_FACTOR_REQUIRED and (user.is_staff or seated)


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": gettext_lazy(
            "This is your last second factor and your account needs one. Add another one first."
        ),
        "incorrect_code": gettext_lazy("This code is not right or was used before. Please use the next one."),
    }

    def encrypt(self, text: str) -> str:
        """A copy of the database alone does not tell the keys of the apps."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002 - as allauth calls it
        there = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Passkey %(number)s") % {"number": there + 1}

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one while it is compulsory."""
        user: User = authenticator.user
        others = Authenticator.objects.filter(user_id=user.pk, type__in=KINDS).exclude(pk=authenticator.pk)
        seated = bool(standing(actor_for(user)).seats)
        return bool(others.exists()) or not compulsory(user, seated=seated)

    def _get_site_name(self) -> str:
        return str(settings.SITE_NAME)

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        """Names the person to their own device."""
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return entity | {"display_name": str(user.person if user.person_id else user)}


def _cipher() -> MultiFernet:
    """With SECRET_KEY; what was kept under an earlier one is still read while that is among the fallbacks."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = (salted_hmac(SALT, "", secret=secret, algorithm="sha256").digest() for secret in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


class SecondFactorMiddleware:
    """Every page but those of ROUTES that open before it: enrol if there is none, sign in again if it was not given."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        door = opens(match) if match else Opens.TO_ANYBODY
        if door is Opens.TO_ANYBODY or (match and match.view_name in NO_FACTOR_NEEDED):
            return None
        if request.user.is_anonymous or given(request):
            return None
        if door is Opens.TO_ACCOUNTS:
            # One's own account: who has a second factor changes nothing there without it.
            return sign_in_again(request) if enrolled(request.user) else None
        user = request.user
        if not compulsory(user, seated=user.is_staff or bool(request.standing.seats)):
            return None
        return sign_in_again(request) if enrolled(request.user) else HttpResponseRedirect(reverse("mfa_index"))


def sign_in_again(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.warning(request, _("Please sign in again, with your second factor."))
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")
