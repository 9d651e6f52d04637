"""The whole table: everybody, every kind of row, every label, every state, every verb, against the design's words."""

from __future__ import annotations

import pytest

from council.access import policy, roles, visibility
from tests.access.judge import Judge
from tests.access.oracle import SEES, TABLE
from tests.access.world import make_world
from tests.factories import Cast

pytestmark = pytest.mark.both_databases


def test_every_answer_is_the_one_the_design_gives(cast: Cast) -> None:
    judge = Judge(make_world(cast))
    assert list(judge.differences(roles, visibility, policy)) == []
    hidden = [(who, name) for (who, name), seen in judge.seen.items() if len(seen) < len(judge.facts[name])]
    shown = [cell for cell, seen in judge.seen.items() if seen]
    assert len(hidden) > 500
    assert len(shown) > 500


def test_the_words_name_every_model_and_every_verb_of_the_table() -> None:
    """A new rule or a new verb gets its line in the oracle, written from the design and not from the code."""
    named = {model._meta.model_name for model in visibility.RULES} | set(visibility.RULES_ABOVE)
    assert named == set(SEES)
    assert set(policy.TABLE) == set(TABLE)
