"""Beginning a meeting: what is on the table from then on is what was tabled."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from council.core.actor import Actor
from council.meetings.models import Meeting
from council.meetings.operations import schedule
from council.reports.models import ReportingRound
from council.reports.operations.standing import locked_round
from council.scorecard.models import FrozenScorecard
from council.scorecard.operations import freeze


def begin_meeting(meeting: Meeting, *, by: Actor, now: datetime) -> None:
    """Begin it, and keep the scorecard of the quarter before word for word as tabled, if that was not done before.

    Of a regular meeting of everybody; others have no round of reports before them.
    """
    covers = meeting.quarter.previous()
    of_quarter = ReportingRound.objects.filter(body=meeting.body_id, covers=covers)
    regular = meeting.kind == Meeting.Kind.REGULAR and not meeting.by_invitation
    with transaction.atomic():
        # First, as everybody locks it who freezes or closes: the button that does so by hand does not come between.
        found = of_quarter.first() if regular else None
        reporting_round = locked_round(found) if found else None
        schedule.begin_meeting(meeting, by=by)
        kept = FrozenScorecard.objects.filter(body=meeting.body_id, quarter=covers)
        if reporting_round and not kept.exists():
            freeze(reporting_round, stage=FrozenScorecard.Stage.TABLED, by=by, now=now)
