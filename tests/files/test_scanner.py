"""Asking the scanner: every way in which it may answer, over a real socket."""

from __future__ import annotations

import socket
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from council.files import scanner as asked
from council.files.scanner import NoVerdict, ScannerUnreachable, finding
from tests.files.builders import EICAR
from tests.files.clamd import Server, clamd


def test_a_clean_content_is_clean_and_arrives_whole(scanner: Server) -> None:
    content = bytes(range(256)) * 1000
    assert finding(BytesIO(content)) == ""
    assert scanner.scanned == [content]
    assert scanner.commands == [b"INSTREAM"]


def test_what_is_in_it_is_named(scanner: Server) -> None:
    assert finding(BytesIO(b"before " + EICAR)) == "Eicar-Test-Signature"


def test_the_scanner_may_listen_on_a_socket_in_the_file_system(tmp_path: Path, settings: Any) -> None:
    with clamd(tmp_path / "s") as (__, settings.CLAMD_ADDRESS):
        assert (asked.state(), finding(BytesIO(b"text")), finding(BytesIO(EICAR))) == (
            "ready",
            "",
            "Eicar-Test-Signature",
        )


@pytest.mark.parametrize(
    "manner", ["talks rubbish", "says nothing", "stops in the middle", "never ends", "finds all too large", "hangs"]
)
def test_anything_but_a_verdict_is_none(scanner: Server, monkeypatch: pytest.MonkeyPatch, manner: str) -> None:
    monkeypatch.setattr(asked, "SECONDS", 0.3)
    scanner.manner = manner
    with pytest.raises(NoVerdict):
        finding(BytesIO(b"text" * 100_000))


def test_a_scanner_that_hangs_up_on_a_large_content_gives_no_verdict(scanner: Server, monkeypatch: Any) -> None:
    monkeypatch.setattr("tests.files.clamd.LARGEST", 100_000)
    with pytest.raises(NoVerdict):
        finding(BytesIO(bytes(20 * 1024**2)))


@pytest.mark.parametrize(
    "address", ["unix:///nowhere/at/all", "tcp://127.0.0.1:1", "tcp://127.0.0.1:99999", "tcp://", "rubbish"]
)
def test_nobody_at_the_address_is_said_so(settings: Any, address: str) -> None:
    settings.CLAMD_ADDRESS = address
    with pytest.raises(ScannerUnreachable):
        finding(BytesIO(b"text"))
    assert asked.state() == "unreachable"


@pytest.mark.parametrize(
    ("manner", "state"), [("", "ready"), ("talks rubbish", "unreachable"), ("hangs", "unreachable")]
)
def test_its_state_is_what_it_answers_to_a_ping(
    scanner: Server, monkeypatch: pytest.MonkeyPatch, manner: str, state: str
) -> None:
    monkeypatch.setattr(asked, "PING_SECONDS", 0.3)
    scanner.manner = manner
    assert asked.state() == state
    assert scanner.commands == [b"PING"]


def test_without_an_address_it_is_off_and_nobody_is_asked(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", pytest.fail)
    settings.CLAMD_ADDRESS = ""
    assert (asked.state(), asked.is_on()) == ("off", False)
