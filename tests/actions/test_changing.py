"""Changing an item that is still open."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest

from council.actions.models import ActionItem
from council.actions.operations.errors import ActionRefused
from council.actions.operations.items import change_action
from council.actions.states import ActionState
from council.core.errors import DomainError, NotAllowedNow
from council.core.models import AuditEntry
from tests.factories import TODAY, Cast, actor_of, an_action, moment


def test_a_moved_due_date_leaves_the_first_one_visible(cast: Cast) -> None:
    action = an_action(due_on=date(2026, 12, 10))
    action.due_on = date(2026, 12, 24)
    change_action(action, by=actor_of(cast.secretary), today=TODAY)
    kept = ActionItem.objects.get()
    assert (kept.due_on, kept.original_due_on) == (date(2026, 12, 24), date(2026, 12, 10))


def test_the_change_is_written_down_as_what_was_and_what_is(cast: Cast) -> None:
    action = an_action()
    action.title = "Another title"
    change_action(action, by=actor_of(cast.secretary), today=TODAY)
    entry = AuditEntry.objects.get(verb="action.changed")
    assert (entry.before, entry.after) == ({"title": "Something for SKT"}, {"title": "Another title"})


def test_a_change_of_nothing_leaves_no_entry(cast: Cast) -> None:
    change_action(an_action(), by=actor_of(cast.secretary), today=TODAY)
    assert not AuditEntry.objects.filter(verb="action.changed").exists()


def test_an_overdue_item_can_be_reworded_without_a_new_date(cast: Cast) -> None:
    action = an_action(due_on=date(2026, 12, 10))
    action.title = "Clearer"
    change_action(action, by=actor_of(cast.secretary), today=date(2027, 1, 5))
    assert ActionItem.objects.get().title == "Clearer"


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("due_on", lambda cast: {"due_on": date(2026, 11, 23)}),
        ("owner", lambda cast: {"owner": cast.kt}),
        ("assignee", lambda cast: {"assignee": cast.kt_liaison.person}),
    ],
)
def test_a_change_that_breaks_a_rule_names_the_field_and_keeps_the_row(cast: Cast, field: str, change: object) -> None:
    action = an_action()
    stored = ActionItem.objects.values().get()
    assert callable(change)
    for name, value in change(cast).items():
        setattr(action, name, value)
    with pytest.raises(ActionRefused) as refused:
        change_action(action, by=actor_of(cast.secretary), today=TODAY)
    assert refused.value.field == field
    assert ActionItem.objects.values().get() == stored


@pytest.mark.parametrize(
    ("state", "columns"),
    [
        (ActionState.CANCELLED, {}),
        (
            ActionState.VERIFIED,
            {"submitted_at": moment("2026-11-24 09:00"), "verified_at": moment("2026-11-24 09:30")},
        ),
    ],
)
def test_a_settled_item_is_not_changed_any_more(cast: Cast, state: str, columns: dict[str, object]) -> None:
    action = an_action()
    ActionItem.objects.update(state=state, **columns)
    action.title = "Rewritten afterwards"
    with pytest.raises(NotAllowedNow):
        change_action(action, by=actor_of(cast.secretary), today=TODAY)
    assert ActionItem.objects.get().title == "Something for SKT"


def test_a_stale_copy_does_not_take_a_submission_back(cast: Cast) -> None:
    """Read before the owner submitted, saved after: the state must survive."""
    stale = an_action()
    ActionItem.objects.update(state=ActionState.SUBMITTED, submitted_at=moment("2026-11-24 09:00"))
    stale.title = "Edited from an old page"
    with suppress(DomainError):
        change_action(stale, by=actor_of(cast.secretary), today=TODAY)
    assert ActionItem.objects.get().state == ActionState.SUBMITTED
