"""What follows when somebody signs in or changes their second factors: the session's clock, the record."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from council.core import audit
from council.parties.accounts import end_sessions
from council.parties.models import User
from council.parties.tokens import end_tokens
from council.web import idle, second_factor
from council.web.requests import actor_from


@receiver(user_logged_in)
def start_the_clock(request: HttpRequest, **kwargs: Any) -> None:
    idle.start(request)


@receiver(mfa.authenticator_used)
def note_the_factor(request: HttpRequest, user: User, **kwargs: Any) -> None:
    second_factor.note_given(request, user)


@receiver(mfa.authenticator_added)
def factor_added(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """To add one is to have used it. Whoever is signed in elsewhere has not."""
    if authenticator.type == Authenticator.Type.TOTP:
        second_factor.spend_this_step(authenticator)
    if authenticator.type in second_factor.KINDS:
        second_factor.note_given(request, user)
        end_sessions(user, but=request.session.session_key)
    audit.record(
        by=actor_from(request, user), verb="second_factor.added", target=user, after={"kind": authenticator.type}
    )


@receiver(mfa.authenticator_removed)
def factor_removed(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    audit.record(
        by=actor_from(request, user), verb="second_factor.removed", target=user, after={"kind": authenticator.type}
    )


@receiver(mfa.authenticator_reset)
def codes_renewed(request: HttpRequest, user: User, **kwargs: Any) -> None:
    audit.record(by=actor_from(request, user), verb="second_factor.codes_renewed", target=user)


@receiver(password_changed)
def own_password_changed(request: HttpRequest, user: User, **kwargs: Any) -> None:
    audit.record(by=actor_from(request, user), verb="user.password_set", target=user)
    end_sessions(user, but=request.session.session_key)
    end_tokens(user)
