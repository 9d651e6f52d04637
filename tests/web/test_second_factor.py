"""Staff and whoever holds a seat get nowhere without a second factor; everybody may have one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from time_machine import Traveller

from council.core.models import AuditEntry
from council.parties.models import User
from council.web.routes import Opens, opens
from tests.factories import Cast, an_action, link
from tests.factories.cast import PASSWORD
from tests.factories.second_factor import SECRET, an_app, code_of, signed_in
from tests.web.test_routes import EVERY_ROUTE
from tests.web.test_sign_in_required import EVERY_ADDRESS

type SignIn = Callable[..., Client]
ENROL = "/account/"
STEP = 30  # seconds a code of an app is shown
BEFORE = (
    "/account/",
    "/login/",
    "/logout/",
    "/session/",
    "/language/",
    "/livez",
    "/readyz",
    "/admin/login/",
    "/reply/",
    "/calendar/1",
    "/progress/",
    "/api/",
)


def test_without_one_every_page_of_the_council_leads_to_setting_one_up(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.secretary, second_factor=False)
    closed = [address for address in EVERY_ADDRESS if not address.startswith(BEFORE)]
    for method in (client.get, client.post):
        leads = {address: method(address).headers.get("Location") for address in closed}
        # An address without its slash is sent to the one with it, by the administration.
        assert {a: to for a, to in leads.items() if to not in {ENROL, a + "/"}} == {}
    assert len(closed) > 100


@pytest.mark.parametrize("who", ["skt_liaison", "skt_ceo", "chair", "observer", "accounts", "secretary"])
def test_it_is_compulsory_for_staff_and_for_whoever_holds_a_seat(cast: Cast, as_user: SignIn, who: str) -> None:
    answer = as_user(getattr(cast, who), second_factor=False).get("/commitments/")
    assert (answer.status_code, answer.headers.get("Location")) == (302, ENROL)


@pytest.mark.parametrize("who", ["nobody", "former_liaison"])
def test_an_account_that_reads_nothing_needs_none(cast: Cast, as_user: SignIn, who: str) -> None:
    assert as_user(getattr(cast, who), second_factor=False).get("/commitments/").status_code == 200


def test_a_file_is_not_to_be_had_without_one(cast: Cast, as_user: SignIn) -> None:
    action = an_action()
    answer = as_user(cast.skt_liaison, second_factor=False).get(link("action", action.pk))
    assert (answer.status_code, answer["Location"]) == (302, ENROL)


def test_the_page_says_why(cast: Cast, as_user: SignIn) -> None:
    needed = as_user(cast.skt_liaison, second_factor=False).get(ENROL)
    assert (needed.context["compulsory"], needed.context["missing"]) == (True, True)
    free = as_user(cast.nobody, second_factor=False).get(ENROL)
    assert (free.context["compulsory"], free.context["missing"]) == (False, False)


def test_where_a_demonstration_switches_it_off_nobody_is_asked(cast: Cast, as_user: SignIn, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    assert as_user(cast.secretary, second_factor=False).get("/admin/").status_code == 200


def test_a_session_that_has_given_it_costs_no_query_more(cast: Cast, as_user: SignIn, settings: Any) -> None:
    client = as_user(cast.skt_liaison)
    client.get("/commitments/")
    with_it = _queries(client)
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.endswith("SecondFactorMiddleware")]
    assert with_it == _queries(client) > 0


def _queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/commitments/").status_code == 200
    return len(queries)


def test_one_set_up_elsewhere_has_to_be_given_here(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.skt_liaison, second_factor=False)
    an_app(cast.skt_liaison)
    for page in ("/commitments/", "/account/", "/account/passkeys/add/", "/account/app/remove/"):
        client.force_login(cast.skt_liaison)
        answer = client.get(page)
        assert answer["Location"].startswith("/login/?next="), page
        assert "_auth_user_id" not in client.session


def test_the_factor_of_somebody_else_does_not_count(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.skt_liaison, second_factor=False)
    session = client.session
    session["second_factor"] = str(cast.kt_liaison.pk)
    session.save()
    assert client.get("/commitments/").status_code == 302


# --- Setting one up ---------------------------------------------------------------------------------------------------


def set_up(user: User, client: Client) -> Any:
    assert client.post("/login/", {"login": user.email, "password": PASSWORD}).status_code == 302
    page = client.get("/account/app/")
    assert page.status_code == 200
    return client.post("/account/app/", {"code": code_of(page.context["form"].secret)})


@pytest.mark.django_db(transaction=True)
def test_the_code_it_was_set_up_with_opens_nothing_more(cast: Cast, client: Client, clock: Traveller) -> None:
    set_up(cast.skt_liaison, client)
    secret = get_adapter().decrypt(Authenticator.objects.get(user=cast.skt_liaison, type="totp").data["secret"])
    elsewhere = Client()
    elsewhere.post("/login/", {"login": cast.skt_liaison.email, "password": PASSWORD})
    assert elsewhere.post("/login/code/", {"code": code_of(secret)}).status_code == 200
    clock.shift(2 * STEP)
    assert elsewhere.post("/login/code/", {"code": code_of(secret)}).status_code == 302


@pytest.mark.parametrize("between", ["", " ", "-"])
def test_a_code_is_taken_as_apps_show_it(cast: Cast, between: str) -> None:
    an_app(cast.skt_liaison)
    client, code = Client(), code_of()
    client.post("/login/", {"login": cast.skt_liaison.email, "password": PASSWORD})
    assert client.post("/login/code/", {"code": f" {code[:3]}{between}{code[3:]}"}).status_code == 302
    assert "_auth_user_id" in client.session


@pytest.mark.django_db(transaction=True)
def test_one_signs_in_sets_it_up_keeps_the_codes_and_is_in(cast: Cast, client: Client) -> None:
    answer = set_up(cast.skt_liaison, client)
    assert answer["Location"] == "/account/recovery-codes/"
    shown = client.get("/account/recovery-codes/").context["unused_codes"]
    assert len(shown) == 10
    again = client.get("/account/recovery-codes/")
    assert set(again.context["unused_codes"]) == {"****"}
    assert [code for code in shown if code in again.text] == []
    assert client.get("/commitments/").status_code == 200
    added = AuditEntry.objects.filter(verb="second_factor.added", target_id=str(cast.skt_liaison.pk))
    assert {entry.after["kind"] for entry in added} == {"totp", "recovery_codes"}
    assert {entry.actor_user_id for entry in added} == {cast.skt_liaison.pk}


def test_a_wrong_code_sets_nothing_up(cast: Cast, client: Client) -> None:
    client.post("/login/", {"login": cast.skt_liaison.email, "password": PASSWORD})
    client.get("/account/app/")
    assert client.post("/account/app/", {"code": "000000"}).status_code == 200
    assert not Authenticator.objects.exists()
    assert client.get("/commitments/").status_code == 302


# --- Signing in with one ----------------------------------------------------------------------------------------------


def test_the_password_alone_does_not_sign_in(cast: Cast, client: Client) -> None:
    an_app(cast.skt_liaison)
    answer = client.post("/login/", {"login": cast.skt_liaison.email, "password": PASSWORD})
    assert answer["Location"] == "/login/code/"
    assert "_auth_user_id" not in client.session
    assert client.get("/commitments/").status_code == 302
    assert client.post("/login/code/", {"code": "123456"}).status_code == 200
    assert "_auth_user_id" not in client.session


def test_with_the_code_one_comes_out_where_one_wanted_to_go(cast: Cast, client: Client) -> None:
    an_app(cast.skt_liaison)
    client.post("/login/", {"login": cast.skt_liaison.email, "password": PASSWORD, "next": "/meetings/"})
    assert client.post("/login/code/", {"code": code_of()})["Location"] == "/meetings/"
    assert client.get("/meetings/").status_code == 200


def test_a_code_is_taken_once(cast: Cast, clock: Traveller) -> None:
    signed_in(cast.skt_liaison)
    other = Client()
    other.post("/login/", {"login": cast.skt_liaison.email, "password": PASSWORD})
    assert other.post("/login/code/", {"code": code_of()}).status_code == 200
    assert "_auth_user_id" not in other.session
    clock.shift(timedelta(seconds=30))
    assert other.post("/login/code/", {"code": code_of()}).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_a_recovery_code_opens_once(cast: Cast) -> None:
    first = Client()
    set_up(cast.skt_liaison, first)
    codes = first.get("/account/recovery-codes/").context["unused_codes"]
    for client, status in ((Client(), 302), (Client(), 200)):
        client.post("/login/", {"login": cast.skt_liaison.email, "password": PASSWORD})
        assert client.post("/login/code/", {"code": codes[0]}).status_code == status


def test_somebody_else_starts_again(cast: Cast, client: Client) -> None:
    an_app(cast.skt_liaison)
    client.post("/login/", {"login": cast.skt_liaison.email, "password": PASSWORD})
    assert client.get("/login/")["Location"] == "/login/code/"
    client.post("/logout/")
    assert client.get("/login/").status_code == 200


# --- Changing them ----------------------------------------------------------------------------------------------------


def test_the_last_one_stays_while_it_is_compulsory(cast: Cast) -> None:
    client = signed_in(cast.skt_liaison)
    client.post("/account/app/remove/")
    assert Authenticator.objects.filter(user=cast.skt_liaison).count() == 1


def test_whoever_needs_none_may_remove_it(cast: Cast) -> None:
    client = signed_in(cast.nobody)
    assert client.post("/account/app/remove/").status_code == 302
    assert not Authenticator.objects.filter(user=cast.nobody).exists()
    assert AuditEntry.objects.get(verb="second_factor.removed").actor_user_id == cast.nobody.pk


def a_passkey(user: User) -> Authenticator:
    credential: dict[str, Any] = {"response": {}, "clientExtensionResults": {}}
    made: Authenticator = Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "Key", "credential": credential}
    )
    return made


def test_the_last_passkey_stays_and_one_of_two_factors_goes(cast: Cast) -> None:
    client = signed_in(cast.skt_liaison)
    key = a_passkey(cast.skt_liaison)
    assert client.post(f"/account/passkeys/{key.pk}/remove/").status_code == 302
    assert not Authenticator.objects.filter(pk=key.pk).exists()
    last = a_passkey(cast.skt_liaison)
    Authenticator.objects.filter(user=cast.skt_liaison, type="totp").delete()
    client.post(f"/account/passkeys/{last.pk}/remove/")
    assert Authenticator.objects.filter(pk=last.pk).exists()


def test_a_passkey_of_somebody_else_is_not_there(cast: Cast) -> None:
    theirs = a_passkey(cast.kt_liaison)
    client = signed_in(cast.skt_liaison)
    assert client.post(f"/account/passkeys/{theirs.pk}/remove/").status_code == 404
    assert client.post(f"/account/passkeys/{theirs.pk}/rename/", {"name": "x"}).status_code == 404
    assert Authenticator.objects.filter(pk=theirs.pk).exists()


def test_after_ten_minutes_changing_them_asks_again_who_it_is(cast: Cast, clock: Traveller) -> None:
    client = signed_in(cast.skt_liaison)
    assert client.get("/account/passkeys/add/").status_code == 200
    clock.shift(timedelta(minutes=11))
    for page in ("/account/passkeys/add/", "/account/app/remove/", "/account/recovery-codes/new/"):
        assert client.get(page)["Location"].startswith("/account/confirm/"), page
    assert client.post("/account/confirm/?next=/account/passkeys/add/", {"password": "wrong"}).status_code == 200
    assert client.get("/account/passkeys/add/").status_code == 302
    assert client.post("/account/confirm/?next=/account/passkeys/add/", {"password": PASSWORD}).status_code == 302
    assert client.get("/account/passkeys/add/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_setting_one_up_ends_the_sessions_elsewhere(cast: Cast) -> None:
    elsewhere = Client()
    elsewhere.post("/login/", {"login": cast.nobody.email, "password": PASSWORD})
    assert elsewhere.get("/commitments/").status_code == 200
    here = Client()
    set_up(cast.nobody, here)
    assert here.get("/commitments/").status_code == 200
    assert elsewhere.get("/commitments/").status_code == 302


def test_the_key_is_not_kept_in_the_session_once_it_is_set_up(cast: Cast, client: Client) -> None:
    set_up(cast.skt_liaison, client)
    assert "mfa.totp.secret" not in client.session
    assert SECRET not in str(dict(client.session))


def test_a_copy_of_the_database_does_not_tell_the_keys(cast: Cast, settings: Any) -> None:
    app = an_app(cast.skt_liaison)
    assert SECRET not in str(app.data)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a-new-one", [settings.SECRET_KEY]
    assert app.wrap().validate_code(code_of())
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(InvalidToken):
        app.wrap().validate_code(code_of())


def test_every_page_of_ones_own_account_opens_before_it() -> None:
    own = {m.view_name for m in EVERY_ROUTE if opens(m) is Opens.TO_ACCOUNTS}
    assert {"mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_change_password"} <= own
