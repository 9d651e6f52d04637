"""A page opened before an item moved on does not move it back."""

from __future__ import annotations

from contextlib import suppress

from council.actions.models import ActionItem
from council.actions.operations.items import change_action
from council.core.errors import DomainError
from tests.actions.steps import submitted
from tests.factories import TODAY, Cast
from tests.factories.rows import TESTER


def test_an_item_submitted_meanwhile_stays_submitted(cast: Cast) -> None:
    action = submitted(cast)
    opened_before = ActionItem.objects.get(pk=action.pk)
    opened_before.state, opened_before.submitted_at, opened_before.title = "open", None, "고친 제목"
    with suppress(DomainError):  # refused or kept: either way it is still submitted
        change_action(opened_before, by=TESTER, today=TODAY)
    action.refresh_from_db()
    assert action.state == "submitted"
    assert action.submitted_at is not None
