"""Somebody who hands files in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from council.core.actor import Actor
from council.parties.models import Organisation, User
from tests.files.clamd import Server, clamd


@pytest.fixture
def liaison(db: None) -> Actor:
    skt = Organisation.objects.create(code="SKT", kind="carrier", name_ko="SK텔레콤", name_en="SK Telecom")
    user = User.objects.create_user("liaison@skt.test")
    return Actor(label="담당자", user_id=user.pk, organisation_id=skt.pk)


@pytest.fixture
def scanner(settings: Any) -> Iterator[Server]:
    """A scanner that answers, and that this process asks."""
    with clamd() as (server, address):
        settings.CLAMD_ADDRESS = address
        yield server
