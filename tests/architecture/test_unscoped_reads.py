"""A door takes its rows through the gate: no read of a protected model that is not handed to it.

Looked for in the source of every door: what begins with ``Model.objects`` (or its default manager) must be an argument
of one of the functions that scope it, or stand where those functions will find it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from django.apps import apps

from tests.architecture.source import modules

DOORS = ("council/portal", "council/admin", "council/web", "council/templatetags", "council/overview", "council/api")
PROTECTED = {model.__name__ for model in apps.get_app_config("council").get_models()}
MANAGERS = {"objects", "_default_manager", "_base_manager"}
SCOPING = {"rows", "fetch", "visible_to", "counted_for", "shown_actions", "shown_reports"}
# What the mixin of the portal hands to the gate.
HANDED_ON = {"queryset", "ACTIONS", "REPORTS", "ITEMS"}
# Each with its reason.
ALLOWED = {
    ("council/admin/actions.py", "Organisation"): "choices of a form field, which the form's page scopes",
    ("council/admin/audit.py", "AuditEntry"): "of an export's hidden entries only the hashes are written",
    ("council/admin/audit.py", "Organisation"): "the name of an entry's organisation, for a reader of that entry",
    ("council/admin/attempts.py", "Meeting"): "locked before a row of it is, and not shown",
    ("council/admin/attempts.py", "model"): "the row that a scoped one is compared with before it is saved",
    ("council/admin/base.py", "model"): "the choices of a field, which go through visible_to on the next line",
    ("council/admin/meetings.py", "Body"): "filtered by the bodies that the reader runs",
    ("council/admin/record.py", "User"): "filtered by the people that the reader sees",
    ("council/overview/thread.py", "CommitmentOwner"): "fetched with commitments that were scoped",
    ("council/overview/dashboard.py", "Body"): "filtered by the bodies that the reader runs",
    ("council/overview/dashboard.py", "Organisation"): "names for counts of rows that were scoped",
    ("council/overview/telling.py", "Person"): "those who are written to, for whoever runs the body",
    ("council/portal/views/calendars.py", "CalendarFeed"): "found by the secret in its address",
    ("council/web/account.py", "User"): "the account that is signing in",
    ("council/web/account_views.py", "User"): "the visitor's own account, locked",
    ("council/web/lockout.py", "User"): "the account that is signing in",
    ("council/web/demo.py", "User"): "the example accounts, in a demonstration only",
    ("council/web/gate.py", "model"): "what is hidden, to write down that it was asked for",
    ("council/web/session.py", "User"): "the visitor's own account",
    ("council/web/view_as.py", "Person"): "asked of the policy in the next line",
}


def reads(tree: ast.AST) -> Iterator[tuple[str, ast.Attribute, list[ast.AST]]]:
    """Each use of a model's manager: the name before it, the node, and what stands around it, the nearest first."""
    above: dict[ast.AST, ast.AST] = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
            around, outer = [], above.get(node)
            while outer is not None:
                around.append(outer)
                outer = above.get(outer)
            yield _name(node.value), node, around


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else "model"


def is_scoped(around: list[ast.AST]) -> bool:
    for node in around:
        if isinstance(node, ast.Call) and _name(node.func) in SCOPING:
            return True
        if isinstance(node, ast.Assign) and {_name(target) for target in node.targets} & HANDED_ON:
            return True
        if isinstance(node, ast.FunctionDef):
            return False
    return False


def unscoped(path: str, tree: ast.AST) -> set[tuple[str, str]]:
    ours = (name for name, _, around in reads(tree) if not is_scoped(around) and (name in PROTECTED or name.islower()))
    return {(path, name) for name in ours}


def test_no_door_reads_rows_past_the_gate() -> None:
    found = set().union(*(unscoped(path, tree) for path, tree in modules(*DOORS).items()))
    assert found - ALLOWED.keys() == set()


def test_what_is_allowed_is_still_there() -> None:
    found = set().union(*(unscoped(path, tree) for path, tree in modules(*DOORS).items()))
    assert ALLOWED.keys() - found == set()


@pytest.mark.parametrize(
    ("source", "scoped"),
    [
        ("visible_to(who, ActionItem.objects.filter(state='open'))", True),
        ("gate.rows(request, Meeting.objects.select_related('body'))", True),
        ("class V:\n    queryset = Meeting.objects.all()", True),
        ("def f():\n    return ActionItem.objects.get(pk=1)", False),
        ("rows = Evidence._default_manager.all()", False),
        ("visible_to(who, meetings).filter(pk__in=Meeting.objects.values('pk'))", False),
    ],
)
def test_the_search_tells_them_apart(source: str, scoped: bool) -> None:
    assert (unscoped("x.py", ast.parse(source)) == set()) is scoped
