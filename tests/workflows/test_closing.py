"""A meeting is closed once nothing is left in the air."""

from __future__ import annotations

import pytest

from council.actions.operations.items import follow_up
from council.meetings.models import AgendaItem, Meeting
from council.meetings.operations.room import note_result
from council.minutes.operations.decisions import need_no_action, withdraw_decision
from council.workflows.close_meeting import Gap, NotReadyToClose, close_meeting, lacking
from tests.access.rows import an_agenda_item
from tests.factories import Cast, actor_of
from tests.factories.founding import clock
from tests.factories.rows import TESTER
from tests.minutes.held import HELD, a_decision, a_meeting_in_session, items_of, organisations

__all__ = ["clock"]
pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("clock")]


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    return a_meeting_in_session(cast)


def gaps(meeting: Meeting) -> list[tuple[Gap, str]]:
    return [(lack.gap, lack.about) for lack in lacking(meeting)]


def test_with_results_attendance_and_what_follows_it_is_closed(cast: Cast, meeting: Meeting) -> None:
    assert gaps(meeting) == []
    close_meeting(meeting, by=TESTER, now=HELD)
    assert Meeting.objects.get(pk=meeting.pk).state == "closed"


def test_an_item_needs_a_result_but_opening_words_do_not(cast: Cast, meeting: Meeting) -> None:
    an_agenda_item(meeting, kind="remarks", title="개회")
    open_item = an_agenda_item(meeting, title="미정", position=9)
    an_agenda_item(meeting, state="withdrawn", title="철회")
    assert gaps(meeting) == [(Gap.RESULT, "미정")]
    with pytest.raises(NotReadyToClose) as refused:
        close_meeting(meeting, by=TESTER, now=HELD)
    assert [lack.item for lack in refused.value.lacking] == [open_item]
    assert Meeting.objects.get(pk=meeting.pk).state == "in_progress"
    note_result(open_item, by=TESTER, result="deferred", seen="")  # it is carried over
    assert gaps(meeting) == []


def test_a_decision_needs_what_follows_or_the_mark_that_nothing_does(cast: Cast, meeting: Meeting) -> None:
    first, second, third = (a_decision(cast, items_of(meeting)[0], text) for text in ("하나", "둘", "셋"))
    assert gaps(meeting) == [(Gap.FOLLOW_UP, text) for text in ("하나", "둘", "셋")]
    follow_up(
        first,
        by=TESTER,
        owners=organisations("SKT"),
        title="조치",
        due_on=HELD.date(),
        today=HELD.date(),
    )
    need_no_action(second, by=TESTER, because="확인만")
    withdraw_decision(third, by=TESTER, reason="착오")
    assert gaps(meeting) == []


def test_everybody_who_was_asked_is_looked_for_but_those_asked_no_more(cast: Cast, meeting: Meeting) -> None:
    first, second = meeting.participations.asked()[:2]
    meeting.participations.filter(pk__in=[first.pk, second.pk]).update(attendance="")
    meeting.participations.filter(pk=second.pk).update(withdrawn_because="w")
    assert [gap for gap, _ in gaps(meeting)] == [Gap.ATTENDANCE]


def test_what_was_deferred_goes_on_and_opening_words_do_not(cast: Cast, meeting: Meeting) -> None:
    following = Meeting.objects.get(body__code="council", quarter="2027-Q1")
    following.starts_at = meeting.starts_at.replace(month=8)
    following.ends_at = meeting.starts_at.replace(month=8, hour=12)
    following.save()
    an_agenda_item(meeting, kind="remarks", title="여는 말")
    deferred = an_agenda_item(meeting, title="다음에", result="deferred")
    assert close_meeting(meeting, by=actor_of(cast.secretary), now=HELD) == following
    titles = set(AgendaItem.objects.filter(meeting=following).values_list("title", flat=True))
    assert deferred.title in titles
    assert "여는 말" not in titles
