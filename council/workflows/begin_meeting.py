"""Beginning a meeting: what is on the table from then on is what was tabled."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from council.core.actor import Actor
from council.meetings.models import Meeting
from council.meetings.operations import schedule
from council.reports.models import ReportingRound
from council.scorecard.models import FrozenScorecard
from council.scorecard.operations import freeze


def begin_meeting(meeting: Meeting, *, by: Actor, now: datetime) -> None:
    """Begin it, and keep the scorecard of the quarter before word for word as tabled, if that was not done before.

    Of a regular meeting of everybody; others have no round of reports before them.
    """
    with transaction.atomic():
        schedule.begin_meeting(meeting, by=by)
        if meeting.kind != Meeting.Kind.REGULAR or meeting.by_invitation:
            return
        covers = meeting.quarter.previous()
        reporting_round = ReportingRound.objects.filter(body=meeting.body_id, covers=covers).first()
        if reporting_round is None:
            return
        # Locked, so that the button that freezes it by hand does not come between.
        ReportingRound.objects.select_for_update().get(pk=reporting_round.pk)
        if not FrozenScorecard.objects.filter(body=meeting.body_id, quarter=covers).exists():
            freeze(reporting_round, stage=FrozenScorecard.Stage.TABLED, by=by, now=now)
