"""The minutes in the portal: who reads which version, annexes, comments and answers, the register of decisions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from time_machine import Traveller

from council.actions.models import ActionItem
from council.minutes.models import Confirmation, Decision, MinutesComment, MinutesRevision
from council.minutes.operations.circulation import comment
from council.minutes.operations.writing import Part, Said, being_written, next_version, save_part
from council.parties.models import User
from tests.factories import Cast, actor_of, link
from tests.factories.founding import clock
from tests.minutes.held import (
    SENT,
    a_meeting_in_session,
    circulated_minutes,
    minutes_of,
    sections,
    speaker,
    written_minutes,
)

__all__ = ["clock"]
pytestmark = pytest.mark.usefixtures("clock")
type SignIn = Callable[[User], Client]
CANARY = "CANARY-OF-KT"


@pytest.fixture
def revision(cast: Cast, clock: Traveller) -> MinutesRevision:
    """Sent round, with an annex that KT alone reads; it is the day after."""
    meeting = a_meeting_in_session(cast)
    written = written_minutes(cast, meeting)
    second = sections(written)[1]
    said = [
        Said(speaker=speaker(meeting, "KT"), text="모두에게 한 말"),
        Said(speaker=speaker(meeting, "KT"), text=CANARY, private=True),
    ]
    part = Part(remarks=said, vote="none", no_decision=True)
    save_part(second, by=actor_of(cast.secretary), part=part, seen=second.version)
    sent = circulated_minutes(cast, meeting=meeting)
    clock.move_to(SENT)
    return sent


def test_while_they_are_written_nobody_but_the_secretariat_knows(cast: Cast, as_user: SignIn) -> None:
    meeting = a_meeting_in_session(cast)
    written_minutes(cast, meeting)
    minutes = minutes_of(meeting)
    assert as_user(cast.secretary).get(link("minutes", minutes.pk)).status_code == 200
    for reader in (cast.skt_liaison, cast.kt_ceo, cast.chair, cast.observer):
        assert as_user(reader).get(link("minutes", minutes.pk)).status_code == 404
        assert "협의 결과" not in as_user(reader).get(link("meeting", meeting.pk)).text.split("<main")[1]
    decision = Decision.objects.get()
    assert as_user(cast.skt_liaison).get(link("decision", decision.pk)).status_code == 404
    assert as_user(cast.skt_liaison).get(link("action", ActionItem.objects.latest("pk").pk)).status_code == 404


def test_sent_round_everyone_seated_reads_them_and_an_annex_is_read_by_its_own_people(
    cast: Cast, as_user: SignIn, revision: MinutesRevision
) -> None:
    for reader, reads in (
        (cast.kt_liaison, True),
        (cast.kt_ceo, True),
        (cast.secretary, True),
        (cast.skt_liaison, False),
        (cast.lgu_liaison, False),
        (cast.chair, False),
    ):
        page = as_user(reader).get(link("minutes", revision.minutes_id))
        assert (page.status_code, "모두에게 한 말" in page.text, CANARY in page.text) == (200, True, reads), reader
    for outsider in (cast.former_liaison, cast.nobody, cast.kt_ciso):
        assert as_user(outsider).get(link("minutes", revision.minutes_id)).status_code == 404


def test_an_organisation_says_what_is_to_be_written_otherwise_and_rivals_do_not_learn_of_it(
    cast: Cast, as_user: SignIn, revision: MinutesRevision
) -> None:
    kt, address = as_user(cast.kt_liaison), link("minutes_comment", revision.pk)
    assert kt.get(f"{address}?about=2").context["form"]["section"].value() == "2"
    assert kt.post(address, {"section": "2", "text": CANARY}).status_code == 302
    made = MinutesComment.objects.get()
    assert (made.section, made.organisation.code) == (sections(revision)[1], "KT")
    assert kt.post(address, {"section": "", "text": " "}).status_code == 422
    page = link("minutes", revision.minutes_id)
    assert CANARY in kt.get(page).text
    for rival in (cast.skt_liaison, cast.skt_ceo, cast.lgu_liaison, cast.chair):
        assert CANARY not in as_user(rival).get(page).text
    assert as_user(cast.chair).post(address, {"text": "x"}).status_code == 403


def test_a_text_far_too_long_is_given_back_whole(cast: Cast, as_user: SignIn, revision: MinutesRevision) -> None:
    text = "나" * 700_000
    refused = as_user(cast.kt_liaison).post(link("minutes_comment", revision.pk), {"section": "", "text": text})
    assert (refused.status_code, text in refused.text) == (422, True)
    assert not MinutesComment.objects.exists()


def test_confirming_and_changing_ones_mind(cast: Cast, as_user: SignIn, revision: MinutesRevision) -> None:
    skt, address = as_user(cast.skt_liaison), link("minutes_answer", revision.pk)
    assert skt.post(address, {"kind": "confirmed"}).status_code == 302
    assert skt.post(address, {"kind": "objected"}).status_code == 422
    assert skt.post(address, {"kind": "objected", "text": "다르게"}).status_code == 302
    assert Confirmation.objects.get(organisation=cast.skt).kind == "objected"
    assert Confirmation.objects.exclude(organisation=cast.skt).filter(kind="").count() == 2


def test_after_the_date_the_page_says_so_and_takes_nothing(
    cast: Cast, as_user: SignIn, revision: MinutesRevision, clock: Traveller
) -> None:
    clock.move_to(SENT.replace(month=6, day=15))
    skt = as_user(cast.skt_liaison)
    assert skt.get(link("minutes", revision.minutes_id)).context["asked"] is None
    assert skt.post(link("minutes_answer", revision.pk), {"kind": "confirmed"}).status_code == 422


def test_the_next_version_is_the_secretariats_until_it_goes_round_and_then_shows_what_differs(
    cast: Cast, as_user: SignIn, revision: MinutesRevision
) -> None:
    secretary = actor_of(cast.secretary)
    comment(revision, by=actor_of(cast.skt_liaison), now=SENT, text="다르게")
    new = next_version(revision.minutes, by=secretary, because="SKT 의견 반영")
    first = sections(new)[0]
    save_part(first, by=secretary, part=Part(gist="새로 쓴 글", vote="none"), seen=0)
    skt = as_user(cast.skt_liaison)
    assert skt.get(link("minutes_version", new.pk)).status_code == 404
    assert "새로 쓴 글" not in skt.get(link("minutes", revision.minutes_id)).text
    seen = as_user(cast.secretary).get(link("minutes_version", new.pk))
    assert "<ins>새로 쓴 글" in seen.text
    assert "<del>" in seen.text
    found = being_written(revision.minutes)
    assert found is not None
    assert found.pk == new.pk


def test_the_register_shows_what_was_decided_narrowed_and_with_what_follows(
    cast: Cast, as_user: SignIn, revision: MinutesRevision
) -> None:
    skt = as_user(cast.skt_liaison)
    shown = skt.get("/decisions/")
    assert [one.text for one in shown.context["page"].object_list] == ["합의한다."]
    assert "점검 결과 제출" in skt.get(link("decision", Decision.objects.get().pk)).text
    assert [action.owner for action in shown.context["page"].object_list[0].actions.all()] == [cast.skt]
    assert list(skt.get("/decisions/?q=없는말").context["page"].object_list) == []
    assert len(skt.get("/decisions/?body=council&year=2027&kind=decision").context["page"].object_list) == 1
    assert len(skt.get("/decisions/?body=nowhere&year=x&kind=y&page=-1").context["page"].object_list) == 1
    assert list(as_user(cast.kt_ciso).get("/decisions/").context["page"].object_list) == []


def test_what_follows_is_shown_to_its_owner_as_provisional_once_the_meeting_is_over(
    cast: Cast, as_user: SignIn, revision: MinutesRevision
) -> None:
    action = ActionItem.objects.get(owner=cast.skt, decision__isnull=False)
    assert as_user(cast.skt_liaison).get(link("action", action.pk)).status_code == 200
    assert as_user(cast.kt_liaison).get(link("action", action.pk)).status_code == 404
    early = {"percent": "50", "text": "이른 보고", "label": "TLP:AMBER+STRICT", "submit": "1"}
    assert as_user(cast.skt_liaison).post(link("action_report", action.pk), early).status_code == 422


def test_the_desk_says_what_waits_for_an_answer_and_until_when(
    cast: Cast, as_user: SignIn, revision: MinutesRevision
) -> None:
    skt = as_user(cast.skt_liaison)
    shown = skt.get("/")
    assert [one.revision for one in shown.context["desk"].minutes] == [revision]
    assert "2027. 6. 1.(화) 23:59" in shown.text
    skt.post(link("minutes_answer", revision.pk), {"kind": "confirmed"})
    assert skt.get("/").context["desk"].minutes == []
    assert len(as_user(cast.kt_ceo).get("/").context["desk"].minutes) == 1
    assert as_user(cast.observer).get("/").context["desk"].minutes == []


def test_the_secretary_sees_what_carriers_have_sent_and_nobody_answered(
    cast: Cast, as_user: SignIn, revision: MinutesRevision
) -> None:
    comment(revision, by=actor_of(cast.skt_liaison), now=SENT, text="다르게")
    waiting = as_user(cast.secretary).get("/admin/").context["dashboard"].waiting
    assert (waiting.proposals, waiting.delegates, waiting.comments) == (0, 0, 1)


def test_a_decision_is_found_by_its_words_by_whoever_may_read_it(
    cast: Cast, as_user: SignIn, revision: MinutesRevision
) -> None:
    found = as_user(cast.skt_liaison).get("/search/?q=합의한다").context["groups"]
    assert [(group.kind, group.hits[0].pk) for group in found] == [("decision", Decision.objects.get().pk)]
    assert as_user(cast.kt_ciso).get("/search/?q=합의한다").context["groups"] == []


@pytest.mark.parametrize("items", [1, 20])
def test_reading_them_asks_the_same_number_of_questions(
    cast: Cast, as_user: SignIn, django_assert_num_queries: Any, items: int, clock: Traveller
) -> None:
    meeting = a_meeting_in_session(cast, items=items)
    written_minutes(cast, meeting)
    revision = circulated_minutes(cast, meeting=meeting)
    clock.move_to(SENT)
    skt = as_user(cast.skt_liaison)
    skt.get(link("minutes", revision.minutes_id))
    with django_assert_num_queries(17):
        page = skt.get(link("minutes", revision.minutes_id))
    assert len(page.context["page"].parts) == items
    with django_assert_num_queries(10):
        skt.get("/decisions/")
