"""The addresses of signing in and of one's own account.

Hand-picked from allauth's, whose names stay so that it finds its own pages; there is no signing up, no keeping of
addresses and no other site to sign in with.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path
from django.views.decorators.http import require_POST

from council.web import account_views as ours
from council.web import idle

urlpatterns = [
    path("login/", ours.SignIn.as_view(), name="account_login"),
    path("login/code/", mfa.AuthenticateView.as_view(), name="mfa_authenticate"),
    path("login/passkey/", webauthn.LoginWebAuthnView.as_view(), name="mfa_login_webauthn"),
    path("logout/", require_POST(account.logout), name="account_logout"),
    path("login/forgotten/", ours.Forgotten.as_view(), name="access_forgotten"),
    path("login/link/<uidb64>/<token>/", ours.ChoosePassword.as_view(), name="access_link"),
    path("session/", idle.session_clock, name="session_clock"),
    path("account/sessions/", ours.Sessions.as_view(), name="usersessions_list"),
    path("account/password/", ours.ChangePassword.as_view(), name="account_change_password"),
    path("account/confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("account/confirm/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("account/confirm/passkey/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("account/", ours.OwnAccount.as_view(), name="mfa_index"),
    path("account/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/app/remove/", ours.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("account/passkeys/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("account/passkeys/add/", ours.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("account/passkeys/<int:pk>/rename/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("account/passkeys/<int:pk>/remove/", ours.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("account/recovery-codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/recovery-codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
]
