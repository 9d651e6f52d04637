"""A list of reports asks as many questions for fifty as for one, and a report is named so that people know it."""

from __future__ import annotations

from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from council.declaration.models import Commitment
from council.reports.models import (
    Judgement,
    Measurement,
    Report,
    ReportDraft,
    ReportEvidence,
    ReportingRound,
    Submission,
)
from council.reports.operations.writing import save_draft
from council.reports.queries import slots
from tests.factories import Cast, actor_of
from tests.reports.steps import COVERS, IN_TIME, a_report, a_text, accepted, council, indicator_of


def questions(reports: list[int]) -> int:
    """How many it takes to show these reports as a list does."""
    with CaptureQueriesContext(connection) as asked:
        for report in Report.objects.filter(pk__in=reports).for_display():
            pillar = report.commitment.pillar
            shown = [str(report), report.is_corrected, pillar and pillar.code, *report.measurements.all()]
            assert len([*shown, *report.commitment.indicators.all()]) > len(shown)
    return len(asked)


def test_a_list_asks_the_same_for_one_and_for_all(cast: Cast) -> None:
    report = a_report()
    accepted(cast, report, values={indicator_of(report): Decimal(1)})
    everything = list(Report.objects.values_list("pk", flat=True))
    assert len(everything) == 45
    assert questions([report.pk]) == questions(everything) == 4


def test_the_slots_of_a_quarter_take_as_many_questions_for_any_number(cast: Cast) -> None:
    body, asked = council(), []
    for codes in (["C12"], [f"C{number:02d}" for number in range(1, 25)]):
        Commitment.objects.exclude(code="C16").update(state="withdrawn")
        Commitment.objects.filter(code__in=codes).exclude(code="C16").update(state="tracked")
        with CaptureQueriesContext(connection) as captured:
            assert len(slots(body, COVERS)) == (3 if codes == ["C12"] else 45)
        asked.append(len(captured))
    assert asked == [5, 5]


def test_rows_are_named_by_what_they_are_about(cast: Cast) -> None:
    report = a_report()
    accepted(cast, report, values={indicator_of(report): Decimal(3)}, url="https://skt.test/a")
    save_draft(a_report("KT"), by=actor_of(cast.kt_liaison), now=IN_TIME, written=a_text())
    with translation.override("en"):
        assert str(report) == "C12 SKT Q4 2026"
        assert str(ReportingRound.objects.get()) == "CEO council Q4 2026"
        assert str(Submission.objects.get()) == "C12 SKT Q4 2026 (1)"
        assert str(Judgement.objects.get()) == f"{report.pk} accepted"
        assert str(Measurement.objects.get()).endswith(": 3.000")
        assert str(ReportDraft.objects.get()) == "C12 KT Q4 2026"
    assert str(ReportEvidence.objects.get()) == "https://skt.test/a"
