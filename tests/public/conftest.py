"""A clock that stands."""

from tests.factories.founding import clock

__all__ = ["clock"]
