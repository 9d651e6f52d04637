"""A quarter day by day: what the reader sees on each day, days off, and what is not planned yet."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from council.core.models import Closure
from council.core.quarters import Quarter
from council.meetings.models import Deadline, Meeting
from council.meetings.operations.schedule import cancel_meeting
from council.overview.calendar import Day, Event, QuarterPage
from council.parties.models import Body, User
from tests.access.rows import a_labelled_action, an_open_meeting
from tests.factories import Cast, a_meeting, actor_of, an_action, link, moment

type SignIn = Callable[[User], Client]
type Counted = Callable[[int], AbstractContextManager[Any]]

pytestmark = pytest.mark.both_databases

CALENDAR = "/meetings/calendar/"
ADMIN = "/admin/council/meeting/calendar/"
QUERIES, ADMIN_QUERIES = 9, 10


def shown(client: Client, quarter: str = "2027-Q2", address: str = CALENDAR) -> QuarterPage:
    page = client.get(address, {"quarter": quarter}).context["page"]
    assert isinstance(page, QuarterPage)
    return page


def day_of(page: QuarterPage, day: str) -> Day:
    return next(each for month in page.months for each in month.days if each.date == date.fromisoformat(day))


def said(event: Event) -> str:
    return str(event.meeting or event.action or (event.deadline and f"{event.deadline.kind} {event.deadline.meeting}"))


def events(page: QuarterPage) -> list[str]:
    return [said(event) for day in page.lines for event in day.events]


def text_of(client: Client, quarter: str = "2027-Q2", address: str = CALENDAR) -> str:
    """What stands between the header and the footer."""
    response = client.get(address, {"quarter": quarter})
    assert response.status_code == 200
    return str(response.text.split("<main", 1)[-1]) if address == CALENDAR else str(response.text)


# --- Days -------------------------------------------------------------------------------------------------------------


def test_three_months_stand_in_weeks_from_monday_to_sunday(cast: Cast, as_user: SignIn) -> None:
    page = shown(as_user(cast.skt_liaison), "2027-Q1")
    assert [month.first for month in page.months] == [date(2027, 1, 1), date(2027, 2, 1), date(2027, 3, 1)]
    assert (page.weekdays[0], page.weekdays[6]) == ("월요일", "일요일")
    for month in page.months:
        assert {len(week) for week in month.weeks} == {7}
        for week in month.weeks:
            assert [n for n, day in enumerate(week) if day and day.date.weekday() != n] == []
    assert [len(month.days) for month in page.months] == [31, 28, 31]


@pytest.mark.parametrize("written", ["", "soon", "2027-Q5", "0000-Q1", "1999-Q4", "2101-Q1", "9999-Q4", "2027-q1"])
def test_a_quarter_that_makes_no_sense_is_the_current_one(cast: Cast, as_user: SignIn, written: str) -> None:
    client = as_user(cast.skt_liaison)
    assert shown(client, written).quarter == client.get(CALENDAR).context["page"].quarter == Quarter(2026, 4)


@pytest.mark.parametrize(
    ("quarter", "before", "after"),
    [("2027-Q1", "2026-Q4", "2027-Q2"), ("2000-Q1", None, "2000-Q2"), ("2100-Q4", "2100-Q3", None)],
)
def test_the_way_leads_to_the_quarters_before_and_after(
    cast: Cast, as_user: SignIn, quarter: str, before: str | None, after: str | None
) -> None:
    text = text_of(as_user(cast.skt_liaison), quarter)
    for rel, other in (("prev", before), ("next", after)):
        assert (f'rel="{rel}" href="?quarter={other}"' in text) is (other is not None)
        assert (f'rel="{rel}"' in text) is (other is not None)


def test_today_is_told_in_words_in_its_own_quarter_alone(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.skt_liaison)
    assert [day.date for month in shown(client, "2026-Q4").months for day in month.days if day.is_today] == [
        date(2026, 11, 24)
    ]
    assert ['aria-current="date"' in text_of(client, quarter) for quarter in ("2026-Q4", "2027-Q1")] == [True, False]


def test_holidays_and_closures_are_named(cast: Cast, as_user: SignIn) -> None:
    Closure.objects.create(date=date(2027, 5, 6), name="CLOSED-FOR-MOVING")
    client = as_user(cast.skt_liaison)
    page = shown(client)
    assert (day_of(page, "2027-05-05").holiday, day_of(page, "2027-05-06").closure) == ("어린이날", "CLOSED-FOR-MOVING")
    assert [day_of(page, f"2027-05-{n:02d}").is_off for n in (4, 5, 6, 7, 8)] == [False, True, True, False, True]
    assert text_of(client).count("CLOSED-FOR-MOVING") == text_of(client).count(">어린이날<") == 2


def test_closures_are_shown_to_those_who_see_them(cast: Cast, as_user: SignIn) -> None:
    Closure.objects.create(date=date(2027, 5, 6), name="CLOSED-FOR-MOVING")
    text = text_of(as_user(cast.nobody))
    assert ("CLOSED-FOR-MOVING" in text, "어린이날" in text) == (False, True)


# --- What happens -----------------------------------------------------------------------------------------------------


def test_a_day_shows_its_meetings_steps_and_action_items_with_links(cast: Cast, as_user: SignIn) -> None:
    meeting, action = an_open_meeting(title="THE-MEETING"), an_action("SKT", due_on=date(2027, 5, 20), title="THE-ITEM")
    client = as_user(cast.skt_liaison)
    page, text = shown(client), text_of(client)
    assert [said(event) for event in day_of(page, "2027-05-20").events] == ["THE-MEETING", "A-001 THE-ITEM"]
    assert len([event for event in events(page) if event.endswith(" THE-MEETING")]) == meeting.deadlines.count() == 12
    assert text.count(f'href="{link("meeting", meeting.pk)}"') == text.count(f'href="{link("action", action.pk)}"') == 2
    assert text.count(f'href="{link("meeting", meeting.pk)}#deadlines"') == 24
    assert '<span class="number">10:00</span> THE-MEETING' in text


@pytest.mark.parametrize(("starts_at", "day"), [("2027-03-31 23:30", "2027-Q1"), ("2027-04-01 00:30", "2027-Q2")])
def test_a_day_is_one_in_seoul(cast: Cast, as_user: SignIn, starts_at: str, day: str) -> None:
    meeting = an_open_meeting(title="LATE")
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=moment(starts_at))
    client = as_user(cast.skt_liaison)
    assert [quarter for quarter in ("2027-Q1", "2027-Q2") if "LATE" in events(shown(client, quarter))] == [day]


def test_a_step_with_a_clock_time_shows_it_and_one_by_the_end_of_a_day_does_not(cast: Cast, as_user: SignIn) -> None:
    meeting = an_open_meeting()
    Deadline.objects.filter(meeting=meeting).exclude(kind="notice").delete()
    client = as_user(cast.skt_liaison)
    assert "23:59" not in text_of(client)
    Deadline.objects.update(due_at=moment("2027-05-12 14:45"))
    assert text_of(client).count(">14:45<") == 2


def test_a_step_that_was_waived_is_struck_out_and_says_why(cast: Cast, as_user: SignIn) -> None:
    meeting = an_open_meeting()
    client = as_user(cast.skt_liaison)
    assert "<s>" not in text_of(client)
    Deadline.objects.filter(meeting=meeting, kind="notice").update(waived_because="IN-A-HURRY")
    text = text_of(client)
    assert (text.count("<s>"), text.count("IN-A-HURRY")) == (2, 2)


def test_a_cancelled_meeting_is_shown_as_cancelled_and_its_steps_are_off(cast: Cast, as_user: SignIn) -> None:
    meeting = an_open_meeting(title="OFF")
    cancel_meeting(meeting, by=actor_of(cast.secretary), now=moment("2026-11-24 10:00"), reason="x")
    client = as_user(cast.skt_liaison)
    text = text_of(client)
    assert events(shown(client)) == ["OFF"]
    assert text.count("<s>OFF</s>") == text.count('class="state state-cancelled"') == 2


def test_an_action_item_past_its_day_says_so_and_a_cancelled_one_is_gone(cast: Cast, as_user: SignIn) -> None:
    late, gone = (an_action("SKT", due_on=date(2026, 12, 1), title=title) for title in ("LATE", "GONE"))
    type(late).objects.filter(pk=late.pk).update(due_on=date(2026, 11, 2))
    type(gone).objects.filter(pk=gone.pk).update(state="cancelled", cancelled_because="x")
    client = as_user(cast.skt_liaison)
    assert events(shown(client, "2026-Q4")) == ["A-001 LATE"]
    assert text_of(client, "2026-Q4").count("state-overdue") == 2


# --- The wall ---------------------------------------------------------------------------------------------------------


def test_a_member_sees_what_was_announced_and_only_their_own_organisations_items(cast: Cast, as_user: SignIn) -> None:
    assert cast.kt_ceo.person is not None
    an_open_meeting(title="OPEN")
    a_meeting("ciso", title="CANARY-DRAFT")
    an_action("KT", due_on=date(2027, 5, 20), title="CANARY-KT")
    an_action("SKT", due_on=date(2027, 5, 20), title="CANARY-SKT", label="TLP:GREEN")
    a_labelled_action("TLP:RED", "KT", cast.kt_ceo.person, due_on=date(2027, 5, 20), title="CANARY-RED")
    others = Meeting.objects.create(
        body=cast.council, quarter="2027-Q2", kind="extraordinary", by_invitation=True, state="open", title="CANARY-BY",
        starts_at=moment("2027-05-21 10:00"), ends_at=moment("2027-05-21 11:00"), opened_at=moment("2026-11-24 09:00"),
    )  # fmt: skip
    Deadline.objects.create(meeting=others, kind="notice", due_at=moment("2027-05-18 10:00"))
    page, text = shown(as_user(cast.kt_liaison)), text_of(as_user(cast.kt_liaison))
    assert {name for name in events(page) if "OPEN" not in name} == {"A-001 CANARY-KT"}
    assert [name for name in ("DRAFT", "SKT", "RED", "BY") if f"CANARY-{name}" in text] == []
    everything = text_of(as_user(cast.secretary))
    assert [name for name in ("DRAFT", "BY") if f"CANARY-{name}" not in everything] == []
    assert "CANARY-RED" in text_of(as_user(cast.kt_ceo))


def test_an_outsider_sees_days_off_and_nothing_else(cast: Cast, as_user: SignIn) -> None:
    an_open_meeting(title="CANARY")
    an_action("SKT", due_on=date(2027, 5, 20), title="CANARY")
    for who in (cast.nobody, cast.former_liaison, cast.observer):
        assert (events(shown(as_user(who))), "CANARY" in text_of(as_user(who))) == ([], False)


# --- What is not planned ----------------------------------------------------------------------------------------------


def unplanned(client: Client, quarter: str) -> list[str]:
    return [body.code for body in shown(client, quarter).unplanned]


def test_the_secretariat_is_told_of_a_body_without_a_regular_meeting_and_led_to_planning_it(
    cast: Cast, as_user: SignIn
) -> None:
    client = as_user(cast.secretary)
    assert unplanned(client, "2027-Q2") == ["council", "ciso"]
    assert text_of(client).count(f'href="{reverse("admin:council_meeting_plan")}?quarter=2027-Q2"') == 2
    a_meeting()
    assert unplanned(client, "2027-Q2") == ["ciso"]
    Body.objects.filter(code="ciso").update(cadence="as_needed")
    assert unplanned(client, "2027-Q2") == []


def test_a_cancelled_or_extraordinary_meeting_does_not_stand_for_the_regular_one(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.secretary)
    a_meeting(kind="extraordinary")
    cancel_meeting(a_meeting(), by=actor_of(cast.secretary), now=moment("2026-11-24 10:00"), reason="x")
    assert "council" in unplanned(client, "2027-Q2")


@pytest.mark.parametrize("who", ["skt_liaison", "kt_ceo", "chair", "observer", "accounts", "nobody"])
def test_nobody_else_is_told_what_is_not_planned(cast: Cast, as_user: SignIn, who: str) -> None:
    client = as_user(getattr(cast, who))
    assert (unplanned(client, "2027-Q2"), "/plan/" in text_of(client)) == ([], False)


def test_the_secretary_who_looks_as_somebody_is_told_what_that_one_is(cast: Cast, as_user: SignIn) -> None:
    a_meeting(title="CANARY-DRAFT")
    client = as_user(cast.secretary)
    assert client.post("/view-as/", {"person": cast.kt_liaison.person_id}).status_code == 302
    assert (unplanned(client, "2027-Q2"), "CANARY-DRAFT" in text_of(client), "/admin/" in text_of(client)) == (
        [], False, False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("quarter", "missing", "to_plan"),
    [
        ("2025-Q4", [], False),  # before anybody met
        ("2026-Q3", ["council"], False),  # over, and the council had met before it
        ("2026-Q4", ["council", "ciso"], True),
        ("2029-Q4", ["council", "ciso"], True),
        ("2030-Q1", [], False),  # further ahead than is planned
    ],
)
def test_only_a_quarter_that_can_be_planned_leads_to_planning(
    cast: Cast, as_user: SignIn, quarter: str, missing: list[str], to_plan: bool
) -> None:
    client = as_user(cast.secretary)
    assert (unplanned(client, quarter), f"/plan/?quarter={quarter}" in text_of(client, quarter)) == (missing, to_plan)


# --- The administration -----------------------------------------------------------------------------------------------


def test_the_administrations_page_leads_into_the_administration(cast: Cast, as_user: SignIn) -> None:
    draft = a_meeting(title="A-DRAFT")
    item = an_action("MSIT", due_on=date(2027, 5, 21))
    text = text_of(as_user(cast.secretary), address=ADMIN)
    for name, pk, number in (("meeting", draft.pk, 26), ("actionitem", item.pk, 2)):
        assert text.count(f'href="{reverse(f"admin:council_{name}_change", args=[pk])}"') == number
    assert f"{reverse('admin:council_meeting_plan')}?quarter=2027-Q2" in text


def test_it_is_closed_to_those_who_run_no_body(cast: Cast, as_user: SignIn) -> None:
    assert as_user(cast.accounts).get(ADMIN).status_code == 403
    assert as_user(cast.skt_liaison).get(ADMIN).status_code == 302
    assert as_user(cast.secretary).get(ADMIN, {"quarter": "x"}).context["page"].quarter == Quarter(2026, 4)


# --- Both -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ko", "en"])
def test_both_languages_name_months_weekdays_and_kinds(cast: Cast, as_user: SignIn, language: str) -> None:
    User.objects.filter(pk=cast.skt_liaison.pk).update(language=language)
    an_open_meeting()
    text = text_of(as_user(cast.skt_liaison))
    korean = ("2027년 5월", "월요일", "정기회의(2027년 2분기)", "개최 통보")
    english = ("May 2027", "Monday", "Regular meeting (Q2 2027)", "Convened")
    assert [word for word in (korean if language == "ko" else english) if word not in text] == []


def test_markup_is_shown_as_it_was_typed(cast: Cast, as_user: SignIn) -> None:
    an_open_meeting(title="<script>alert(1)</script>")
    Closure.objects.create(date=date(2027, 5, 6), name="<script>alert(2)</script>")
    text = text_of(as_user(cast.skt_liaison), '2027-Q2"><script>alert(3)</script>') + text_of(as_user(cast.skt_liaison))
    assert ("<script>alert" in text, text.count("&lt;script&gt;alert(2)")) == (False, 2)


@pytest.mark.parametrize("rows", [1, 50])
def test_a_calendar_asks_the_same_number_of_questions(
    cast: Cast, as_user: SignIn, django_assert_num_queries: Counted, rows: int
) -> None:
    one = an_open_meeting()
    for n in range(rows):
        meeting = Meeting.objects.create(
            body=one.body, quarter="2027-Q2", kind="extraordinary", title=f"ROW-{n}-", state="open",
            starts_at=moment(f"2027-05-{n % 28 + 1:02d} 09:00"), day_only=bool(n % 2), opened_at=one.opened_at,
            ends_at=moment("2027-06-01 09:00"),
        )  # fmt: skip
        Deadline.objects.create(meeting=meeting, kind="notice", due_at=moment("2027-05-03 10:00"))
        an_action("SKT", title=f"ROW-{n}-", due_on=date(2027, 5, 20))
        an_action("MSIT", title=f"ROW-{n}-", due_on=date(2027, 5, 20))
    for who, address, queries in (
        (cast.skt_liaison, CALENDAR, QUERIES),
        (cast.secretary, CALENDAR, QUERIES + 1),
        (cast.secretary, ADMIN, ADMIN_QUERIES),
    ):
        client = as_user(who)
        text_of(client, address=address)  # what is read once a process
        with django_assert_num_queries(queries):
            text = text_of(client, address=address)
        assert text.count("ROW-") == 6 * rows
