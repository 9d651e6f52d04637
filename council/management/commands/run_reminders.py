"""The engine without a broker: one turn, or a loop."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections
from django.utils import timezone

from council.core.calendar import SEOUL
from council.workflows.tick import tick


class Command(BaseCommand):
    help = "Plans, writes and sends letters. Safe to run beside any other driver."

    def add_arguments(self, parser: ArgumentParser) -> None:
        how = parser.add_mutually_exclusive_group(required=True)
        how.add_argument("--once", action="store_true", help="one turn, then stop")
        how.add_argument("--loop", action="store_true", help="a turn every --interval seconds until stopped")
        parser.add_argument("--interval", type=float, default=60.0, help="seconds between turns (default 60)")
        parser.add_argument("--now", help="an ISO moment in place of the clock, with --once; Seoul if without offset")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["loop"]:
            if options["now"]:
                raise CommandError("--now goes with --once.")
            self._loop(options["interval"])
        else:
            self._turn(_moment(options["now"]))

    def _turn(self, now: datetime) -> None:
        turn = tick(now=now)
        if any((turn.composed, turn.sent)):
            self.stdout.write(f"{now:%Y-%m-%d %H:%M} letters written: {turn.composed}, sent: {turn.sent}")

    def _loop(self, interval: float) -> None:
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        self.stdout.write("The reminder engine runs.")
        while not stop.is_set():
            close_old_connections()
            try:
                self._turn(timezone.now())
            except Exception as error:  # noqa: BLE001 - a bad turn must not end the engine; the next one tries again
                self.stderr.write(f"This turn failed: {error!r}")
            stop.wait(interval)
        self.stdout.write("The reminder engine has stopped.")


def _moment(text: str | None) -> datetime:
    if not text:
        return timezone.now()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text!r} is not an ISO moment such as 2026-12-21T09:00.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=SEOUL)
