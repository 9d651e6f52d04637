"""Adopting, fulfilling, withdrawing, taking up again and amending a commitment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from council.core.errors import NotAllowedNow
from council.core.models import AuditEntry
from council.core.quarters import Quarter
from council.declaration.models import Commitment
from council.declaration.operations import (
    CommitmentRefused,
    adopt_commitment,
    amend_commitment,
    fulfil_commitment,
    resume_commitment,
    withdraw_commitment,
)
from council.reports.queries import slots
from tests.factories import Cast, actor_of

COVERS = Quarter.parse("2026-Q4")


def the(code: str) -> Commitment:
    return Commitment.objects.get(code=code)


def owed_on(cast: Cast) -> set[str]:
    return {slot.commitment.code for slot in slots(cast.council, COVERS)}


def test_what_was_discussed_is_reported_on_once_it_was_adopted(cast: Cast) -> None:
    assert "C16" not in owed_on(cast)
    adopt_commitment(the("C16"), by=actor_of(cast.secretary), reason="2026-3")
    assert (the("C16").state, the("C16").state_because) == ("tracked", "2026-3")
    assert "C16" in owed_on(cast)


def test_what_is_fulfilled_owes_no_report_until_it_is_taken_up_again(cast: Cast) -> None:
    by = actor_of(cast.secretary)
    fulfil_commitment(the("C12"), by=by, reason="All lines are served")
    assert "C12" not in owed_on(cast)
    resume_commitment(the("C12"), by=by, reason="Some were not")
    assert "C12" in owed_on(cast)
    entries = AuditEntry.objects.filter(target_type="commitment").order_by("id")
    assert list(entries.values_list("verb", "reason")) == [
        ("commitment.fulfilled", "All lines are served"),
        ("commitment.resumed", "Some were not"),
    ]


STEPS: dict[str, Callable[..., None]] = {
    "adopt": adopt_commitment, "fulfil": fulfil_commitment, "withdraw": withdraw_commitment,
    "resume": resume_commitment,
}  # fmt: skip


@pytest.mark.parametrize(
    ("code", "step"),
    [("C12", "adopt"), ("C12", "resume"), ("C16", "fulfil"), ("C16", "resume")],
)
def test_a_step_that_does_not_follow_is_refused(cast: Cast, code: str, step: str) -> None:
    before = the(code).state
    with pytest.raises(NotAllowedNow):
        STEPS[step](the(code), by=actor_of(cast.secretary), reason="r")
    assert (the(code).state, AuditEntry.objects.filter(target_type="commitment").count()) == (before, 0)


def test_what_was_withdrawn_does_not_come_back(cast: Cast) -> None:
    by = actor_of(cast.secretary)
    withdraw_commitment(the("C16"), by=by, reason="Not pursued")
    for step in STEPS.values():
        with pytest.raises(NotAllowedNow):
            step(the("C16"), by=by, reason="r")


@pytest.mark.parametrize("step", ["fulfil", "withdraw"])
def test_a_reason_is_needed(cast: Cast, step: str) -> None:
    with pytest.raises(CommitmentRefused) as refused:
        STEPS[step](the("C12"), by=actor_of(cast.secretary), reason=" ")
    assert (refused.value.field, the("C12").state) == ("reason", "tracked")


@pytest.mark.parametrize(
    ("columns", "needs_one"),
    [({"title_ko": "달라진 제목"}, True), ({"due_on": "2027-06-30"}, True), ({"lead_division": "다른 과"}, False)],
)
def test_changing_what_it_says_takes_a_reason(cast: Cast, columns: dict[str, Any], needs_one: bool) -> None:
    row, by, before = the("C12"), actor_of(cast.secretary), the("C12").title_ko
    for name, value in columns.items():
        setattr(row, name, value)
    row.clean_fields()
    if needs_one:
        with pytest.raises(CommitmentRefused):
            amend_commitment(row, by=by, reason="")
        assert (the("C12").title_ko, the("C12").due_on) == (before, None)
    amend_commitment(row, by=by, reason="By decision 2026-4" if needs_one else "")
    entry = AuditEntry.objects.get(verb="commitment.changed")
    assert (set(entry.after), entry.reason) == (set(columns), "By decision 2026-4" if needs_one else "")
