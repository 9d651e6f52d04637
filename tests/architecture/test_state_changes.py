"""Nothing but the lifecycle assigns a state; the outbox's letters are moved by its own fenced updates."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.source import calls, modules

MOVERS = {"council/core/lifecycle.py", "council/mail/engine.py", "council/mail/operations.py"}


def state_changes(tree: ast.Module) -> Iterator[int]:
    """The lines that assign ``.state``, set it by name, or update it in the database."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "state" and isinstance(node.ctx, ast.Store | ast.Del):
            yield node.lineno
    for call in calls(tree):
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        constants = {arg.value for arg in ast.walk(call) if isinstance(arg, ast.Constant)}
        by_name = name in {"setattr", "bulk_update"} and "state" in constants
        in_database = name == "update" and any(keyword.arg == "state" for keyword in call.keywords)
        if by_name or in_database:
            yield call.lineno


def test_only_the_lifecycle_and_the_outbox_change_a_state() -> None:
    found = {path for path, tree in modules("council").items() if list(state_changes(tree))}
    assert found <= MOVERS
    assert "council/mail/engine.py" in found


@pytest.mark.parametrize(
    "line",
    [
        "row.state = 'open'",
        "a, row.state = 1, 'open'",
        "row.state: str = 'open'",
        "setattr(row, 'state', 'open')",
        "rows.filter(pk=1).update(state='open')",
        "Meeting.objects.bulk_update(rows, ['state'])",
    ],
)
def test_the_search_sees_each_way_to_change_a_state(line: str) -> None:
    assert list(state_changes(ast.parse(line))) == [1]


@pytest.mark.parametrize(
    "line", ["row.state == 'open'", "rows.filter(state='open')", "Meeting(state='open')", "rows.update(opened_at=now)"]
)
def test_the_search_leaves_alone_what_only_reads_a_state(line: str) -> None:
    assert list(state_changes(ast.parse(line))) == []
