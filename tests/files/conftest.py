"""Somebody who hands files in."""

from __future__ import annotations

import pytest

from council.core.actor import Actor
from council.parties.models import Organisation, User


@pytest.fixture
def liaison(db: None) -> Actor:
    skt = Organisation.objects.create(code="SKT", kind="carrier", name_ko="SK텔레콤", name_en="SK Telecom")
    user = User.objects.create_user("liaison@skt.test")
    return Actor(label="담당자", user_id=user.pk, organisation_id=skt.pk)
