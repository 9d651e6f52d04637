"""What letters about reports, extensions and comments are about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from council.actions.models import ActionComment, ActionItem, Escalation, ExtensionRequest, ProgressUpdate
from council.clearance.models import Clearance, ClearancePiece
from council.core.quarters import Quarter
from council.parties.models import Body, Organisation, Person, User
from council.reports.models import Contribution, Report
from council.reports.operations.rounds import open_round
from council.scorecard.models import PublicQuarter
from tests.factories.rows import TESTER

SAID = ["progress_entered", "action_commented", "extension_requested", "extension_answered", "action_escalated"]
REPORTS = [
    "round_opened", "report_submitted", "report_entered", "report_accepted", "report_returned", "report_reopened",
    "report_overdue", "public_quarter_shown",
]  # fmt: skip


INSIDE = [
    "contribution_asked", "contribution_delivered", "clearance_asked", "clearance_answered", "clearance_entered",
]  # fmt: skip


def inside(kind: str, contributor: Person, by: User, canary: str, now: datetime) -> list[Any]:
    """What SKT has not handed in yet: a department's part in three reports, or a batch of them before its executive."""
    reports = reported("report_submitted", by, canary, now)
    skt, council = Organisation.objects.get(code="SKT"), Body.objects.get(code="council")
    given = {"delivered_at": now, "delivered_by": by} if kind == "contribution_delivered" else {}
    if kind.startswith("contribution"):
        return [
            Contribution.objects.create(
                organisation=skt, body=council, report=report, contributor=contributor, due_on=date(2027, 2, 4),
                asked=canary, asked_by=by, text=canary, state="delivered" if given else "asked", **given,
            )
            for report in reports
        ]  # fmt: skip
    answer = (
        {"state": "cleared", "answered_by": by, "answered_at": now}
        if kind in {"clearance_answered", "clearance_entered"}
        else {}
    )
    rows = [
        Clearance.objects.create(
            organisation=skt, body=council, approver=contributor, asked_by=by, asked_at=now, note=canary, **answer
        )
        for _turn in range(2)
    ]
    for report in reports:
        for row in rows:
            ClearancePiece.objects.create(
                clearance=row, target_type="report", target_id=report.pk, about=canary, content=[], sha256="0"
            )
    return rows


def said_about(kind: str, actions: Sequence[ActionItem], by: User, canary: str, now: datetime) -> list[Any]:
    """Something said about each of these items, as it stands when such a letter is written."""
    return [_said(kind, action, by, canary, now) for action in actions]


def _said(kind: str, action: ActionItem, by: User, canary: str, now: datetime) -> Any:
    if kind == "action_commented":
        return ActionComment.objects.create(action=action, text=canary, by=by, organisation=action.owner, at=now)
    if kind == "progress_entered":
        return ProgressUpdate.objects.create(
            action=action, organisation=action.owner, percent=40, text=canary, by=by, state="submitted",
            submitted_at=now, on_behalf=True, received=canary,
        )  # fmt: skip
    if kind == "action_escalated":
        return Escalation.objects.create(
            action=action, cause="overdue", step="council", since_on=action.due_on, raised_at=now
        )
    answered = {} if kind == "extension_requested" else {"state": "granted", "answered_at": now, "answer": canary}
    return ExtensionRequest.objects.create(
        action=action, due_on=action.due_on, requested_due_on=action.due_on + timedelta(days=7), reason=canary, by=by,
        asked_at=now, **answered,
    )  # fmt: skip


def reported(kind: str, by: User, canary: str, now: datetime) -> list[Any]:
    """Three reports of SKT's under different pillars, the round they belong to, or what is published of a quarter."""
    if kind == "public_quarter_shown":
        told = {"quarter": "2026-Q4", "pillars": [], "note": canary}
        council = Body.objects.get(code="council")
        return [PublicQuarter.objects.create(body=council, quarter=Quarter(2026, 4), payload=told, shown_at=now)]
    due_on = date(2027, 1, 29) if kind == "report_overdue" else date(2027, 2, 5)
    one = open_round(
        body=Body.objects.get(code="council"), covers=Quarter.parse("2026-Q4"), meeting=None, by=TESTER,
        now=now - timedelta(days=20), due_on=due_on,
    ).round  # fmt: skip
    if kind == "round_opened":
        return [one]
    times = {"submitted_at": now, "first_submitted_at": now}
    judged = times | {"judged_at": now, "judged_by": by}
    by_kind: dict[str, dict[str, Any]] = {
        "report_submitted": {"state": "submitted"} | times,
        "report_entered": {"state": "submitted"} | times,
        "report_accepted": {"state": "accepted", "ministry_rating": "done"} | judged,
        "report_returned": {"state": "returned"} | judged,
        "report_reopened": {"reopened_until": date(2027, 2, 10), "reopened_because": canary},
    }
    of_skt = Report.objects.filter(round=one, organisation__code="SKT")
    chosen = [of_skt.filter(commitment__code=code).values_list("pk", flat=True)[0] for code in ("C01", "C12", "C24")]
    rows = Report.objects.filter(pk__in=chosen)
    rows.update(narrative=canary, comment=canary, **by_kind.get(kind, {}))
    rows.update(due_on=due_on)
    return list(rows.order_by("pk"))
