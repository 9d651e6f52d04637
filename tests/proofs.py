"""The long proofs: whether they are to run in full, and the figures they are quoted by."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence

import pytest

# All of it, or a slice for the daily suite.
PROOF = bool(os.environ.get("PROOF"))
# PROOF=1 fits into an hour beside the suite; PROOF=all leaves nothing out and takes several.
EVERYTHING = os.environ.get("PROOF") == "all"


def share[T](things: Sequence[T], turn: int, of: int) -> Sequence[T]:
    """All of them; in the daily suite one visitor's share, so that several visitors take all of them together."""
    return things if PROOF else things[turn % of :: of]


class Figures(Counter[str]):
    """What one test looked at; handed to the report under names that begin with "proof"."""

    def report(self, request: pytest.FixtureRequest, proof: str) -> None:
        for name, number in sorted(self.items()):
            request.node.user_properties.append((f"proof of {proof}: {name}", number))
