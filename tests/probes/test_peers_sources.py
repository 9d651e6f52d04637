"""What no line of ours may do: the ways in which our peers were broken into, looked for in the source itself."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from tests.architecture.source import ROOT, functions, modules
from tests.wall.addresses import routes

REQUEST = re.compile(r"\b(GET|POST|FILES|COOKIES|META|headers|query_params)\b")
BY_NAME = {"getattr", "setattr", "hasattr", "delattr", "attrgetter", "methodcaller"}
RUNS = {"eval", "exec", "compile", "__import__"}
MARKS_SAFE = {"mark_safe", "SafeString", "SafeText"}
READS_OBJECTS = {"pickle", "cPickle", "marshal", "shelve", "dill"}
NETWORK = {"requests", "httpx", "socket", "aiohttp", "http.client", "urllib.request", "urllib3", "ftplib", "telnetlib"}
# Where one of these is what the module is for.
ALLOWED = {
    "council/management/commands/demo.py": {"subprocess"},
    "council/files/scanner.py": {"socket"},
    "council/access/visibility.py": {"raw SQL"},
    # The drawings of the scorecard, made by svg.py, which escapes every text in them.
    "council/templatetags/council_tags.py": {"mark_safe"},
}


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _typed(node: ast.expr) -> bool:
    return bool(REQUEST.search(ast.unparse(node)))


def _built(node: ast.expr) -> bool:
    """A statement put together from what is not written out in the source."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp):
        return not all(isinstance(side, ast.Constant) for side in (node.left, node.right))
    return isinstance(node, ast.Call) and _name(node.func) in {"format", "join"}


def _call(node: ast.Call) -> Iterator[str]:
    name = _name(node.func)
    if any(word.arg is None and _typed(word.value) for word in node.keywords):
        yield "**request"
    if name in BY_NAME and any(_typed(argument) for argument in node.args if not isinstance(argument, ast.Constant)):
        yield "getattr of the visitor's"
    if isinstance(node.func, ast.Name) and name in RUNS:
        yield name
    if name in MARKS_SAFE or (name == "format_html" and node.args and _built(node.args[0])):
        yield "mark_safe"
    if name in {"RawSQL", "raw"} or (name == "extra" and isinstance(node.func, ast.Attribute)):
        yield "raw SQL"
    if name in {"execute", "executemany"} and node.args and _built(node.args[0]):
        yield "built SQL"
    if name in {"load", "unsafe_load", "full_load", "load_all"} and ast.unparse(node.func).startswith("yaml."):
        yield "yaml.load"
    if name in {"Popen", "check_output"} or ast.unparse(node.func) in {"os.system", "os.popen"}:
        yield "subprocess"


def _import(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    names = {alias.name for alias in node.names}
    if isinstance(node, ast.ImportFrom):
        names = {node.module or "", *(f"{node.module}.{name}" for name in names)}
    for name in names:
        if name.split(".")[0] in READS_OBJECTS:
            yield "pickle"
        if name.split(".")[0] == "subprocess":
            yield "subprocess"
        if any(name == one or name.startswith(f"{one}.") for one in NETWORK):
            yield "socket" if name.split(".")[0] == "socket" else "network"


def faults(tree: ast.AST) -> Iterator[str]:
    """Everything of the kind in a piece of source, with its line."""
    for node in ast.walk(tree):
        found = _call(node) if isinstance(node, ast.Call) else ()
        if isinstance(node, ast.Import | ast.ImportFrom):
            found = _import(node)
        yield from (f"{fault}:{getattr(node, 'lineno', 0)}" for fault in found)


def test_the_source_has_none_of_it() -> None:
    """Migrations are left out: their statements put up the triggers, and nobody's typing reaches them."""
    found = [
        f"{path}:{fault}"
        for path, tree in modules("council", "config").items()
        for fault in faults(tree)
        if fault.split(":")[0] not in ALLOWED.get(path, set())
    ]
    assert found == []


def test_what_is_allowed_is_still_there() -> None:
    trees = modules("council", "config")
    for path, allowed in ALLOWED.items():
        assert allowed <= {fault.split(":")[0] for fault in faults(trees[path])}, path


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("rows.filter(**request.GET.dict())", "**request"), ("rows.filter(**dict(request.POST))", "**request"),
        ("getattr(row, request.GET['o'])", "getattr of the visitor's"),
        ("setattr(row, self.request.POST.get('f'), 1)", "getattr of the visitor's"),
        ("eval(text)", "eval"), ("exec(text)", "exec"), ("mark_safe(text)", "mark_safe"),
        ("format_html(f'<b>{x}</b>')", "mark_safe"), ("rows.extra(where=[x])", "raw SQL"), ("RawSQL(x, [])", "raw SQL"),
        ("Row.objects.raw(x)", "raw SQL"), ("cursor.execute(f'SELECT {x}')", "built SQL"),
        ("cursor.execute('SELECT %s' % x)", "built SQL"), ("cursor.execute('SELECT ' + x)", "built SQL"),
        ("cursor.execute('SELECT {}'.format(x))", "built SQL"), ("yaml.load(text)", "yaml.load"),
        ("import pickle", "pickle"), ("from pickle import loads", "pickle"), ("import subprocess", "subprocess"),
        ("os.system('x')", "subprocess"), ("import socket", "socket"),
        ("from urllib.request import urlopen", "network"), ("from urllib import request", "network"),
        ("import httpx", "network"), ("import requests", "network"),
    ],
)  # fmt: skip
def test_the_search_sees_each_of_them(source: str, fault: str) -> None:
    assert fault in {found.rsplit(":", 1)[0] for found in faults(ast.parse(source))}


@pytest.mark.parametrize(
    "source",
    [
        "rows.filter(**columns)", "getattr(row, name)", "getattr(row, 'GET')", "yaml.safe_load(text)", "form.load(x)",
        "cursor.execute('SELECT pg_advisory_xact_lock(%s)', [LOCK])", "from urllib.parse import urlsplit",
        "from council.web.requests import client_ip", "format_html('<b>{}</b>', x)", "re.compile(x)",
        "Actor.system('x')",
    ],
)  # fmt: skip
def test_the_search_leaves_the_rest_alone(source: str) -> None:
    assert list(faults(ast.parse(source))) == []


# --- Templates --------------------------------------------------------------------------------------------------------

UNESCAPED = re.compile(r"\|\s*(safe|safeseq)\b|autoescape\s+off|\|\s*\w*(truncate\w+_html)|\|\s*escapejs\b|\|\s*urlize")


def unescaped(name: str, text: str) -> bool:
    """Letters in plain text are not read as markup; everything else escapes."""
    if name.startswith("templates/mail/") and name.endswith(".txt"):
        return False
    return bool(UNESCAPED.search(text))


def test_the_templates_escape() -> None:
    pages = [path for ending in ("html", "txt") for path in sorted((ROOT / "templates").rglob(f"*.{ending}"))]
    assert len(pages) > 50
    read = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in pages}
    assert [name for name, text in read.items() if unescaped(name, text)] == []


@pytest.mark.parametrize(
    "text", ["{{ x|safe }}", "{{ x | safe }}", "{% autoescape off %}", "{{ x|truncatechars_html:9 }}"]
)
def test_the_search_sees_what_does_not_escape(text: str) -> None:
    assert unescaped("templates/portal/desk.html", text)
    assert unescaped("templates/mail/letter/body.html", text)
    assert not unescaped("templates/mail/letter/body.txt", text)


# --- Servers, and the version in use ----------------------------------------------------------------------------------

HOSTS = re.compile(r"(^|_)(host|hostname|server|relay|smtp|webhook|callback|proxy|endpoint|port)($|_)")


def names_a_server(field: models.Field[object, object]) -> bool:
    return bool(HOSTS.search(field.name))


def test_the_relay_is_named_by_the_settings_alone() -> None:
    columns = [field for model in apps.get_app_config("council").get_models() for field in model._meta.concrete_fields]
    assert [str(column) for column in columns if names_a_server(column)] == []
    assert {mailer["BACKEND"] for mailer in settings.MAILERS.values()} <= {
        "council.mail.smtp.EmailBackend", "django.core.mail.backends.locmem.EmailBackend",
    }  # fmt: skip


@pytest.mark.parametrize(("name", "is_one"), [("smtp_host", True), ("webhook", True), ("host", True), ("venue", False)])
def test_the_search_sees_a_field_for_a_server(name: str, is_one: bool) -> None:
    field: models.Field[object, object] = models.CharField(max_length=9)
    field.name = name
    assert names_a_server(field) is is_one


def version(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text))


def test_the_django_in_use_is_a_mended_one() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (wanted,) = [one for one in project["dependencies"] if one.lower().startswith("django>")]
    assert version(wanted.split(",")[0]) >= (6, 1, 3)
    for lock in ("base", "dev"):
        (locked,) = re.findall(r"(?mi)^django==([\d.]+)", (ROOT / "requirements" / f"{lock}.txt").read_text())
        assert version(locked) >= (6, 1, 3), lock


def test_an_older_version_is_noticed() -> None:
    assert version("6.1.2") < (6, 1, 3) <= version("6.1.10")


# --- What comes with a proof of its own -------------------------------------------------------------------------------

# What is here, or may be one day: words by which it is known, and the test that has to come with it.
WITH_A_PROOF: dict[str, tuple[set[str], str]] = {
    "minutes": ({"minutes"}, "test_conflict_page_escapes_both_versions"),
    "LaTeX": ({"latex", "pylatex", "jinja2-latex"}, "test_latex_reads_no_file"),
    "calendar feeds": ({"icalendar", "ics", "django-ical"}, "test_nothing_that_can_be_typed_adds_or_ends_a_line"),
    "PDF": (
        {"weasyprint", "reportlab", "xhtml2pdf", "pdfkit", "fpdf2"},
        "test_a_page_that_asks_for_something_foreign_is_not_made",
    ),
    "spreadsheets": ({"openpyxl", "xlsxwriter", "pandas"}, "test_no_cell_is_a_formula"),
    "API tokens": (
        {"djangorestframework", "django-ninja", "django-oauth-toolkit", "apitoken", "token", "api"},
        "test_a_token_opens_no_more_than_its_holder",
    ),
    "rich text": ({"markdown", "markdown-it-py", "mistune", "nh3", "bleach", "tinymce"}, "test_rich_text_is_cleaned"),
}


@cache
def names_of(path: str) -> set[str]:
    return {function.name for function in functions(ast.parse((ROOT / path).read_text(encoding="utf-8")))}


def parts_of_the_system() -> set[str]:
    """Dependencies, models and first folders of addresses, by their names in small letters."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    packages = {re.split(r"[^\w.-]", wanted)[0].lower() for wanted in project["dependencies"]}
    models = {str(model._meta.model_name) for model in apps.get_app_config("council").get_models()}
    return packages | models | {part for route in routes() for part in route.template.lower().split("/")}


def lacks_its_proof(words: set[str], proof: str, parts: set[str]) -> bool:
    if not words & parts:
        return False
    return not any(proof in names_of(str(path.relative_to(ROOT))) for path in (ROOT / "tests").rglob("test_*.py"))


@pytest.mark.parametrize("what", WITH_A_PROOF)
def test_nothing_of_the_kind_comes_without_its_proof(what: str) -> None:
    words, proof = WITH_A_PROOF[what]
    assert not lacks_its_proof(words, proof, parts_of_the_system()), f"{what} is here; {proof} is not."


def test_the_guard_sees_what_is_there() -> None:
    parts = parts_of_the_system()
    assert {"django", "meeting", "login"} <= parts
    assert lacks_its_proof({"meeting"}, "test_of_this_name_there_is_none", parts)
    assert not lacks_its_proof({"meeting"}, "test_the_guard_sees_what_is_there", parts)
