"""The whole thing on one machine: database, seed, web server and reminder engine in one terminal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from council.workflows.seed_demo import ACCOUNTS, PASSWORD


class Command(BaseCommand):
    help = "Runs a demonstration until Ctrl-C. What was changed is kept for the next time."

    @property
    def port(self) -> int:
        return urlsplit(settings.SITE_URL).port or 8000

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demonstration runs with DJANGO_SETTINGS_MODULE=config.settings.demo only.")
        self.stdout.write("Preparing the database …")
        call_command("migrate", verbosity=0)
        call_command("seed_council", demo=True)
        self._welcome()
        self._run()

    def _welcome(self) -> None:
        width = max(len(account.email) for account in ACCOUNTS)
        self.stdout.write(f"\n  {settings.SITE_URL}\n\n  Accounts (password of all: {PASSWORD})")
        for account in ACCOUNTS:
            self.stdout.write(f"    {account.email:<{width}}  {account.can_en}")
        self.stdout.write(f"\n  Letters go to {settings.LETTERS_DIR} and can be read in the administration.")
        self.stdout.write("  Stop with Ctrl-C.\n")
        self.stdout.flush()

    def _run(self) -> None:
        address = f"127.0.0.1:{self.port}"
        python = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", address, "--threads", "4"]
        commands = [
            [*python, "--log-level", "warning", "--no-control-socket"],
            [sys.executable, "manage.py", "run_reminders", "--loop", "--interval", "20"],
        ]
        # Groups of their own: Ctrl-C reaches this process alone, which then stops both in order.
        children = [subprocess.Popen(c, cwd=settings.BASE_DIR, process_group=0) for c in commands]  # noqa: S603
        stop = threading.Event()

        def ask_to_stop(number: int, frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGINT, ask_to_stop)
        signal.signal(signal.SIGTERM, ask_to_stop)
        while not stop.is_set() and all(child.poll() is None for child in children):
            stop.wait(0.3)
        failed = [child for child in children if child.poll() not in {None, 0}]
        for child in children:
            if child.poll() is None:
                os.kill(child.pid, signal.SIGTERM)
        for child in children:
            child.wait(timeout=15)
        if failed and not stop.is_set():
            raise CommandError(f"The server did not start; is port {self.port} taken? Try PORT=8001 make demo.")
        self.stdout.write(f"\nStopped. Everything is kept in {settings.VAR_DIR}.")
