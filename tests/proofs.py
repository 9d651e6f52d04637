"""Counting what a proof looked at, so that its figures can be quoted."""

from __future__ import annotations

from collections import Counter

import pytest


class Figures(Counter[str]):
    """What one test looked at; handed to the report under names that begin with "proof"."""

    def report(self, request: pytest.FixtureRequest, proof: str) -> None:
        for name, number in sorted(self.items()):
            request.node.user_properties.append((f"proof of {proof}: {name}", number))
