"""The page on which the secretariat writes the minutes, gives out what follows, and takes the steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from time_machine import Traveller

from council.actions.models import ActionItem
from council.meetings.models import Meeting
from council.minutes.models import Confirmation, Decision, Minutes, MinutesComment, MinutesRevision, MinutesSection
from council.minutes.operations.circulation import comment
from council.minutes.operations.writing import being_written, start_minutes
from council.parties.models import User
from tests.access.rows import an_open_meeting
from tests.admin.forms import shown, step
from tests.factories import Cast, actor_of, an_account, link, seat
from tests.factories.founding import clock
from tests.factories.rows import TESTER
from tests.minutes.held import (
    AFTER,
    SENT,
    a_decision,
    a_meeting_in_session,
    circulated_minutes,
    items_of,
    sections,
    speaker,
    written_minutes,
)

__all__ = ["clock"]
pytestmark = pytest.mark.usefixtures("clock")
type SignIn = Callable[[User], Client]
SCRIPT: dict[str, Any] = {"headers": {"Accept": "application/json"}}


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    return a_meeting_in_session(cast)


@pytest.fixture
def client(cast: Cast, as_user: SignIn) -> Client:
    return as_user(cast.secretary)


def page(meeting: Meeting) -> str:
    return f"/admin/council/meeting/{meeting.pk}/minutes/"


def do(kind: str, pk: int, verb: str) -> str:
    return f"/admin/council/{kind}/{pk}/do/{verb}/"


@pytest.fixture
def section(meeting: Meeting) -> MinutesSection:
    revision = being_written(start_minutes(meeting, by=TESTER))
    assert revision is not None
    return sections(revision)[0]


def part(section: MinutesSection, meeting: Meeting, *said: str, seen: int = 0, **values: Any) -> dict[str, Any]:
    """What the form of an item sends."""
    prefix = f"said-{section.pk}"
    lines = {
        f"{prefix}-{n}-{name}": value
        for n, text in enumerate(said)
        for name, value in (("speaker", speaker(meeting, "SKT").pk), ("text", text))
    }
    total = {f"{prefix}-TOTAL_FORMS": len(said), f"{prefix}-INITIAL_FORMS": 0}
    fields = {"seen": seen, "gist": "", "vote": ""} | values
    return {"part": section.pk} | total | lines | {f"part-{section.pk}-{name}": value for name, value in fields.items()}


def test_they_are_begun_on_their_page_and_shown_item_by_item(client: Client, meeting: Meeting) -> None:
    assert "start" in client.get(page(meeting)).text
    assert client.post(page(meeting), {"start": "1"}).status_code == 302
    begun = client.get(page(meeting)).context
    assert [line.page.section.title for line in begun["lines"]] == ["안건 1", "안건 2"]
    assert {each.field.value for each in begun["missing"]} == {"decisions"}


def test_a_meeting_that_has_not_begun_has_none(client: Client, cast: Cast, meeting: Meeting) -> None:
    ahead = an_open_meeting(quarter="2027-Q3", starts_at=meeting.starts_at.replace(month=8, day=19))
    assert "start" not in client.get(page(ahead)).text.split("content-main")[1]
    assert client.post(page(ahead), {"start": "1"}).status_code == 302
    assert not Minutes.objects.filter(meeting=ahead).exists()


def test_conflict_page_escapes_both_versions(client: Client, meeting: Meeting, section: MinutesSection) -> None:
    assert client.post(page(meeting), part(section, meeting, "<b>먼저</b>")).status_code == 302
    second = client.post(page(meeting), part(section, meeting, gist="<script>나중</script>"))
    assert second.status_code == 422
    assert "&lt;b&gt;먼저&lt;/b&gt;" in second.text
    assert "&lt;script&gt;나중&lt;/script&gt;" in second.text
    assert "<script>나중" not in second.text
    seen = second.context["lines"][0].form["seen"].value()
    assert client.post(page(meeting), part(section, meeting, "합친 글", seen=seen)).status_code == 302
    assert [one.text for one in section.remarks.all()] == ["합친 글"]


def test_what_is_typed_is_saved_by_itself_and_overtaken_it_says_so(
    client: Client, meeting: Meeting, section: MinutesSection
) -> None:
    saved = client.post(page(meeting), part(section, meeting, "저절로"), **SCRIPT)
    assert (saved.status_code, saved.json()["seen"]) == (200, 1)
    overtaken = client.post(page(meeting), part(section, meeting, "다른 글"), **SCRIPT)
    assert overtaken.status_code == 409
    assert overtaken.json()["said"]
    assert [one.text for one in section.remarks.all()] == ["저절로"]


def test_a_vote_that_does_not_add_up_and_a_text_too_long_come_back_as_they_were_typed(
    client: Client, meeting: Meeting, section: MinutesSection
) -> None:
    vote: dict[str, Any] = {"vote": "held", "voters": 3, "votes_for": 1, "votes_against": 1, "votes_abstained": 0}
    wrong = client.post(page(meeting), part(section, meeting, "발언", **vote))
    assert (wrong.status_code, "발언" in wrong.text) == (422, True)
    long = client.post(page(meeting), part(section, meeting, "가" * 2_000_000))
    assert (long.status_code, "가" * 2_000_000 in long.text) == (422, True)
    unsaid = part(section, meeting, "누구의 말") | {f"said-{section.pk}-0-speaker": ""}
    assert client.post(page(meeting), unsaid).status_code == 422
    section.refresh_from_db()
    assert section.version == 0


def test_the_head_is_saved_and_an_end_before_the_beginning_refused(
    client: Client, meeting: Meeting, section: MinutesSection
) -> None:
    sent = shown(client.get(page(meeting)).context["head"]) | {"head": "1", "head-summary": "요지"}
    assert client.post(page(meeting), sent).status_code == 302
    assert MinutesRevision.objects.get().summary == "요지"
    wrong = sent | {"head-seen": "1", "head-ends_at": "2027-05-20T09:00"}
    assert client.post(page(meeting), wrong).status_code == 422
    older = client.post(page(meeting), sent | {"head-summary": "낡은 쪽에서"})
    assert (older.status_code, "요지" in older.text, "낡은 쪽에서" in older.text) == (422, True, True)


def test_a_decision_is_written_down_and_one_item_for_each_given_out_without_leaving_the_page(
    client: Client, cast: Cast, meeting: Meeting, section: MinutesSection
) -> None:
    key = f"decision-{section.pk}"
    sent = {f"{key}-kind": "decision", f"{key}-text": "점검한다.", f"{key}-label": "TLP:AMBER"}
    assert client.post(page(meeting), {"part": section.pk, "decide": "1"} | sent).status_code == 302
    again = client.post(page(meeting), {"part": section.pk, "decide": "1"} | sent)
    assert (again.status_code, Decision.objects.count()) == (422, 1)
    decision = Decision.objects.get()
    follow = {
        "decision": decision.pk,
        f"follow-{decision.pk}-title": "점검 결과",
        f"follow-{decision.pk}-owners": [cast.skt.pk, cast.kt.pk],
        f"follow-{decision.pk}-due_on": "2027-06-30",
    }
    assert client.post(page(meeting), follow).status_code == 302
    assert {(one.owner.code, one.state) for one in ActionItem.objects.filter(decision=decision)} == {
        ("SKT", "draft"),
        ("KT", "draft"),
    }
    twice = client.post(page(meeting), follow)
    assert (twice.status_code, decision.actions.count()) == (422, 2)


def test_closing_lists_what_is_missing_and_is_refused_until_it_is_there(
    client: Client, cast: Cast, meeting: Meeting
) -> None:
    decision = a_decision(cast, items_of(meeting)[0])
    second = items_of(meeting)[1]
    second.result = ""
    second.save(update_fields=["result"])
    who = meeting.participations.asked()[0]
    meeting.participations.filter(pk=who.pk).update(attendance="")
    lacking = client.get(do("meeting", meeting.pk, "close")).context["lacking"]
    assert [lack.gap.value for lack in lacking] == ["result", "follow_up", "attendance"]
    refused = step(client, "meeting", meeting.pk, "close")
    assert (refused.status_code, Meeting.objects.get(pk=meeting.pk).state) == (422, "in_progress")
    second.result = "noted"
    second.save(update_fields=["result"])
    meeting.participations.filter(pk=who.pk).update(attendance="present")
    assert step(client, "decision", decision.pk, "need_no_action", reason="확인만").status_code == 302
    assert client.get(do("meeting", meeting.pk, "close")).context["lacking"] == []
    assert step(client, "meeting", meeting.pk, "close").status_code == 302
    assert Meeting.objects.get(pk=meeting.pk).state == "closed"


def test_from_a_closed_meeting_to_a_registered_record_by_its_steps(
    client: Client, cast: Cast, as_user: SignIn, meeting: Meeting, clock: Traveller
) -> None:
    written_minutes(cast, meeting)
    assert step(client, "meeting", meeting.pk, "close").status_code == 302
    minutes = Minutes.objects.get()
    clock.move_to(SENT)
    client, kt = as_user(cast.secretary), as_user(cast.kt_liaison)
    assert step(client, "minutes", minutes.pk, "circulate", until="2027-06-01").status_code == 302
    assert {one.organisation.code for one in Confirmation.objects.filter(kind="")} == {"SKT", "KT", "LGU"}
    said = {"kind": "objected", "text": "다르게"}
    assert kt.post(link("minutes_answer", MinutesRevision.objects.get().pk), said).status_code == 302
    made = MinutesComment.objects.get()
    assert step(client, "minutescomment", made.pk, "decline", reason="녹취와 다름").status_code == 302
    clock.move_to(AFTER)
    client = as_user(cast.secretary)
    said = {"approver": "정책관 ○○○", "route": "delegated", "on": "2027-06-02"}
    refused = step(client, "minutes", minutes.pk, "approve", **said)
    assert (refused.status_code, "이의를 제기한 기관(KT)" in refused.text) == (422, True)
    assert step(client, "minutes", minutes.pk, "approve", **said, in_spite="on").status_code == 302
    assert step(client, "minutes", minutes.pk, "register", number="과-1").status_code == 302
    read = as_user(cast.skt_liaison).get(link("minutes", minutes.pk)).text
    assert "과-1" in read
    assert "정책관 ○○○" in read
    assert {one.state for one in ActionItem.objects.exclude(decision=None)} == {"open"}


def test_approving_too_early_names_what_is_in_the_way(cast: Cast, as_user: SignIn, clock: Traveller) -> None:
    revision = circulated_minutes(cast)
    clock.move_to(SENT)
    client = as_user(cast.secretary)
    comment(revision, by=actor_of(cast.skt_liaison), now=SENT, text="다르게")
    said = {"approver": "정책관 ○○○", "route": "delegated", "on": "2027-05-25"}
    assert step(client, "minutes", revision.minutes_id, "approve", **said).status_code == 422
    assert not MinutesRevision.objects.approved().exists()


def test_what_was_typed_while_the_version_was_circulated_is_shown_and_not_lost(
    client: Client, cast: Cast, meeting: Meeting
) -> None:
    section = sections(written_minutes(cast, meeting))[0]
    circulated_minutes(cast, meeting=meeting)
    late = client.post(page(meeting), part(section, meeting, "늦게 쓴 발언", gist="늦게 쓴 글", seen=section.version))
    assert late.status_code == 422
    for typed in ("늦게 쓴 발언", "늦게 쓴 글"):
        assert typed in late.text
    section.refresh_from_db()
    assert "늦게" not in section.gist


@pytest.mark.parametrize("items", [1, 20])
def test_the_page_asks_the_same_number_of_questions(
    client: Client, cast: Cast, django_assert_num_queries: Any, items: int
) -> None:
    full = a_meeting_in_session(cast, items=items)
    written_minutes(cast, full)
    client.get(page(full))
    with django_assert_num_queries(24):
        shown_page = client.get(page(full))
    assert len(shown_page.context["lines"]) == items


def test_the_other_bodys_secretary_and_a_liaison_do_not_write_them(
    cast: Cast, as_user: SignIn, meeting: Meeting, section: MinutesSection
) -> None:
    other = an_account("group-secretary@msit.test", "MSIT", is_staff=True)
    seat(other, "ciso", "secretary")
    stranger = as_user(other)
    assert stranger.get(page(meeting)).status_code == 404
    assert stranger.post(page(meeting), part(section, meeting, "끼어듦")).status_code == 404
    assert stranger.get(do("minutes", section.revision.minutes_id, "circulate")).status_code == 404
    for reader in (cast.skt_liaison, cast.kt_ciso):
        assert as_user(reader).post(page(meeting), part(section, meeting, "끼어듦")).status_code == 302  # to sign in
    section.refresh_from_db()
    assert section.version == 0
