"""Closing a quarter: its round of reports ends, and its scorecard is kept as it stands then."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from council.core.actor import Actor
from council.reports.models import ReportingRound
from council.reports.operations.rounds import close_round
from council.scorecard.models import FrozenScorecard
from council.scorecard.operations import freeze


def close_quarter(reporting_round: ReportingRound, *, by: Actor, now: datetime) -> FrozenScorecard:
    """End a round and freeze its scorecard as confirmed, both or neither.

    What was not submitted is missed. NotAllowedNow while reports wait to be judged or can still be handed in on time.
    """
    with transaction.atomic():
        close_round(reporting_round, by=by, now=now)
        return freeze(reporting_round, stage=FrozenScorecard.Stage.CLOSED, by=by, now=now)
