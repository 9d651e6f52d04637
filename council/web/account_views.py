"""The pages of signing in and of one's own account that need more than allauth gives."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView, PasswordChangeView
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import AuthenticateView, IndexView
from allauth.mfa.webauthn.views import LoginWebAuthnView, RemoveWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse, reverse_lazy

from council.web import second_factor
from council.web.demo import demo_accounts


class SignIn(LoginView):
    def get_success_url(self) -> str | None:
        """Where one was going; the desk if that was the sign-in itself."""
        target: str | None = super().get_success_url()
        here = (target or "").partition("?")[0] == self.request.path
        return reverse(settings.LOGIN_REDIRECT_URL) if here else target

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["ended"] = self.request.GET.get("ended", "")
        return context | (demo_accounts() if settings.DEMO else {})


class SecondStep(AuthenticateView):
    """A code or a passkey, after the password."""


class PasskeySignIn(LoginWebAuthnView):
    """A passkey alone. Its page is that of signing in."""


class ChangePassword(PasswordChangeView):
    success_url = reverse_lazy("mfa_index")


class OwnAccount(IndexView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        request: Any = self.request
        needed = second_factor.compulsory(request.user, seated=bool(request.standing.seated))
        return context | {"compulsory": needed, "missing": needed and not second_factor.enrolled(request.user)}


class RemovePasskey(RemoveWebAuthnView):
    def form_valid(self, form: Any) -> HttpResponse:
        if not get_adapter().can_delete_authenticator(self.get_object()):
            messages.error(self.request, str(get_adapter().error_messages["cannot_delete_authenticator"]))
            return HttpResponseRedirect(self.get_success_url())
        response: HttpResponse = super().form_valid(form)
        return response
