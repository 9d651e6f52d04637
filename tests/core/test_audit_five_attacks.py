"""Edited, deleted, inserted, reordered, cut off: each is tried by hand-written SQL at the first, a middle and the last
entry, by somebody whom the database's own guards do not stop, and each is found with the place it was done at.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from council.core import audit
from council.core.actor import Actor
from council.core.models import AuditEntry, AuditHead
from tests.guards import behind_the_guards

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
COLUMNS = ", ".join(
    str(f.column) for f in AuditEntry._meta.concrete_fields if f.name not in {"id", "sequence", "previous_hash", "hash"}
)
LENGTH = 5
PLACES = pytest.mark.parametrize("place", [1, 3, LENGTH], ids=["first", "middle", "last"])


@pytest.fixture(autouse=True)
def chain(db: None) -> Iterator[None]:
    who = Actor(label="tester", user_id=7, organisation_id=3, ip="192.0.2.1", request_id="r")
    for number in range(1, LENGTH + 1):
        audit.record(by=who, verb=f"step {number}", before={"percent": 10}, after={"percent": 20})
    audit.seal()
    assert complaints() == []
    with behind_the_guards():
        yield


def complaints(**options: str) -> list[str]:
    """What the command says of the chain, in its words; the guards are off while somebody tampers."""
    err = StringIO()
    with suppress(CommandError):
        call_command("verify_audit", stdout=StringIO(), stderr=err, **options)
    return [line for line in err.getvalue().splitlines() if not line.startswith("the trigger")]


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def noted() -> str:
    return AuditHead.objects.get().hash


def trade(one: int, other: int) -> None:
    """Two entries change places, with whatever their rows say of the chain."""
    sql(f"UPDATE council_auditentry SET sequence = 1000 WHERE sequence = {one}")
    sql(f"UPDATE council_auditentry SET sequence = {one} WHERE sequence = {other}")
    sql(f"UPDATE council_auditentry SET sequence = {other} WHERE sequence = 1000")


def insert(place: int) -> None:
    """A copy of the first entry, put in at a place; what stands there and behind moves up by one."""
    sql(f"UPDATE council_auditentry SET sequence = sequence + 1000 WHERE sequence >= {place}")
    sql("UPDATE council_auditentry SET sequence = sequence - 999 WHERE sequence > 1000")
    origin = 2 if place == 1 else 1
    sql(
        f"INSERT INTO council_auditentry ({COLUMNS}, sequence, previous_hash, hash)"
        f" SELECT {COLUMNS}, {place}, previous_hash, hash FROM council_auditentry WHERE sequence = {origin}"
    )
    sql(f"UPDATE council_audithead SET length = {LENGTH + 1}")


@PLACES
def test_an_edited_entry(place: int) -> None:
    sql(f"UPDATE council_auditentry SET actor = 'somebody else' WHERE sequence = {place}")
    assert complaints() == [f"entry {place}: edited"]


@PLACES
def test_a_deleted_entry(place: int) -> None:
    sql(f"DELETE FROM council_auditentry WHERE sequence = {place}")
    if place == LENGTH:
        assert complaints() == [f"entry {place}: truncated"]
    else:
        assert complaints() == [f"entry {place}: missing", f"entry {place + 1}: misplaced"]


@PLACES
def test_an_inserted_entry(place: int) -> None:
    insert(place)
    found = complaints()
    assert f"entry {place}: edited" in found
    assert found[0].startswith(f"entry {place}: ")


@PLACES
def test_two_entries_that_changed_places(place: int) -> None:
    neighbour = place - 1 if place == LENGTH else place + 1
    trade(place, neighbour)
    found = complaints()
    for moved in sorted({place, neighbour}):
        assert f"entry {moved}: misplaced" in found
        assert f"entry {moved}: edited" in found


@PLACES
def test_an_end_cut_off(place: int) -> None:
    sql(f"DELETE FROM council_auditentry WHERE sequence >= {place}")
    assert complaints() == [f"entry {place}: truncated"]


@PLACES
def test_an_end_cut_off_together_with_the_head(place: int) -> None:
    head = noted()
    last = f"(SELECT hash FROM council_auditentry WHERE sequence = {place - 1})"
    sql(f"UPDATE council_audithead SET length = {place - 1}, hash = COALESCE({last}, '')")
    sql(f"DELETE FROM council_auditentry WHERE sequence >= {place}")
    assert complaints() == []  # which is why a head is noted elsewhere
    assert complaints(expect_head=head) == [f"entry {place}: truncated"]


def test_an_entry_forged_far_away_does_not_keep_the_verification_busy() -> None:
    sql(f"UPDATE council_auditentry SET sequence = 4000000000000 WHERE sequence = {LENGTH}")
    found = complaints()
    assert found[0] == f"entry {LENGTH}: missing"
    assert "entry 4000000000000: edited" in found
    assert len(found) < audit.GAP_SHOWN + 10
