"""What is kept in git names no other server: assets come with the project, packages from wherever pip and npm look."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.architecture.source import ROOT, tracked_files

ADDRESS = re.compile(r"(?:https?:)?//([a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.IGNORECASE)
# Namespaces, this machine, and names that are reserved for examples (RFC 2606).
OURS = re.compile(
    r"www\.w3\.org|json-schema\.org|www\.hancom\.co\.kr|www\.idpf\.org"
    r"|127\.0\.0\.1|0\.0\.0\.0|(.*\.)?example(\.(org|com|net))?|.*\.(test|example|localhost)"
)
# By name, with or without an address before it.
ELSEWHERE = re.compile(
    r"jsdelivr|unpkg|cdnjs|googleapis|gstatic|bootstrapcdn|fontawesome\.com|registry\.npmjs|npmmirror"
    r"|pypi\.org|pythonhosted|test\.pypi|docker\.io|ghcr\.io|quay\.io",
    re.IGNORECASE,
)
# This file says what is looked for; the lock file of npm names where its authors take donations.
LEFT_OUT = {"tests/architecture/test_addresses.py", "package-lock.json"}


def hosts(text: str) -> Iterator[str]:
    return (host for host in ADDRESS.findall(text) if not OURS.fullmatch(host.lower()))


def texts() -> Iterator[tuple[str, str]]:
    for name in tracked_files():
        content = (ROOT / name).read_bytes()
        if b"\0" not in content:
            yield name, content.decode(errors="replace")


def test_no_file_names_another_server() -> None:
    found = {name: sorted(set(hosts(text))) for name, text in texts() if name not in LEFT_OUT}
    assert {name: addresses for name, addresses in found.items() if addresses} == {}
    assert {"pyproject.toml", "council/models.py", "Dockerfile"} <= found.keys()


def test_no_file_names_a_registry_or_a_store_of_assets() -> None:
    found = {name: ELSEWHERE.findall(text) for name, text in texts() if name != "tests/architecture/test_addresses.py"}
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize(
    "text", ["https://cdn.jsdelivr.net/npm/x", 'src="//unpkg.com/x.js"', "http://fonts.gstatic.com", "https://pypi.org"]
)
def test_the_search_sees_another_server(text: str) -> None:
    assert list(hosts(text)) != []
    assert ELSEWHERE.search(text)


@pytest.mark.parametrize(
    "text", ["http://127.0.0.1:8000/livez", "https://council.test/", "https://council.example.org"]
)
def test_the_search_leaves_our_own_and_example_addresses_alone(text: str) -> None:
    assert list(hosts(text)) == []
    assert ELSEWHERE.search(text) is None
