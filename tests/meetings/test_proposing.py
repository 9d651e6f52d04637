"""Items are handed in by those at the table and answered by the secretary; nobody else sees them before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from council.core.errors import DomainError, NotAllowedNow, SomebodyWasFaster
from council.core.labels import LabelStays
from council.core.models import AuditEntry
from council.mail.models import Notice
from council.meetings.models import AgendaItem, Meeting
from council.meetings.operations.agenda import AgendaRefused, save_agenda_item, withdraw_agenda_item
from council.meetings.operations.proposals import (
    accept_item,
    merge_item,
    note_competition_check,
    propose_item,
    return_item,
)
from council.meetings.operations.schedule import begin_meeting, cancel_meeting, close_meeting, convene_meeting
from council.meetings.states import AGENDA_ITEM
from tests.access.rows import an_agenda_item, an_open_meeting, who_sees
from tests.factories import Cast, a_meeting, actor_of, moment
from tests.factories.founding import clock
from tests.factories.rows import TESTER
from tests.reminders.told import told

__all__ = ["clock"]
pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("clock")]
NOW, START = moment("2026-11-24 09:00"), moment("2027-05-20 10:00")
AFTER_ITEMS_WERE_DUE = moment("2027-05-01 00:00")
CANARY = "CANARY-PLAN-OF-SKT"
OWNERS = {"secretary", "skt_liaison", "skt_ceo"}


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    return an_open_meeting()


def proposed(cast: Cast, meeting: Meeting, *, now: Any = NOW, label: str = "TLP:AMBER", **values: Any) -> AgendaItem:
    """By SKT's liaison."""
    given = {"title": CANARY, "owner": cast.skt, "state": "proposed", "label": label} | values
    item = AgendaItem(meeting=meeting, **given)
    propose_item(item, by=actor_of(cast.skt_liaison), now=now)
    return item


def accepted(cast: Cast, meeting: Meeting, **values: Any) -> AgendaItem:
    item = AgendaItem(meeting=meeting, **{"title": "안건", "owner": cast.skt} | values)
    save_agenda_item(item, by=TESTER)
    return item


def checked(cast: Cast, item: AgendaItem) -> AgendaItem:
    note_competition_check(item, by=actor_of(cast.secretary), opinion=" 가격 정보 없음 ", now=NOW)
    return item


def stored(item: AgendaItem) -> AgendaItem:
    return AgendaItem.objects.get(pk=item.pk)


ANSWERS: dict[str, Callable[[AgendaItem], None]] = {
    "accept": lambda item: accept_item(item, by=TESTER),
    "return": lambda item: return_item(item, by=TESTER, reason="근거 자료"),
    "merge": lambda item: merge_item(item, by=TESTER, into=AgendaItem.objects.get(title="안건")),
    "withdraw": lambda item: withdraw_agenda_item(item, by=TESTER, reason="철회"),
}
LEADS_TO = {"accept": "accepted", "return": "returned", "merge": "withdrawn", "withdraw": "withdrawn"}


def test_a_proposal_is_its_owners_and_the_secretarys_whatever_its_label(cast: Cast, meeting: Meeting) -> None:
    item = proposed(cast, meeting, label="TLP:GREEN")
    assert (item.state, item.position, item.proposed_at, item.late) == ("proposed", 0, NOW, False)
    assert who_sees(cast, item) == OWNERS
    assert told(kind="agenda_proposed") == {"secretary@msit.test"}
    assert AuditEntry.objects.get(verb="agenda.item_proposed").actor_user_id == cast.skt_liaison.pk


def test_a_proposal_after_the_day_for_items_is_taken_and_marked_as_late(cast: Cast, meeting: Meeting) -> None:
    due_at = meeting.deadlines.get(kind="items_due").due_at
    assert not proposed(cast, meeting, now=due_at).late
    assert proposed(cast, meeting, now=due_at + timedelta(seconds=1)).late
    meeting.deadlines.filter(kind="items_due").update(waived_because="긴급")
    assert not proposed(cast, meeting, now=AFTER_ITEMS_WERE_DUE).late
    meeting.deadlines.filter(kind="items_due").delete()
    assert not proposed(cast, meeting, now=AFTER_ITEMS_WERE_DUE).late


@pytest.mark.parametrize("state", ["draft", "its hour has come", "in_progress", "closed", "cancelled"])
def test_items_are_taken_for_an_announced_meeting_that_has_not_begun(cast: Cast, state: str) -> None:
    meeting, now = a_meeting(), START if state == "its hour has come" else NOW
    if state != "draft":
        convene_meeting(meeting, by=TESTER, now=NOW, quiet=True)
    if state in {"in_progress", "closed"}:
        begin_meeting(meeting, by=TESTER)
    if state == "closed":
        close_meeting(meeting, by=TESTER, now=START)
    if state == "cancelled":
        cancel_meeting(meeting, by=TESTER, now=NOW, reason="일정", quiet=True)
    with pytest.raises(NotAllowedNow):
        proposed(cast, meeting, now=now)
    assert (meeting.agenda_items.count(), Notice.objects.count()) == (0, 0)


def test_nobody_puts_an_item_on_the_agenda_by_proposing_it(cast: Cast, meeting: Meeting) -> None:
    with pytest.raises(NotAllowedNow):
        proposed(cast, meeting, state="accepted")
    assert meeting.agenda_items.count() == 0


def test_an_accepted_item_stands_at_the_end_and_is_seen_by_its_label(cast: Cast, meeting: Meeting) -> None:
    accepted(cast, meeting)
    item = proposed(cast, meeting)
    assert "kt_ceo" not in who_sees(cast, item)
    accept_item(item, by=actor_of(cast.secretary))
    assert (stored(item).state, stored(item).position) == ("accepted", 2)
    assert {"kt_ceo", "kt_liaison", "lgu_liaison", "chair"} <= who_sees(cast, item)
    assert told(kind="agenda_answered") == {"liaison@skt.test"}


def test_what_its_owner_changed_meanwhile_is_what_is_accepted(cast: Cast, meeting: Meeting) -> None:
    item = proposed(cast, meeting)
    older = stored(item)
    item.title = "고친 제목"
    propose_item(item, by=actor_of(cast.skt_liaison), now=NOW)
    accept_item(older, by=TESTER)
    assert (stored(item).title, stored(item).state) == ("고친 제목", "accepted")


@pytest.mark.parametrize("label", ["TLP:RED", "TLP:AMBER+STRICT"])
def test_what_is_stricter_than_amber_is_not_accepted(cast: Cast, meeting: Meeting, label: str) -> None:
    item = proposed(cast, meeting, label=label)
    with pytest.raises(AgendaRefused) as refusal:
        accept_item(item, by=TESTER)
    assert (refusal.value.field, stored(item).state, told(kind="agenda_answered")) == ("label", "proposed", set())
    assert who_sees(cast, item) <= OWNERS


def test_a_returned_item_says_what_is_missing_and_is_handed_in_again(cast: Cast, meeting: Meeting) -> None:
    item = proposed(cast, meeting)
    with pytest.raises(AgendaRefused) as refusal:
        return_item(item, by=TESTER, reason="  ")
    assert refusal.value.field == "reason"
    return_item(item, by=TESTER, reason=" 근거 자료 ")
    assert (stored(item).state, stored(item).returned_because) == ("returned", "근거 자료")
    assert told(kind="agenda_answered") == {"liaison@skt.test"}
    item.background = "근거"
    propose_item(item, by=actor_of(cast.skt_liaison), now=AFTER_ITEMS_WERE_DUE)
    again = stored(item)
    assert (again.state, again.returned_because, again.background) == ("proposed", "", "근거")
    assert (again.proposed_at, again.late) == (AFTER_ITEMS_WERE_DUE, True)


def test_a_proposal_that_waits_can_be_changed_and_stays_where_it_is(cast: Cast, meeting: Meeting) -> None:
    item = proposed(cast, meeting)
    item.title = "고친 제목"
    propose_item(item, by=actor_of(cast.skt_liaison), now=AFTER_ITEMS_WERE_DUE)
    again = stored(item)
    assert (again.title, again.state, again.proposed_at, again.late) == ("고친 제목", "proposed", NOW, False)


def test_a_proposal_keeps_its_label_when_it_is_changed(cast: Cast, meeting: Meeting) -> None:
    item = proposed(cast, meeting, label="TLP:AMBER+STRICT")
    item.label = "TLP:AMBER"
    with pytest.raises(LabelStays):
        propose_item(item, by=actor_of(cast.skt_liaison), now=NOW)
    assert stored(item).label == "TLP:AMBER+STRICT"


@pytest.mark.parametrize("name", ["meeting", "owner"])
def test_a_proposal_stays_with_its_meeting_and_its_owner(cast: Cast, meeting: Meeting, name: str) -> None:
    item = proposed(cast, meeting)
    elsewhere = an_open_meeting(quarter="2027-Q3", starts_at=moment("2027-08-26 10:00"))
    setattr(item, name, {"meeting": elsewhere, "owner": cast.kt}[name])
    with pytest.raises(DomainError):
        propose_item(item, by=actor_of(cast.skt_liaison), now=NOW)
    assert (stored(item).meeting, stored(item).owner) == (meeting, cast.skt)


def test_a_merged_item_stays_in_the_record_and_names_what_stands_for_it(cast: Cast, meeting: Meeting) -> None:
    into, item = accepted(cast, meeting), proposed(cast, meeting)
    merge_item(item, by=TESTER, into=into)
    assert (stored(item).state, stored(item).merged_into) == ("withdrawn", into)
    assert told(kind="agenda_answered") == {"liaison@skt.test"}


def test_an_item_is_merged_only_into_another_that_stands_on_its_agenda(cast: Cast, meeting: Meeting) -> None:
    item, waiting, gone = proposed(cast, meeting), proposed(cast, meeting), accepted(cast, meeting)
    elsewhere = accepted(cast, an_open_meeting(quarter="2027-Q3", starts_at=moment("2027-08-26 10:00")))
    as_it_was = stored(gone)
    withdraw_agenda_item(gone, by=TESTER, reason="철회")
    for into in (item, waiting, elsewhere, gone, as_it_was):
        with pytest.raises(AgendaRefused) as refusal:
            merge_item(item, by=TESTER, into=into)
        assert refusal.value.field == "into"
    assert stored(item).state == "proposed"


@pytest.mark.parametrize("state", ["proposed", "returned", "accepted", "withdrawn"])
@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_is_given_only_in_the_states_that_lead_to_it(
    cast: Cast, meeting: Meeting, state: str, answer: str
) -> None:
    accepted(cast, meeting)
    item = an_agenda_item(meeting, state=state)
    if LEADS_TO[answer] in AGENDA_ITEM[state]:
        ANSWERS[answer](item)
        assert stored(item).state == LEADS_TO[answer]
        return
    with pytest.raises(NotAllowedNow):
        ANSWERS[answer](item)
    assert stored(item).state == state


@pytest.mark.parametrize("answer", ANSWERS)
def test_once_it_was_held_nothing_is_answered(cast: Cast, meeting: Meeting, answer: str) -> None:
    accepted(cast, meeting)
    item = proposed(cast, meeting)
    begin_meeting(Meeting.objects.get(pk=meeting.pk), by=TESTER)
    with pytest.raises(NotAllowedNow):
        ANSWERS[answer](item)
    assert stored(item).state == "proposed"


def test_of_two_who_answer_at_once_one_does(cast: Cast, meeting: Meeting) -> None:
    accepted(cast, meeting)
    item = proposed(cast, meeting)
    older = {answer: stored(item) for answer in ANSWERS}
    accept_item(item, by=TESTER)
    for answer, act in ANSWERS.items():
        with pytest.raises(SomebodyWasFaster):
            act(older[answer])
    assert (stored(item).state, stored(item).returned_because, stored(item).merged_into) == ("accepted", "", None)


def test_what_was_answered_is_not_changed_by_its_owner_any_more(cast: Cast, meeting: Meeting) -> None:
    item = proposed(cast, meeting)
    older = stored(item)
    accept_item(item, by=TESTER)
    for row in (item, older):
        row.title = "나중에 바꾼 제목"
        with pytest.raises(NotAllowedNow):
            propose_item(row, by=actor_of(cast.skt_liaison), now=NOW)
    assert stored(item).title == CANARY


def test_a_check_of_competition_law_says_who_when_and_what_was_found(cast: Cast, meeting: Meeting) -> None:
    item = accepted(cast, meeting)
    with pytest.raises(NotAllowedNow):
        note_competition_check(item, by=TESTER, opinion="없음", now=NOW)
    with pytest.raises(AgendaRefused) as refusal:
        note_competition_check(item, by=actor_of(cast.secretary), opinion=" ", now=NOW)
    assert refusal.value.field == "opinion"
    found = stored(checked(cast, item))
    assert (found.competition_checked_by, found.competition_checked_at) == (cast.secretary, NOW)
    assert found.competition_opinion == "가격 정보 없음"


@pytest.mark.parametrize(("change", "kept"), [("title", False), ("background", False), ("duration", True)])
def test_a_check_is_forgotten_when_the_words_change(cast: Cast, meeting: Meeting, change: str, kept: bool) -> None:
    item = checked(cast, accepted(cast, meeting))
    setattr(item, change, {"title": "요금 인하", "background": "요금", "duration": 45}[change])
    save_agenda_item(item, by=TESTER)
    found = stored(item)
    assert (found.competition_checked_at is not None, found.competition_checked_by is not None) == (kept, kept)
    assert bool(found.competition_opinion) is kept


def test_a_check_is_forgotten_when_the_owner_changes_the_words(cast: Cast, meeting: Meeting) -> None:
    item = checked(cast, proposed(cast, meeting))
    item.title = "요금 인하 계획"
    propose_item(item, by=actor_of(cast.skt_liaison), now=NOW)
    assert stored(item).competition_checked_at is None


def test_the_record_says_that_a_check_counts_no_more(cast: Cast, meeting: Meeting) -> None:
    item = checked(cast, accepted(cast, meeting))
    item.title = "요금 인하"
    save_agenda_item(item, by=TESTER)
    entry = AuditEntry.objects.filter(verb="agenda.item_saved").latest("pk")
    assert entry.before.get("competition_checked_by_id") == cast.secretary.pk
    assert entry.after["competition_checked_by_id"] is None
