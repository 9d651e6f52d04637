"""Guessing is limited, for accounts that exist and for those that do not alike; a known browser is not locked out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.crypto import salted_hmac
from time_machine import Traveller

from council.core.models import AuditEntry
from council.core.trail import Kind, of_kind
from council.mail.models import Notice
from council.parties.models import SignInFailure, User
from council.web.lockout import SALT
from tests.factories import Cast
from tests.factories.cast import PASSWORD
from tests.factories.second_factor import an_app, code_of, signed_in

PHRASE = "a-phrase-of-my-own-choosing"
type SignIn = Callable[..., Client]
KNOWN, UNKNOWN = "liaison@skt.test", "nobody-of-that-name@skt.test"
MINUTE = timedelta(minutes=1)


def attempt(email: str, password: str = "wrong", client: Client | None = None, ip: str = "192.0.2.1") -> Any:
    return (client or Client()).post("/login/", {"login": email, "password": password}, REMOTE_ADDR=ip)


def said(response: Any) -> list[str]:
    return [str(message) for message in response.context["form"].non_field_errors()]


def fail(email: str, times: int, **values: Any) -> None:
    for _ in range(times):
        attempt(email, **values)


@pytest.mark.parametrize("inactive", [False, True])
def test_the_words_are_the_same_whether_or_not_there_is_such_an_account(cast: Cast, inactive: bool) -> None:
    if inactive:
        User.objects.filter(email=KNOWN).update(is_active=False)
    there = [said(attempt(KNOWN, PASSWORD if inactive else "wrong")) for _ in range(7)]
    nowhere = [said(attempt(UNKNOWN)) for _ in range(7)]
    assert there == nowhere
    assert len({tuple(words) for words in there}) == 2


@pytest.mark.parametrize("email", [KNOWN, UNKNOWN])
def test_the_work_is_the_same_whether_or_not_there_is_such_an_account(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, email: str
) -> None:
    from django.contrib.auth.hashers import MD5PasswordHasher  # noqa: PLC0415

    hashed: list[str] = []
    real = MD5PasswordHasher.encode

    def counting(self: Any, password: str, salt: str) -> str:
        hashed.append(password)
        return real(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counting)
    work = []
    for _ in range(7):
        hashed.clear()
        attempt(email)
        work.append(len(hashed))
    assert set(work) == {1}


def test_after_five_failures_the_right_password_waits_a_quarter_of_an_hour(cast: Cast, clock: Traveller) -> None:
    fail(KNOWN, 5)
    assert attempt(KNOWN, PASSWORD).status_code == 200
    clock.shift(14 * MINUTE)
    assert attempt(KNOWN, PASSWORD).status_code == 200
    clock.shift(2 * MINUTE)
    assert attempt(KNOWN, PASSWORD).status_code == 302


def test_attempts_while_locked_do_not_prolong_the_wait(cast: Cast, clock: Traveller) -> None:
    fail(KNOWN, 5)
    clock.shift(10 * MINUTE)
    fail(KNOWN, 5)
    clock.shift(6 * MINUTE)
    assert attempt(KNOWN, PASSWORD).status_code == 302


def test_one_address_does_not_lock_another(cast: Cast) -> None:
    fail(KNOWN, 6, ip="192.0.2.66")
    assert attempt(KNOWN, PASSWORD, ip="192.0.2.1").status_code == 302


def test_many_addresses_lock_the_account_for_browsers_it_has_not_been_used_in(cast: Cast, clock: Traveller) -> None:
    known = Client()
    attempt(KNOWN, PASSWORD, known)
    known.post("/logout/")
    for n in range(30):
        attempt(KNOWN, ip=f"192.0.2.{n + 10}")
    assert attempt(KNOWN, PASSWORD, ip="192.0.2.200").status_code == 200
    assert attempt(KNOWN, PASSWORD, known, ip="192.0.2.201").status_code == 302
    clock.shift(61 * MINUTE)
    assert attempt(KNOWN, PASSWORD, ip="192.0.2.200").status_code == 302


def test_a_neighbour_behind_the_same_address_does_not_lock_a_known_browser(cast: Cast) -> None:
    known = Client()
    attempt(KNOWN, PASSWORD, known)
    known.post("/logout/")
    fail(KNOWN, 6)
    assert attempt(KNOWN, PASSWORD, known).status_code == 302


def test_a_known_browser_may_not_guess_either(cast: Cast) -> None:
    known = Client()
    attempt(KNOWN, PASSWORD, known)
    known.post("/logout/")
    fail(KNOWN, 5, client=known)
    assert attempt(KNOWN, PASSWORD, known).status_code == 200


def test_the_cookie_of_another_account_is_of_no_use(cast: Cast) -> None:
    rival = Client()
    attempt("liaison@kt.test", PASSWORD, rival)
    rival.post("/logout/")
    fail(KNOWN, 5, client=rival)
    assert {row.known for row in SignInFailure.objects.all()} == {False}
    assert attempt(KNOWN, PASSWORD).status_code == 200


def test_the_cookie_ends_with_the_password(cast: Cast) -> None:
    known = Client()
    response = attempt(KNOWN, PASSWORD, known)
    cookie = response.cookies["known_browser"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    known.post("/logout/")
    user = User.objects.get(email=KNOWN)
    user.set_password("another-long-phrase")
    user.save()
    attempt(KNOWN, "wrong", known)
    assert SignInFailure.objects.get().known is False


def test_a_forwarded_address_is_not_believed(cast: Cast) -> None:
    for n in range(6):
        Client().post(
            "/login/", {"login": KNOWN, "password": "wrong"}, REMOTE_ADDR="192.0.2.1",
            headers={"x-forwarded-for": f"198.51.100.{n}"},
        )  # fmt: skip
    assert attempt(KNOWN, PASSWORD).status_code == 200


def test_codes_of_the_second_factor_are_limited_too(cast: Cast, clock: Traveller) -> None:
    an_app(cast.skt_liaison)
    client = Client()
    attempt(KNOWN, PASSWORD, client)
    for _ in range(5):
        assert client.post("/login/code/", {"code": "000000"}).status_code == 200
    assert client.post("/login/code/", {"code": code_of()}).status_code == 200
    assert "_auth_user_id" not in client.session
    again = Client()
    assert attempt(KNOWN, PASSWORD, again)["Location"] == "/login/code/"
    assert again.post("/login/code/", {"code": code_of()}, REMOTE_ADDR="127.0.0.1").status_code == 200


def test_the_present_password_is_not_to_be_guessed_in_a_session_left_open(cast: Cast) -> None:
    client = signed_in(cast.skt_liaison)
    new = {"password1": "another-long-phrase", "password2": "another-long-phrase"}
    for _ in range(5):
        assert client.post("/account/password/", {"oldpassword": "wrong"} | new).status_code == 200
    assert client.post("/account/password/", {"oldpassword": PASSWORD} | new).status_code == 200
    assert User.objects.get(email=KNOWN).check_password(PASSWORD)


def test_failures_are_written_down_and_never_the_password_or_a_strangers_address(cast: Cast) -> None:
    attempt(KNOWN, "guess-CANARY")
    attempt(UNKNOWN, "guess-CANARY")
    known, unknown = AuditEntry.objects.filter(verb="account.signed_in", refused=True).order_by("id")
    assert (known.target_type, known.target_id, known.ip) == ("user", str(cast.skt_liaison.pk), "192.0.2.1")
    assert (unknown.target_type, unknown.target_id, unknown.target) == ("", "", "")
    everything = str([AuditEntry.objects.values_list(), SignInFailure.objects.values_list()])
    assert "CANARY" not in str(list(AuditEntry.objects.values_list()) + list(SignInFailure.objects.values_list()))
    assert UNKNOWN not in everything + str(list(SignInFailure.objects.values_list()))


def test_a_failure_counts_as_a_failed_sign_in_and_not_as_another_refusal(cast: Cast) -> None:
    attempt(KNOWN, "guess")
    counts = {kind: AuditEntry.objects.filter(of_kind(kind)).count() for kind in Kind}
    assert (counts[Kind.FAILED_SIGN_IN], counts[Kind.REFUSAL], counts[Kind.SIGN_IN]) == (1, 0, 0)


def test_a_lock_is_written_down_once(cast: Cast) -> None:
    fail(KNOWN, 8)
    assert AuditEntry.objects.filter(verb="account.locked", refused=True).count() == 1
    assert AuditEntry.objects.filter(verb="account.signed_in", reason="locked").count() == 3


def test_the_person_is_told_once_a_day(cast: Cast, clock: Traveller) -> None:
    fail(KNOWN, 4)
    assert not Notice.objects.filter(kind="account_attacked").exists()
    fail(KNOWN, 4)
    clock.shift(30 * MINUTE)
    fail(KNOWN, 8)
    notice = Notice.objects.get(kind="account_attacked")
    assert notice.recipient_id == cast.skt_liaison.person_id
    clock.shift(timedelta(days=1))
    fail(KNOWN, 5)
    assert Notice.objects.filter(kind="account_attacked").count() == 2
    fail(UNKNOWN, 8)
    assert Notice.objects.filter(kind="account_attacked").count() == 2


def test_failures_are_forgotten_after_a_day(cast: Cast, clock: Traveller) -> None:
    fail(KNOWN, 3)
    clock.shift(timedelta(hours=25))
    fail(UNKNOWN, 1)
    assert SignInFailure.objects.count() == 1


def test_signing_in_and_out_is_written_down(cast: Cast) -> None:
    client = signed_in(cast.skt_liaison)
    client.post("/logout/")
    entries = AuditEntry.objects.filter(verb__startswith="account.").order_by("id")
    assert [(e.verb, e.actor_user_id, e.refused) for e in entries] == [
        ("account.signed_in", cast.skt_liaison.pk, False),
        ("account.signed_out", cast.skt_liaison.pk, False),
    ]


def test_other_spellings_of_an_address_count_against_the_same_account(cast: Cast) -> None:
    """On a PostgreSQL of UTF-8 the letters ſ and ı are, in capitals, an S and an I: they find the account as well."""
    spellings = [KNOWN, KNOWN.upper(), KNOWN.replace("s", "ſ"), KNOWN.replace("i", "ı")]
    for spelling in spellings * 2:
        attempt(spelling)
    found = [one for one in spellings if User.objects.filter(email__iexact=one).exists()]
    assert len(found) >= 2
    assert SignInFailure.objects.filter(account=_account_of(KNOWN)).count() == min(2 * len(found), 5)


def _account_of(email: str) -> str:
    return salted_hmac(SALT, email, algorithm="sha256").hexdigest()


def test_all_that_a_request_did_is_found_together(cast: Cast) -> None:
    fail(KNOWN, 5)
    last = AuditEntry.objects.order_by("-pk")[:2]
    assert [entry.verb for entry in last] == ["account.locked", "account.signed_in"]
    assert len({entry.request_id for entry in last}) == 1
    assert len(set(AuditEntry.objects.values_list("request_id", flat=True))) == 5


def test_a_wrong_present_password_is_written_down_as_its_owners(cast: Cast) -> None:
    client = signed_in(cast.skt_liaison)
    client.post("/account/password/", {"oldpassword": "wrong", "password1": PHRASE, "password2": PHRASE})
    entry = AuditEntry.objects.filter(refused=True).latest("pk")
    assert (entry.actor_user_id, entry.reason) == (cast.skt_liaison.pk, "not the present password")


def test_links_asked_for_too_often_are_no_failed_sign_ins(cast: Cast) -> None:
    for _ in range(7):
        Client().post("/login/forgotten/", {"email": KNOWN})
    assert AuditEntry.objects.filter(verb="account.link_sent", refused=True).count() == 2
    assert not AuditEntry.objects.filter(of_kind(Kind.FAILED_SIGN_IN)).exists()
