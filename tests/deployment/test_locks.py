"""What is installed is named exactly, proved by its hash, and tied to no particular registry."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = ["base", "dev", "node"]


def entries(name: str) -> dict[str, str]:
    """Package and the rest of its entry: version, marker, hashes."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    joined = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    return dict(line.split("==", 1) for line in joined.splitlines())


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_carries_a_hash(name):
    locked = entries(name)
    assert locked
    assert [package for package, rest in locked.items() if "--hash=sha256:" not in rest] == []


@pytest.mark.parametrize("name", LOCKS)
def test_no_lock_names_an_address_or_an_option_of_the_installer(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    assert "://" not in text
    assert not re.search(r"^\s*-", re.sub(r"^\s+--hash=.*$", "", text, flags=re.MULTILINE), re.MULTILINE)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("base", PROJECT["project"]["dependencies"]),
        ("dev", PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]),
        ("node", PROJECT["dependency-groups"]["node"]),
    ],
)
def test_every_lock_holds_what_the_project_asks_for(name, wanted):
    locked = entries(name)
    for requirement in map(Requirement, wanted):
        version = locked[canonicalize_name(requirement.name)].split()[0]
        assert requirement.specifier.contains(version), requirement


def test_every_dependency_has_a_lower_bound():
    groups = PROJECT["dependency-groups"]
    wanted = map(Requirement, PROJECT["project"]["dependencies"] + groups["dev"] + groups["node"])
    assert [
        requirement.name
        for requirement in wanted
        if not any(specifier.operator == ">=" for specifier in requirement.specifier)
    ] == []


def test_development_runs_on_the_versions_of_production():
    development = entries("dev")
    assert {name: rest for name, rest in entries("base").items() if development[name] != rest} == {}


def test_the_lock_of_the_web_assets_names_no_registry():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []


def test_the_lock_of_the_web_assets_holds_what_the_project_asks_for():
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert packages[""]["dependencies"] == wanted
