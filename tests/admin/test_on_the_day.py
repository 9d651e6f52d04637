"""The day of the meeting: items called, notes that nobody loses, results, and who was there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from council.meetings.models import ItemNote, Meeting, Participation
from council.meetings.operations.participation import keep_participation, record_attendance
from council.meetings.operations.schedule import begin_meeting, close_meeting
from council.parties.models import User
from tests.access.rows import an_agenda_item, an_open_meeting
from tests.factories import Cast, link, moment
from tests.factories.rows import TESTER

type SignIn = Callable[[User], Client]

NOW = moment("2026-11-24 10:00")


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    meeting = an_open_meeting()
    begin_meeting(meeting, by=TESTER)
    return meeting


def room(meeting: Meeting) -> str:
    return f"/admin/council/meeting/{meeting.pk}/room/"


def test_the_room_shows_the_item_that_was_called_and_the_next(cast: Cast, as_user: SignIn, meeting: Meeting) -> None:
    first, second = (an_agenda_item(meeting, title=title, position=n) for n, title in enumerate(["첫째", "둘째"]))
    assert as_user(cast.secretary).post(room(meeting), {"call": "1", "item": first.pk}).status_code == 302
    shown = as_user(cast.kt_liaison).get(link("room", meeting.pk))
    assert (shown.context["room"].current.item, shown.context["room"].next.item) == (first, second)
    assert "첫째" in shown.text


def test_two_secretaries_who_write_at_once_lose_nothing(cast: Cast, as_user: SignIn, meeting: Meeting) -> None:
    """The second is shown both texts, escaped, with the own one still in the field; saving again overrules."""
    item, client = an_agenda_item(meeting, title="안건"), as_user(cast.secretary)
    both = {"item": item.pk, "seen": "0", "result": ""}
    assert client.post(room(meeting), both | {"text": "<b>먼저</b> 쓴 글"}).status_code == 302
    second = client.post(room(meeting), both | {"text": "나중에 쓴 글"})
    assert second.status_code == 422
    assert "&lt;b&gt;먼저&lt;/b&gt; 쓴 글" in second.text
    assert "나중에 쓴 글" in second.text
    assert ItemNote.objects.get(item=item).text == "<b>먼저</b> 쓴 글"
    seen = {"seen": "1", "text": "둘을 합친 글"}
    assert client.post(room(meeting), both | seen).status_code == 302
    assert ItemNote.objects.get(item=item).text == "둘을 합친 글"


def test_notes_and_results_are_the_secretariats_and_taken_in_session_only(
    cast: Cast, as_user: SignIn, meeting: Meeting
) -> None:
    item = an_agenda_item(meeting, title="안건")
    noted = {"item": item.pk, "seen": "0", "result": "adopted", "text": "CANARY-NOTE"}
    assert as_user(cast.secretary).post(room(meeting), noted).status_code == 302
    item.refresh_from_db()
    assert item.result == "adopted"
    for reader in (cast.skt_liaison, cast.kt_liaison, cast.chair):
        assert "CANARY-NOTE" not in as_user(reader).get(link("agenda_item", item.pk)).text
    ahead = an_open_meeting(quarter="2027-Q3", starts_at=meeting.starts_at.replace(month=8, day=19))
    early = an_agenda_item(ahead, title="이른")
    answer = as_user(cast.secretary).post(room(ahead), noted | {"item": early.pk})
    assert answer.status_code == 422
    assert not ItemNote.objects.filter(item=early).exists()


def test_saving_notes_leaves_the_result_that_a_colleague_noted_meanwhile(
    cast: Cast, as_user: SignIn, meeting: Meeting
) -> None:
    item, client = an_agenda_item(meeting, title="안건"), as_user(cast.secretary)
    older = {"item": item.pk, "seen": "0", "shown": "", "result": ""}
    client.post(room(meeting), older | {"result": "adopted", "text": ""})
    assert client.post(room(meeting), older | {"text": "메모"}).status_code == 302
    item.refresh_from_db()
    assert (item.result, ItemNote.objects.get(item=item).text) == ("adopted", "메모")
    other = older | {"seen": "1", "text": "메모", "result": "deferred"}
    refused = client.post(room(meeting), other)
    item.refresh_from_db()
    assert (refused.status_code, item.result) == (422, "adopted")
    shown = refused.context["lines"][0][1]["shown"].value()
    assert client.post(room(meeting), other | {"shown": shown}).status_code == 302
    item.refresh_from_db()
    assert item.result == "deferred"


def test_the_record_counts_everybody_of_an_organisation(cast: Cast, as_user: SignIn, meeting: Meeting) -> None:
    ceo = Participation.objects.get(meeting=meeting, person=cast.skt_ceo.person)
    second = Participation(meeting=meeting, person=cast.skt_ciso.person, capacity="member")
    keep_participation(second, by=TESTER, now=NOW, quiet=True)
    record_attendance(ceo, by=TESTER, attendance="absent", reason="해외 출장")
    record_attendance(second, by=TESTER, attendance="present")
    close_meeting(meeting, by=TESTER, now=NOW)
    page = as_user(cast.secretary).get("/admin/council/participation/history/")
    (record,) = [
        each for history in page.context["histories"] for each in history.records if each.organisation == cast.skt
    ]
    assert (record.present, record.away) == (1, 1)
    assert "해외 출장" in page.text


def test_attendance_is_tapped_and_an_absence_has_a_reason(cast: Cast, as_user: SignIn, meeting: Meeting) -> None:
    page, client = f"/admin/council/participation/attendance/{meeting.pk}/", as_user(cast.secretary)
    ceo = Participation.objects.get(meeting=meeting, person=cast.skt_ceo.person)
    other = Participation.objects.get(meeting=meeting, person=cast.kt_ceo.person)
    tapped = {f"{ceo.pk}-attendance": "present", f"{other.pk}-attendance": "absent"}
    refused = client.post(page, tapped)
    assert refused.status_code == 422
    assert set(Participation.objects.values_list("attendance", flat=True)) == {""}
    assert client.post(page, tapped | {f"{other.pk}-reason": "해외 출장"}).status_code == 302
    ceo.refresh_from_db()
    other.refresh_from_db()
    assert (ceo.attendance, other.attendance, other.reason) == ("present", "absent", "해외 출장")


def test_two_who_tap_at_once_do_not_undo_each_other(cast: Cast, as_user: SignIn, meeting: Meeting) -> None:
    page, client = f"/admin/council/participation/attendance/{meeting.pk}/", as_user(cast.secretary)
    ceo = Participation.objects.get(meeting=meeting, person=cast.skt_ceo.person)
    other = Participation.objects.get(meeting=meeting, person=cast.kt_ceo.person)
    client.post(page, {f"{ceo.pk}-attendance": "present"})
    client.post(page, {f"{other.pk}-attendance": "present"})  # from a page that showed nobody
    assert [Participation.objects.get(pk=row.pk).attendance for row in (ceo, other)] == ["present", "present"]


def test_nobody_by_proxy_without_a_confirmed_delegate(cast: Cast, as_user: SignIn, meeting: Meeting) -> None:
    ceo = Participation.objects.get(meeting=meeting, person=cast.skt_ceo.person)
    page = f"/admin/council/participation/attendance/{meeting.pk}/"
    assert as_user(cast.secretary).post(page, {f"{ceo.pk}-attendance": "by_proxy"}).status_code == 422
    assert as_user(cast.kt_liaison).get(page).status_code == 302  # the administration is not theirs
