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

    @property
    def account(self) -> int:
        """The account's number, for what only a signed-in person can do; TypeError for anybody else."""
        return _given(self.user_id)

    @property
    def organisation(self) -> int:
        """The organisation's number, for what is done for one; TypeError for an actor without any."""
        return _given(self.organisation_id)

    @classmethod
    def system(cls, label: str) -> Actor:
        """The system acting by itself, for example ``Actor.system("seed_council")``."""
        return cls(label=label)


def _given(number: int | None) -> int:
    if number is None:
        msg = "This takes a person of an organisation with an account."
        raise TypeError(msg)
    return number
