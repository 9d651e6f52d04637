"""Files handed in with a report: kept whole, or nothing of the attempt is left."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase

from council.core.belonging import body_of
from council.core.errors import NotAllowedNow, SomebodyWasFaster
from council.files.flaws import FileRefused
from council.files.models import StoredFile
from council.reports.models import Report, ReportDraft, ReportEvidence, Submission
from council.reports.operations.standing import ReportRefused
from council.reports.operations.writing import remove_from_draft, save_draft, submit
from council.reports.states import ReportState
from tests.factories import Cast, actor_of, pdf
from tests.reports.steps import IN_TIME, a_report, a_text, council, kept, submitted

pytestmark = pytest.mark.both_databases
EXE = b"MZ\x90\x00\x03\x00\x00\x00" + b"\0" * 200


def on_disk(settings: Any) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


@pytest.mark.parametrize("step", [save_draft, submit], ids=["save", "submit"])
def test_a_refused_file_leaves_nothing_half_written(cast: Cast, settings: Any, step: Any) -> None:
    report = a_report()
    bad = SimpleUploadedFile("report.pdf", EXE, "application/pdf")
    written = a_text(uploads=[pdf("good.pdf"), bad], url="https://skt.test/proof")
    with pytest.raises(FileRefused):
        step(report, by=actor_of(cast.skt_liaison), now=IN_TIME, written=written)
    counts = [model._default_manager.count() for model in (ReportDraft, ReportEvidence, Submission, StoredFile)]
    assert (counts, on_disk(settings), kept(report).state) == ([0, 0, 0, 0], [], ReportState.NOT_SUBMITTED)


def test_an_infected_file_is_not_submitted_until_it_is_taken_off(cast: Cast) -> None:
    report, by = a_report(), actor_of(cast.skt_liaison)
    save_draft(report, by=by, now=IN_TIME, written=a_text(uploads=[pdf("clean.pdf"), pdf("bad.pdf")]))
    bad = StoredFile.objects.filter(name="bad.pdf")
    bad.update(scan="infected", scan_finding="Eicar-Test-Signature", scanned_at=IN_TIME)
    with pytest.raises(ReportRefused) as refusal:
        submit(report, by=by, now=IN_TIME)
    assert ("bad.pdf" in str(refusal.value), "clean.pdf" in str(refusal.value)) == (True, False)
    assert (kept(report).state, ReportDraft.objects.count()) == (ReportState.DRAFT, 1)
    remove_from_draft(ReportEvidence.objects.get(file=bad.get()), by=by)
    submit(report, by=by, now=IN_TIME)
    assert kept(report).state == ReportState.SUBMITTED


def test_what_is_taken_off_a_draft_is_gone_with_its_file(cast: Cast, settings: Any) -> None:
    report, by = a_report(), actor_of(cast.skt_liaison)
    save_draft(report, by=by, now=IN_TIME, written=a_text(uploads=[pdf()]))
    piece = ReportEvidence.objects.get()
    with TestCase.captureOnCommitCallbacks(execute=True):
        remove_from_draft(piece, by=by)
    assert (ReportEvidence.objects.count(), StoredFile.objects.count(), on_disk(settings)) == (0, 0, [])
    with pytest.raises(SomebodyWasFaster):
        remove_from_draft(piece, by=by)


def test_what_was_submitted_is_not_taken_off(cast: Cast) -> None:
    submitted(cast, uploads=[pdf()])
    with pytest.raises(NotAllowedNow):
        remove_from_draft(ReportEvidence.objects.get(), by=actor_of(cast.skt_liaison))
    assert ReportEvidence.objects.count() == 1


def test_nobody_else_takes_anything_off(cast: Cast) -> None:
    report = a_report()
    save_draft(report, by=actor_of(cast.skt_liaison), now=IN_TIME, written=a_text(uploads=[pdf()]))
    with pytest.raises(ReportRefused):
        remove_from_draft(ReportEvidence.objects.get(), by=actor_of(cast.kt_liaison))
    assert ReportEvidence.objects.count() == 1


def test_an_address_is_kept_once_on_a_draft(cast: Cast) -> None:
    report = a_report()
    save = partial(save_draft, report, by=actor_of(cast.skt_liaison), now=IN_TIME)
    for url in ("https://skt.test/a", "https://skt.test/a", "https://skt.test/b", ""):
        save(written=a_text(url=url))
    assert list(ReportEvidence.objects.values_list("url", flat=True)) == ["https://skt.test/a", "https://skt.test/b"]


def test_everything_of_a_report_belongs_to_the_body_of_its_round(cast: Cast) -> None:
    report = submitted(cast, uploads=[pdf()])
    piece = ReportEvidence.objects.select_related("file").get()
    assert piece.file is not None
    rows = [report, piece, piece.file, report.submissions.get(), Report.objects.get(pk=report.pk)]
    assert {body_of(row) for row in rows} == {council().pk}
