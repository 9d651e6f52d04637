"""Everybody who asks: what they are, as plain facts that both the world and the oracle read."""

from __future__ import annotations

from dataclasses import dataclass

COUNCIL, CISO, OTHER = "council", "ciso", "other"
CARRIERS = ("SKT", "KT", "LGU")
# Each body with those that count as one community with it: parents and working groups.
RELATIVES = {COUNCIL: {COUNCIL, CISO}, CISO: {COUNCIL, CISO}, OTHER: {OTHER}}


@dataclass(frozen=True)
class Who:
    name: str
    organisation: str = ""
    seats: frozenset[tuple[str, str]] = frozenset()
    is_staff: bool = False
    is_superuser: bool = False
    signed_in: bool = True

    def bodies(self, *roles: str) -> set[str]:
        """Where they sit at the table (or have one of these roles)."""
        return {body for body, role in self.seats if (role in roles if roles else role != "contributor")}

    @property
    def runs(self) -> set[str]:
        """The bodies whose secretary they are."""
        return self.bodies("secretary")

    @property
    def community(self) -> set[str]:
        """A contributor sits at no table."""
        return {near for body, role in self.seats if role != "contributor" for near in RELATIVES[body]}

    @property
    def speaks_in(self) -> set[str]:
        """Where they read what is their organisation's own."""
        return {near for body in self.bodies("member", "liaison") for near in RELATIVES[body]}


def _who(name: str, organisation: str, *seats: str, is_staff: bool = False, is_superuser: bool = False) -> Who:
    pairs = frozenset((body, role) for body, _, role in (text.partition(":") for text in seats))
    return Who(name, organisation, pairs, is_staff, is_superuser)


def _carrier(code: str) -> list[Who]:
    name = code.lower()
    return [
        _who(f"{name}_liaison", code, "council:liaison", "ciso:liaison"),
        _who(f"{name}_ceo", code, "council:member"),
        _who(f"{name}_ciso", code, "ciso:member"),
    ]


ANONYMOUS = Who("anonymous", signed_in=False)
EVERYBODY = [
    _who("secretary", "MSIT", "council:secretary", "ciso:secretary", is_staff=True),
    _who("clerk", "MSIT", "ciso:secretary", "council:observer", is_staff=True),
    _who("group_secretary", "MSIT", "ciso:secretary", is_staff=True),
    _who("chair", "MSIT", "council:chair"),
    *(who for code in CARRIERS for who in _carrier(code)),
    _who("skt_network", "SKT", "council:contributor"),
    # What must not matter: somebody made a carrier's liaison "staff".
    _who("kt_staff", "KT", "council:liaison", is_staff=True),
    _who("observer", "KISA", "ciso:observer"),
    _who("former_liaison", "SKT"),
    # Without a seat: comes in a CEO's place to one meeting; asked to one meeting.
    _who("skt_delegate", "SKT"),
    _who("expert", "KISA"),
    _who("accounts", "MSIT", is_staff=True, is_superuser=True),
    _who("nobody", "NFA"),
    ANONYMOUS,
]
BY_NAME = {who.name: who for who in EVERYBODY}
