"""The chain: entries are sealed in the order they were written, and a whole chain is found whole."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from council.core import audit
from council.core.actor import Actor
from council.core.models import AuditEntry, AuditHead
from tests.guards import behind_the_guards

pytestmark = pytest.mark.django_db
WHO = Actor(label="tester", user_id=7, ip="2001:db8::1")


def write(*verbs: str) -> None:
    for verb in verbs:
        audit.record(by=WHO, verb=verb, before={"나": 1, "가": None}, after={"가": "값", "나": True})


def test_sealing_chains_what_is_not_chained_yet() -> None:
    write("first", "second")
    assert audit.seal() == 2
    first, second = AuditEntry.objects.order_by("sequence")
    assert (first.verb, first.sequence, first.previous_hash) == ("first", 1, "")
    assert (second.verb, second.sequence, second.previous_hash) == ("second", 2, first.hash)
    head = AuditHead.objects.get()
    assert (head.length, head.hash) == (2, second.hash)


def test_sealing_goes_on_where_it_stopped() -> None:
    write("first")
    audit.seal()
    write("second")
    assert audit.seal() == 1
    assert audit.seal() == 0
    first, second = AuditEntry.objects.order_by("sequence")
    assert (second.sequence, second.previous_hash) == (2, first.hash)


def test_more_than_one_batch_is_sealed_as_one_chain() -> None:
    count = audit.BATCH + 1
    AuditEntry.objects.bulk_create(AuditEntry(at="2026-11-24T00:00:00Z", verb=f"v{n}") for n in range(count))
    assert audit.seal() == count
    assert list(audit.verify()) == []
    assert AuditHead.objects.get().length == count


def test_a_hash_depends_on_the_place_and_on_the_entry_before() -> None:
    write("first")
    entry = AuditEntry.objects.get()
    hashes = {
        audit.digest(entry, sequence=1, previous_hash=""),
        audit.digest(entry, sequence=2, previous_hash=""),
        audit.digest(entry, sequence=1, previous_hash="0" * 64),
    }
    assert len(hashes) == 3
    assert audit.digest(entry, sequence=1, previous_hash="") in hashes


def test_a_chain_nobody_touched_holds_and_what_was_not_sealed_is_sealed_first() -> None:
    write("first", "second")
    audit.seal()
    write("third")
    assert list(audit.verify()) == []
    assert AuditHead.objects.get().length == 3


def test_an_empty_audit_holds() -> None:
    assert list(audit.verify()) == []


def test_a_head_noted_earlier_is_found_in_a_chain_that_has_grown() -> None:
    write("first", "second")
    audit.seal()
    noted = AuditHead.objects.get().hash
    write("third")
    assert list(audit.verify(expected_head=noted)) == []


def test_the_command_says_that_the_audit_holds_and_names_the_head() -> None:
    write("first", "second")
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert out.getvalue() == f"The audit holds: 2 entries, head {AuditHead.objects.get().hash}\n"


def test_the_command_has_a_word_for_an_empty_audit() -> None:
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert out.getvalue() == "The audit holds: 0 entries, head -\n"


def test_the_command_names_each_fault_and_fails() -> None:
    write("first", "second", "third")
    audit.seal()
    with behind_the_guards():
        AuditEntry.objects.filter(sequence=2).update(verb="forged")
        AuditEntry.objects.filter(sequence=3).update(actor="nobody")
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError, match=r"The audit does not hold: 2 fault\(s\)\.") as failure:
        call_command("verify_audit", stdout=out, stderr=err)
    assert err.getvalue() == "entry 2: edited\nentry 3: edited\n"
    assert out.getvalue() == ""
    assert failure.value.returncode == 1


def test_the_command_looks_for_a_head_noted_earlier() -> None:
    write("first")
    audit.seal()
    noted = AuditHead.objects.get().hash
    out, err = StringIO(), StringIO()
    call_command("verify_audit", expect_head=noted, stdout=out)
    with pytest.raises(CommandError):
        call_command("verify_audit", expect_head="0" * 64, stderr=err)
    assert err.getvalue() == "entry 2: truncated\n"


def test_verifying_while_another_sealer_goes_on_is_no_alarm(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        audit.record(by=Actor.system("test"), verb=f"step {number}")
    audit.seal()
    visit = audit.Follower.visit
    sealed: list[int] = []

    def meanwhile(self: audit.Follower, entry: AuditEntry) -> Iterator[audit.Fault]:
        if not sealed:
            audit.record(by=Actor.system("test"), verb="meanwhile")
            sealed.append(audit.seal())
        return visit(self, entry)

    monkeypatch.setattr(audit.Follower, "visit", meanwhile)
    assert list(audit.verify()) == []
    assert AuditEntry.objects.get(verb="meanwhile").sequence == 4
