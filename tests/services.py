"""Real services for tests: an SMTP sink, Redis, Celery workers on the test's own database and queue."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
import redis
from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import connection

IN_CI = bool(os.environ.get("CI"))


def missing(service: str) -> None:
    """A service that is not there is a named skip on a bare machine and a failure in CI."""
    if IN_CI:
        pytest.fail(f"{service} is missing, which CI does not forgive.")
    pytest.skip(f"{service} is missing")


class Sink:
    """An SMTP server that keeps what it accepts. ``answer`` may be set to another reply to a recipient or a body."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.answer_to_recipient = "250 OK"
        self.answer_to_body = "250 OK"
        self.port = 0

    async def handle_RCPT(  # noqa: N802 - the name aiosmtpd asks for
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.answer_to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer_to_recipient

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer_to_body.startswith("250"):
            self.keep(envelope)
        elif self.answer_to_body == "lose the reply":
            self.keep(envelope)
            server.transport.abort()
        return self.answer_to_body

    def keep(self, envelope: Any) -> None:
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.recipients.append(envelope.rcpt_tos)

    def taken(self) -> dict[str, list[str]]:
        """Subjects by recipient since the last call, which empties the sink."""
        by_recipient: dict[str, list[str]] = {}
        for letter, recipients in zip(self.letters, self.recipients, strict=True):
            for recipient in recipients:
                by_recipient.setdefault(recipient, []).append(str(letter["Subject"]))
        self.letters, self.recipients = [], []
        return by_recipient


@contextmanager
def smtp_server() -> Iterator[Sink]:
    """A sink on a free port of this machine."""
    sink = Sink()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        sink.port = probe.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


def require_redis() -> None:
    try:
        redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2).ping()
    except redis.RedisError:
        missing("Redis")


def database_url() -> str:
    """The address of the database this test runs on, for another process."""
    config = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{config['NAME']}"
    return f"postgres://{config['USER']}:{config['PASSWORD']}@{config['HOST']}:{config['PORT']}/{config['NAME']}"


@contextmanager
def celery(*roles: str, smtp_port: int, tick_seconds: float = 3600) -> Iterator[str]:
    """Celery processes ("worker", "beat") on this test's database, relay and a queue of their own; yields its name."""
    queue = f"council-test-{uuid.uuid4().hex}"
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": database_url(),
        "TEST_SMTP_PORT": str(smtp_port),
        "CELERY_QUEUE": queue,
        "TICK_SECONDS": str(tick_seconds),
        "VAR_DIR": os.fspath(settings.VAR_DIR),
    }
    options = {
        "worker": ["--pool", "solo", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"],
        "beat": ["--loglevel", "WARNING", "--schedule", os.fspath(settings.VAR_DIR / f"{queue}.beat")],
    }
    command = [sys.executable, "-m", "celery", "-A", "config"]
    processes = [subprocess.Popen([*command, role, *options[role]], env=environment) for role in roles]
    try:
        yield queue
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=30)
        redis.Redis.from_url(settings.REDIS_URL).delete(queue)


def wait_for(condition: Callable[[], bool], what: str, seconds: float = 60) -> None:
    """Look again until it holds; fail with ``what`` when the time is over."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            pytest.fail(f"Waited {seconds:.0f} s in vain for {what}.")
        time.sleep(0.1)
