"""A second factor for tests: an authenticator app whose key is known, and the codes it shows."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import encrypt
from django.test import Client

from council.parties.models import User
from tests.factories.cast import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def an_app(user: User) -> Authenticator:
    """An authenticator app, set up unless there is one."""
    app: Authenticator = Authenticator.objects.get_or_create(
        user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": encrypt(SECRET)}}
    )[0]
    return app


def code_of(secret: str = SECRET, *, ahead: int = 0) -> str:
    """What the app shows now, or will show (at most one ``ahead`` is taken)."""
    now = list(yield_hotp_counters_from_time())[1]
    return str(format_hotp_value(hotp_value(secret, now + ahead)))


def signed_in(user: User, client: Client | None = None) -> Client:
    """Through the real pages: the password, then the code of an app."""
    an_app(user)
    client = client or Client()
    assert client.post("/login/", {"login": user.email, "password": PASSWORD})["Location"] == "/login/code/"
    assert client.post("/login/code/", {"code": code_of()}).status_code == 302
    return client
