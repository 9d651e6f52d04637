"""Traffic Light Protocol 2.0 labels (FIRST, August 2022): who may see what was handed in. Never translated."""

from collections.abc import Iterable
from typing import Self

from django.db import models


class Label(models.TextChoices):
    """From the strictest to the widest."""

    RED = "TLP:RED", "TLP:RED"
    AMBER_STRICT = "TLP:AMBER+STRICT", "TLP:AMBER+STRICT"
    AMBER = "TLP:AMBER", "TLP:AMBER"
    GREEN = "TLP:GREEN", "TLP:GREEN"
    CLEAR = "TLP:CLEAR", "TLP:CLEAR"

    @property
    def width(self) -> int:
        """0 for the strictest; a larger number reaches more readers."""
        return list(type(self)).index(self)

    @classmethod
    def strictest(cls, labels: Iterable[str]) -> Self:
        """The label that counts for a thing: the strictest of its own and its parents'."""
        return min((cls(label) for label in labels), key=lambda label: label.width)
