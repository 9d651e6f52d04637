"""Giving an organisation a new item."""

from __future__ import annotations

from datetime import date

import pytest

from council.actions.models import ActionItem
from council.actions.operations.errors import ActionRefused
from council.actions.operations.items import open_action
from council.core.models import AuditEntry
from council.declaration.models import Commitment, Pillar
from council.mail.models import Notice
from tests.factories import TODAY, Cast, actor_of, an_action


def unsaved(cast: Cast, **values: object) -> ActionItem:
    commitment = Commitment.objects.get(code="C01")
    given = {"title": "New", "body": cast.council, "owner": cast.skt, "commitment": commitment, "due_on": TODAY}
    return ActionItem(**given | values)


def test_items_are_counted_for_each_owner_by_itself(cast: Cast) -> None:
    numbers = [(owner, an_action(owner).number) for owner in ("SKT", "KT", "SKT", "KT", "KT")]
    assert numbers == [("SKT", 1), ("KT", 1), ("SKT", 2), ("KT", 2), ("KT", 3)]
    assert ActionItem.objects.get(owner=cast.skt, number=2).reference == "A-002"


def test_the_first_due_date_is_kept_beside_the_current_one(cast: Cast) -> None:
    action = an_action(due_on=date(2026, 12, 10))
    assert (action.due_on, action.original_due_on) == (date(2026, 12, 10), date(2026, 12, 10))


def test_opening_is_written_down_with_who_did_it(cast: Cast) -> None:
    action = unsaved(cast)
    open_action(action, by=actor_of(cast.secretary), today=TODAY)
    entry = AuditEntry.objects.get(verb="action.opened", target_id=str(action.pk))
    assert (entry.actor_user_id, entry.after["title"], entry.refused) == (cast.secretary.pk, "New", False)


def test_today_is_early_enough_to_be_due_on(cast: Cast) -> None:
    open_action(unsaved(cast, due_on=TODAY), by=actor_of(cast.secretary), today=TODAY)
    assert ActionItem.objects.get().due_on == TODAY


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("due_on", lambda cast: {"due_on": date(2026, 11, 23)}),
        ("assignee", lambda cast: {"assignee": cast.kt_liaison.person}),
        ("pillar", lambda cast: {"pillar": Pillar.objects.first()}),
    ],
)
def test_an_item_that_breaks_a_rule_names_the_field_and_leaves_nothing(cast: Cast, field: str, wrong: object) -> None:
    assert callable(wrong)
    with pytest.raises(ActionRefused) as refused:
        open_action(unsaved(cast, **wrong(cast)), by=actor_of(cast.secretary), today=TODAY)
    assert refused.value.field == field
    assert (ActionItem.objects.count(), Notice.objects.count()) == (0, 0)
    assert not AuditEntry.objects.filter(verb="action.opened").exists()


def test_a_pillar_of_its_own_is_taken_where_there_is_no_commitment(cast: Cast) -> None:
    pillar = Pillar.objects.get(order=2)
    action = unsaved(cast, commitment=None, pillar=pillar)
    open_action(action, by=actor_of(cast.secretary), today=TODAY)
    assert action.own_pillar == pillar


def test_an_assignee_of_the_owner_is_taken(cast: Cast) -> None:
    action = unsaved(cast, assignee=cast.skt_liaison.person)
    open_action(action, by=actor_of(cast.secretary), today=TODAY)
    assert ActionItem.objects.get().assignee == cast.skt_liaison.person
