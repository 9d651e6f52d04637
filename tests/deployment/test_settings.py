"""The settings of a real installation, with the example's values: clean under Django's own deployment checks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks

ROOT = Path(__file__).resolve().parents[2]
SECRET = "kX3vQ9zT7mR2wL8pY5nB1cF6hJ4dS0aGeUiOqWxZrVtMyNbP-long"


def example() -> dict[str, str]:
    """What deploy/env.example says, and the secrets that it leaves out."""
    lines = (ROOT / "deploy" / "env.example").read_text(encoding="utf-8").splitlines()
    values = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return values | {"SECRET_KEY": SECRET, "DATABASE_HOST": "db", "DATABASE_PASSWORD": "x", "SMTP_PASSWORD": "x"}


def check(tmp_path: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **example(), **changes}
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings.production"
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_the_example_has_no_fault_and_no_warning(tmp_path: Path) -> None:
    result = check(tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert "no issues" in result.stdout


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"TRUSTED_PROXY_COUNT": "0"}, "council.E006"),
        ({"SECOND_FACTOR_REQUIRED": "false"}, "SECOND_FACTOR_REQUIRED"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "demonstration-only-not-a-secret-and-refused-in-production"}, "SECRET_KEY"),
        ({"SECURE_SSL_REDIRECT": "false"}, "security.W008"),
    ],
)
def test_what_is_amiss_is_found_before_it_starts(tmp_path: Path, changes: dict[str, str], said: str) -> None:
    result = check(tmp_path, **changes)
    assert result.returncode != 0
    assert said in result.stderr


def faults() -> set[str]:
    return {
        message.id or ""
        for message in run_checks(tags=["security"], include_deployment_checks=True)
        if (message.id or "").startswith("council.") and message.hint
    }


def test_each_of_our_own_checks_finds_its_fault_and_has_a_hint(settings: Any) -> None:
    settings.SECRET_KEY = SECRET
    assert faults() == {"council.W021"}
    settings.WITHOUT_SCANNER = True
    assert faults() == set()
    settings.SECOND_FACTOR_REQUIRED = False
    assert faults() == {"council.E005"}
    settings.DEMO = True
    assert faults() == set()
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.TRUSTED_PROXY_COUNT = 0
    assert faults() == {"council.E006"}
    settings.TRUSTED_PROXY_COUNT = 1
    settings.SECRET_KEY = "demonstration" * 5
    assert faults() == {"council.E007"}
