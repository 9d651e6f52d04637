"""Fixtures that every test may use, and the guards that no test gets around."""

from __future__ import annotations

import smtplib
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import Client

from council.parties.models import User
from tests.factories.founding import cast, seeded
from tests.guards import flush_behind_the_guards
from tests.services import Sink, smtp_server

__all__ = ["cast", "seeded"]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """How much the proofs looked at, over all processes."""
    figures: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") == "call":
                figures.update({name: n for name, n in report.user_properties if name.startswith("proof of ")})
    for name, number in sorted(figures.items()):
        terminalreporter.write_line(f"{name}: {number}")


@pytest.fixture(autouse=True)
def files_of_the_test(tmp_path: Path, settings: Any) -> None:
    """No test writes into the project's own folders."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.LETTERS_DIR = tmp_path / "letters"


@pytest.fixture(autouse=True)
def nothing_leaves_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections go to this machine only, and letters to a relay only where a test has set one up."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            pytest.fail(f"A test tried to reach {address!r}.")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def no_relay_by_accident(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "smtp_sink" in request.fixturenames:
        return

    def refuse(self: smtplib.SMTP, *args: Any, **kwargs: Any) -> None:
        pytest.fail("A test opened an SMTP connection without asking for smtp_sink.")

    monkeypatch.setattr(smtplib.SMTP, "connect", refuse)


@pytest.fixture(scope="session", autouse=True)
def transaction_tests_can_clean_up() -> Iterator[None]:
    """They empty every table when they are done, the audit too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", flush_behind_the_guards)
        yield


@pytest.fixture
def as_user() -> Callable[..., Client]:
    """A web client signed in as somebody: ``as_user(cast.secretary).get(...)``.

    With a second factor given in the session, unless ``second_factor=False``.
    """

    def sign_in(user: User, *, second_factor: bool = True) -> Client:
        fresh = Client()
        fresh.force_login(user)
        if second_factor:
            session = fresh.session
            session["second_factor"] = str(user.pk)
            session.save()
        return fresh

    return sign_in


@pytest.fixture
def smtp_sink(settings: Any) -> Iterator[Sink]:
    """A real SMTP server on this machine, which the outbox of this process hands its letters to."""
    with smtp_server() as sink:
        options = {"host": "127.0.0.1", "port": sink.port, "timeout": 10}
        settings.MAILERS = {"default": {"BACKEND": "council.mail.smtp.EmailBackend", "OPTIONS": options}}
        yield sink
