"""A declaration of two pillars."""

from __future__ import annotations

import pytest

from council.declaration.models import Declaration, Pillar
from council.parties.models import Body, Organisation, Person


@pytest.fixture
def declaration(db: None) -> Declaration:
    body = Body.objects.create(code="council", name_ko="협의체", name_en="Council")
    row = Declaration.objects.create(
        code="joint", body=body, title_ko="공동선언문", title_en="Joint declaration", issued_on="2026-04-09"
    )
    for order, code in enumerate(["security", "benefits"], 1):
        Pillar.objects.create(declaration=row, order=order, code=code, title_ko=f"분야 {order}", title_en=f"P{order}")
    return row


@pytest.fixture
def security(declaration: Declaration) -> Pillar:
    return declaration.pillars.get(code="security")


@pytest.fixture
def benefits(declaration: Declaration) -> Pillar:
    return declaration.pillars.get(code="benefits")


@pytest.fixture
def skt(db: None) -> Organisation:
    return Organisation.objects.create(code="SKT", kind="carrier", name_ko="SK텔레콤", name_en="SK Telecom")


@pytest.fixture
def signer(skt: Organisation) -> Person:
    return Person.objects.create(name_ko="대표", name_en="CEO", organisation=skt)
