"""Limits for guessing: what a request claims to be, the words of a refusal, and the cookie of a known browser."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from council.core import audit
from council.core.calendar import local_day
from council.parties import attempts
from council.parties.attempts import Claim
from council.parties.models import SignInFailure, User
from council.web.requests import actor_asking, client_ip
from council.workflows.give_access import warn_of_attempts

Step = SignInFailure.Step
SALT = "council.web.lockout"
# What is attempted at each step, as the record calls it.
VERBS: dict[str, str] = {
    Step.PASSWORD: "account.signed_in", Step.CODE: "account.signed_in", Step.LINK: "account.link_sent",
}  # fmt: skip
KNOWN_FOR = 180 * 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt of a request to be an account, counted and not yet judged. ``user``: the account, if there is one."""

    request: HttpRequest
    claim: Claim
    user: User | None
    step: str
    number: int

    def failed(self, reason: str) -> None:
        """Write it down; with the last one allowed, that this origin has to wait."""
        by = actor_asking(self.request)
        audit.record_refusal(by=by, verb=VERBS[self.step], target=self.user, reason=reason)
        if self.number == attempts.LIMIT:
            audit.record_refusal(by=by, verb="account.locked", target=self.user, reason=reason)
        now = timezone.now()
        if self.user and attempts.failures_of_a_day(self.claim, now=now) >= attempts.LIMIT:
            warn_of_attempts(self.user, today=local_day(now))

    def succeeded(self) -> None:
        attempts.forget_attempts(self.claim, step=self.step)


def begin(request: HttpRequest, address: str, *, step: str, password: str = "") -> Attempt:
    """Count an attempt. ValidationError, alike for any address, if there were too many; a password costs as ever."""
    user = User.objects.filter(email__iexact=address).first() if address else None
    claim = claim_of(request, address, user)
    try:
        number = attempts.count_attempt(claim, step=step, now=timezone.now())
    except attempts.TooManyAttempts as refusal:
        if password:
            make_password(password)
        audit.record_refusal(by=actor_asking(request), verb=VERBS[step], target=user, reason="locked")
        raise ValidationError(str(refusal), code="too_many_login_attempts") from refusal
    return Attempt(request, claim, user, step, number)


def claim_of(request: HttpRequest, address: str, user: User | None) -> Claim:
    # The database finds an account by more spellings than Python calls equal: all count against the one it found.
    named = user.email if user else address.strip()
    account = salted_hmac(SALT, named.lower(), algorithm="sha256").hexdigest()
    mark = _mark_of_a_known_browser(request, user)
    return Claim(account=account, origin=mark or client_ip(request), known=bool(mark))


def remember_browser(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Let this browser be known for this account, until the password changes or half a year has passed."""
    mark = _mark_of_a_known_browser(request, user) or secrets.token_hex(16)
    response.set_cookie(
        _cookie_name(),
        signing.dumps([user.pk, mark, _seal(user)], salt=SALT),
        max_age=KNOWN_FOR,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _mark_of_a_known_browser(request: HttpRequest, user: User | None) -> str:
    try:
        pk, mark, seal = signing.loads(request.COOKIES.get(_cookie_name(), ""), salt=SALT, max_age=KNOWN_FOR)
    except (signing.BadSignature, ValueError):
        return ""
    return str(mark) if user and (pk, seal) == (user.pk, _seal(user)) else ""


def _seal(user: User) -> str:
    """Changes with the password."""
    return salted_hmac(SALT, user.password, algorithm="sha256").hexdigest()[:16]


def _cookie_name() -> str:
    return f"{'__Host-' if settings.SESSION_COOKIE_SECURE else ''}known_browser"
