"""Two people plan the same quarter's meeting at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from council.core.models import AuditEntry
from council.meetings.models import Deadline, Meeting
from council.meetings.operations.schedule import MeetingRefused
from council.parties.models import Body
from tests.factories import a_meeting

pytestmark = pytest.mark.django_db(transaction=True)
TOGETHER = 2


def test_one_of_two_simultaneous_plans_is_kept_and_the_other_is_refused_in_words(council: Body) -> None:
    gate = Barrier(TOGETHER)

    def plan(number: int) -> str:
        try:
            gate.wait(timeout=10)
            a_meeting(title=f"{number}")
        except MeetingRefused as error:
            return f"refused: {error.field}"
        else:
            return "planned"
        finally:
            connection.close()

    with ThreadPoolExecutor(TOGETHER) as pool:
        results = sorted(pool.map(plan, range(TOGETHER)))
    assert results == ["planned", "refused: quarter"]
    assert Meeting.objects.count() == 1
    assert Deadline.objects.filter(meeting=Meeting.objects.get()).count() == Deadline.objects.count() == 3
    assert AuditEntry.objects.filter(verb="meeting.scheduled").count() == 1
