"""What allauth asks of a site, answered for this one: no signing up, no mail of its own, our limits and our record."""

from __future__ import annotations

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from django.contrib import messages
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from council.core import audit
from council.core.errors import Text
from council.parties.models import User
from council.web import lockout
from council.web.requests import actor_from, client_ip

NOT_RIGHT = _("The e-mail address or the password is not right.")
# What is said after a step, by allauth's name for it. What is not here is not said.
SAID: dict[str, Text] = {
    "account/messages/logged_out.txt": _("You have signed out."),
    "account/messages/password_changed.txt": _("Your password has been changed; all other sessions have ended."),
    "mfa/messages/totp_activated.txt": _("The authenticator app has been added."),
    "mfa/messages/totp_deactivated.txt": _("The authenticator app has been removed."),
    "mfa/messages/webauthn_added.txt": _("The passkey has been added."),
    "mfa/messages/webauthn_removed.txt": _("The passkey has been removed."),
    "mfa/messages/recovery_codes_generated.txt": _("These recovery codes are shown once only; keep them safe."),
    "usersessions/messages/sessions_logged_out.txt": _("The sessions elsewhere have ended."),
}


class AccountBackend(ModelBackend):
    """An account with its person and their organisation, of which every page says or asks something."""

    def get_user(self, user_id: Any) -> User | None:
        user = User.objects.select_related("person__organisation").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": NOT_RIGHT,
        "incorrect_password": _("This password is not right."),
        "enter_current_password": _("This password is not right."),
    }
    attempt: lockout.Attempt | None = None

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        """Letters leave through the outbox and nowhere else."""
        raise NotImplementedError

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Notices are posted to the outbox by council.web.account_signals."""

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request) or "0.0.0.0"  # noqa: S104 - a local socket has no address

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        text = message or SAID.get(message_template or "")
        if text:
            messages.add_message(request, level, str(text), extra_tags=extra_tags)

    # --- Signing in: limited, and written down ----------------------------------------------------------------------

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        self.attempt = lockout.begin(
            request, credentials.get("email", ""), step=lockout.Step.PASSWORD, password=credentials.get("password", "")
        )

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        user: User | None = super().authenticate(request, **credentials)
        if user and self.attempt:
            self.attempt.succeeded()
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        if self.attempt:
            self.attempt.failed("not the password of an account that is open")

    def reauthenticate(self, user: User, password: str) -> bool:
        """The password once more, under the limits of signing in."""
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Write it down, and let this browser be known from now on."""
        audit.record(by=actor_from(request, user), verb="account.signed_in", target=user)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        lockout.remember_browser(request, response, user)
        return response

    def logout(self, request: HttpRequest) -> None:
        user: Any = request.user
        audit.record(by=actor_from(request, user), verb="account.signed_out", target=user)
        super().logout(request)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """An account that was closed is told what a wrong password is told."""
        messages.error(request, str(NOT_RIGHT))
        return HttpResponseRedirect(reverse("account_login"))

    # --- Proof of a moment ago --------------------------------------------------------------------------------------

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not while signing in, or the last proof, is some minutes ago only."""
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        proofs = get_authentication_records(context.request, context.request.user)
        return not proofs or time.time() - proofs[-1]["at"] >= app_settings.REAUTHENTICATION_TIMEOUT
