"""Taking a file in, and having it scanned."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import IO

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import F, Q

from council.core import audit
from council.core.actor import Actor
from council.files import scanner
from council.files.kinds import check, rewound
from council.files.models import StoredFile
from council.files.names import readable_name
from council.files.queries import Changed, sha256, whole

logger = logging.getLogger(__name__)

SCANNER = Actor.system("scanner")
# Longer than one scan may take. A file without a verdict is tried again when it is over, after those that came later.
LEASE = timedelta(minutes=5)
# With sending, a turn ends well before a worker is stopped for taking too long (CELERY_TASK_TIME_LIMIT).
SCAN_SECONDS = 20


@contextmanager
def taken_in(upload: File[bytes], *, by: Actor) -> Iterator[StoredFile]:
    """Check and keep an upload as long as the block it is handed in with succeeds; else its content is gone again.

    Enter it inside the transaction's block and leave it after the transaction: ``ExitStack`` around ``atomic``.
    FileRefused if the file may not be taken. Where files are scanned, nobody opens it before that is done.
    """
    name = readable_name(upload.name or "")
    media_type = check(upload, name=name)
    stored = StoredFile(
        name=name,
        size=upload.size,
        sha256=sha256(rewound(upload)),
        media_type=media_type,
        organisation_id=by.organisation_id,
        uploaded_by_id=by.user_id,
        scan=StoredFile.Scan.WAITING if scanner.is_on() else StoredFile.Scan.NOT_SCANNED,
    )
    try:
        _keep_content(stored, name, rewound(upload))
        stored.save()
        yield stored
    except BaseException:
        stored.file.delete(save=False)
        raise


@contextmanager
def made_here(
    content: bytes | File[bytes], *, name: str, media_type: str, by: Actor, now: datetime
) -> Iterator[StoredFile]:
    """Keep a file of our own making under the same terms; nobody has to look for a virus in it."""
    made = ContentFile(content) if isinstance(content, bytes) else content
    stored = StoredFile(
        name=readable_name(name),
        size=made.size,
        sha256=sha256(rewound(made)),
        media_type=media_type,
        organisation_id=by.organisation_id,
        uploaded_by_id=by.user_id,
        scan=StoredFile.Scan.CLEAN,
        scanned_at=now,
    )
    try:
        _keep_content(stored, name, rewound(made))
        stored.save()
        yield stored
    except BaseException:
        stored.file.delete(save=False)
        raise


def _keep_content(stored: StoredFile, name: str, content: IO[bytes] | File[bytes]) -> None:
    """Under a name that is known before: what a full disk leaves half written can be taken away again."""
    stored.file.name = stored.file.field.generate_filename(stored, name)
    stored.file.storage.save(stored.file.name, File(content))


def discard(files: Iterable[StoredFile]) -> None:
    """Throw files away that nobody was given; their contents go once the transaction is over."""
    for stored in list(files):
        stored.delete()
        transaction.on_commit(lambda one=stored: one.file.delete(save=False), robust=True)  # type: ignore[misc]


def scan_waiting(*, now: datetime, limit: int = 100) -> int:
    """Have the files scanned that no verdict is known of, oldest attempt first; how many got one. Any number may run.

    What came while there was no scanner is scanned too. While the scanner is down, everything waits. When files are no
    longer scanned here, what waited counts as not scanned.
    """
    unjudged = StoredFile.objects.filter(scanned_at=None)
    if not scanner.is_on():
        unjudged.filter(scan=StoredFile.Scan.WAITING).update(scan=StoredFile.Scan.NOT_SCANNED, scan_not_before=None)
        return 0
    unjudged.filter(scan=StoredFile.Scan.NOT_SCANNED).update(scan=StoredFile.Scan.WAITING)
    may_go = unjudged.filter(Q(scan_not_before=None) | Q(scan_not_before__lte=now))
    judged, ends = 0, time.monotonic() + SCAN_SECONDS
    for stored in may_go.order_by(F("scan_not_before").asc(nulls_first=True), "id")[:limit]:
        if time.monotonic() > ends:
            break
        if not may_go.filter(pk=stored.pk).update(scan_not_before=now + LEASE):
            continue  # another driver has it
        try:
            judged += _scan(stored, now)
        except scanner.ScannerUnreachable:
            logger.warning("The scanner cannot be reached; files wait.")
            StoredFile.objects.filter(pk=stored.pk, scanned_at=None).update(scan_not_before=None)
            break
    return judged


def _scan(stored: StoredFile, now: datetime) -> bool:
    """Ask about one file and note the verdict; False if there was none."""
    try:
        with whole(stored) as content:
            found = scanner.finding(content)
    except (scanner.NoVerdict, Changed) as error:
        logger.warning("No verdict on file %s: %s", stored.pk, error)
        return False
    verdict = StoredFile.Scan.INFECTED if found else StoredFile.Scan.CLEAN
    with transaction.atomic():
        noted = StoredFile.objects.filter(pk=stored.pk, scanned_at=None).update(
            scan=verdict, scan_finding=found, scanned_at=now, scan_not_before=None
        )
        if noted and found:
            audit.record(by=SCANNER, verb="file.infected", target=stored, reason=found)
    return bool(noted)
