"""Who does something: plain values that an operation, the audit and the access rules can all read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """The one on whose account something happens.

    ``label`` is what a reader of the audit sees (a name, or the name of a command). An actor without ``user_id``
    is the system itself. ``on_behalf_of`` is the person for whom somebody else acts.
    """

    label: str
    user_id: int | None = None
    person_id: int | None = None
    organisation_id: int | None = None
    ip: str = ""
    request_id: str = ""
    on_behalf_of: int | None = None

    @classmethod
    def system(cls, label: str) -> Actor:
        """The system acting by itself, for example ``Actor.system("seed_council")``."""
        return cls(label=label)
