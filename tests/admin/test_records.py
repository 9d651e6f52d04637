"""Records requests in the administration: entered, decided on by ticking, made into an archive, handed over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hwpx import HwpxDocument
from time_machine import Traveller

from council.core.models import AuditEntry
from council.minutes.models import RecordsOpinion, RecordsRequest
from council.minutes.operations.records_answer import answer
from council.parties.models import User
from council.workflows.archive_records import make_waiting
from tests.factories import Cast, actor_of, seat
from tests.factories.founding import clock
from tests.files import samples
from tests.minutes.requested import (
    HEARD,
    PAPER,
    RECEIVED,
    REQUESTER,
    asked,
    asked_for,
    keys,
    opinion_of,
    piece_of,
    records_of,
    ruled,
    settled,
)

__all__ = ["clock"]
pytestmark = pytest.mark.usefixtures("clock")
type SignIn = Callable[[User], Client]
LIST = "/admin/council/recordsrequest/"


@pytest.fixture
def request_(cast: Cast, clock: Traveller) -> RecordsRequest:
    records_of(cast)
    clock.move_to(RECEIVED)
    return asked_for(cast)


def terms(cast: Cast, **values: Any) -> dict[str, Any]:
    return {
        "body": cast.council.pk, "kind": "assembly", "requester": REQUESTER, "reference": "의안과-1",
        "received_on": "2027-07-01", "due_at_0": "2027-07-20", "due_at_1": "18:00", "from_day": "2026-01-01",
        "to_day": "2027-12-31", "commitment": "", "note": "",
    } | values  # fmt: skip


def do(client: Client, request: RecordsRequest, verb: str, **data: Any) -> Any:
    return client.post(f"{LIST}{request.pk}/do/{verb}/", data)


def test_it_is_entered_with_everything_in_its_scope(cast: Cast, as_user: SignIn, clock: Traveller) -> None:
    records_of(cast)
    clock.move_to(RECEIVED)
    client = as_user(cast.secretary)
    assert client.get(f"{LIST}add/").status_code == 200
    response = client.post(f"{LIST}add/", terms(cast))
    assert response.status_code == 302
    request = RecordsRequest.objects.get()
    assert (request.pieces.count(), request.state, request.collected_at) == (9, "collecting", RECEIVED)
    shown = client.get(f"{LIST}{request.pk}/change/")
    assert (shown.status_code, REQUESTER in shown.text) == (200, True)
    assert client.post(f"{LIST}{request.pk}/change/", terms(cast, requester="anders")).status_code == 403


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"to_day": "2025-01-01"}, "종료일이 시작일보다"),
        ({"from_day": "2020-01-01"}, "최대 5년"),
        ({"due_at_0": "2027-06-30"}, "이미 지난"),
        ({"received_on": "2027-07-02"}, "오지 않은"),
        ({"from_day": "2001-01-01", "to_day": "2001-12-31"}, "자료가 없습니다"),
        ({"requester": ""}, "필수"),
        ({"kind": "curiosity"}, "올바르게"),
        ({"from_day": "0001-01-01"}, "2000"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    cast: Cast, as_user: SignIn, clock: Traveller, values: dict[str, Any], words: str
) -> None:
    records_of(cast)
    clock.move_to(RECEIVED)
    response = as_user(cast.secretary).post(f"{LIST}add/", terms(cast, **values))
    assert response.status_code == 200
    assert words in response.text
    assert not RecordsRequest.objects.exists()


def test_another_bodys_secretariat_finds_none_and_nobody_else_gets_in(
    cast: Cast, as_user: SignIn, request_: RecordsRequest
) -> None:
    of_the_group = cast.nobody
    User.objects.filter(pk=of_the_group.pk).update(is_staff=True)
    of_the_group.person.organisation = cast.secretary.person.organisation  # type: ignore[union-attr]
    of_the_group.person.save()  # type: ignore[union-attr]
    seat(of_the_group, "ciso", "secretary")
    client = as_user(User.objects.get(pk=of_the_group.pk))
    for address in ("change/", "pieces/", "sheet/pdf/", "do/ask/", "history/"):
        assert client.get(f"{LIST}{request_.pk}/{address}").status_code == 404
    assert REQUESTER not in client.get(LIST).text
    assert client.post(f"{LIST}add/", terms(cast)).status_code in {200, 403}
    assert RecordsRequest.objects.count() == 1
    for other in (cast.kt_liaison, cast.chair, cast.observer):
        assert as_user(other).get(f"{LIST}{request_.pk}/change/", follow=True).status_code == 403


def test_pieces_are_ticked_and_decided_on(cast: Cast, as_user: SignIn, request_: RecordsRequest) -> None:
    client, page = as_user(cast.secretary), f"{LIST}{request_.pk}/pieces/"
    assert PAPER in client.get(page).text
    everything = keys(request_)
    given = {"rule": "1", "piece": everything, "outcome": "handed_over"}
    assert client.post(page, given).status_code == 302
    assert set(request_.pieces.values_list("outcome", flat=True)) == {"handed_over"}
    lacking = client.post(page, {"rule": "1", "piece": everything[:2], "outcome": "refused"})
    assert (lacking.status_code, lacking.text.count(" checked")) == (422, 3)  # the two, and the outcome
    assert set(request_.pieces.values_list("outcome", flat=True)) == {"handed_over"}
    paper = keys(request_, "paperversion")
    withheld = {"rule": "1", "piece": paper, "outcome": "refused", "reason": "법률 제4조제1항"}
    assert client.post(page, withheld).status_code == 302
    assert piece_of(request_, "paperversion").reason == "법률 제4조제1항"
    citizen = asked_for(cast, "disclosure")
    page = f"{LIST}{citizen.pk}/pieces/"
    assert client.post(page, withheld).status_code == 422
    assert client.post(page, withheld | {"grounds": ["7"], "review_on": "2028-06-01"}).status_code == 302
    assert piece_of(citizen, "paperversion").grounds == [7]
    for data in ({"rule": "1", "outcome": "shown"}, {"rule": "1", "outcome": "shown", "piece": ["evidence-0"]}, {}):
        assert client.post(page, data).status_code == 422


def test_who_rules_on_an_older_page_is_told(
    cast: Cast, as_user: SignIn, request_: RecordsRequest, clock: Traveller
) -> None:
    client, page = as_user(cast.secretary), f"{LIST}{request_.pk}/pieces/"
    clock.shift(1)
    seen = client.get(page).context["version"]
    said = {"rule": "1", "piece": keys(request_, "paperversion"), "outcome": "refused", "reason": "법률 제4조"}
    clock.shift(1)
    assert client.post(page, said | {"_version": seen}).status_code == 302
    other = client.post(page, said | {"outcome": "handed_over", "_version": seen})
    assert (other.status_code, piece_of(request_, "paperversion").outcome) == (422, "refused")
    again = client.post(page, said | {"outcome": "handed_over", "_version": other.context["version"]})
    assert (again.status_code, piece_of(request_, "paperversion").outcome) == (302, "handed_over")


def test_a_part_is_attached(cast: Cast, as_user: SignIn, request_: RecordsRequest) -> None:
    client, page = as_user(cast.secretary), f"{LIST}{request_.pk}/pieces/"
    key = keys(request_, "paperversion")[0]
    said = {"rule": "1", "piece": key, "outcome": "handed_over", "in_part": "on", "grounds": ["7"], "reason": "r"}
    assert client.post(page, said | {"review_on": "2028-06-01"}).status_code == 302
    assert client.post(page, {"part": key}).status_code == 422
    upload = SimpleUploadedFile("part.pdf", samples.PDF)
    assert client.post(page, {"part": key, f"file-{key}": upload}).status_code == 302
    assert "part.pdf" in client.get(page).text
    bad = SimpleUploadedFile("part.exe", b"MZ")
    assert client.post(page, {"part": key, f"file-{key}": bad}).status_code == 422


def test_from_the_question_to_the_handing_over(
    cast: Cast, as_user: SignIn, request_: RecordsRequest, clock: Traveller
) -> None:
    client = as_user(cast.secretary)
    ruled(cast, request_)
    asking = client.get(f"{LIST}{request_.pk}/do/ask/").text
    assert "KT, LG유플러스, SK텔레콤" in asking
    assert do(client, request_, "ask", until="2027-07-02").status_code == 422
    assert do(client, request_, "ask", until="2027-07-06").status_code == 302
    answer(opinion_of(request_, "KT"), by=actor_of(cast.kt_liaison), now=RECEIVED, kind="opposed", text="비공개")
    for verb in ("settle", "hand_over", "make_archive"):
        assert do(client, request_, verb, to="의원실", how="인편").status_code == 422
    opinion = opinion_of(request_, "KT")
    address = f"/admin/council/recordsopinion/{opinion.pk}/do/decline/"
    assert client.post(address, {"reply": "법률에 따른 요구"}).status_code == 302
    clock.move_to(HEARD)
    client = as_user(cast.secretary)
    assert do(client, request_, "settle").status_code == 302
    assert do(client, request_, "make_archive").status_code == 302
    page = f"{LIST}{request_.pk}/change/"
    assert 'http-equiv="refresh"' in client.get(page).text
    RecordsRequest.objects.update(stage="making", done=3, lease_until=HEARD + timedelta(minutes=5))
    assert 'value="3" max="9"' in client.get(page).text
    assert do(client, request_, "make_archive").status_code == 422
    assert make_waiting(now=HEARD + timedelta(minutes=6)) == 1
    shown = client.get(page).text
    request_.refresh_from_db()
    assert request_.sha256 in shown
    assert 'http-equiv="refresh"' not in shown
    assert do(client, request_, "hand_over", to="의원실", how="인편").status_code == 302
    assert do(client, request_, "hand_over", to="의원실", how="인편").status_code == 422
    assert do(client, request_, "close", reason="r").status_code == 422
    assert do(client, request_, "hold", reason="소송").status_code == 302
    assert "소송" in client.get(page).text
    assert do(client, request_, "lift_hold", reason="종결").status_code == 302
    sheet = b"".join(client.get(f"{LIST}{request_.pk}/sheet/hwpx/").streaming_content)  # type: ignore[attr-defined]
    words = str(HwpxDocument.open(sheet).text.plain())
    assert request_.sha256 in "".join(words.split())
    assert PAPER in words
    assert client.get(f"{LIST}{request_.pk}/sheet/docx/").status_code == 404
    assert client.get(f"{LIST}{request_.pk}/history/").text.count("폐기 보류 설정") == 1


def test_two_secretaries_at_once_do_not_ask_twice(cast: Cast, as_user: SignIn, request_: RecordsRequest) -> None:
    ruled(cast, request_)
    first, second = as_user(cast.secretary), as_user(cast.secretary)
    version = second.get(f"{LIST}{request_.pk}/do/ask/").context["version"]
    assert do(first, request_, "ask", until="2027-07-06").status_code == 302
    refused = do(second, request_, "ask", until="2027-07-09", _version=version)
    assert refused.status_code == 422
    assert RecordsOpinion.objects.filter(request=request_).count() == 3
    assert AuditEntry.objects.filter(verb="records.asked").count() == 1


@pytest.mark.parametrize("number", [1, 50])
def test_the_list_asks_the_same_number_of_questions(
    cast: Cast, as_user: SignIn, request_: RecordsRequest, django_assert_num_queries: Any, number: int
) -> None:
    for n in range(number):
        asked_for(cast, reference=f"{n}")
    client = as_user(cast.secretary)
    client.get(LIST)
    with django_assert_num_queries(8):
        assert client.get(LIST).status_code == 200


def test_who_was_asked_is_on_its_page(cast: Cast, as_user: SignIn, request_: RecordsRequest) -> None:
    ruled(cast, request_)
    asked(cast, request_)
    client, page = as_user(cast.secretary), f"{LIST}{request_.pk}/change/"
    assert client.get(page).text.count("/admin/council/recordsopinion/") >= 3
    settled(cast, request_)
    assert do(client, request_, "reconsider", reason="누락").status_code == 302
    assert client.get("/admin/council/recordsopinion/").status_code == 200
