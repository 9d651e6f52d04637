"""Every word is there in Korean, in the register and the terms of the field."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from council.admin.record import ATTEMPTS, VERBS

COUNCIL = Path(__file__).resolve().parents[2] / "council"
FORBIDDEN = re.compile("반려|지연|에스컬레이션|경쟁사|사무국|ㆍ|하세요|해요")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def catalogue() -> Catalog:
    with (COUNCIL / "locale" / "ko" / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file)


def texts(value: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def test_nothing_is_left_untranslated_or_doubtful() -> None:
    messages = [message for message in catalogue() if message.id]
    assert len(messages) > 500
    assert [message.id for message in messages if message.fuzzy or not all(texts(message.string))] == []


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
