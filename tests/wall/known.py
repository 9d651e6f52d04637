"""What was found and is not mended yet. Each stands here until it is; then the proofs say so and the line goes."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """A leak that the proofs let pass, for these people at these addresses."""

    what: str
    people: frozenset[str]
    at: str

    def covers(self, who: str, leak: str) -> bool:
        return who in self.people and re.match(self.at, leak) is not None


SECRETARIES = frozenset({"secretary", "clerk", "group_secretary"})
KNOWN = [
    Known(
        "The record tells each secretary of the things of bodies that are run by another one.",
        SECRETARIES,
        r"/admin/council/auditentry/",
    ),
]


def unknown(who: str, leaks: list[str]) -> list[str]:
    return [leak for leak in leaks if not any(known.covers(who, leak) for known in KNOWN)]


def mended(who: str, leaks: list[str]) -> list[str]:
    """The lines that must go, because nothing of the kind was found any more."""
    return [k.what for k in KNOWN if who in k.people and not any(k.covers(who, leak) for leak in leaks)]
