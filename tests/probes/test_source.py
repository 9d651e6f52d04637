"""What the source never does: with it others were injected into. Each search is tested on what it looks for."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import distributions

import django
import pytest

from tests.architecture.source import ROOT, calls, modules

# Who may start a process or open a connection, and why: the demonstration starts its own server and worker; the
# scanner's address comes from the settings.
STARTS_PROCESSES = {"council/management/commands/demo.py"}
OPENS_CONNECTIONS = {"council/files/scanner.py"}
CLIENTS = {
    "requests",
    "httpx",
    "aiohttp",
    "urllib3",
    "http.client",
    "urllib.request",
    "ftplib",
    "telnetlib",
    "paramiko",
    "socket",
}
MARKUP = {"mark_safe", "SafeString", "SafeText", "format_html_join", "safestring"}
# The names in it are the visitor's. Of cleaned data they are the form's own, only the values are not.
SENT = re.compile(r"\brequest\.(GET|POST|COOKIES|META|headers|body)\b|\bself\.data\b")
FROM_OUTSIDE = re.compile(rf"{SENT.pattern}|\bcleaned_data\b")
TEMPLATE = re.compile(r"\|\s*safe\b|\|\s*safeseq\b|autoescape\s+off|\|\s*truncate\w*_html|\{%\s*filter\s+safe")


def faults(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Each line that does what is never done, with what it does."""
    for call in calls(tree):
        name = ast.unparse(call.func)
        last = name.rpartition(".")[2]
        texts = [ast.unparse(part) for part in (*call.args, *(keyword.value for keyword in call.keywords))]
        if any(k.arg is None and SENT.search(ast.unparse(k.value)) for k in call.keywords):
            yield call.lineno, "expands what was sent into keywords"
        if last in {"getattr", "setattr", "hasattr", "attrgetter", "methodcaller"} and any(
            map(FROM_OUTSIDE.search, texts)
        ):
            yield call.lineno, "reaches for an attribute that was sent"
        if last in MARKUP or (last == "format_html" and _composed(call)):
            yield call.lineno, "makes markup of text"
        if name in {"eval", "exec", "compile", "__import__"} or name.startswith(("pickle.", "marshal.", "shelve.")):
            yield call.lineno, "runs or unpickles data"
        if name in {"yaml.load", "yaml.full_load", "yaml.unsafe_load"}:
            yield call.lineno, "loads YAML that makes objects"
        if last in {"extra", "RawSQL", "raw"} or (last in {"execute", "executemany"} and _composed(call, by=TOGETHER)):
            yield call.lineno, "writes SQL by hand"


TOGETHER = (ast.JoinedStr, ast.BinOp, ast.Call)


def _composed(call: ast.Call, by: tuple[type[ast.AST], ...] = (*TOGETHER, ast.Name, ast.Attribute)) -> bool:
    """The first argument is put together instead of written."""
    return bool(call.args) and isinstance(call.args[0], by)


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_the_source_expands_reaches_marks_runs_and_composes_nothing() -> None:
    found = [
        f"{path}:{line} {what}" for path, tree in modules("council", "config").items() for line, what in faults(tree)
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "rows.filter(**request.GET)", "rows.filter(**request.GET.dict())",
        "getattr(row, request.GET['o'])", "getattr(row, form.cleaned_data['name'])",
        "mark_safe(text)", "format_html(text)", "format_html(f'<b>{x}</b>')",
        "eval(x)", "pickle.loads(x)", "yaml.load(x)", "rows.extra(where=x)", "RawSQL(x, [])", "Row.objects.raw(x)",
        "cursor.execute(f'SELECT {x}')", "cursor.execute('SELECT ' + x)",
    ],
)  # fmt: skip
def test_the_search_sees_each_of_them(line: str) -> None:
    assert list(faults(ast.parse(line)))


@pytest.mark.parametrize("line", ["rows.filter(**lookup)", "cursor.execute('SELECT %s', [x])", "yaml.safe_load(x)"])
def test_the_search_leaves_alone_what_does_no_harm(line: str) -> None:
    assert not list(faults(ast.parse(line)))


def test_templates_escape_everything_but_the_plain_text_of_letters() -> None:
    paths = [path for folder in ("templates", "council") for path in (ROOT / folder).rglob("*.*")]
    pages = [path for path in paths if path.suffix in {".html", ".txt", ".svg", ".xml"} and "locale" not in path.parts]
    found = {str(path.relative_to(ROOT)) for path in pages if TEMPLATE.search(path.read_text(encoding="utf-8"))}
    assert {path for path in found if not (path.startswith("templates/mail/") and path.endswith(".txt"))} == set()
    assert len(pages) > 50
    assert TEMPLATE.search("{{ text|safe }}")
    assert TEMPLATE.search("{% autoescape off %}")


def test_no_user_supplied_hosts() -> None:
    """Nothing of ours opens a connection but the scanner, and the mail's relay is named by the settings alone."""
    found = {
        path: clients
        for path, tree in modules("council", "config").items()
        if path not in OPENS_CONNECTIONS and (clients := CLIENTS & set(imported(tree)))
    }
    assert found == {}
    scanner = set(imported(modules("council", "config")["council/files/scanner.py"]))
    assert {"socket", "django.conf.settings"} <= scanner


def test_no_shell_mailer() -> None:
    """Processes are started by the demonstration alone; letters go out by SMTP."""
    starters = {
        path
        for path, tree in modules("council", "config").items()
        if {"subprocess", "os.system", "os.popen", "pty"} & set(imported(tree))
        or any(ast.unparse(call.func) in {"os.system", "os.popen", "os.execv", "os.spawnv"} for call in calls(tree))
    }
    assert starters == STARTS_PROCESSES
    assert not any(
        "sendmail" in ast.unparse(tree) and "Popen" in ast.unparse(tree) for tree in modules("council").values()
    )


def test_django_is_a_release_without_known_holes() -> None:
    """Keyword expansion, column aliases and truncation of markup were mended by 6.1.3."""
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    assert any(line.startswith("Django>=6.1.3") for line in wanted)
    assert django.VERSION[:3] >= (6, 1, 3)
    locked = re.search(
        r"^django==([\d.]+)", (ROOT / "requirements" / "base.txt").read_text(encoding="utf-8"), re.M | re.I
    )
    assert locked is not None
    assert tuple(map(int, locked[1].split("."))) >= (6, 1, 3)


def test_there_is_no_latex() -> None:
    names = {(each.metadata["Name"] or "").lower() for each in distributions()}
    assert not names & {"pylatex", "latex", "pandoc", "pypandoc", "latexcodec"}
    texts = [path for path in (ROOT / "templates").rglob("*") if path.suffix in {".tex", ".latex"}]
    assert texts == []
    assert not any("latex" in ast.unparse(tree).lower() for tree in modules("council", "config").values())
