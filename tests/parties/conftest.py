"""Two bodies and two organisations."""

from __future__ import annotations

import pytest

from council.parties.models import Body, Organisation


@pytest.fixture
def council(db: None) -> Body:
    return Body.objects.create(code="council", name_ko="협의체", name_en="Council")


@pytest.fixture
def ciso(council: Body) -> Body:
    return Body.objects.create(code="ciso", name_ko="실무협의체", name_en="Working group", parent=council)


@pytest.fixture(autouse=True)
def organisations(db: None) -> None:
    Organisation.objects.create(code="MSIT", kind="ministry", name_ko="과기정통부", name_en="MSIT")
    Organisation.objects.create(code="SKT", kind="carrier", name_ko="SK텔레콤", name_en="SK Telecom", short_en="SKT")
