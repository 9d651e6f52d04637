"""Errors that a person caused and can mend. Doors translate them once: a message on the page, 409 in the API."""

from django.utils.functional import Promise

type Text = str | Promise


class DomainError(Exception):
    """A rule of the domain refuses. The message is for the reader, translatable, and says what to do.

    ``field`` names the operation's parameter the reader would correct, if there is one.
    """

    def __init__(self, message: Text, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class NotAllowedNow(DomainError):
    """The thing is in a state from which this step does not lead."""


class SomebodyWasFaster(DomainError):
    """The thing changed between reading and writing; nothing of this attempt was kept."""
