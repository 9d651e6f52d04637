"""From an empty calendar to a meeting that is ready: a year is planned, one quarter run until its papers are bound."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
import time_machine
import vobject
from django.test import Client
from pypdf import PdfReader

from council.core.calendar import BusinessCalendar, local_day
from council.mail.models import Delivery
from council.mail.operations import compose
from council.meetings.models import AgendaItem, AgendaSnapshot, Meeting, Paper, PaperReceipt, Participation
from council.parties.models import User
from council.workflows.bind_papers import make_waiting
from tests.admin.forms import filled
from tests.factories import Cast, link, moment, pdf
from tests.files import samples

type SignIn = Callable[[User], Client]

NOW = moment("2026-11-24 10:00")
PLAN = "/admin/council/meeting/plan/"


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def sent_as_shown(response: Any) -> dict[str, str]:
    """The forms of the planning page as a browser sends them back."""
    data: dict[str, str] = {}
    for line in response.context["lines"]:
        for field in line.form or ():
            value = field.value()
            if field.widget_type == "checkbox":
                data |= {field.html_name: "on"} if value else {}
            else:
                shown = value.strftime("%H:%M") if hasattr(value, "hour") else value
                data[field.html_name] = "" if shown is None else str(shown)
    return data


def do(client: Client, row: Any, verb: str, **data: str) -> None:
    address = f"/admin/council/{row._meta.model_name}/{row.pk}/do/{verb}/"
    assert client.get(address).status_code == 200
    answer = client.post(address, data)
    assert answer.status_code == 302, answer.context["form"].errors


def entry(kind: str, recipient: User) -> Any:
    """The calendar entry in the latest letter of a kind to somebody, read by the second parser."""
    letters = Delivery.objects.filter(notices__kind=kind, recipient=recipient.person).order_by("-pk")
    return vobject.readOne(letters[0].calendar_body)


def plan_a_year(secretary: Client) -> None:
    shown = secretary.get(PLAN, {"year": "2027"})
    assert len(shown.context["lines"]) == 8
    planned = Meeting.objects.filter(quarter__startswith="2027", kind="regular").count()
    saved = secretary.post(f"{PLAN}?year=2027", sent_as_shown(shown) | {"save": "1"})
    assert saved.status_code == 302
    meetings = Meeting.objects.filter(quarter__startswith="2027", kind="regular")
    assert (planned, meetings.count()) == (2, 8)
    calendar = BusinessCalendar.load()
    for meeting in meetings:
        assert meeting.day in meeting.quarter
        assert all(calendar.is_business_day(local_day(step.due_at)) for step in meeting.deadlines.all())
    assert Delivery.objects.count() == 0  # nobody is told of a draft


def agree_on_the_agenda(cast: Cast, secretary: Client, liaison: Client, meeting: Meeting) -> AgendaItem:
    proposal = {
        "title": "유심 교체 현황",
        "kind": "report",
        "duration": "20",
        "label": "TLP:AMBER",
        "background": "배경",
    }
    assert liaison.post(link("propose", meeting.pk), proposal).status_code == 302
    item = AgendaItem.objects.get(title="유심 교체 현황")
    assert (item.state, item.owner, item.late) == ("proposed", cast.skt, False)
    do(secretary, item, "return", reason="수치를 보태 주시기 바랍니다.")
    revised = proposal | {"background": "교체율 90%"}
    assert liaison.post(link("agenda_revise", item.pk), revised).status_code == 302
    do(secretary, item, "accept")
    for each in meeting.agenda_items.filter(state="accepted"):
        do(secretary, each, "check_competition", opinion="교환되는 경쟁상 민감정보 없음")
    titles = [slot.item.title for slot in secretary.get(board(meeting)).context["board"].table.slots]
    assert titles[-2:] == ["유심 교체 현황", "마무리 말씀 및 폐회"]
    do(secretary, meeting, "fix_agenda")
    assert AgendaSnapshot.objects.get(meeting=meeting).version == 1
    item.refresh_from_db()
    return item


def board(meeting: Meeting) -> str:
    return f"/admin/council/meeting/{meeting.pk}/agenda/"


def settle_who_comes(cast: Cast, secretary: Client, liaison: Client, meeting: Meeting) -> None:
    ceo = Participation.objects.get(meeting=meeting, person=cast.skt_ceo.person)
    colleague = {
        "name": "부사장(시험)",
        "position": "부사장",
        "email": "vice@skt.test",
        "letter": pdf("위임장.pdf", samples.PDF),
    }
    assert liaison.post(link("delegate", ceo.pk), colleague).status_code == 302
    do(secretary, ceo, "confirm_delegate")
    ceo.refresh_from_db()
    assert ceo.attends_in_person.name == "부사장(시험)"
    sent = Delivery.objects.get(notices__kind="meeting_convened", recipient=cast.kt_liaison.person)
    reply = re.search(r"https?://[^/]+(/reply/[\w-]+/)", sent.text)
    assert reply is not None
    answer = Client().post(reply[1], {"rsvp": "accepted", "note": ""})
    assert answer.status_code == 302
    assert Participation.objects.get(meeting=meeting, person=cast.kt_liaison.person).rsvp == "accepted"


def bind_the_papers(cast: Cast, reader: Client, meeting: Meeting) -> str:
    """The text of the pack that a reader downloads."""
    assert reader.post(link("pack", meeting.pk)).status_code == 302
    assert make_waiting(now=NOW) == 1
    answer = reader.get(link("pack_file", meeting.pk))
    assert answer.status_code == 200
    book = PdfReader(BytesIO(answer.getvalue()))
    return "\n".join(page.extract_text() for page in book.pages)


def test_a_year_is_planned_and_a_quarter_made_ready(cast: Cast, as_user: SignIn) -> None:
    secretary, liaison, rival = as_user(cast.secretary), as_user(cast.skt_liaison), as_user(cast.kt_liaison)
    plan_a_year(secretary)
    meeting = Meeting.objects.get(quarter="2027-Q2", body=cast.council)
    assert liaison.get(link("meeting", meeting.pk)).status_code == 404
    do(secretary, meeting, "convene")
    compose(now=NOW)
    item = agree_on_the_agenda(cast, secretary, liaison, meeting)

    paper = {"title": "교체 현황", "kind": "paper", "label": "TLP:AMBER+STRICT", "upload": pdf("현황.pdf", samples.PDF)}
    assert liaison.post(link("paper_add", item.pk), paper).status_code == 302
    assert "교체 현황" in liaison.get(link("agenda_item", item.pk)).text
    assert "현황.pdf" not in rival.get(link("agenda_item", item.pk)).text

    settle_who_comes(cast, secretary, liaison, meeting)
    mine, theirs = bind_the_papers(cast, liaison, meeting), bind_the_papers(cast, rival, meeting)
    assert "유심 교체 현황" in mine
    assert "유심 교체 현황" in theirs
    assert ("현황.pdf" in mine or "TLP:AMBER+STRICT" in mine, "TLP:AMBER+STRICT" in theirs) == (True, False)
    version = Paper.objects.get().versions.get()
    opened = PaperReceipt.objects.filter(version=version).values_list("person__organisation__code", flat=True)
    assert list(opened) == ["SKT"]


def test_announced_moved_and_cancelled_are_one_entry_of_the_calendar(cast: Cast, as_user: SignIn) -> None:
    """The three letters, read back by a parser that did not write them."""
    secretary = as_user(cast.secretary)
    secretary.post(
        f"{PLAN}?quarter=2027-Q2", sent_as_shown(secretary.get(PLAN, {"quarter": "2027-Q2"})) | {"save": "1"}
    )
    meeting = Meeting.objects.get(quarter="2027-Q2", body=cast.council)
    do(secretary, meeting, "convene")
    compose(now=NOW)
    page = f"/admin/council/meeting/{meeting.pk}/change/"
    moved = filled(secretary.get(page), starts_at_0="2027-05-27", ends_at_0="2027-05-27", because="국회 일정")
    assert secretary.post(page, moved).status_code == 302
    compose(now=NOW)
    do(secretary, meeting, "cancel", reason="일정 조정")
    compose(now=NOW)

    kinds = ("meeting_convened", "meeting_moved", "meeting_cancelled")
    first, second, third = (entry(kind, cast.kt_liaison) for kind in kinds)
    assert [one.method.value for one in (first, second, third)] == ["REQUEST", "REQUEST", "CANCEL"]
    assert len({one.vevent.uid.value for one in (first, second, third)}) == 1
    sequences = [int(one.vevent.sequence.value) for one in (first, second, third)]
    assert sequences == sorted(set(sequences))
    starts = [one.vevent.dtstart.value for one in (first, second, third)]
    assert starts == [moment("2027-05-20 10:00"), moment("2027-05-27 10:00"), moment("2027-05-27 10:00")]
    assert [one.vevent.attendee.value for one in (first, third)] == ["mailto:liaison@kt.test"] * 2
    assert third.vevent.status.value == "CANCELLED"
    assert "Asia/Seoul" in str(first.vtimezone.tzid.value)
