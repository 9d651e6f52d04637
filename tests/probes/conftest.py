"""The founding facts at the price of a copy, and a clock that stands."""

from tests.factories.founding import clock, seeded

__all__ = ["clock", "seeded"]
