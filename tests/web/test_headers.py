"""What every answer carries, whatever kind of answer it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from council.parties.models import User
from tests.factories import Cast, an_action, link

type SignIn = Callable[[User], Client]


@pytest.fixture
def answers(cast: Cast, as_user: SignIn, settings: Any) -> dict[str, Any]:
    """One answer of each kind."""
    settings.ROOT_URLCONF = "tests.web.urls_with_a_fault"
    stranger, liaison, secretary = Client(), as_user(cast.skt_liaison), as_user(cast.secretary)
    for client in (stranger, liaison):
        client.raise_request_exception = False
    foreign = an_action("KT")
    got = {
        "sign-in": stranger.get("/login/"),
        "redirect": stranger.get("/"),
        "desk": liaison.get("/"),
        "dashboard": secretary.get("/admin/"),
        "list of the administration": secretary.get("/admin/council/meeting/"),
        "not found": liaison.get(link("action", foreign.pk)),
        "no such address": liaison.get("/nowhere/"),
        "forbidden": liaison.get("/admin/", follow=True),
        "bad request": liaison.post("/language/", {"language": "x"}),
        "not that way": liaison.get("/language/"),
        "fault": liaison.get("/fail/"),
        "alive": stranger.get("/livez"),
    }  # fmt: skip
    assert {kind: response.status_code for kind, response in got.items()} == {
        "sign-in": 200, "redirect": 302, "desk": 200, "dashboard": 200, "list of the administration": 200,
        "not found": 404, "no such address": 404, "forbidden": 403, "bad request": 400, "not that way": 405,
        "fault": 500, "alive": 200,
    }  # fmt: skip
    return got


def test_a_strict_content_security_policy(answers: dict[str, Any]) -> None:
    for kind, response in answers.items():
        policy = dict(part.strip().partition(" ")[::2] for part in response["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == "'none'", kind
        assert policy["frame-ancestors"] == "'none'", kind
        assert policy["base-uri"] == "'none'", kind
        assert policy["form-action"] == "'self'", kind
        assert "unsafe" not in response["Content-Security-Policy"], kind


def test_no_script_of_a_page_lacks_the_pages_own_nonce(answers: dict[str, Any]) -> None:
    for kind in ("sign-in", "desk", "dashboard", "list of the administration"):
        response = answers[kind]
        assert "<script" in response.text, kind
        for tag in response.text.split("<script")[1:]:
            head = tag.partition(">")[0]
            assert "src=" in head or "nonce=" in head or "application/json" in head, (kind, head)
        assert " onclick=" not in response.text, kind


def test_nothing_is_kept_by_any_cache(answers: dict[str, Any]) -> None:
    for kind, response in answers.items():
        assert {"no-store", "private"} <= set(response["Cache-Control"].replace(" ", "").split(",")), kind
        assert "Cookie" in response["Vary"], kind


def test_nothing_is_framed_sniffed_or_referred(answers: dict[str, Any]) -> None:
    for kind, response in answers.items():
        assert response["X-Frame-Options"] == "DENY", kind
        assert response["X-Content-Type-Options"] == "nosniff", kind
        assert response["Referrer-Policy"] == "same-origin", kind
        assert response["Cross-Origin-Opener-Policy"] == "same-origin", kind
        assert response["Cross-Origin-Resource-Policy"] == "same-origin", kind


def test_no_page_may_ask_for_what_none_of_ours_needs(answers: dict[str, Any]) -> None:
    for kind, response in answers.items():
        features = dict(part.split("=") for part in response["Permissions-Policy"].split(", "))
        assert {features[name] for name in ("camera", "microphone", "geolocation", "usb")} == {"()"}, kind
        assert features["publickey-credentials-get"] == "(self)", kind


def test_an_answer_says_its_language(answers: dict[str, Any]) -> None:
    assert {response["Content-Language"] for response in answers.values()} == {"ko"}


def test_a_fault_says_nothing_of_itself(answers: dict[str, Any]) -> None:
    assert "CANARY" not in answers["fault"].text
    assert "Traceback" not in answers["fault"].text
