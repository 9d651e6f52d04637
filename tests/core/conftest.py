"""Rows that the kernel's tests borrow from the packages above it."""

from __future__ import annotations

import pytest

from council.parties.models import Body


@pytest.fixture
def council(db: None) -> Body:
    """A body and nothing else."""
    return Body.objects.create(code="council", name_ko="협의체", name_en="Council")
