"""The system checks find what Django's own do not, and are quiet about the settings we run with."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import run_checks

CSP = "django.middleware.csp.ContentSecurityPolicyMiddleware"
SIGN_IN = "django.contrib.auth.middleware.LoginRequiredMiddleware"


def found(*tags: str) -> list[str | None]:
    messages = run_checks(tags=tags, databases=["default"], include_deployment_checks=False)
    return [message.id for message in messages if (message.id or "").startswith("council.")]


def test_the_settings_we_run_with_have_no_fault() -> None:
    assert found("security", "database") == []


def test_a_missing_policy_is_found(settings: Any) -> None:
    settings.SECURE_CSP = {}
    assert found("security") == ["council.E001"]


def test_a_missing_policy_middleware_is_found(settings: Any) -> None:
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != CSP]
    assert found("security") == ["council.E001"]


@pytest.mark.parametrize("source", ["'unsafe-inline'", "'unsafe-eval'"])
def test_a_policy_that_allows_inline_or_evaluated_code_is_found(settings: Any, source: str) -> None:
    settings.SECURE_CSP = settings.SECURE_CSP | {"script-src": ["'self'", source]}
    assert found("security") == ["council.E002"]


def test_pages_that_are_open_by_default_are_found(settings: Any) -> None:
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != SIGN_IN]
    assert found("security") == ["council.E003"]


def test_a_request_that_is_a_transaction_is_found(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "ATOMIC_REQUESTS", True)
    assert found("database") == ["council.E004"]


def test_each_fault_comes_with_a_hint(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SECURE_CSP, settings.MIDDLEWARE = {}, []
    monkeypatch.setitem(settings.DATABASES["default"], "ATOMIC_REQUESTS", True)
    messages = run_checks(tags=["security", "database"], databases=["default"])
    ours = {message.id: bool(message.hint) for message in messages if (message.id or "").startswith("council.")}
    assert ours == {"council.E001": True, "council.E003": True, "council.E004": True}
