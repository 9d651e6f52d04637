"""What is not handed in or not announced yet belongs to whoever writes it."""

from __future__ import annotations

import pytest

from council.access.visibility import visible_to
from council.actions.models import ActionItem
from council.actions.operations.progress import Progress, save_draft
from council.core.labels import Label
from council.meetings.models import Deadline, Meeting
from council.meetings.operations.schedule import cancel_meeting, convene_meeting
from tests.access.rows import a_labelled_action, an_agenda_item, who_sees
from tests.access.test_labels import COUNCIL
from tests.factories import TODAY, Cast, a_meeting, actor_of, an_action, moment

DRAFT = Progress(percent=10, text="not said yet")
NOW = moment("2026-11-24 10:00")


@pytest.mark.parametrize("label", list(Label))
def test_a_drafted_update_is_its_owners_alone_and_not_the_ministrys(cast: Cast, label: Label) -> None:
    draft = save_draft(a_labelled_action(label), by=actor_of(cast.skt_liaison), progress=DRAFT)
    owners = set() if label == Label.RED else {"skt_liaison", "skt_ciso", "skt_ceo"}
    assert who_sees(cast, draft) == owners


def test_the_ministrys_own_draft_is_the_ministrys(cast: Cast) -> None:
    draft = save_draft(an_action("MSIT"), by=actor_of(cast.secretary), progress=DRAFT)
    assert who_sees(cast, draft) == {"secretary"}


def test_a_provisional_item_is_the_secretariats(cast: Cast) -> None:
    action = a_labelled_action(Label.GREEN)
    ActionItem.objects.update(state="draft")
    assert who_sees(cast, action) == {"secretary"}


def test_a_meeting_in_preparation_is_the_secretariats_with_its_agenda_and_deadlines(cast: Cast) -> None:
    meeting = a_meeting()
    item = an_agenda_item(meeting)
    assert who_sees(cast, meeting) == {"secretary"}
    assert who_sees(cast, item) == {"secretary"}
    assert who_sees(cast, meeting.deadlines.get(kind="items_due")) == {"secretary"}


def test_announcing_shows_it_to_everyone_seated_on_the_body(cast: Cast) -> None:
    meeting = a_meeting()
    convene_meeting(meeting, by=actor_of(cast.secretary), now=NOW, quiet=True)
    assert who_sees(cast, meeting) == COUNCIL
    assert who_sees(cast, meeting.deadlines.get(kind="items_due")) == COUNCIL


def test_a_plan_called_off_before_it_was_announced_betrays_nothing(cast: Cast) -> None:
    meeting = a_meeting()
    cancel_meeting(meeting, by=actor_of(cast.secretary), now=NOW, reason="Never mind")
    assert who_sees(cast, meeting) == {"secretary"}


def test_a_meeting_called_off_afterwards_stays_visible(cast: Cast) -> None:
    meeting = a_meeting()
    convene_meeting(meeting, by=actor_of(cast.secretary), now=NOW, quiet=True)
    cancel_meeting(meeting, by=actor_of(cast.secretary), now=NOW, reason="Flood")
    assert who_sees(cast, meeting) == COUNCIL


def test_a_carrier_counts_no_meeting_it_was_not_told_of(cast: Cast) -> None:
    seen = visible_to(actor_of(cast.kt_liaison), Meeting.objects.all(), on=TODAY)
    assert [meeting.kind for meeting in seen] == ["founding"]
    assert Meeting.objects.count() == 3
    assert not visible_to(actor_of(cast.kt_liaison), Deadline.objects.all(), on=TODAY).exists()
