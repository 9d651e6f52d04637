"""Passkeys, the warning before the end of a session, and the pages of one's own account in a real browser."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator

from tests.factories import Cast, an_action, link, moment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
PAGES = (
    "/account/", "/account/password/", "/account/sessions/", "/account/passkeys/", "/account/passkeys/add/",
    "/account/app/remove/", "/account/recovery-codes/new/",
)  # fmt: skip


@pytest.fixture(autouse=True)
def tuesday() -> Any:
    with time_machine.travel(moment("2026-11-24 10:00"), tick=True):
        yield


def with_a_device(visitor: Any) -> None:
    """A security key that agrees to everything."""
    session = visitor.page.context.new_cdp_session(visitor.page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_added_and_signs_in_by_itself(cast: Cast, visit: Any) -> None:
    liaison = visit(cast.skt_liaison)
    with_a_device(liaison)
    liaison.go("/account/passkeys/add/")
    liaison.page.fill("input[name=name]", "업무용 노트북")
    liaison.page.check("input[name=passwordless]")
    with liaison.page.expect_navigation():
        liaison.page.click("#passkey_add")
    assert Authenticator.objects.filter(user=cast.skt_liaison, type="webauthn").count() == 1
    liaison.page.click("form[action='/logout/'] button")
    with liaison.page.expect_navigation():
        liaison.page.click("#passkey_sign_in")
    assert liaison.go("/commitments/") == 200
    assert liaison.page.locator("nav.menu").count() == 1
    assert liaison.faults == []


@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_of_ones_own_account_violates_the_policy(cast: Cast, visit: Any, width: int) -> None:
    liaison = visit(cast.skt_liaison, width=width)
    for path in PAGES:
        assert (path, liaison.go(path)) == (path, 200)
        too_wide = liaison.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        assert (path, too_wide) == (path, False)
    assert liaison.faults == []


def test_two_minutes_before_the_end_one_is_asked_and_nothing_typed_is_lost(
    cast: Cast, visit: Any, settings: Any
) -> None:
    settings.IDLE_MINUTES = 2.1
    liaison, item = visit(cast.skt_liaison), an_action("SKT")
    liaison.go(link("action_report", item.pk))
    liaison.page.fill("textarea[name=text]", "작성 중")
    dialog = liaison.page.locator("dialog[role=alertdialog]")
    dialog.wait_for(state="visible")
    settings.IDLE_MINUTES = 30
    assert liaison.page.evaluate("document.activeElement.hasAttribute('data-session-stay')")
    liaison.page.keyboard.press("Enter")
    dialog.wait_for(state="hidden")
    assert liaison.page.input_value("textarea[name=text]") == "작성 중"
    assert liaison.page.evaluate("document.activeElement.name") == "text"
    assert liaison.faults == []


def test_the_end_itself_is_said_and_what_was_typed_is_still_there(cast: Cast, visit: Any, settings: Any) -> None:
    settings.IDLE_MINUTES = 2.1
    liaison, item = visit(cast.skt_liaison), an_action("SKT")
    liaison.go(link("action_report", item.pk))
    liaison.page.fill("textarea[name=text]", "작성 중")
    liaison.page.locator("dialog[role=alertdialog]").wait_for(state="visible")
    liaison.page.context.clear_cookies()
    liaison.page.click("[data-session-stay]")
    liaison.page.locator("#session-over").wait_for(state="visible")
    liaison.page.click("[data-session-close]")
    assert liaison.page.input_value("textarea[name=text]") == "작성 중"


def test_the_administration_warns_too(cast: Cast, visit: Any, settings: Any) -> None:
    secretary = visit(cast.secretary)
    settings.IDLE_MINUTES = 2
    secretary.go("/admin/")
    secretary.page.locator("dialog[role=alertdialog]").wait_for(state="visible")
    assert secretary.faults == []
