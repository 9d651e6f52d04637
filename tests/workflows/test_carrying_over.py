"""What stands on the next agenda by itself: standing items, what was left, what is owed; each once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import translation

from council.access.visibility import visible_to
from council.actions.models import AgendaLink
from council.actions.operations.items import cancel_action
from council.core.errors import NotAllowedNow
from council.core.models import AuditEntry
from council.core.quarters import Quarter
from council.meetings.models import AgendaItem, Meeting, StandingItem
from council.meetings.operations import schedule
from council.meetings.operations.agenda import save_agenda_item, withdraw_agenda_item
from council.meetings.operations.proposals import note_competition_check
from council.meetings.operations.schedule import Plan, begin_meeting, cancel_meeting, convene_meeting
from council.parties.models import Body
from council.workflows.call_meeting import call_meeting
from council.workflows.carry_over import carry_over
from council.workflows.close_meeting import close_meeting
from council.workflows.open_quarter import Chosen, open_quarter
from tests.factories import TODAY, Cast, a_meeting, actor_of, an_action, moment
from tests.factories.founding import clock
from tests.factories.rows import TESTER
from tests.mail.letters import person_of

__all__ = ["clock"]
pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("clock")]
NOW, CLOSED = moment("2026-11-24 09:00"), moment("2027-02-25 12:00")
OPENING, MINUTES, ACTIONS, CLOSING = (
    "개회 및 인사말씀", "지난 회의록 확인", "조치사항 이행 현황 보고", "마무리 말씀 및 폐회",
)  # fmt: skip
CANARY = "CANARY-CHOSEN-PEOPLE"


@pytest.fixture
def last(cast: Cast) -> Meeting:
    """The council's meeting of the first quarter of 2027, which the seed has planned."""
    return Meeting.objects.get(body__code="council", kind="regular")


@pytest.fixture
def following(last: Meeting) -> Meeting:
    return a_meeting()


def an_item(cast: Cast, meeting: Meeting, title: str, result: str = "", **values: Any) -> AgendaItem:
    item = AgendaItem(meeting=meeting, **{"title": title, "owner": cast.skt} | values)
    save_agenda_item(item, by=TESTER)
    AgendaItem.objects.filter(pk=item.pk).update(result=result)
    return item


def in_session(meeting: Meeting) -> Meeting:
    convene_meeting(meeting, by=TESTER, now=NOW, quiet=True)
    begin_meeting(meeting, by=TESTER)
    return meeting


def settled(meeting: Meeting) -> Meeting:
    """In session, with nothing left that is in the way of closing it."""
    in_session(meeting)
    meeting.participations.update(attendance="present")
    meeting.agenda_items.filter(result="").update(result="noted")
    return meeting


def held(meeting: Meeting) -> Meeting:
    """Closed as it stands, some items without a result."""
    schedule.close_meeting(in_session(meeting), by=TESTER, now=CLOSED)
    if following := Meeting.objects.next_regular(meeting.body_id, after=meeting):
        carry_over(following, by=TESTER)
    return meeting


def agenda(meeting: Meeting) -> list[str]:
    on_it = meeting.agenda_items.filter(state="accepted").order_by("position", "pk")
    return [title.split(":")[0] for title in on_it.values_list("title", flat=True)]


def rows() -> list[list[Any]]:
    return [list(model._default_manager.order_by("pk").values_list()) for model in (AgendaItem, AgendaLink)]


def test_run_three_times_it_adds_what_is_missing_once(cast: Cast, last: Meeting) -> None:
    an_item(cast, last, "보류", "deferred")
    an_action("SKT")
    held(last)
    following = a_meeting()
    assert carry_over(following, by=TESTER) == 5
    added = AuditEntry.objects.filter(verb="agenda.carried_over").order_by("-pk")[:5]
    assert {entry.target_id for entry in added} == {
        str(pk) for pk in following.agenda_items.values_list("pk", flat=True)
    }
    after, written = rows(), AuditEntry.objects.count()
    assert [carry_over(following, by=TESTER) for _again in range(2)] == [0, 0]
    assert (rows(), AuditEntry.objects.count()) == (after, written)


def test_the_first_agenda_has_the_standing_items_in_their_order_and_no_minutes_to_confirm(last: Meeting) -> None:
    assert agenda(last) == [OPENING, ACTIONS, CLOSING]
    assert set(last.agenda_items.values_list("state", "owner__code")) == {("accepted", "MSIT")}
    assert last.agenda_items.exclude(about_meeting=None).count() == 0


def test_the_minutes_to_be_confirmed_are_those_of_the_meeting_that_is_named(last: Meeting, following: Meeting) -> None:
    held(last)
    item = following.agenda_items.get(standing__about="previous_minutes")
    assert (item.about_meeting, item.consent, item.kind) == (last, True, "decision")
    assert item.title.startswith(f"{MINUTES}: ")
    assert last.plain_name in item.title


def test_what_was_deferred_or_left_without_a_result_goes_on_with_a_link_back(
    cast: Cast, last: Meeting, following: Meeting
) -> None:
    values = {"background": "배경", "duration": 25, "kind": "decision", "label": "TLP:GREEN"}
    deferred = an_item(cast, last, "보류", "deferred", presenter=cast.skt_ceo.person, **values)
    unfinished = an_item(cast, last, "미완")
    for result in ("adopted", "adopted_with_changes", "noted", "withdrawn"):
        an_item(cast, last, f"끝난 것 {result}", result)
    an_item(cast, last, "제안에 그친 것", state="proposed")
    withdraw_agenda_item(an_item(cast, last, "철회된 것"), by=TESTER, reason="철회")
    held(last)
    carried = following.agenda_items.exclude(carried_from=None).order_by("position")
    assert [(item.title, item.carried_from) for item in carried] == [("보류", deferred), ("미완", unfinished)]
    first = carried[0]
    assert {name: getattr(first, name) for name in values} == values
    assert (first.owner, first.presenter, first.state, first.result) == (cast.skt, cast.skt_ceo.person, "accepted", "")


def test_a_meeting_planned_behind_one_that_is_ahead_waits_for_what_that_will_leave(cast: Cast, last: Meeting) -> None:
    first = an_item(cast, last, "보류", "deferred")
    held(last)
    second, third = a_meeting(), a_meeting(quarter="2027-Q3", starts_at=moment("2027-08-26 10:00"))
    assert (carry_over(second, by=TESTER), carry_over(third, by=TESTER)) == (5, 3)
    assert agenda(third) == [OPENING, ACTIONS, CLOSING]
    AgendaItem.objects.filter(carried_from=first).update(result="adopted")
    held(second)
    assert sorted(agenda(third)) == sorted([OPENING, MINUTES, ACTIONS, CLOSING])
    assert third.agenda_items.get(standing__about="previous_minutes").about_meeting == second
    cancelled = a_meeting(quarter="2027-Q4", starts_at=moment("2027-11-25 10:00"))
    cancel_meeting(third, by=TESTER, now=NOW, reason="일정")
    carry_over(cancelled, by=TESTER)
    assert cancelled.agenda_items.get(standing__about="previous_minutes").about_meeting == second


def test_the_minutes_are_named_in_korean_whoever_plans(last: Meeting) -> None:
    held(last)
    with translation.override("en"):
        carry_over(following := a_meeting(), by=TESTER)
    title = following.agenda_items.get(standing__about="previous_minutes").title
    assert not re.search("[a-zA-Z]{3}", title.replace("CEO", ""))


def test_what_is_deferred_again_and_again_leads_back_to_the_first(cast: Cast, last: Meeting) -> None:
    first = an_item(cast, last, "보류", "deferred")
    second_meeting = a_meeting()
    held(last)
    second = second_meeting.agenda_items.get(carried_from=first)
    third_meeting = a_meeting(quarter="2027-Q3", starts_at=moment("2027-08-26 10:00"))
    held(second_meeting)
    assert third_meeting.agenda_items.get(carried_from=second).title == "보류"
    assert third_meeting.agenda_items.filter(carried_from=first).count() == 0


def test_what_the_secretary_has_taken_off_does_not_come_back(cast: Cast, last: Meeting, following: Meeting) -> None:
    an_item(cast, last, "보류", "deferred")
    held(last)
    for item in following.agenda_items.filter(title__in=["보류", OPENING]):
        withdraw_agenda_item(item, by=TESTER, reason="불필요")
    assert carry_over(following, by=TESTER) == 0
    assert {"보류", OPENING} & set(agenda(following)) == set()


def test_the_closing_words_stay_at_the_end_whatever_is_carried_over_later(
    cast: Cast, last: Meeting, following: Meeting
) -> None:
    carry_over(following, by=TESTER)
    an_item(cast, following, "새 안건")
    an_item(cast, last, "보류", "deferred")
    held(last)
    assert agenda(following) == [OPENING, ACTIONS, "새 안건", MINUTES, "보류", CLOSING]


def test_a_check_of_competition_law_is_not_carried_over(cast: Cast, last: Meeting, following: Meeting) -> None:
    item = an_item(cast, last, "보류", "deferred")
    note_competition_check(item, by=actor_of(cast.secretary), opinion="없음", now=NOW)
    held(last)
    assert following.agenda_items.get(carried_from=item).competition_checked_at is None


def test_open_action_items_stand_under_their_item_once_and_settled_ones_do_not(
    cast: Cast, last: Meeting, following: Meeting
) -> None:
    open_one, settled = an_action("SKT"), an_action("KT")
    cancel_action(settled, by=TESTER, reason="중복")
    elsewhere = an_action("LGU")
    type(elsewhere).objects.filter(pk=elsewhere.pk).update(body=cast.ciso)
    held(last)
    place = following.agenda_items.get(standing__about="open_actions")
    assert list(place.action_links.values_list("action", "reason")) == [(open_one.pk, "open")]
    later = an_action("KT", title="Later")
    for _again in range(2):
        carry_over(following, by=TESTER)
    assert set(place.action_links.values_list("action", flat=True)) == {open_one.pk, later.pk}
    assert place.action_links.count() == 2


def test_a_rivals_action_items_are_not_seen_under_the_item(cast: Cast, last: Meeting, following: Meeting) -> None:
    action = an_action("SKT", label="TLP:AMBER+STRICT", title="CANARY-ACTION")
    held(last)
    convene_meeting(following, by=TESTER, now=NOW, quiet=True)
    links = AgendaLink.objects.filter(action=action)
    assert links.count() == 1
    seen = {
        name: visible_to(actor_of(getattr(cast, name)), links, on=TODAY).exists()
        for name in ("secretary", "skt_liaison", "kt_liaison", "kt_ceo", "chair", "nobody")
    }
    assert [name for name, sees in seen.items() if sees] == ["secretary", "skt_liaison"]


def test_where_the_item_about_them_was_taken_off_no_action_item_is_linked(last: Meeting, following: Meeting) -> None:
    carry_over(following, by=TESTER)
    withdraw_agenda_item(following.agenda_items.get(standing__about="open_actions"), by=TESTER, reason="생략")
    an_action("SKT")
    carry_over(following, by=TESTER)
    assert AgendaLink.objects.filter(agenda_item__meeting=following).count() == 0


def test_closing_a_meeting_carries_over_to_the_next_that_is_planned(cast: Cast, last: Meeting) -> None:
    later = a_meeting(quarter="2027-Q3", starts_at=moment("2027-08-26 10:00"))
    called_off = a_meeting(starts_at=moment("2027-05-12 10:00"))
    cancel_meeting(called_off, by=TESTER, now=NOW, reason="일정")
    following = a_meeting()
    an_item(cast, last, "보류", "deferred")
    assert close_meeting(settled(last), by=TESTER, now=CLOSED) == following
    assert Meeting.objects.get(pk=last.pk).state == "closed"
    assert (agenda(later), agenda(called_off)) == ([], [])
    assert "보류" in agenda(following)


def test_closing_the_last_one_that_is_planned_carries_nothing_and_opening_the_next_quarter_does(
    cast: Cast, last: Meeting
) -> None:
    an_item(cast, last, "보류", "deferred")
    assert close_meeting(settled(last), by=TESTER, now=CLOSED) is None
    plan = Plan(starts_at=moment("2027-05-20 10:00"), ends_at=moment("2027-05-20 11:30"))
    body = Body.objects.get(code="council")
    (made,) = open_quarter([Chosen(body=body, quarter=Quarter(2027, 2), plan=plan)], by=TESTER, now=CLOSED)
    assert agenda(made) == [OPENING, MINUTES, ACTIONS, "보류", CLOSING]


def test_an_extraordinary_meeting_gets_no_standing_items_and_what_it_defers_is_not_lost(
    cast: Cast, last: Meeting
) -> None:
    held(last)
    special = a_meeting(kind="extraordinary", quarter="2027-Q1", starts_at=moment("2027-03-20 10:00"))
    an_item(cast, special, "긴급", "deferred")
    carry_over(special, by=TESTER)
    assert special.agenda_items.exclude(standing=None).count() == 0
    following = a_meeting()
    held(special)
    item = following.agenda_items.get(standing__about="previous_minutes")
    assert item.about_meeting == last
    carry_over(following, by=TESTER)
    carry_over(following, by=TESTER)
    assert agenda(following).count("긴급") == 1


def test_nothing_of_a_meeting_of_chosen_people_reaches_an_agenda_or_the_other_way_round(
    cast: Cast, last: Meeting, following: Meeting
) -> None:
    plan = Plan(starts_at=moment("2027-03-06 20:00"), ends_at=moment("2027-03-06 21:00"), title=CANARY)
    secret = call_meeting(
        by=TESTER, body=cast.council, plan=plan, only=[person_of(cast.skt_ceo)], announce_now=False, now=NOW
    )
    an_item(cast, last, "보류", "deferred")
    an_item(cast, secret, CANARY, "deferred")
    held(last)
    assert carry_over(secret, by=TESTER) == 0
    held(secret)
    carry_over(following, by=TESTER)
    assert agenda(secret) == [CANARY]
    assert not any(CANARY in str(row) for row in following.agenda_items.values())


def test_each_body_carries_over_its_own(cast: Cast, last: Meeting, following: Meeting) -> None:
    group = Meeting.objects.get(body__code="ciso", kind="regular")
    an_item(cast, group, "실무 안건", "deferred")
    next_of_group = a_meeting("ciso", starts_at=moment("2027-04-28 10:00"))
    assert close_meeting(settled(group), by=TESTER, now=CLOSED) == next_of_group
    assert ("실무 안건" in agenda(next_of_group), agenda(following)) == (True, [])


def test_the_agenda_of_a_meeting_that_was_held_takes_nothing_more(last: Meeting) -> None:
    StandingItem.objects.create(body=last.body, position=9, title="새 상시 안건")
    held(last)
    before = rows()
    with pytest.raises(NotAllowedNow):
        carry_over(last, by=TESTER)
    assert rows() == before
