"""The pages of signing in and of one's own account that need more than allauth gives."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView, PasswordChangeView
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import IndexView
from allauth.mfa.totp.views import DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from allauth.usersessions.views import ListUserSessionsView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import PasswordResetConfirmView
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.views.generic.edit import FormView

from council.core import audit
from council.parties.accounts import end_sessions
from council.parties.models import User
from council.web import lockout, second_factor
from council.web.account_forms import ChoosePasswordForm, ForgottenForm
from council.web.browsers import in_words
from council.web.demo import demo_accounts
from council.web.requests import actor_from
from council.workflows.give_access import send_link


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


class KeptWhole:
    """What a form changes, the sessions that end by it and what the record says of it: all of it, or nothing."""

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        return response


class ChangePassword(KeptWhole, PasswordChangeView):
    success_url = reverse_lazy("mfa_index")

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Who has no password yet chooses one by a link, not here."""
        if request.user.is_authenticated and not request.user.has_usable_password():
            return HttpResponseRedirect(reverse("access_forgotten"))
        return super().dispatch(request, *args, **kwargs)


class OwnAccount(IndexView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        request: Any = self.request
        needed = second_factor.compulsory(request.user, seated=bool(request.standing.seated))
        return context | {"compulsory": needed, "missing": needed and not second_factor.enrolled(request.user)}


class AddPasskey(KeptWhole, AddWebAuthnView):
    pass


class OneAtATime(KeptWhole):
    """So that the last second factor is not taken away from two windows at once, each sparing the other's."""

    @transaction.atomic
    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        User.objects.select_for_update().get(pk=request.user.pk)
        response: HttpResponse = super().post(request, *args, **kwargs)  # type: ignore[misc]
        return response


class RemovePasskey(OneAtATime, RemoveWebAuthnView):
    def form_valid(self, form: Any) -> HttpResponse:
        if not get_adapter().can_delete_authenticator(self.get_object()):
            messages.error(self.request, str(get_adapter().error_messages["cannot_delete_authenticator"]))
            return HttpResponseRedirect(self.get_success_url())
        return super().form_valid(form)


class RemoveApp(OneAtATime, DeactivateTOTPView):
    pass


class Sessions(ListUserSessionsView):
    """One's own sessions. What is sent names one of one's own, or none: then all but this one end."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        for session in context["sessions"]:
            session.browser = in_words(session.user_agent)
        return context

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        request: Any = self.request
        chosen = request.POST.get("session", "")
        only = (int(chosen) if chosen.isdecimal() and len(chosen) < 19 else 0) if chosen else None
        ended = end_sessions(request.user, but=request.session.session_key, only=only)
        if ended:
            audit.record(
                by=request.actor, verb="account.sessions_ended", target=request.user, after={"sessions": ended}
            )
            messages.success(request, _("The sessions elsewhere have ended."))
        return HttpResponseRedirect(reverse("usersessions_list"))


class Forgotten(FormView[ForgottenForm]):
    """Asks for a link to choose a new password. The answer is the same whether or not there is such an account."""

    form_class = ForgottenForm
    template_name = "account/forgotten.html"
    success_url = reverse_lazy("account_login")

    def form_valid(self, form: ForgottenForm) -> HttpResponse:
        address = form.cleaned_data["email"]
        try:
            attempt = lockout.begin(self.request, address, step=lockout.Step.LINK)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        if attempt.user and attempt.user.is_active:
            send_link(attempt.user, by=actor_from(self.request))
        told = _("If there is an account with this address, a letter with a link is on its way to it.")
        messages.success(self.request, told)
        return super().form_valid(form)


class ChoosePassword(PasswordResetConfirmView):
    """Where the link of a letter leads. Looking changes nothing; choosing a password signs nobody in."""

    form_class = ChoosePasswordForm
    template_name = "account/choose_password.html"
    success_url = reverse_lazy("account_login")
    reset_url_token = "chosen"  # noqa: S105 - what the address shows in place of the token

    def get_user(self, uidb64: str) -> Any:
        user = super().get_user(uidb64)
        return user if isinstance(user, User) and user.is_active else None

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": actor_from(self.request, self.user)}

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("The password has been set. Please sign in with it."))
        return super().form_valid(form)

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        status = 200 if self.validlink else 410
        return super().render_to_response(context, status=status, **kwargs)
