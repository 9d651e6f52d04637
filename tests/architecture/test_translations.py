"""Every word is there in Korean, in the register and the terms of the field."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from council.admin.record_words import ATTEMPTS, REASONS, VERBS

ROOT = Path(__file__).resolve().parents[2]
COUNCIL = ROOT / "council"
FORBIDDEN = re.compile("반려|지연|에스컬레이션|경쟁사|사무국|ㆍ|하세요|해요")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def catalogue(council: Path = COUNCIL) -> Catalog:
    with (council / "locale" / "ko" / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file)


def texts(value: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def test_nothing_is_left_untranslated_or_doubtful() -> None:
    messages = [message for message in catalogue() if message.id]
    assert len(messages) > 500
    assert [message.id for message in messages if message.fuzzy or not all(texts(message.string))] == []


def test_every_word_of_the_code_and_the_pages_is_collected(tmp_path: Path) -> None:
    """As ``make messages`` collects them; one that is not would be shown in English in the midst of Korean."""
    for name in ("manage.py", "config", "council", "templates"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    collect = "makemessages --settings config.settings.test -l ko --add-location file --no-wrap --no-obsolete"
    subprocess.run([sys.executable, "manage.py", *collect.split()], cwd=tmp_path, check=True, capture_output=True)
    asked, there = (
        {(m.context, *texts(m.id)) for m in each} for each in (catalogue(tmp_path / "council"), catalogue())
    )
    assert (asked - there, there - asked) == (set(), set())


def test_placeholders_are_kept() -> None:
    wrong = []
    for message in catalogue():
        asked = set(PLACEHOLDER.findall(texts(message.id)[-1])) if message.id else set()
        wrong += [
            message.id for text in texts(message.string) if message.id and set(PLACEHOLDER.findall(text)) != asked
        ]
    assert wrong == []


def test_no_word_is_used_that_the_field_does_not_use() -> None:
    assert [m.id for m in catalogue() if m.id and any(map(FORBIDDEN.search, texts(m.string)))] == []


def test_every_verb_of_the_record_can_be_said_in_words() -> None:
    verbs = set()
    for path in COUNCIL.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.keyword) and node.arg == "verb" and isinstance(node.value, ast.Constant):
                verbs.add(node.value.value)
    assert len(verbs) > 15
    assert verbs - VERBS.keys() - ATTEMPTS.keys() == set()


def test_every_reason_of_a_refusal_can_be_said_in_words_and_is_one_that_is_given() -> None:
    """Where the record is written it is code, where it is read it is a sentence: the words stand in both places."""
    record = COUNCIL / "admin" / "record.py"
    written, given = set(), set()
    for path in set(COUNCIL.rglob("*.py")) - {record}:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                written.add(node.value)
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("record_refusal"):
                given |= {
                    k.value.value for k in node.keywords if k.arg == "reason" and isinstance(k.value, ast.Constant)
                }
    assert len(given) >= 4
    assert given - REASONS.keys() == set()
    assert REASONS.keys() - written == set()


def asked_inside_other_texts() -> set[tuple[str | None, str]]:
    """The words that are asked for within an f-string, where those who collect them do not look."""
    found: set[tuple[str | None, str]] = set()
    for path in COUNCIL.rglob("*.py"):
        for outer in ast.walk(ast.parse(path.read_text())):
            if isinstance(outer, ast.JoinedStr):
                found |= {words for node in ast.walk(outer) if (words := _asked_for(node))}
    return found


def _asked_for(node: ast.AST) -> tuple[str | None, str] | None:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
        return None
    words = [str(one.value) for one in node.args if isinstance(one, ast.Constant)]
    match node.func.id, words:
        case "gettext" | "_", [text]:
            return None, text
        case "pgettext", [context, text]:
            return context, text
    return None


def test_words_within_other_texts_are_known_from_elsewhere() -> None:
    asked = asked_inside_other_texts()
    there = {(message.context, texts(message.id)[0]) for message in catalogue() if message.id}
    assert len(asked) > 10
    assert asked - there == set()
