"""Follow the audit's chain from its first entry."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from council.core import audit
from council.core.models import AuditHead


class Command(BaseCommand):
    help = "Checks that no audit entry was edited, deleted, inserted, reordered or cut off."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--expect-head", default="", help="a head hash noted earlier, which the chain must contain")

    def handle(self, *args: Any, **options: Any) -> None:
        faults = list(audit.verify(expected_head=options["expect_head"]))
        for fault in faults:
            self.stderr.write(f"entry {fault.sequence}: {fault.kind}")
        unguarded = sorted(audit.guards_missing())
        for name in unguarded:
            self.stderr.write(f"the trigger {name} is missing or switched off")
        if faults or unguarded:
            raise CommandError(f"The audit does not hold: {len(faults) + len(unguarded)} fault(s).")
        head = AuditHead.objects.get(pk=1)
        self.stdout.write(f"The audit holds: {head.length} entries, head {head.hash or '-'}")
