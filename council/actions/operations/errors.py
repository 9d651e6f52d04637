"""What the operations on action items refuse with."""

from council.core.errors import DomainError


class ActionRefused(DomainError):
    """The action item, or what is handed in on it, breaks a rule."""
