"""What the database refuses of reports, whatever the code does."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from council.files.models import StoredFile
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
from tests.factories import Cast, actor_of, moment
from tests.reports.steps import IN_TIME, a_report, a_text, accepted, indicator_of, returned, submitted

pytestmark = pytest.mark.both_databases
AT = moment("2027-01-20 09:00")
DAY = AT.date()


def refused(constraint: str, rows: models.QuerySet[Any], **columns: Any) -> None:
    count = rows.count()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        rows.update(**columns)
    assert rows.count() == count == 1


def twice(row: models.Model) -> None:
    """A copy of a row is refused, by whichever constraint says that it is there once."""
    model = type(row)
    values = {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key
    }
    with pytest.raises(IntegrityError, match=r"(?i)unique"), transaction.atomic():
        model._default_manager.create(**values)
    assert model._default_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("reporting_round_closed_at_goes_with_state", {"state": "closed"}),
        ("reporting_round_closed_at_goes_with_state", {"closed_at": AT}),
        ("reporting_round_is_due_after_it_opens", {"due_on": moment("2027-01-03").date()}),
    ],
)
def test_a_round_is_refused_raw(cast: Cast, constraint: str, columns: dict[str, Any]) -> None:
    a_report()
    refused(constraint, ReportingRound.objects.all(), **columns)


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("report_submitted_at_goes_with_state", {"state": "submitted"}),
        ("report_submitted_at_goes_with_state", {"state": "submitted", "submitted_at": AT}),
        ("report_judged_at_goes_with_state", {"state": "returned", "submitted_at": AT, "first_submitted_at": AT}),
        ("report_reopened_with_a_reason", {"reopened_until": DAY}),
        ("report_reopened_with_a_reason", {"reopened_because": "Illness"}),
        ("report_judged_by_somebody", {"judged_at": AT}),
        ("report_withheld_with_a_reason", {"disclosure": "closed"}),
    ],
)
def test_a_report_is_refused_raw(cast: Cast, constraint: str, columns: dict[str, Any]) -> None:
    refused(constraint, Report.objects.filter(pk=a_report().pk), **columns)


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("report_accepted_with_a_rating", {"ministry_rating": ""}),
        ("report_judged_by_somebody", {"judged_by": None}),
        ("report_submitted_at_goes_with_state", {"first_submitted_at": None}),
    ],
)
def test_an_accepted_report_is_refused_raw(cast: Cast, constraint: str, columns: dict[str, Any]) -> None:
    refused(constraint, Report.objects.filter(pk=accepted(cast).pk), **columns)


@pytest.mark.parametrize("columns", [{"state": "withdrawn"}, {"withdrawn_at": AT}])
def test_a_submission_is_withdrawn_at_a_moment(cast: Cast, columns: dict[str, Any]) -> None:
    submitted(cast)
    refused("submission_withdrawn_at_goes_with_state", Submission.objects.all(), **columns)


@pytest.mark.parametrize(
    ("constraint", "step", "columns"),
    [
        ("judgement_rates_what_it_accepts", accepted, {"rating": ""}),
        ("judgement_rates_what_it_accepts", returned, {"rating": "done"}),
        ("judgement_says_what_is_missing", returned, {"comment": ""}),
    ],
)
def test_a_judgement_is_refused_raw(cast: Cast, constraint: str, step: Any, columns: dict[str, Any]) -> None:
    step(cast)
    row = Judgement.objects.get()
    row.pk = None
    for name, value in columns.items():
        setattr(row, name, value)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        row.save()
    assert Judgement.objects.count() == 1


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "file"},
        {"kind": "file", "with_file": True, "url": "https://skt.test"},
        {"kind": "link"},
        {"kind": "link", "with_file": True, "url": "https://skt.test"},
        {"kind": "inspected_on_site", "url": "https://skt.test"},
        {"kind": "inspected_on_site", "with_file": True},
    ],
)
def test_evidence_is_what_its_kind_says(cast: Cast, values: dict[str, Any]) -> None:
    report, given = a_report(), dict(values)
    if given.pop("with_file", False):
        given["file"] = StoredFile.objects.create(file="aa/b", name="b", size=1, sha256="0" * 64, media_type="t")
    with pytest.raises(IntegrityError, match="report_evidence_has_what_its_kind_says"), transaction.atomic():
        ReportEvidence.objects.create(report=report, **given)


def test_what_is_there_once_is_there_once(cast: Cast) -> None:
    report = a_report()
    submitted(cast, report, values={indicator_of(report): Decimal(1)})
    twice(report)
    twice(report.round)
    twice(Submission.objects.get())
    twice(Measurement.objects.get())
    save_draft(a_report("KT"), by=actor_of(cast.kt_liaison), now=IN_TIME, written=a_text())
    twice(ReportDraft.objects.get())


def test_what_was_handed_in_keeps_its_report_from_being_deleted(cast: Cast) -> None:
    report = accepted(cast)
    rows: list[models.Model] = [report, report.round, report.submissions.get(), report.commitment]
    for row in rows:
        with pytest.raises(IntegrityError), transaction.atomic():
            row.delete()
    assert Report.objects.filter(pk=report.pk).exists()
