"""The clock is an argument: doors read it, the domain is told."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.source import calls, modules

DOORS = ("council/admin/", "council/api/", "council/portal/", "council/web/", "council/management/", "council/tasks.py")
# The audit and announcements are stamped when they are written; a standing without a day is that of today.
STAMPERS = {"council/core/audit.py", "council/mail/operations.py", "council/access/roles.py"}


def readings(tree: ast.Module) -> Iterator[int]:
    """The lines that read the clock."""
    for call in calls(tree):
        text = ast.unparse(call.func)
        if text.endswith((".now", ".today", ".utcnow", ".localdate", ".localtime")) or text == "time.time":
            yield call.lineno


def test_the_domain_does_not_look_at_the_clock() -> None:
    found = {path for path, tree in modules("council").items() if list(readings(tree))}
    inside = {path for path in found if not path.startswith(DOORS)}
    assert inside <= STAMPERS
    assert len(found) > len(inside)


@pytest.mark.parametrize("line", ["timezone.now()", "date.today()", "datetime.now(UTC)", "timezone.localdate()"])
def test_the_search_sees_each_way_to_read_the_clock(line: str) -> None:
    assert list(readings(ast.parse(line))) == [1]


def test_no_task_is_put_off_to_another_time() -> None:
    """The database knows what is due; a broker that forgets loses nothing."""
    put_off = {"eta", "countdown"}
    found = [
        f"{path}:{call.lineno}"
        for path, tree in modules("council", "config").items()
        for call in calls(tree)
        if put_off & {keyword.arg for keyword in call.keywords}
    ]
    assert found == []
