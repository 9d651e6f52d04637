"""Putting items on an agenda, taking them off, and the order."""

from __future__ import annotations

from typing import Any

import pytest

from council.core.errors import NotAllowedNow
from council.core.models import AuditEntry
from council.declaration.models import Commitment, Declaration, Pillar
from council.meetings.models import AgendaItem, Meeting
from council.meetings.operations.agenda import (
    AgendaRefused,
    reorder_agenda,
    save_agenda_item,
    withdraw_agenda_item,
)
from council.meetings.operations.schedule import begin_meeting, cancel_meeting, close_meeting, convene_meeting
from council.parties.models import Body, Organisation
from tests.factories import a_meeting, moment
from tests.factories.rows import TESTER

NOW = moment("2026-11-24 09:00")


@pytest.fixture
def meeting(council: Body, ministry: Organisation) -> Meeting:
    return a_meeting()


def new_item(meeting: Meeting, title: str = "안건", **values: Any) -> AgendaItem:
    return AgendaItem(meeting=meeting, title=title, owner=Organisation.objects.get(code="MSIT"), **values)


def an_item(meeting: Meeting, title: str = "안건", **values: Any) -> AgendaItem:
    item = new_item(meeting, title, **values)
    save_agenda_item(item, by=TESTER)
    return item


def a_commitment(council: Body) -> Commitment:
    declaration = Declaration.objects.create(
        code="d", body=council, title_ko="선언", title_en="D", issued_on="2026-04-09"
    )
    pillar = Pillar.objects.create(declaration=declaration, order=1, code="p", title_ko="분야", title_en="P")
    return Commitment.objects.create(
        declaration=declaration, code="C01", pillar=pillar, kind="joint", title_ko="과제", title_en="C"
    )


def on_agenda(meeting: Meeting) -> list[tuple[int, str]]:
    return list(meeting.agenda_items.order_by("position", "id").values_list("position", "title"))


def test_a_new_item_stands_at_the_end(meeting: Meeting) -> None:
    for title in ("하나", "둘", "셋"):
        an_item(meeting, title)
    assert on_agenda(meeting) == [(1, "하나"), (2, "둘"), (3, "셋")]


def test_a_place_is_not_taken_but_given_by_the_order(meeting: Meeting) -> None:
    an_item(meeting, "하나")
    an_item(meeting, "나중", position=9)
    assert on_agenda(meeting) == [(1, "하나"), (2, "나중")]


def test_a_new_item_is_written_down(meeting: Meeting) -> None:
    item = an_item(meeting)
    entry = AuditEntry.objects.get(verb="agenda.item_saved")
    assert (entry.target_id, entry.before["title"], entry.after["title"]) == (str(item.pk), None, "안건")


def test_a_changed_item_keeps_its_place_and_is_written_down_with_what_changed(meeting: Meeting) -> None:
    item = an_item(meeting)
    an_item(meeting, "둘")
    item.title = "고친 안건"
    save_agenda_item(item, by=TESTER)
    assert on_agenda(meeting) == [(1, "고친 안건"), (2, "둘")]
    entry = AuditEntry.objects.filter(verb="agenda.item_saved").latest("id")
    assert (entry.before, entry.after) == ({"title": "안건"}, {"title": "고친 안건"})


def test_an_item_saved_without_a_change_leaves_no_entry(meeting: Meeting) -> None:
    item = an_item(meeting)
    save_agenda_item(item, by=TESTER)
    assert AuditEntry.objects.filter(verb="agenda.item_saved").count() == 1


def test_an_item_stays_with_its_owner_who_alone_may_agree_that_others_read_it(meeting: Meeting) -> None:
    item = an_item(meeting)
    item.owner = Organisation.objects.create(code="KT", kind="carrier", name_ko="KT", name_en="KT")
    with pytest.raises(AgendaRefused) as refusal:
        save_agenda_item(item, by=TESTER)
    assert refusal.value.field == "owner"
    item.refresh_from_db()
    assert item.owner.code == "MSIT"


def test_a_convened_meeting_still_takes_items(meeting: Meeting) -> None:
    convene_meeting(meeting, by=TESTER, now=NOW, quiet=True)
    assert an_item(meeting).position == 1


@pytest.mark.parametrize("state", ["in_progress", "closed", "cancelled"])
def test_the_agenda_of_a_meeting_in_session_held_or_cancelled_takes_nothing(meeting: Meeting, state: str) -> None:
    kept = an_item(meeting)
    if state == "cancelled":
        cancel_meeting(meeting, by=TESTER, now=NOW, reason="일정")
    else:
        convene_meeting(meeting, by=TESTER, now=NOW, quiet=True)
        begin_meeting(meeting, by=TESTER)
    if state == "closed":
        close_meeting(meeting, by=TESTER, now=NOW)
    assert meeting.state == state
    with pytest.raises(NotAllowedNow):
        an_item(meeting, "늦은 안건")
    kept.title = "고친 안건"
    with pytest.raises(NotAllowedNow):
        save_agenda_item(kept, by=TESTER)
    assert on_agenda(meeting) == [(1, "안건")]


def test_an_item_with_a_commitment_takes_its_pillar_from_it_and_none_beside_it(meeting: Meeting) -> None:
    commitment = a_commitment(meeting.body)
    with pytest.raises(AgendaRefused) as refusal:
        an_item(meeting, commitment=commitment, pillar=commitment.pillar)
    assert refusal.value.field == "pillar"
    assert an_item(meeting, commitment=commitment).own_pillar == commitment.pillar
    assert an_item(meeting, pillar=commitment.pillar).own_pillar == commitment.pillar
    assert an_item(meeting).own_pillar is None


def test_an_item_taken_off_stays_in_the_record_and_says_so(meeting: Meeting) -> None:
    item = an_item(meeting)
    withdraw_agenda_item(item, by=TESTER, reason="다음 회의로")
    assert AgendaItem.objects.get().state == "withdrawn"
    entry = AuditEntry.objects.get(verb="agenda.item_withdrawn")
    assert (entry.target_id, entry.reason) == (str(item.pk), "다음 회의로")


def test_an_item_is_not_taken_off_twice(meeting: Meeting) -> None:
    item = an_item(meeting)
    withdraw_agenda_item(item, by=TESTER, reason="다음 회의로")
    with pytest.raises(NotAllowedNow):
        withdraw_agenda_item(item, by=TESTER, reason="다시")
    assert AuditEntry.objects.filter(verb="agenda.item_withdrawn").count() == 1


def test_items_take_the_order_they_are_given(meeting: Meeting) -> None:
    one, two, three = (an_item(meeting, title) for title in ("하나", "둘", "셋"))
    reorder_agenda(meeting, by=TESTER, item_ids=[three.pk, one.pk, two.pk])
    assert on_agenda(meeting) == [(1, "셋"), (2, "하나"), (3, "둘")]
    entry = AuditEntry.objects.get(verb="agenda.reordered")
    assert entry.after == {"items": f"{three.pk},{one.pk},{two.pk}"}


def test_items_that_are_not_named_keep_their_order_behind_those_that_are(meeting: Meeting) -> None:
    one, two, three, four = (an_item(meeting, title) for title in ("하나", "둘", "셋", "넷"))
    reorder_agenda(meeting, by=TESTER, item_ids=[three.pk])
    assert on_agenda(meeting) == [(1, "셋"), (2, "하나"), (3, "둘"), (4, "넷")]
    reorder_agenda(meeting, by=TESTER, item_ids=[])
    assert on_agenda(meeting) == [(1, "셋"), (2, "하나"), (3, "둘"), (4, "넷")]
    assert {item.meeting_id for item in (one, two, three, four)} == {meeting.pk}


def test_an_item_named_twice_counts_once(meeting: Meeting) -> None:
    one, two = (an_item(meeting, title) for title in ("하나", "둘"))
    reorder_agenda(meeting, by=TESTER, item_ids=[two.pk, one.pk, two.pk])
    assert on_agenda(meeting) == [(1, "둘"), (2, "하나")]


def test_an_item_of_another_agenda_is_refused_and_nothing_moves(meeting: Meeting) -> None:
    one, two = (an_item(meeting, title) for title in ("하나", "둘"))
    elsewhere = an_item(a_meeting(quarter="2027-Q3", starts_at=moment("2027-08-26 10:00")))
    with pytest.raises(AgendaRefused):
        reorder_agenda(meeting, by=TESTER, item_ids=[two.pk, elsewhere.pk, one.pk])
    assert on_agenda(meeting) == [(1, "하나"), (2, "둘")]
    assert AuditEntry.objects.filter(verb="agenda.reordered").count() == 0


def test_an_item_is_named_by_its_title(meeting: Meeting) -> None:
    assert str(new_item(meeting, "기본통신권")) == "기본통신권"
