"""Follow the audit's chain from its first entry, or through an export of it."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from council.core import audit, trail
from council.core.models import AuditHead


class Command(BaseCommand):
    help = "Checks that no audit entry was edited, deleted, inserted, reordered or cut off."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--expect-head", default="", help="a head hash noted earlier, which the chain must contain")
        parser.add_argument("--head", action="store_true", help="print the length and the head only, to note elsewhere")
        parser.add_argument("--file", type=Path, help="follow an export (JSON Lines) instead of the database")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["file"]:
            self._follow_export(options["file"], options["expect_head"])
        else:
            self._follow_database(options["expect_head"], head_only=options["head"])

    def _follow_database(self, expected_head: str, *, head_only: bool) -> None:
        faults = [f"entry {fault.sequence}: {fault.kind}" for fault in audit.verify(expected_head=expected_head)]
        faults += [f"the trigger {name} is missing or switched off" for name in sorted(audit.guards_missing())]
        self._refuse("The audit does not hold", faults)
        head = AuditHead.objects.get(pk=1)
        if head_only:
            self.stdout.write(f"{head.length} {head.hash or '-'}")
        else:
            self.stdout.write(f"The audit holds: {head.length} entries, head {head.hash or '-'}")

    def _follow_export(self, path: Path, expected_head: str) -> None:
        try:
            with path.open(encoding="utf-8") as lines:
                checked = trail.check(lines)
        except (OSError, ValueError) as error:
            raise CommandError(f"The export cannot be read: {error}") from error
        faults = [f"entry {fault.sequence}: {fault.kind}" for fault in checked.faults]
        if expected_head and expected_head not in checked.heads:
            faults.append(f"after entry {checked.last}: truncated")
        self._refuse("The export does not hold", faults)
        self.stdout.write(
            f"The export holds: entries {checked.first} to {checked.last}, {checked.withheld} of them withheld, "
            f"head {checked.head or '-'}"
        )

    def _refuse(self, verdict: str, faults: list[str]) -> None:
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{verdict}: {len(faults)} fault(s).")
