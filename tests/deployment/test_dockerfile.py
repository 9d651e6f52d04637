"""The Dockerfile, as far as it can be judged without building it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import resolve

ROOT = Path(__file__).resolve().parents[2]
HADOLINT = Path(sys.executable).with_name("hadolint")


def hadolint(file):
    return subprocess.run([HADOLINT, "--no-color", file], capture_output=True, text=True, check=False)


@pytest.fixture
def instructions():
    """The whole file, one instruction a line."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    return [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]


@pytest.fixture
def final_stage(instructions):
    last = max(number for number, line in enumerate(instructions) if line.startswith("FROM "))
    return instructions[last:]


def test_hadolint_finds_nothing():
    result = hadolint(ROOT / "Dockerfile")
    assert (result.returncode, result.stdout) == (0, "")


def test_hadolint_refuses_a_copy_without_a_version_of_its_base(tmp_path):
    broken = tmp_path / "Dockerfile"
    broken.write_text(re.sub(r"(FROM python):\S+", r"\1", (ROOT / "Dockerfile").read_text()))
    assert hadolint(broken).returncode != 0


def test_the_image_runs_as_a_numbered_user_that_is_not_root(final_stage):
    users = [line.split()[1] for line in final_stage if line.startswith("USER ")]
    assert users
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", users[-1])


def test_the_image_holds_no_secret(instructions):
    kept = [line for line in instructions if line.startswith(("ENV ", "ARG ", "LABEL "))]
    assert kept
    assert not [line for line in kept if re.search("SECRET|PASSWORD|TOKEN|KEY", line, re.IGNORECASE)]


def test_packages_are_installed_only_from_the_locks(instructions):
    installs = [line for line in instructions if re.search(r"\b(pip|npm)\b", line)]
    assert [line.split(maxsplit=1)[1] for line in installs] == [
        "npm ci --omit=dev",
        "pip install --no-cache-dir --require-hashes -r base.txt",
    ]


def test_the_health_check_asks_a_page_that_exists(final_stage):
    check = next(line for line in final_stage if line.startswith("HEALTHCHECK "))
    address = re.search(r"http://127\.0\.0\.1:8000(/\w+)", check)
    assert address
    resolve(address[1])  # raises if there is none


def test_the_build_context_lets_in_what_is_named_and_nothing_else():
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert rules[0] == "*"
    allowed = [rule.removeprefix("!") for rule in rules if rule.startswith("!")]
    assert [name for name in allowed if not (ROOT / name).exists()] == []
    assert not {"secrets", "var", ".env", ".git", "tests"} & set(allowed)
