"""Files are scanned off the request; until then, and for ever if something is found, nobody opens them."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from council.core.actor import Actor
from council.core.models import AuditEntry
from council.files import scanner as asked
from council.files.models import StoredFile
from council.files.operations import LEASE, scan_waiting, taken_in
from council.files.queries import AwaitsScan, Infected, NotServed, opened
from tests.factories import moment
from tests.files.builders import EICAR
from tests.files.clamd import Server
from tests.files.test_keeping import upload

NOW = moment("2026-11-24 10:00")


def kept(by: Actor, content: bytes = b"text", name: str = "a.txt") -> StoredFile:
    with taken_in(upload(name, content), by=by) as stored:
        pass
    return stored


def state(stored: StoredFile) -> tuple[str, str]:
    stored.refresh_from_db()
    return stored.scan, stored.scan_finding


def may_open(stored: StoredFile) -> bool:
    stored.refresh_from_db()
    try:
        opened(stored).close()
    except NotServed:
        return False
    return True


def test_without_a_scanner_a_file_is_not_scanned_and_can_be_opened(liaison: Actor) -> None:
    stored = kept(liaison)
    assert scan_waiting(now=NOW) == 0
    assert (state(stored), may_open(stored)) == (("not_scanned", ""), True)


def test_with_a_scanner_a_file_waits_and_is_opened_once_it_is_clean(liaison: Actor, scanner: Server) -> None:
    stored = kept(liaison)
    assert state(stored) == ("waiting", "")
    with pytest.raises(AwaitsScan):
        opened(stored)
    assert scan_waiting(now=NOW) == 1
    assert (state(stored), stored.scanned_at, may_open(stored)) == (("clean", ""), NOW, True)
    assert scan_waiting(now=NOW) == 0
    assert len(scanner.scanned) == 1


def test_an_infected_file_is_never_opened_even_when_scanning_is_switched_off(
    liaison: Actor, scanner: Server, settings: Any
) -> None:
    stored = kept(liaison, EICAR)
    assert scan_waiting(now=NOW) == 1
    assert state(stored) == ("infected", "Eicar-Test-Signature")
    settings.CLAMD_ADDRESS = ""
    scan_waiting(now=NOW)
    with pytest.raises(Infected):
        opened(StoredFile.objects.get())
    entry = AuditEntry.objects.get(verb="file.infected")
    assert (entry.target_id, entry.reason) == (str(stored.pk), "Eicar-Test-Signature")


def test_what_came_before_the_scanner_is_held_back_and_scanned_when_it_is_switched_on(
    liaison: Actor, settings: Any, request: pytest.FixtureRequest
) -> None:
    clean, infected = kept(liaison), kept(liaison, EICAR)
    assert (may_open(clean), may_open(infected)) == (True, True)
    request.getfixturevalue("scanner")
    assert (may_open(clean), may_open(infected)) == (False, False)
    assert scan_waiting(now=NOW) == 2
    assert (may_open(clean), may_open(infected)) == (True, False)


def test_when_scanning_is_switched_off_what_waited_counts_as_not_scanned(
    liaison: Actor, scanner: Server, settings: Any
) -> None:
    stored = kept(liaison)
    settings.CLAMD_ADDRESS = ""
    assert not may_open(stored)
    scan_waiting(now=NOW)
    assert (state(stored), may_open(stored)) == (("not_scanned", ""), True)


def test_while_the_scanner_is_down_everything_waits_and_goes_on_afterwards(
    liaison: Actor, scanner: Server, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    files, address = [kept(liaison), kept(liaison)], settings.CLAMD_ADDRESS
    settings.CLAMD_ADDRESS = "unix:///nowhere/at/all"
    with caplog.at_level(logging.WARNING, "council.files"):
        assert scan_waiting(now=NOW) == 0
    assert caplog.text.count("cannot be reached") == 1
    assert [(state(stored), may_open(stored)) for stored in files] == [(("waiting", ""), False)] * 2
    settings.CLAMD_ADDRESS = address
    assert scan_waiting(now=NOW) == 2


@pytest.mark.parametrize("manner", ["talks rubbish", "says nothing", "hangs", "finds all too large", "never ends"])
def test_a_file_without_a_verdict_waits_and_is_asked_about_again_later(
    liaison: Actor, scanner: Server, monkeypatch: pytest.MonkeyPatch, manner: str
) -> None:
    monkeypatch.setattr(asked, "SECONDS", 0.3)
    stored, scanner.manner = kept(liaison), manner
    assert scan_waiting(now=NOW) == 0
    assert (state(stored), may_open(stored)) == (("waiting", ""), False)
    scanner.manner = ""
    assert scan_waiting(now=NOW + LEASE - timedelta(seconds=1)) == 0
    assert scan_waiting(now=NOW + LEASE) == 1
    assert may_open(stored)


def test_a_file_that_never_gets_a_verdict_does_not_hold_up_the_others(liaison: Actor, scanner: Server) -> None:
    scanner.manner = "says nothing"
    first = kept(liaison)
    scan_waiting(now=NOW)
    scanner.manner = ""
    later = kept(liaison)
    assert scan_waiting(now=NOW + LEASE, limit=1) == 1
    assert (state(first)[0], state(later)[0]) == ("waiting", "clean")


def test_a_file_that_another_driver_has_in_hand_is_left_to_it(
    liaison: Actor, scanner: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = kept(liaison)
    other: list[int] = []

    def finding(content: Any) -> str:
        monkeypatch.undo()
        other.append(scan_waiting(now=NOW))
        return ""

    monkeypatch.setattr(asked, "finding", finding)
    assert scan_waiting(now=NOW) == 1
    assert (other, scanner.scanned, state(stored)[0]) == ([0], [], "clean")


def test_a_verdict_that_comes_after_another_ones_changes_nothing(
    liaison: Actor, scanner: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = kept(liaison, EICAR)

    def finding(content: Any) -> str:
        monkeypatch.undo()
        assert scan_waiting(now=NOW + LEASE) == 1  # the first driver was given up for dead
        return ""

    monkeypatch.setattr(asked, "finding", finding)
    assert scan_waiting(now=NOW) == 0
    assert state(stored) == ("infected", "Eicar-Test-Signature")


def test_a_file_whose_content_was_changed_gets_no_verdict(liaison: Actor, scanner: Server) -> None:
    stored = kept(liaison)
    Path(stored.file.path).write_bytes(b"another text")
    assert scan_waiting(now=NOW) == 0
    assert (state(stored)[0], scanner.scanned) == ("waiting", [])


def test_no_more_than_asked_for_are_scanned_in_one_turn(liaison: Actor, scanner: Server) -> None:
    for _ in range(3):
        kept(liaison)
    assert [scan_waiting(now=NOW, limit=2), scan_waiting(now=NOW, limit=2)] == [2, 1]


@pytest.mark.parametrize(
    "values",
    [
        "scan = 'clean'", "scan = 'infected'", "scan = 'infected', scanned_at = '2026-11-24 10:00'", "scan = 'other'",
        "scan = 'waiting', scanned_at = '2026-11-24 10:00'", "scan = 'waiting', scan_finding = 'X'",
        "scan = 'clean', scanned_at = '2026-11-24 10:00', scan_finding = 'X'",
    ],
)  # fmt: skip
@pytest.mark.both_databases
def test_the_database_refuses_a_state_without_what_belongs_to_it(liaison: Actor, values: str) -> None:
    stored = kept(liaison)
    refused = pytest.raises(IntegrityError, match="file_scan_has_what_its_state_says")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE council_storedfile SET {values} WHERE id = %s", [stored.pk])
