"""Files and functions stay short, and none is called after nothing."""

from __future__ import annotations

import ast

from tests.architecture.source import ROOT, functions, modules

LONGEST_FILE, LONGEST_FUNCTION = 400, 50
NOTHING = {"util", "utils", "helper", "helpers", "common", "misc"}


def test_no_file_is_too_long() -> None:
    lengths = {path: len((ROOT / path).read_text(encoding="utf-8").splitlines()) for path in modules("council")}
    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}
    assert max(lengths.values()) > 200  # it has looked at the right files


def test_no_function_is_too_long() -> None:
    lengths = {
        f"{path}:{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path, tree in modules("council").items()
        for node in functions(tree)
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}
    assert max(lengths.values()) > 20


def test_nothing_is_called_utils_helpers_common_or_misc() -> None:
    parts = {part for path in modules("council", "config") for part in path.removesuffix(".py").split("/")}
    names = {node.name.strip("_") for tree in modules("council").values() for node in functions(tree)}
    assert (parts | names) & NOTHING == set()
    assert {"lifecycle", "operations", "move"} <= parts | names


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        path
        for path, tree in modules("council").items()
        if tree.body and not (isinstance(tree.body[0], ast.Expr) and isinstance(tree.body[0].value, ast.Constant))
    ]
    assert silent == []
