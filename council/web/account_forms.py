"""The forms of signing in and of one's own account: allauth's, in our words and under our limits."""

from __future__ import annotations

import json
from typing import Any

from allauth.account.forms import ChangePasswordForm as BaseChangePasswordForm
from allauth.account.forms import LoginForm
from allauth.account.forms import ReauthenticateForm as BaseReauthenticateForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as BaseFreshCodeForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm, LoginWebAuthnForm, ReauthenticateWebAuthnForm
from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from council.core.actor import Actor
from council.parties.accounts import choose_password
from council.parties.models import User
from council.web import lockout, second_factor


def _plain(field: forms.Field, label: Any, help_text: Any = "") -> None:
    """Our label, and no placeholder that repeats it."""
    field.label, field.help_text = label, help_text
    field.widget.attrs.pop("placeholder", None)


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["login"], _("E-mail address"))
        _plain(self.fields["password"], _("Password"))
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autofocus": True}


class ReauthenticateForm(BaseReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["password"], _("Password"))


class ChangePasswordForm(BaseChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["oldpassword"], _("Present password"))
        _plain(self.fields["password1"], _("New password"), self.fields["password1"].help_text)
        _plain(self.fields["password2"], _("New password once more"))

    def clean_oldpassword(self) -> str:
        """Under the limits of signing in: a session left open is no place to guess."""
        attempt = lockout.begin(context.request, self.user.email, step=lockout.Step.PASSWORD)
        try:
            given: str = super().clean_oldpassword()
        except ValidationError:
            attempt.failed("not the present password")
            raise
        attempt.succeeded()
        return given


class LimitedCode(forms.Form):
    """A code of the app or a recovery code: guessing is limited, and a code of the app is taken once."""

    user: Any
    authenticator: Authenticator

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(
            self.fields["code"], _("Authentication code"), _("Six digits from the app, or one of your recovery codes.")
        )
        self.fields["code"].widget.attrs |= {"autofocus": True, "autocapitalize": "off", "spellcheck": "false"}

    def clean_code(self) -> str:
        attempt = lockout.begin(context.request, self.user.email, step=lockout.Step.CODE)
        try:
            code: str = super().clean_code()  # type: ignore[misc]
            if self.authenticator.type == Authenticator.Type.TOTP and not second_factor.spend(self.authenticator, code):
                raise get_adapter().validation_error("incorrect_code")
        except ValidationError:
            attempt.failed("not a code of the second factor")
            raise
        attempt.succeeded()
        return code


class CodeForm(LimitedCode, AuthenticateForm):
    pass


class FreshCodeForm(LimitedCode, BaseFreshCodeForm):
    pass


class ActivateAppForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["code"], _("Authentication code"), _("Six digits that the app shows now."))


class SoundCredential(forms.Form):
    """What a browser answers for a passkey; what is none, whoever made it up, is a code that is not right."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:
            try:
                json.loads(self.data.get("credential", ""))
            except (RecursionError, ValueError):
                self.data = {**self.data.dict(), "credential": ""}  # type: ignore[attr-defined]

    def full_clean(self) -> None:
        try:
            super().full_clean()
        except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
            self.add_error(None, get_adapter().validation_error("incorrect_code"))


class SignInPasskeyForm(SoundCredential, LoginWebAuthnForm):
    pass


class FreshPasskeyForm(SoundCredential, ReauthenticateWebAuthnForm):
    pass


class AddPasskeyForm(SoundCredential, AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["name"], _("Name"), _("For example the device it is kept on."))
        sign_in = _("Sign in with this passkey alone, without the password (asks for a PIN or a fingerprint)")
        _plain(self.fields["passwordless"], sign_in)


class RenamePasskeyForm(EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["name"], _("Name"))


class ForgottenForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )


class ChoosePasswordForm(SetPasswordForm[User]):
    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        _plain(self.fields["new_password1"], _("New password"), self.fields["new_password1"].help_text)
        _plain(self.fields["new_password2"], _("New password once more"))

    def save(self, commit: bool = True) -> User:
        choose_password(self.user, by=self.by, password=self.cleaned_data["new_password1"])
        return self.user
