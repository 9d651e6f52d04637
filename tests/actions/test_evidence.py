"""Files handed in with progress: kept whole, or nothing of the attempt is left."""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import SimpleUploadedFile

from council.actions.models import ActionItem, Evidence, ProgressUpdate
from council.actions.operations.errors import ActionRefused
from council.actions.operations.progress import remove_from_draft, save_draft, submit_progress
from council.actions.states import ActionState
from council.core.models import AuditEntry
from council.files.flaws import FileRefused
from council.files.models import StoredFile
from tests.actions.steps import a_report
from tests.factories import Cast, actor_of, an_action, moment, pdf

NOW = moment("2026-11-24 10:00")
EXE = b"MZ\x90\x00\x03\x00\x00\x00" + b"\0" * 200


def on_disk(settings: Any) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def too_large(settings: Any) -> File[bytes]:
    settings.MAX_FILE_BYTES = 2 * 1024 * 1024
    return ContentFile(b"%PDF-1.7\n" + b"0" * (50 * 1024 * 1024), name="large.pdf")


def test_a_file_is_kept_with_its_name_its_hash_and_whose_it_is(cast: Cast, settings: Any) -> None:
    content = b"%PDF-1.7\nthe proof\n%%EOF\n"
    by = actor_of(cast.skt_liaison)
    submit_progress(an_action(), by=by, now=NOW, progress=a_report(uploads=[pdf("증빙.pdf", content)]))
    stored = StoredFile.objects.get()
    assert (stored.name, stored.size, stored.sha256) == ("증빙.pdf", len(content), hashlib.sha256(content).hexdigest())
    assert (stored.organisation, stored.uploaded_by) == (cast.skt, cast.skt_liaison)
    assert [path.read_bytes() for path in on_disk(settings)] == [content]
    assert Evidence.objects.get().file == stored


@pytest.mark.parametrize(
    "bad",
    [
        lambda settings: SimpleUploadedFile("report.pdf", EXE, "application/pdf"),
        lambda settings: SimpleUploadedFile("setup.exe", EXE, "application/octet-stream"),
        lambda settings: SimpleUploadedFile("empty.pdf", b"", "application/pdf"),
        too_large,
    ],
    ids=["a program called pdf", "a program", "nothing", "50 MB"],
)
@pytest.mark.parametrize("step", [save_draft, partial(submit_progress, now=NOW)], ids=["save", "submit"])
def test_a_refused_file_leaves_nothing_half_written(cast: Cast, settings: Any, bad: Any, step: Any) -> None:
    action, by = an_action(), actor_of(cast.skt_liaison)
    progress = a_report(uploads=[pdf("good.pdf"), bad(settings)], url="https://skt.test/proof")
    with pytest.raises(FileRefused):
        step(action, by=by, progress=progress)
    assert (ProgressUpdate.objects.count(), Evidence.objects.count(), StoredFile.objects.count()) == (0, 0, 0)
    assert on_disk(settings) == []
    assert ActionItem.objects.get().state == ActionState.OPEN
    assert not AuditEntry.objects.filter(verb__startswith="progress.").exists()


def test_a_refused_file_leaves_the_draft_that_was_there(cast: Cast, settings: Any) -> None:
    action, by = an_action(), actor_of(cast.skt_liaison)
    save_draft(action, by=by, progress=a_report(percent=10, uploads=[pdf("good.pdf")]))
    bad = SimpleUploadedFile("report.pdf", EXE, "application/pdf")
    with pytest.raises(FileRefused):
        submit_progress(action, by=by, now=NOW, progress=a_report(percent=90, uploads=[bad]))
    draft = ProgressUpdate.objects.get()
    assert (draft.percent, draft.state, draft.evidence.count()) == (10, "draft", 1)
    assert len(on_disk(settings)) == 1


def test_a_draft_with_an_infected_file_is_not_submitted_until_it_is_taken_off(cast: Cast) -> None:
    action, by = an_action(), actor_of(cast.skt_liaison)
    save_draft(action, by=by, progress=a_report(uploads=[pdf("clean.pdf"), pdf("bad.pdf")]))
    bad = StoredFile.objects.filter(name="bad.pdf")
    bad.update(scan="infected", scan_finding="Eicar-Test-Signature", scanned_at=NOW)
    with pytest.raises(ActionRefused) as refusal:
        submit_progress(action, by=by, now=NOW, progress=a_report())
    assert ("bad.pdf" in str(refusal.value), "clean.pdf" in str(refusal.value)) == (True, False)
    assert ProgressUpdate.objects.get().state == "draft"
    remove_from_draft(Evidence.objects.get(file=bad.get()), by=by)
    submit_progress(action, by=by, now=NOW, progress=a_report())
    assert ProgressUpdate.objects.get().state == "submitted"
