"""Traffic light labels, from the strictest to the widest."""

from __future__ import annotations

from itertools import permutations

import pytest
from django.utils import translation

from council.core.labels import Label, choices_of

IN_ORDER = [Label.RED, Label.AMBER_STRICT, Label.AMBER, Label.GREEN, Label.CLEAR]


def test_labels_widen_in_the_order_of_the_protocol() -> None:
    assert sorted(Label, key=lambda label: label.width) == IN_ORDER
    assert [label.width for label in IN_ORDER] == [0, 1, 2, 3, 4]


def test_labels_are_written_as_the_protocol_writes_them() -> None:
    assert [str(label) for label in IN_ORDER] == ["TLP:RED", "TLP:AMBER+STRICT", "TLP:AMBER", "TLP:GREEN", "TLP:CLEAR"]


@pytest.mark.parametrize("pair", list(permutations(IN_ORDER, 2)))
def test_of_two_labels_the_one_that_reaches_fewer_counts(pair: tuple[Label, Label]) -> None:
    assert Label.strictest(pair) == IN_ORDER[min(map(IN_ORDER.index, pair))]


def test_labels_are_read_from_their_text() -> None:
    assert Label.strictest(["TLP:GREEN", "TLP:AMBER", "TLP:CLEAR"]) == Label.AMBER


def test_what_is_no_label_has_no_place_in_the_order() -> None:
    with pytest.raises(ValueError, match="TLP:WHITE"):
        Label.strictest(["TLP:CLEAR", "TLP:WHITE"])


def test_a_form_offers_labels_in_the_readers_language_with_whom_they_reach() -> None:
    offered = choices_of([Label.GREEN])
    texts = {}
    for language in ("ko", "en"):
        with translation.override(language):
            [(value, text)] = offered
            assert (value, str(text)) == ("TLP:GREEN", f"TLP:GREEN – {Label.GREEN.reach}")
            texts[language] = str(text)
    assert texts["ko"] != texts["en"]
