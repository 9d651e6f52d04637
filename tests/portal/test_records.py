"""What an organisation sees of a records request: its own, what is to become of it, and nothing of who asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from time_machine import Traveller

from council.actions.models import ActionItem
from council.meetings.models import AgendaItem
from council.minutes.models import RecordsOpinion, RecordsRequest
from council.minutes.operations.records_answer import close, decide
from council.parties.models import User
from tests.factories import Cast, actor_of, link
from tests.factories.founding import clock
from tests.minutes.requested import (
    EVIDENCE,
    HEARD,
    PAPER,
    RECEIVED,
    REQUESTER,
    WITHHELD,
    a_paper,
    archived,
    asked,
    asked_for,
    handed_in,
    keys,
    opinion_of,
    records_of,
    ruled,
)

__all__ = ["clock"]
pytestmark = pytest.mark.usefixtures("clock")
type SignIn = Callable[[User], Client]


@pytest.fixture
def request_(cast: Cast, clock: Traveller) -> RecordsRequest:
    """KT's paper is refused, everything else handed over; the organisations were asked."""
    records_of(cast)
    made = asked_for(cast, note="NOTE-CANARY")
    ruled(cast, made)
    ruled(cast, made, keys(made, "paperversion"), outcome="refused", **WITHHELD)
    asked(cast, made)
    clock.move_to(RECEIVED)
    return made


def page_of(opinion: RecordsOpinion) -> str:
    return link("records", opinion.pk)


def test_each_sees_its_own_and_not_who_asks(cast: Cast, as_user: SignIn, request_: RecordsRequest) -> None:
    kt = as_user(cast.kt_liaison).get(page_of(opinion_of(request_, "KT"))).text
    assert PAPER in kt
    assert "영업비밀" in kt
    skt = as_user(cast.skt_liaison).get(page_of(opinion_of(request_, "SKT"))).text
    assert EVIDENCE in skt
    assert (PAPER in skt, EVIDENCE in kt, "영업비밀" in skt) == (False, False, False)
    for text in (kt, skt):
        assert not any(word in text for word in ("REQ-CANARY", "NOTE-CANARY", "의안과-1", REQUESTER))
    # Of nine pieces: a paper, an action item and the minutes; no number says how many there are.
    own = as_user(cast.kt_liaison).get(page_of(opinion_of(request_, "KT"))).context["pieces"]
    assert {piece.target_type for piece, _address in own} == {"paperversion", "actionitem", "minutesrevision"}


def test_others_do_not_learn_of_it(cast: Cast, as_user: SignIn, request_: RecordsRequest) -> None:
    theirs = page_of(opinion_of(request_, "KT"))
    for other in (cast.skt_liaison, cast.observer, cast.former_liaison, cast.chair, cast.nobody):
        assert as_user(other).get(theirs).status_code == 404
        assert as_user(other).post(f"{theirs}answer/", {"kind": "agreed"}).status_code == 404
    assert as_user(cast.kt_ceo).get(theirs).status_code == 200
    assert as_user(cast.secretary).get(theirs).status_code == 200
    assert as_user(cast.secretary).get(f"{theirs}answer/").status_code == 403


def test_an_answer_is_given_from_the_desk_and_can_be_changed(
    cast: Cast, as_user: SignIn, request_: RecordsRequest
) -> None:
    kt, opinion = as_user(cast.kt_liaison), opinion_of(request_, "KT")
    page = page_of(opinion)
    assert page in kt.get("/").text
    assert page not in as_user(cast.skt_liaison).get("/").text
    refused = kt.post(f"{page}answer/", {"kind": "opposed", "text": " "})
    assert refused.status_code == 422
    assert kt.post(f"{page}answer/", {"kind": "agreed", "text": ""}).status_code == 302
    assert page not in kt.get("/").text
    said = {"kind": "opposed", "text": "<b>회의자료</b>"}
    assert kt.post(f"{page}answer/", said).status_code == 302
    assert "&lt;b&gt;회의자료&lt;/b&gt;" in kt.get(page).text
    decide(
        opinion_of(request_, "KT"), by=actor_of(cast.secretary), now=HEARD, follow=False, reply="이미 제외하였습니다."
    )
    assert "이미 제외하였습니다." in kt.get(page).text
    again = kt.post(f"{page}answer/", {"kind": "agreed", "text": ""})
    assert (again.status_code, RecordsOpinion.objects.get(pk=opinion.pk).answer) == (422, "opposed")


def test_too_late_or_closed_nothing_is_taken(
    cast: Cast, as_user: SignIn, request_: RecordsRequest, clock: Traveller
) -> None:
    kt, page = as_user(cast.kt_liaison), page_of(opinion_of(request_, "KT"))
    close(request_, by=actor_of(cast.secretary), reason="WHY-CANARY")
    shown = kt.get(page)
    assert (shown.context["may_answer"], "WHY-CANARY" in shown.text) == (False, False)
    assert kt.post(f"{page}answer/", {"kind": "agreed", "text": ""}).status_code == 422
    assert page not in kt.get("/").text


def test_the_archive_is_the_secretariats_alone(
    cast: Cast, as_user: SignIn, request_: RecordsRequest, clock: Traveller
) -> None:
    clock.move_to(HEARD)
    archived(cast, request_)
    assert request_.archive is not None
    address = link("file", request_.archive.pk)
    for other in (cast.kt_liaison, cast.kt_ceo, cast.chair, cast.observer):
        assert as_user(other).get(address).status_code == 404
    response: Any = as_user(cast.secretary).get(address)
    assert (response.status_code, b"".join(response.streaming_content)[:2]) == (200, b"PK")


@pytest.mark.parametrize("number", [1, 50])
def test_reading_it_asks_the_same_number_of_questions(
    cast: Cast, as_user: SignIn, clock: Traveller, django_assert_num_queries: Any, number: int
) -> None:
    revision = records_of(cast)
    item = AgendaItem.objects.filter(meeting=revision.minutes.meeting)[0]
    for n in range(number):
        a_paper(cast, item, "KT", f"paper {n}")
        handed_in(cast, ActionItem.objects.get(owner__code="SKT", decision__revision=revision))
    request = asked_for(cast)
    ruled(cast, request)
    asked(cast, request)
    clock.move_to(RECEIVED)
    kt, page = as_user(cast.kt_liaison), page_of(opinion_of(request, "KT"))
    kt.get(page)
    with django_assert_num_queries(9):
        assert len(kt.get(page).context["pieces"]) == number + 3
    secretary, pieces = as_user(cast.secretary), f"/admin/council/recordsrequest/{request.pk}/pieces/"
    secretary.get(pieces)
    with django_assert_num_queries(7):
        assert len(secretary.get(pieces).context["pieces"]) == 3 * number + 9


def test_what_was_handed_over_is_known_again_to_whom_it_is_known(
    cast: Cast, as_user: SignIn, request_: RecordsRequest, clock: Traveller
) -> None:
    clock.move_to(HEARD)
    archived(cast, request_)
    assert request_.archive is not None
    with request_.archive.file.open("rb") as content, ZipFile(content) as archive:
        copy = archive.read(request_.pieces.get(target_type="evidence").path)
    for user, is_known in ((cast.secretary, True), (cast.skt_liaison, False), (cast.kt_liaison, False)):
        answer = as_user(user).post("/verify/", {"upload": SimpleUploadedFile("copy.pdf", copy)})
        assert (REQUESTER in answer.text) is is_known


def test_each_piece_leads_to_what_it_is(cast: Cast, as_user: SignIn, request_: RecordsRequest) -> None:
    skt = as_user(cast.skt_liaison)
    pieces = list(skt.get(page_of(opinion_of(request_, "SKT"))).context["pieces"])
    assert {piece.target_type for piece, _address in pieces} >= {"evidence", "actionitem", "progressupdate"}
    for piece, address in pieces:
        response: Any = skt.get(address)
        assert response.status_code == 200, piece.target_type
        assert b"".join(response.streaming_content if response.streaming else [response.content])
