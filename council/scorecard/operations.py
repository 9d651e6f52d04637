"""Freezing a scorecard, correcting a frozen one, and sharing the statuses of a commitment with the whole table."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from council.core import audit
from council.core.actor import Actor
from council.core.errors import DomainError, NotAllowedNow
from council.core.quarters import Quarter
from council.declaration.models import Commitment, IndicatorTarget
from council.parties.models import Body
from council.reports.models import Report, ReportingRound
from council.reports.operations.standing import locked_round
from council.reports.states import RoundState
from council.scorecard.models import FrozenScorecard, SharedRow
from council.scorecard.payload import Payload, digest, payload_of
from council.scorecard.queries import live_card

Stage = FrozenScorecard.Stage


class ScorecardRefused(DomainError):
    """The scorecard cannot be frozen or shared like this."""


def freeze(reporting_round: ReportingRound, *, stage: str, by: Actor, now: datetime) -> FrozenScorecard:
    """Keep the scorecard of a round's quarter word for word: as tabled at the meeting, or as closed.

    Once for each stage; as closed only once the round is. What is corrected afterwards is frozen by ``correct``.
    """
    with transaction.atomic():
        # Locked, so that no report is judged while the card is put together.
        row = locked_round(reporting_round)
        if stage == Stage.CLOSED and row.state != RoundState.CLOSED:
            raise NotAllowedNow(_("The round of reports is still open. Close it first."))
        if (
            stage == Stage.TABLED
            and FrozenScorecard.objects.filter(body=row.body, quarter=row.covers, stage=Stage.CLOSED).exists()
        ):
            raise NotAllowedNow(_("The scorecard of this quarter has been closed already."))
        return _kept(row, stage, by=by, now=now)


def correct(frozen: FrozenScorecard, *, reason: str, by: Actor, now: datetime) -> FrozenScorecard:
    """Freeze the scorecard anew after a report was corrected, for a reason; the one before stays and says so.

    ScorecardRefused if nothing has changed; NotAllowedNow for one that has been corrected already.
    """
    if not reason.strip():
        raise ScorecardRefused(_("Say what was corrected."), field="reason")
    with transaction.atomic():
        row = locked_round(ReportingRound.objects.get(body=frozen.body_id, covers=frozen.quarter))
        if FrozenScorecard.objects.filter(supersedes=frozen).exists():
            raise NotAllowedNow(_("This scorecard has been corrected already. Correct the newest one."))
        return _kept(row, frozen.stage, by=by, now=now, supersedes=frozen, reason=reason.strip())


def _kept(
    row: ReportingRound,
    stage: str,
    *,
    by: Actor,
    now: datetime,
    supersedes: FrozenScorecard | None = None,
    reason: str = "",
) -> FrozenScorecard:
    payload = _payload(row.body, row.covers)
    hashed = digest(payload)
    if supersedes is not None and supersedes.sha256 == hashed:
        raise ScorecardRefused(_("Nothing has changed since this scorecard was frozen."))
    frozen = FrozenScorecard(
        body=row.body, quarter=row.covers, stage=stage, payload=payload, sha256=hashed, frozen_at=now,
        by_id=by.account, supersedes=supersedes, reason=reason,
    )  # fmt: skip
    try:
        with transaction.atomic():
            frozen.save()
    except IntegrityError as error:
        raise NotAllowedNow(_("The scorecard of this quarter has been frozen at this stage already.")) from error
    after = {"quarter": str(row.covers), "stage": stage, "sha256": hashed}
    verb = "scorecard.corrected" if supersedes else "scorecard.frozen"
    audit.record(by=by, verb=verb, target=frozen, after=after, reason=reason)
    return frozen


def _payload(body: Body, quarter: Quarter) -> Payload:
    everything = live_card(body, quarter, reports=Report.objects.all(), targets=IndicatorTarget.objects.all())
    return payload_of(everything)


def share_rows(
    body: Body, *, quarter: Quarter, commitments: Collection[Commitment], by: Actor, reason: str
) -> list[SharedRow]:
    """Let the whole table know the status words of these commitments in a quarter, for a reason; never undone.

    Words alone: of figures ``withholding`` decides. Those shared already stay as they are; the rest is returned.
    """
    if not reason.strip():
        raise ScorecardRefused(_("Say why."), field="reason")
    with transaction.atomic():
        Body.objects.select_for_update(no_key=True).get(pk=body.pk)
        there = set(SharedRow.objects.filter(body=body, quarter=quarter).values_list("commitment", flat=True))
        new = [
            SharedRow.objects.create(body=body, commitment=commitment, quarter=quarter, by_id=by.account)
            for commitment in sorted(commitments, key=lambda one: one.pk)
            if commitment.pk not in there
        ]
        for row in new:
            audit.record(by=by, verb="scorecard.row_shared", target=row, after=audit.snapshot(row), reason=reason)
    return new
