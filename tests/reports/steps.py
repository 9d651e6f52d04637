"""Steps of a report's life that several tests start from. The round covers 2026-Q4 and is due on 5 February 2027."""

from __future__ import annotations

from datetime import date
from typing import Any

from council.core.actor import Actor
from council.core.quarters import Quarter
from council.meetings.models import Meeting
from council.parties.models import Body
from council.reports.models import Report, ReportingRound, Submission
from council.reports.operations.judging import accept, return_for_completion
from council.reports.operations.rounds import close_round, open_round
from council.reports.operations.writing import Written, submit
from council.reports.queries import standing_submission
from tests.factories import Cast, actor_of, moment
from tests.factories.rows import TESTER

COVERS = Quarter.parse("2026-Q4")
OPENED = moment("2027-01-04 09:00")
IN_TIME = moment("2027-01-20 10:00")
LATER = moment("2027-01-21 10:00")
LATE = moment("2027-02-08 10:00")
CLOSED = moment("2027-02-26 10:00")
DUE, SECURITY_DUE = date(2027, 2, 5), date(2027, 1, 28)


def council() -> Body:
    return Body.objects.get(code="council")


def the_meeting(body: str = "council") -> Meeting:
    """The regular meeting of 2027-Q1, as it was seeded."""
    return Meeting.objects.get(body__code=body, kind="regular", quarter="2027-Q1")


def a_round(by: Actor = TESTER, **values: Any) -> ReportingRound:
    """The round that prepares the meeting of 2027-Q1."""
    given: dict[str, Any] = {"covers": COVERS, "meeting": the_meeting(), "now": OPENED} | values
    return open_round(body=council(), by=by, **given).round


def a_report(owner: str = "SKT", commitment: str = "C12") -> Report:
    """An organisation's report on a commitment, in the one round there is or a new one."""
    if not ReportingRound.objects.exists():
        a_round()
    return Report.objects.get(organisation__code=owner, commitment__code=commitment)


def indicator_of(report: Report, place: int = 0) -> int:
    return list(report.commitment.indicators.order_by("pk").values_list("pk", flat=True))[place]


def a_text(**values: Any) -> Written:
    given: dict[str, Any] = {"narrative": "Roaming was widened", "self_rating": "on_track"} | values
    return Written(**given)


def submitted(cast: Cast, report: Report | None = None, **values: Any) -> Report:
    """A report of SKT's that waits to be judged."""
    row = report or a_report()
    submit(row, by=actor_of(cast.skt_liaison), now=IN_TIME, written=a_text(**values))
    return row


def waiting(report: Report) -> int:
    """The number of the submission that waits."""
    submission = standing_submission(report)
    assert submission is not None
    return submission.pk


def returned(cast: Cast, report: Report | None = None, **values: Any) -> Report:
    row = submitted(cast, report, **values)
    by = actor_of(cast.secretary)
    return_for_completion(row, by=by, now=LATER, comment="Which plans?", seen_submission=waiting(row))
    return row


def accepted(cast: Cast, report: Report | None = None, *, rating: str = "attention", **values: Any) -> Report:
    row = submitted(cast, report, **values)
    accept(row, by=actor_of(cast.secretary), now=LATER, rating=rating, seen_submission=waiting(row))
    return row


def missed(cast: Cast) -> Report:
    """A report of SKT's that was not handed in before its round was closed."""
    report = a_report()
    close_round(report.round, by=actor_of(cast.secretary), now=CLOSED)
    report.refresh_from_db()
    return report


def kept(report: Report) -> Report:
    """The report as it is stored."""
    return Report.objects.get(pk=report.pk)


def said(report: Report) -> tuple[str, str, str, object]:
    """State and what stands in the stored report."""
    row = kept(report)
    return row.state, row.narrative, row.self_rating, row.actual


def receipts(report: Report) -> list[tuple[int, str]]:
    return list(Submission.objects.filter(report=report).order_by("number").values_list("number", "state"))
