"""Being past the date follows from the date; it is never stored."""

from __future__ import annotations

from datetime import date

import pytest

from council.actions.models import ActionItem
from council.actions.states import OWED, ActionState
from tests.factories import Cast, an_action, moment

DUE = date(2026, 12, 10)


@pytest.mark.parametrize(("today", "late"), [(date(2026, 12, 9), False), (DUE, False), (date(2026, 12, 11), True)])
def test_an_item_is_late_from_the_day_after(cast: Cast, today: date, late: bool) -> None:
    action = an_action(due_on=DUE)
    assert action.is_overdue(today) is late
    assert ActionItem.objects.overdue(today=today).exists() is late


@pytest.mark.parametrize("state", list(ActionState))
def test_only_what_is_owed_can_be_late_and_row_and_list_agree(cast: Cast, state: str) -> None:
    an_action(due_on=DUE)
    moments = {"submitted_at": moment("2026-12-01 09:00")}
    if state == ActionState.VERIFIED:
        moments["verified_at"] = moment("2026-12-02 09:00")
    ActionItem.objects.update(state=state, **moments)
    today = date(2027, 1, 4)
    assert ActionItem.objects.get().is_overdue(today) is (state in OWED)
    assert ActionItem.objects.overdue(today=today).exists() is (state in OWED)


def test_a_new_date_takes_the_lateness_away(cast: Cast) -> None:
    an_action(due_on=DUE)
    ActionItem.objects.update(due_on=date(2027, 2, 1))
    assert not ActionItem.objects.overdue(today=date(2027, 1, 4)).exists()
