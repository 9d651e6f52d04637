"""Load the founding facts, and for a demonstration the example accounts."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from council.core.calendar import local_day
from council.core.errors import DomainError
from council.workflows.seed_council import seed_council
from council.workflows.seed_demo import seed_demo


class Command(BaseCommand):
    help = "Loads what the founding meeting left: bodies, people, declaration, pillars, commitments, rules, meetings."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--demo", action="store_true", help="also example accounts and action items (demo settings)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        today = local_day(timezone.now())
        try:
            made = seed_council(today=today)
            if options["demo"]:
                made += seed_demo(today=today, allowed=settings.DEMO)
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Rows added: {made}. What was there already stayed as it is.")
