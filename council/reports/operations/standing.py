"""What is locked first, and what a report's columns say: what stands of all that was submitted on it.

A round is locked before its reports, and those in the order of their numbers; two in another order would wait on each
other for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from council.core.actor import Actor
from council.core.errors import DomainError
from council.core.labels import Label
from council.core.lifecycle import change_if, move
from council.reports.models import Judgement, Measurement, Report, ReportingRound, Submission
from council.reports.receipt import Content
from council.reports.states import REPORT, ReportState, SubmissionState

# Who ends a draft that its organisation did not end itself.
FORGETTER = "close_round"


class ReportRefused(DomainError):
    """The report, or what is handed in on it, breaks a rule."""


def locked(report: Report) -> Report:
    """The report as it is now, locked until the transaction ends; of what is joined to it nothing is locked.

    Its round is read after the lock was given: it may have been closed while this one waited.
    """
    rows = Report.objects.select_for_update(of=("self",)).select_related("commitment", "organisation")
    return rows.get(pk=report.pk)


def locked_round(reporting_round: ReportingRound) -> ReportingRound:
    """The round as it is now, locked until the transaction ends.

    Its key stays free: a report that changed twice in one transaction looks at its round again when that commits, and
    would wait for whoever waits for the report.
    """
    rows = ReportingRound.objects.select_for_update(of=("self",), no_key=True).select_related("body")
    return rows.get(pk=reporting_round.pk)


def locked_reports(reporting_round: ReportingRound, **where: Any) -> Sequence[Report]:
    """The reports of a locked round that fit, locked in their order."""
    return list(reporting_round.reports.filter(**where).select_for_update(of=("self",)).order_by("pk"))


# What was released was another text than the one that stands from now on.
UNRELEASED = {"label": Label.AMBER_STRICT, "released_at": None}


def forget_draft(report: Report, *, by: Actor) -> None:
    """A report that was begun counts as not submitted again, so that the record's next entry tells of no draft.

    Of that step itself the record tells its organisation alone, whoever's doing it follows from.
    """
    if report.state == ReportState.DRAFT:
        mine = by.organisation_id == report.organisation_id
        own = by if mine else Actor(FORGETTER, organisation_id=report.organisation_id)
        move(report, to=ReportState.NOT_SUBMITTED, by=own, lifecycle=REPORT, verb="report.not_begun", unseen=True)


def columns_of(report: Report, submission: Submission | None) -> dict[str, Any]:
    """The columns that go with a state once that submission is what stands: when it came, and how it was rated."""
    if submission is None:
        return {"submitted_at": None, "first_submitted_at": None, "ministry_rating": ""}
    accepted = submission.judgements.filter(verdict=Judgement.Verdict.ACCEPTED).order_by("-pk")
    kept = report.submissions.filter(state=SubmissionState.SUBMITTED)
    return {
        "submitted_at": submission.submitted_at,
        "first_submitted_at": kept.aggregate(first=Min("submitted_at"))["first"],
        "ministry_rating": accepted.values_list("rating", flat=True).first() or "",
    }


def put_in_place(report: Report, submission: Submission | None) -> None:
    """The report says from now on what that submission says, its figures too; nothing where there is none."""
    content = Content.handed_in(submission) if submission else Content(narrative="", self_rating="", values={})
    known = list(report.commitment.indicators.order_by("pk").values_list("pk", flat=True))
    figures = {number: value for number, value in content.figures.items() if number in known}
    report.measurements.all().delete()
    Measurement.objects.bulk_create(
        Measurement(report=report, indicator_id=number, value=value) for number, value in figures.items()
    )
    says = {
        "narrative": content.narrative,
        "self_rating": content.self_rating,
        "actual": figures.get(known[0]) if known else None,
    }
    change_if(report, {}, says)


def reopening(until: date, because: str, *, today: date) -> dict[str, Any]:
    """The columns of a report that is reopened until a day, for a reason."""
    if until < today:
        raise ReportRefused(_("This day lies in the past."), field="until")
    return {"reopened_until": until, "reopened_because": because.strip()[:300]}
