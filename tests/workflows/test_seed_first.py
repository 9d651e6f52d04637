"""Loading the founding facts into an empty system."""

from __future__ import annotations

import pytest

from council.core.models import AuditEntry
from council.workflows.seed_council import seed_council
from tests.factories import TODAY


@pytest.mark.django_db
def test_everything_that_was_added_is_written_down_as_the_seeders() -> None:
    seed_council(today=TODAY)
    entries = AuditEntry.objects.all()
    assert set(entries.values_list("actor", "verb")) == {
        ("seed_council", "seed.added"),
        ("seed_council", "meeting.scheduled"),
        ("seed_council", "agenda.carried_over"),
    }
    assert set(entries.filter(target_type="person").values_list("target", flat=True)) == {
        "배경훈",
        "정재헌",
        "박윤영",
        "홍범식",
    }
