"""The system checks find what Django's own do not, and are quiet about the settings we run with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks

from council.checks import files_are_scanned

CSP = "django.middleware.csp.ContentSecurityPolicyMiddleware"
SIGN_IN = "council.web.routes.DoorMiddleware"


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


@pytest.mark.parametrize("folder", ["static", "static/deeper", "named"])
def test_a_place_for_files_that_is_served_is_found(settings: Any, tmp_path: Path, folder: str) -> None:
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_DIRS = [("prefix", tmp_path / "named"), tmp_path / "plain"]
    settings.MEDIA_ROOT = tmp_path / "files"
    assert found("security") == []
    settings.MEDIA_ROOT = tmp_path / folder
    assert found("security") == ["council.E020"]


def test_a_link_into_a_served_folder_is_found(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT, settings.MEDIA_ROOT = tmp_path / "static", tmp_path / "files"
    (tmp_path / "static").mkdir()
    (tmp_path / "files").symlink_to(tmp_path / "static")
    assert found("security") == ["council.E020"]


@pytest.mark.parametrize(
    ("address", "without", "warnings"),
    [("", False, ["council.W021"]), ("tcp://clamav:3310", False, []), ("", True, [])],
)
def test_an_installation_without_a_scanner_is_warned_unless_it_says_so(
    settings: Any, address: str, without: bool, warnings: list[str]
) -> None:
    settings.CLAMD_ADDRESS, settings.WITHOUT_SCANNER = address, without
    messages = files_are_scanned(None)
    assert [message.id for message in messages] == warnings
    assert all(message.hint for message in messages)
    assert found("security") == []  # only a deployment is asked


def test_each_fault_comes_with_a_hint(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SECURE_CSP, settings.MIDDLEWARE = {}, []
    monkeypatch.setitem(settings.DATABASES["default"], "ATOMIC_REQUESTS", True)
    messages = run_checks(tags=["security", "database"], databases=["default"])
    ours = {message.id: bool(message.hint) for message in messages if (message.id or "").startswith("council.")}
    assert ours == {"council.E001": True, "council.E003": True, "council.E004": True}
