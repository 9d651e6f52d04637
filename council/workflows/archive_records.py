"""The archive of a records request: asked for in the administration, made in the background, piece by piece."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from itertools import batched, groupby
from tempfile import TemporaryFile
from time import monotonic
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.core.files.base import File
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from council.actions.models import ActionComment, ActionItem, Evidence, ExtensionRequest, ProgressUpdate, Verification
from council.core import audit
from council.core.actor import Actor
from council.core.calendar import SEOUL
from council.core.lifecycle import change_if
from council.documents.hwpx import as_hwpx
from council.documents.official import Official, as_pdf
from council.files.models import StoredFile
from council.files.names import ENDING, readable_name
from council.files.operations import made_here
from council.files.queries import NotServed, opened
from council.meetings.models import AgendaSnapshot, PaperVersion
from council.minutes.models import Decision, IssuedDocument, MinutesRevision, Publication, RecordsPiece, RecordsRequest
from council.minutes.operations.issuing import issuer
from council.minutes.operations.records import locked
from council.minutes.queries.records import public_versions
from council.parties.queries import ministry
from council.reports.models import Judgement, ReportEvidence, Submission
from council.scorecard.models import FrozenScorecard
from council.workflows import records_documents as documents
from council.workflows import records_sheets as sheets
from council.workflows.gather_reports import ABOUT

logger = logging.getLogger(__name__)
MAKER = Actor.system("archive_records")
Stage, Form = RecordsRequest.Stage, IssuedDocument.Form
# Longer than one piece takes; a worker that died gives it up to the next.
LEASE = timedelta(minutes=5)
# Pieces read at once.
AT_ONCE = 50
BLOCK = 1 << 20
# What a file system somewhere would not take in a name.
AWKWARD = str.maketrans(dict.fromkeys('/\\<>:"|?*', "-"))
# Of a title in a name: in Hangul three bytes a letter, and 255 are all that most file systems take.
TITLE = 50
ZIP = "application/zip"


class NotThere(Exception):
    """A piece whose content cannot be had, in words."""


@dataclass(frozen=True, slots=True)
class Content:
    """What of a piece goes into the archive, opened when its turn comes; ``ending`` of its name."""

    ending: str
    opened: Callable[[], IO[bytes]]


type Loader = Callable[[Sequence[RecordsPiece], datetime, str], Mapping[int, Content]]


def make_waiting(*, now: datetime, limit: int = 1) -> int:
    """Make archives that were asked for; how many were made. Any number may run at once."""
    made = 0
    for request in RecordsRequest.objects.awaiting_archive(now).order_by("updated_at")[:limit]:
        claimed = RecordsRequest.objects.awaiting_archive(now).filter(pk=request.pk)
        if claimed.update(stage=Stage.MAKING, done=0, lease_until=now + LEASE, updated_at=now):
            made += _make(RecordsRequest.objects.select_related("body", "commitment").get(pk=request.pk), now)
    return made


def _make(request: RecordsRequest, now: datetime) -> bool:
    lease = Lease(request, begun=now)
    try:
        with translation.override("ko"), TemporaryFile() as out:
            pieces = _packed(request, out, now=now, progress=lease.go_on)
            return _keep(request, pieces, File(out), now=now)
    except TakenOver:
        logger.info("The archive of records request %s is made by another driver.", request.pk)
    except NotThere as reason:
        lease.give_up(str(reason)[:300])
    except Exception:
        logger.exception("The archive of records request %s could not be made.", request.pk)
        with translation.override("ko"):
            lease.give_up(_("An unexpected fault. Have it made again; if that fails too, tell the operator."))
    return False


class TakenOver(Exception):
    """The request went on without this driver, or another one has it by now."""


class Lease:
    """One driver's hold on a request, told from another's by until when it is held."""

    def __init__(self, request: RecordsRequest, *, begun: datetime) -> None:
        self.request, self.begun, self.clock = request, begun, monotonic()

    def go_on(self, done: int) -> None:
        """Say how far it is; TakenOver if somebody else has it."""
        until = self.begun + timedelta(seconds=monotonic() - self.clock) + LEASE
        if not self._update(done=done, lease_until=until):
            raise TakenOver
        self.request.lease_until = until

    def give_up(self, reason: str) -> None:
        self._update(stage=Stage.FAILED, lease_until=None, failed_because=reason)

    def _update(self, **becomes: Any) -> int:
        held = RecordsRequest.objects.filter(
            pk=self.request.pk, stage=Stage.MAKING, lease_until=self.request.lease_until
        )
        return held.update(**becomes)


def _keep(request: RecordsRequest, pieces: Iterable[RecordsPiece], made: File[bytes], *, now: datetime) -> bool:
    """False if the request went on without it meanwhile, or another driver was faster."""
    with translation.override("ko"):
        name = _("%(what)s, records handed over.zip") % {
            "what": documents.asked_for(request).translate(AWKWARD)
        }  # fmt: skip
    with ExitStack() as stack, transaction.atomic():
        stored = locked(request)
        if stored.stage != Stage.MAKING or stored.lease_until != request.lease_until:
            return False
        file = stack.enter_context(made_here(made, name=name, media_type=ZIP, by=MAKER, now=now))
        RecordsPiece.objects.bulk_update(pieces, ["path", "sha256"], batch_size=500)
        change_if(
            stored,
            {"stage": Stage.MAKING},
            {"stage": Stage.READY, "archive": file, "sha256": file.sha256, "made_at": now, "lease_until": None},
        )
        audit.record(by=MAKER, verb="records.archive_made", target=stored, after={"sha256": file.sha256})
    return True


def _packed(
    request: RecordsRequest, out: IO[bytes], *, now: datetime, progress: Callable[[int], None]
) -> list[RecordsPiece]:
    """Write the archive: each piece that is handed over, the index in both forms, the hash of every file."""
    pieces = list(request.pieces.select_related("owner", "part"))
    host = ministry()
    author, done = host.name if host else "", 0
    sums: list[tuple[str, str]] = []
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:

        def add(path: str, content: IO[bytes]) -> str:
            digest = _write(archive, path, content, now)
            sums.append((path, digest))
            return digest

        for piece, content in _contents(pieces, now=now, author=author):
            piece.path = path_of(piece, content.ending)
            with _opened(piece, content) as source:
                piece.sha256 = add(piece.path, source)
            done += 1
            progress(done)
        progress(done)  # drawing a long index takes its time, too
        table = documents.index(request, pieces, made_at=now, author=author, outside=True)
        name = _("Index of records")
        add(f"{name}.hwpx", BytesIO(as_hwpx(table)))
        add(f"{name}.pdf", BytesIO(as_pdf(table)))
        _write(archive, "SHA256SUMS", BytesIO(documents.manifest(sums)), now)
    return pieces


def path_of(piece: RecordsPiece, ending: str) -> str:
    """Where a piece lies in the archive, in the active language: its number and its title, as far as a name bears."""
    title = readable_name(documents.name_outside(piece).translate(AWKWARD))[:TITLE].strip(" .")
    folder = _("Records handed over")
    return f"{folder}/{piece.position:04d} {title}{ending}"


def _write(archive: ZipFile, path: str, content: IO[bytes], now: datetime) -> str:
    """Copy a content into the archive, block by block; its hash."""
    entry = ZipInfo(path, now.astimezone(SEOUL).timetuple()[:6])
    entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o644 << 16
    digest = hashlib.sha256()
    with archive.open(entry, "w", force_zip64=True) as target:
        while block := content.read(BLOCK):
            digest.update(block)
            target.write(block)
    return digest.hexdigest()


def _opened(piece: RecordsPiece, content: Content) -> IO[bytes]:
    try:
        return content.opened()
    except NotServed as refusal:
        raise NotThere(f"{piece.position}. {piece.title}: {refusal}") from refusal


def _contents(pieces: Sequence[RecordsPiece], *, now: datetime, author: str) -> Iterator[tuple[RecordsPiece, Content]]:
    """What is handed over, in its order, read by kind, some at once. Of what is kept elsewhere there is nothing."""
    given = [piece for piece in pieces if piece.outcome == RecordsPiece.Outcome.HANDED_OVER]
    for some in batched(given, AT_ONCE):
        found: dict[str, Content] = {piece.key: _of_file(piece.part) for piece in some if piece.part}
        others = sorted((piece for piece in some if not piece.part), key=lambda piece: piece.target_type)
        for kind, group in groupby(others, key=lambda piece: piece.target_type):
            together = list(group)
            if loader := LOADERS[kind]:
                loaded = loader(together, now, author)
                found |= {piece.key: loaded[piece.target_id] for piece in together}
        yield from ((piece, found[piece.key]) for piece in some if piece.key in found)


def _of_file(stored: StoredFile) -> Content:
    ending = found[0].lower() if (found := ENDING.search(stored.name)) else ""
    return Content(ending, lambda: opened(stored))


def _drawn(make: Callable[[], Official]) -> Content:
    return Content(".pdf", lambda: BytesIO(as_pdf(make())))


def _minutes(pieces: Sequence[RecordsPiece], now: datetime, author: str) -> dict[int, Content]:
    """As they were issued, in the version that was chosen."""
    chosen = {piece.target_id: piece.audience for piece in pieces}
    public = {pk: row for pk, row in public_versions(pieces).items() if chosen[pk] == IssuedDocument.Audience.PUBLIC}
    published = _issued_of(public.values(), now)
    rows = MinutesRevision.objects.select_related("minutes__meeting__body", "minutes__convened_by").in_bulk(chosen)
    there = IssuedDocument.objects.filter(form=Form.PDF, revision__in=chosen, publication=None)
    issued = {(row.revision_id, row.audience): row.file for row in there.select_related("file")}
    found = {pk: published[row.pk] for pk, row in public.items()}
    for pk, audience in chosen.items():
        if pk not in public:
            found[pk] = issued.get((pk, audience)) or issuer.of_version(rows[pk], Form.PDF, audience, now)
    return {pk: _of_file(stored) for pk, stored in found.items()}


def _publications(pieces: Sequence[RecordsPiece], now: datetime, author: str) -> dict[int, Content]:
    rows = Publication.objects.select_related("revision__minutes__meeting__body", "revision__minutes__convened_by")
    found = rows.in_bulk([piece.target_id for piece in pieces])
    return {pk: _of_file(stored) for pk, stored in _issued_of(found.values(), now).items()}


def _issued_of(publications: Iterable[Publication], now: datetime) -> dict[int, StoredFile]:
    """The documents of publications, by their numbers; what nobody asked for yet is made now."""
    rows = list(publications)
    there = IssuedDocument.objects.filter(form=Form.PDF, publication__in=[row.pk for row in rows])
    found = {row.publication_id: row.file for row in there.select_related("file")}
    return {row.pk: found.get(row.pk) or issuer.of_publication(row, Form.PDF, now) for row in rows}


def _papers(pieces: Sequence[RecordsPiece], now: datetime, author: str) -> dict[int, Content]:
    rows = PaperVersion.objects.select_related("file").in_bulk([piece.target_id for piece in pieces])
    return {pk: _of_file(row.file) for pk, row in rows.items()}


def _sheets(rows: Any, sheet: Callable[..., Official]) -> Loader:
    """Drawn, but for rows that are a file."""

    def load(pieces: Sequence[RecordsPiece], now: datetime, author: str) -> dict[int, Content]:
        def content(row: Any) -> Content:
            file = getattr(row, "file", None)
            return _of_file(file) if file else _drawn(lambda: sheet(row, made_at=now, author=author))

        return {pk: content(row) for pk, row in rows.all().in_bulk([piece.target_id for piece in pieces]).items()}

    return load


LOADERS: dict[str, Loader | None] = {
    "minutesrevision": _minutes,
    "publication": _publications,
    "paperversion": _papers,
    "evidence": _sheets(
        Evidence.objects.select_related("file", "update__action__owner", "update__organisation"),
        documents.evidence_sheet,
    ),
    "agendasnapshot": _sheets(AgendaSnapshot.objects.select_related("meeting__body"), documents.agenda_sheet),
    "decision": _sheets(
        Decision.objects.select_related("body", "agenda_item__meeting", "by_whom", "commitment"),
        documents.decision_sheet,
    ),
    "actionitem": _sheets(ActionItem.objects.for_display().select_related("decision"), documents.action_sheet),
    "progressupdate": _sheets(
        ProgressUpdate.objects.select_related("action__owner", "organisation"), documents.update_sheet
    ),
    "verification": _sheets(Verification.objects.select_related("action__owner"), documents.verification_sheet),
    "actioncomment": _sheets(
        ActionComment.objects.select_related("action__owner", "organisation"), sheets.comment_sheet
    ),
    "extensionrequest": _sheets(ExtensionRequest.objects.select_related("action__owner"), sheets.extension_sheet),
    "submission": _sheets(Submission.objects.select_related(*ABOUT), sheets.submission_sheet),
    "reportevidence": _sheets(ReportEvidence.objects.select_related("file", *ABOUT), sheets.report_evidence_sheet),
    "judgement": _sheets(Judgement.objects.select_related(*ABOUT), sheets.judgement_sheet),
    "frozenscorecard": _sheets(FrozenScorecard.objects.select_related("body"), sheets.scorecard_sheet),
    # Kept elsewhere.
    "paper": None,
}
