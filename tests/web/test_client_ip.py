"""Where a request came from: as our own proxy saw it, never as the visitor says."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory

from council.web.requests import client_ip


@pytest.mark.parametrize(
    ("proxies", "header", "peer", "seen"),
    [
        (0, "", "192.0.2.1", "192.0.2.1"),
        (0, "198.51.100.7", "192.0.2.1", "192.0.2.1"),
        (1, "192.0.2.1", "10.0.0.1", "192.0.2.1"),
        (1, "198.51.100.7, 192.0.2.1", "10.0.0.1", "192.0.2.1"),
        (2, "198.51.100.7, 192.0.2.1, 10.0.0.2", "10.0.0.1", "192.0.2.1"),
        (1, "", "192.0.2.1", "192.0.2.1"),
        (1, "not an address", "10.0.0.1", "10.0.0.1"),
        (1, "2001:db8::1", "10.0.0.1", "2001:db8::1"),
        (3, "192.0.2.1", "10.0.0.1", "192.0.2.1"),
    ],
)
def test_an_address_is_the_one_our_outermost_proxy_saw(
    settings: Any, proxies: int, header: str, peer: str, seen: str
) -> None:
    settings.TRUSTED_PROXY_COUNT = proxies
    headers = {"X-Forwarded-For": header} if header else {}
    assert client_ip(RequestFactory().get("/", headers=headers, REMOTE_ADDR=peer)) == seen
