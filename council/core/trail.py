"""The audit as it is read: which kind of thing each entry is, and entries taken out of the database to be checked."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from council.core.audit import Fault, Follower, digest_of, values_of
from council.core.models import AuditEntry


class Kind(TextChoices):
    """Every entry is of exactly one kind."""

    SIGN_IN = "sign_in", _("sign-ins")
    FAILED_SIGN_IN = "failed_sign_in", _("failed sign-ins")
    READ = "read", _("reads")
    DOWNLOAD = "download", _("downloads")
    REFUSAL = "refusal", _("refusals")
    CHANGE = "change", _("changes")


# What the verbs of a kind end with. Whatever else was not refused is a change.
ENDINGS = {
    Kind.SIGN_IN: (".signed_in",),
    Kind.READ: (".read",),
    Kind.DOWNLOAD: (".downloaded", ".exported"),
}


def of_kind(kind: Kind) -> Q:
    """The entries of a kind. A sign-in that was refused is a failed one, and counts among no other refusals."""
    if kind == Kind.FAILED_SIGN_IN:
        return Q(refused=True) & _ends(Kind.SIGN_IN)
    if kind == Kind.REFUSAL:
        return Q(refused=True) & ~_ends(Kind.SIGN_IN)
    if kind == Kind.CHANGE:
        return Q(refused=False) & ~reduce(or_, map(_ends, ENDINGS))
    return Q(refused=False) & _ends(kind)


def _ends(kind: Kind) -> Q:
    return reduce(or_, (Q(verb__endswith=ending) for ending in ENDINGS[kind]))


def line_of(entry: AuditEntry, *, shown: bool) -> str:
    """A sealed entry as a line of JSON that ``check`` can follow. Of one that is not shown: its hashes and no more.

    The hash of a hidden entry tells nothing of it: it covers a moment to the microsecond and a random number.
    """
    line: dict[str, Any] = {"sequence": entry.sequence, "previous_hash": entry.previous_hash, "hash": entry.hash}
    return json.dumps(line | ({"entry": values_of(entry)} if shown else {"withheld": True}), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Checked:
    """What following an export has shown. ``head`` is its last hash, ``heads`` are all that it contains."""

    faults: list[Fault]
    first: int
    last: int
    withheld: int
    heads: list[str]

    @property
    def head(self) -> str:
        return self.heads[-1] if self.heads else ""


def check(lines: Iterable[str]) -> Checked:
    """Follow the chain through an export without any database. ValueError if a line is none of an export's."""
    follower, faults, places, withheld, heads = Follower(None, None), list[Fault](), list[int](), 0, list[str]()
    for line in filter(str.strip, lines):
        sequence, previous_hash, found, values = _parsed(line)
        computed = None if values is None else digest_of(values, sequence=sequence, previous_hash=previous_hash)
        faults += follower.step(sequence, previous_hash, found, computed)
        places.append(sequence)
        heads.append(found)
        withheld += values is None
    if not places:
        msg = "There is nothing in this file."
        raise ValueError(msg)
    return Checked(faults, min(places, default=0), max(places, default=0), withheld, heads)


def _parsed(line: str) -> tuple[int, str, str, dict[str, Any] | None]:
    try:
        row = json.loads(line)
        values = None if row.get("withheld") is True else dict(row["entry"])
        return int(row["sequence"]), str(row["previous_hash"]), str(row["hash"]), values
    except (AttributeError, KeyError, OverflowError, RecursionError, TypeError, ValueError) as error:
        msg = "This line is not one of an export of the audit."
        raise ValueError(msg) from error
