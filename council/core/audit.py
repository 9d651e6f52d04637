"""The audit: rows are inserted plainly with what they record; a sealer chains the committed ones by hash.

Chaining while writing would make every writer wait for the one before; sealing afterwards costs nothing that can be
measured, and the chain is whole before anything relies on it: verification seals first.

What is not sealed yet could be deleted without leaving a gap in the chain, and numbers prove nothing: PostgreSQL uses
one up for each insert that is rolled back. So the database itself refuses to delete, empty or change entries (triggers,
``GUARDS``), and verification asks whether the triggers are still there and on. Who owns the database can take them
away, delete, and put them back within the seconds before the next sealing; nothing inside a database stops its owner.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Max
from django.utils import timezone

from council.core.actor import Actor
from council.core.belonging import body_of
from council.core.models import AuditEntry, AuditHead

BATCH = 500
# Named one by one up to here; whoever forged an entry far away must not keep verification busy for ever.
GAP_SHOWN = 1000
# The triggers that keep the audit as it was written, by vendor. SQLite knows no TRUNCATE.
GUARDS = {
    "postgresql": {
        "audit_entry_stays", "audit_entry_not_emptied", "audit_head_only_grows", "audit_head_not_emptied",
    },
    "sqlite": {
        "audit_entry_stays", "audit_entry_stays_undeleted", "audit_entry_not_replaced",
        "audit_head_only_grows", "audit_head_stays", "audit_head_not_replaced",
    },
}  # fmt: skip
SEAL_LOCK = 0x0C0_5EA1
# Columns of any row that are no news, or nobody's to read.
UNTOLD = {"updated_at", "created_at", "password", "last_login"}
# Columns that count only where they hold something, so that entries sealed before they came keep their hash.
CAME_LATER = {"body_id"}


def record(
    *,
    by: Actor,
    verb: str,
    target: models.Model | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> AuditEntry:
    """Write down what is being done, in the transaction of what it records."""
    return _insert(by, verb, target, before, after, reason, refused=False)


def record_change(*, by: Actor, verb: str, target: models.Model, before: Mapping[str, Any], reason: str = "") -> bool:
    """Write down where a row differs from a ``snapshot`` taken before; nothing where it does not. Whether it does."""
    was, now_is = changes(before, snapshot(target))
    if now_is:
        record(by=by, verb=verb, target=target, before=was, after=now_is, reason=reason)
    return bool(now_is)


def record_refusal(
    *, by: Actor, verb: str, target: models.Model | None, reason: str, hidden: bool = False
) -> AuditEntry:
    """Write down what was attempted and refused, in a transaction of its own. Call it outside any other.

    A ``hidden`` target is noted by its number only: who reads the record may not be allowed to know its name.
    """
    with transaction.atomic(durable=True):
        return _insert(by, verb, target, None, None, reason, refused=True, named=not hidden)


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The two sides reduced to the keys whose values differ."""
    keys = [key for key in after if before.get(key) != after[key]]
    return {key: before.get(key) for key in keys}, {key: after[key] for key in keys}


def snapshot(row: models.Model) -> dict[str, Any]:
    """A row's own columns as plain values, for ``before`` and ``after``."""
    columns = [field for field in row._meta.concrete_fields if field.name not in UNTOLD]
    return {field.attname: plain(field.value_from_object(row)) for field in columns}


def plain(value: Any) -> Any:
    """A value that JSON can hold and that reads the same from every database."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _insert(
    by: Actor,
    verb: str,
    target: models.Model | None,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    reason: str,
    *,
    refused: bool,
    named: bool = True,
) -> AuditEntry:
    return AuditEntry.objects.create(
        at=timezone.now(),
        verb=verb,
        actor=by.label,
        actor_user_id=by.user_id,
        organisation_id=by.organisation_id,
        on_behalf_of=by.on_behalf_of,
        body_id=body_of(target) if target else None,
        target_type=target._meta.model_name or "" if target else "",
        target_id=str(target.pk) if target else "",
        target=str(target)[:300] if target and named else "",
        before={key: plain(value) for key, value in (before or {}).items()},
        after={key: plain(value) for key, value in (after or {}).items()},
        reason=reason,
        refused=refused,
        ip=by.ip or None,
        request_id=by.request_id,
    )


def values_of(entry: AuditEntry) -> dict[str, Any]:
    """An entry's every column but its place in the chain, as plain values."""
    values = {
        field.attname: plain(value) if not isinstance(value := field.value_from_object(entry), dict) else value
        for field in entry._meta.concrete_fields
        if field.name not in {"sequence", "previous_hash", "hash"}
    }
    return {name: value for name, value in values.items() if value is not None or name not in CAME_LATER}


def digest(entry: AuditEntry, *, sequence: int, previous_hash: str) -> str:
    """SHA-256 over an entry's every column, its place and the hash before it."""
    return digest_of(values_of(entry), sequence=sequence, previous_hash=previous_hash)


def digest_of(values: Mapping[str, Any], *, sequence: int, previous_hash: str) -> str:
    """The same from the columns as ``values_of`` gives them, for an entry that is outside the database."""
    text = json.dumps([sequence, previous_hash, values], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def seal() -> int:
    """Chain every committed entry that is not chained yet; how many there were."""
    total = 0
    while sealed := _seal_batch():
        total += sealed
    return total


def _seal_batch() -> int:
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEAL_LOCK])
        head, _ = AuditHead.objects.select_for_update().get_or_create(pk=1)
        entries = list(AuditEntry.objects.filter(sequence=None).order_by("id")[:BATCH])
        # Whoever forged a row behind the head's back must be found by verification, not stop the sealing.
        last = AuditEntry.objects.aggregate(last=Max("sequence"))["last"] or 0
        head.length = max(head.length, last) if entries else head.length
        for entry in entries:
            head.length += 1
            entry.sequence, entry.previous_hash = head.length, head.hash
            head.hash = entry.hash = digest(entry, sequence=head.length, previous_hash=head.hash)
        AuditEntry.objects.bulk_update(entries, ["sequence", "previous_hash", "hash"])
        head.save()
    return len(entries)


@dataclass(frozen=True, slots=True)
class Fault:
    """Where the chain does not hold, and how: ``edited``, ``missing``, ``misplaced`` or ``truncated``."""

    sequence: int
    kind: str


@dataclass(slots=True)
class Follower:
    """Goes along the chain, entry by entry. One who starts in the middle (both None) believes the first link."""

    expected: int | None = 1
    previous_hash: str | None = ""

    def step(self, sequence: int, previous_hash: str, found: str, computed: str | None) -> Iterator[Fault]:
        """What is wrong at this entry, whose hash is ``found``; ``computed`` is None where its content is withheld."""
        expected = sequence if self.expected is None else self.expected
        for missing in range(expected, min(sequence, expected + GAP_SHOWN)):
            yield Fault(missing, "missing")
        if sequence < expected or self.previous_hash not in {None, previous_hash}:
            yield Fault(sequence, "misplaced")
        if computed is not None and computed != found:
            yield Fault(sequence, "edited")
        self.expected, self.previous_hash = sequence + 1, found

    def visit(self, entry: AuditEntry) -> Iterator[Fault]:
        """The same for a sealed entry of the database."""
        sequence = entry.sequence or 0
        computed = digest(entry, sequence=sequence, previous_hash=entry.previous_hash)
        yield from self.step(sequence, entry.previous_hash, entry.hash, computed)


def verify(*, expected_head: str = "") -> Iterator[Fault]:
    """Seal, then follow the chain from its first entry and yield each place where it does not hold.

    ``expected_head`` is a head hash noted elsewhere earlier (in a backup's manifest, on paper); the chain must still
    contain it. Without one, a chain whose end was cut off together with the head's row would look whole.
    """
    seal()
    head = AuditHead.objects.get(pk=1)
    follower, seen = Follower(), expected_head == ""
    # Up to the head as it was read: another sealer may go on meanwhile.
    sealed = AuditEntry.objects.filter(sequence__lte=head.length).order_by("sequence")
    for entry in sealed.iterator(chunk_size=BATCH):
        yield from follower.visit(entry)
        seen = seen or entry.hash == expected_head
    # Before the head is read again, since sealing moves both: what lies behind that one was put there by no sealer.
    behind = list(AuditEntry.objects.filter(sequence__gt=head.length).order_by("sequence")[:GAP_SHOWN])
    reached = AuditHead.objects.get(pk=1).length
    for entry in behind:
        if (entry.sequence or 0) > reached:
            yield from follower.visit(entry)
    end = follower.expected or 1
    if end - 1 != head.length or follower.previous_hash != head.hash or not seen:
        yield Fault(end, "truncated")


def verify_section(*, first: int, last: int) -> Iterator[Fault]:
    """Follow the chain from one place to another, with the links into the first and out of the last."""
    sealed = AuditEntry.objects.exclude(sequence=None).order_by("sequence")
    before = sealed.filter(sequence=first - 1).first()
    if before is None and first > 1:
        yield Fault(first - 1, "missing")
    follower = Follower(first, before.hash if before else "" if first == 1 else None)
    for entry in sealed.filter(sequence__range=(first, last)).iterator(chunk_size=BATCH):
        yield from follower.visit(entry)
    if (after := sealed.filter(sequence__gt=last).first()) is not None:
        yield from follower.visit(after)


def guards_missing() -> set[str]:
    """The triggers that should keep the audit and are not there, or are switched off."""
    statement = {
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A') AND NOT tgisinternal",
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return GUARDS[connection.vendor] - {name for (name,) in cursor.fetchall()}
