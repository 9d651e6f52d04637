"""An operation takes the thing it is about; everything else is named at the call."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.source import modules

# house.md §2 fixes its call: mail.announce(kind, target, by, quiet).
TWO_THINGS = {"announce"}
CONTEXT = {"by", "now", "today", "on"}


def operations() -> Iterator[tuple[str, ast.FunctionDef]]:
    """The public functions of operations and workflows, and the kernel's verbs."""
    for path, tree in modules("council").items():
        of_kernel = path in {"council/core/lifecycle.py", "council/core/register.py"}
        if "operations" in path or path.startswith("council/workflows/") or of_kernel:
            for node in tree.body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    yield path, node


def takes(node: ast.FunctionDef) -> tuple[list[str], set[str]]:
    """The names a function takes by position, and those it takes by name only."""
    positional = [arg.arg for arg in [*node.args.posonlyargs, *node.args.args]]
    return positional, {arg.arg for arg in node.args.kwonlyargs}


ACTING = [(path, node) for path, node in operations() if "by" in {*takes(node)[0], *takes(node)[1]}]


def test_there_are_operations_to_look_at() -> None:
    names = {node.name for _, node in ACTING}
    assert {"schedule_meeting", "open_action", "end_seat", "move", "keep", "release", "taken_in"} <= names


@pytest.mark.parametrize(("path", "node"), ACTING, ids=[f"{path}:{node.name}" for path, node in ACTING])
def test_an_operation_names_everything_beyond_the_thing_it_is_about(path: str, node: ast.FunctionDef) -> None:
    positional, named = takes(node)
    assert len(positional) <= (2 if node.name in TWO_THINGS else 1)
    assert {"by"} <= named


@pytest.mark.parametrize(
    ("path", "node"),
    [(path, node) for path, node in operations() if CONTEXT & {*takes(node)[0], *takes(node)[1]}],
    ids=lambda value: value.name if isinstance(value, ast.FunctionDef) else "",
)
def test_who_acts_and_when_is_named(path: str, node: ast.FunctionDef) -> None:
    assert CONTEXT & set(takes(node)[0]) == set()


@pytest.mark.parametrize(("path", "node"), ACTING, ids=[f"{path}:{node.name}" for path, node in ACTING])
def test_an_operation_says_what_follows_from_it(path: str, node: ast.FunctionDef) -> None:
    assert ast.get_docstring(node)
