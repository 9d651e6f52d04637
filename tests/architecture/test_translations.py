"""Everything is said in Korean, in the words of the field, and the audit's verbs are words too."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from council.admin.record import VERBS
from tests.architecture.source import ROOT, calls, modules

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")
WRONG_WORDS = ["반려", "지연", "에스컬레이션", "경쟁사", "사무국", "ㆍ"]


@cache
def messages() -> list[Message]:
    with (ROOT / "council/locale/ko/LC_MESSAGES/django.po").open("rb") as source:
        return [message for message in read_po(source, locale="ko") if message.id]


def forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    """A text's forms: one, or one for each number."""
    return [text] if isinstance(text, str) else list(text or ())


def test_every_text_is_translated_and_none_only_guessed() -> None:
    assert len(messages()) > 300  # it has read the right file
    assert [message.id for message in messages() if message.fuzzy or not all(forms(message.string))] == []


def test_a_translation_has_the_placeholders_of_its_text() -> None:
    different = [
        message.id
        for message in messages()
        for form in forms(message.string)
        if sorted(PLACEHOLDER.findall(form)) != sorted(PLACEHOLDER.findall(forms(message.id)[-1]))
    ]
    assert different == []


@pytest.mark.parametrize("word", WRONG_WORDS)
def test_a_word_that_the_field_does_not_use_is_in_no_translation(word: str) -> None:
    assert [message.id for message in messages() if word in "".join(forms(message.string))] == []


def verbs(tree: ast.Module) -> Iterator[str]:
    """The literal verbs handed to ``audit.record`` and ``move``; those put together from parts are left out."""
    for call in calls(tree):
        if getattr(call.func, "attr", getattr(call.func, "id", "")) not in {"record", "move"}:
            continue
        for given in (keyword.value for keyword in call.keywords if keyword.arg == "verb"):
            parts = [given.body, given.orelse] if isinstance(given, ast.IfExp) else [given]
            yield from (part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str))


def test_every_verb_of_the_audit_has_words() -> None:
    used = {verb for tree in modules("council").values() for verb in verbs(tree)}
    assert used - VERBS.keys() == set()
    assert {"meeting.convened", "engine.paused", "engine.resumed"} <= used  # each way to write one is seen
