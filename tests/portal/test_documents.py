"""Documents to take along: each made for its reader; of an approved version the one that was issued once."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hwpx import validate_package
from openpyxl import load_workbook
from time_machine import Traveller

from council.core.models import AuditEntry
from council.minutes.models import IssuedDocument, MinutesRevision
from council.minutes.operations.approval import Approval, register_number
from council.minutes.operations.writing import Part, Said, save_part
from council.parties.models import User
from council.workflows.approve_minutes import approve_minutes
from tests.documents.reading import words_of
from tests.factories import Cast, actor_of, link
from tests.factories.founding import clock
from tests.minutes.held import AFTER, SENT, a_meeting_in_session, circulated_minutes, sections, speaker, written_minutes

__all__ = ["clock"]
pytestmark = pytest.mark.usefixtures("clock")
type SignIn = Callable[[User], Client]
CANARY = "CANARY-OF-KT"


@pytest.fixture
def revision(cast: Cast, clock: Traveller) -> MinutesRevision:
    """Sent round, with an annex that KT alone reads; it is the day after."""
    meeting = a_meeting_in_session(cast)
    second = sections(written_minutes(cast, meeting))[1]
    said = [Said(speaker=speaker(meeting, "KT"), text=CANARY, private=True)]
    part = Part(remarks=said, gist="모두의 글", vote="none", no_decision=True)
    save_part(second, by=actor_of(cast.secretary), part=part, seen=second.version)
    sent = circulated_minutes(cast, meeting=meeting)
    clock.move_to(SENT)
    return sent


def taken(client: Client, page: str, pk: int | None, *, query: str = "", **values: Any) -> bytes:
    response = client.get(link(page, pk, **values) + query)
    assert response.status_code == 200
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def approved(cast: Cast, revision: MinutesRevision, clock: Traveller) -> MinutesRevision:
    clock.move_to(AFTER)
    said = Approval(approver="정책관 ○○○", route="delegated", on=AFTER.date())
    approve_minutes(revision, by=actor_of(cast.secretary), now=AFTER, approval=said)
    register_number(revision, by=actor_of(cast.secretary), number="과-77")
    return revision


@pytest.mark.parametrize("form", ["hwpx", "pdf", "html"])
def test_a_draft_is_made_for_its_reader(cast: Cast, as_user: SignIn, revision: MinutesRevision, form: str) -> None:
    """What holds an annex says so, and is labelled for whom it is."""
    for reader, query, annexed in (
        (cast.kt_liaison, "", True),
        (cast.skt_liaison, "", False),
        (cast.skt_liaison, "?whole", False),
        (cast.secretary, "", False),
        (cast.secretary, "?whole", True),
    ):
        content = taken(as_user(reader), "minutes_file", revision.pk, form=form, query=query)
        said = words_of(content)
        assert ("모두의 글" in said, CANARY in said) == (True, annexed), reader
        assert (CANARY.encode() in content) == (annexed and form == "html")
        assert ("(안, 비공개 붙임 포함)" if annexed else "(안)") in said
        if form == "pdf":
            assert ("TLP:AMBER+STRICT" in said) is annexed
    assert not IssuedDocument.objects.exists()
    assert as_user(cast.former_liaison).get(link("minutes_file", revision.pk, form=form)).status_code == 404
    assert as_user(cast.skt_liaison).get(link("minutes_file", revision.pk, form="exe")).status_code == 404


@pytest.mark.parametrize("form", ["hwpx", "pdf", "html"])
def test_the_ten_fields_stand_in_the_document(
    cast: Cast, as_user: SignIn, revision: MinutesRevision, form: str
) -> None:
    said = words_of(taken(as_user(cast.secretary), "minutes_file", revision.pk, form=form))
    for words in (
        "제1차 정기회의(2027년 2분기)", "과학기술정보통신부", "2027. 5. 20.(목) 10:00 – 11:30", "정부서울청사",
        "참석자", "배석자", "진행 순서", "상정 안건", "SKT의 발언", "합의한다.", "해당 없음", "보안, 투자",
    ):  # fmt: skip
        assert words in said, words


def test_of_an_approved_version_everybody_gets_the_same_bytes_and_the_ministry_the_annexes_too(
    cast: Cast, as_user: SignIn, revision: MinutesRevision, clock: Traveller
) -> None:
    approved(cast, revision, clock)
    first = taken(as_user(cast.skt_liaison), "minutes_file", revision.pk, form="hwpx")
    assert taken(as_user(cast.kt_liaison), "minutes_file", revision.pk, form="hwpx") == first
    assert CANARY not in words_of(first)
    assert "정책관 ○○○" in words_of(first)
    assert "(협의 결과 2027-1) 합의한다." in words_of(first)
    assert validate_package(first).ok
    assert taken(as_user(cast.secretary), "minutes_file", revision.pk, form="hwpx") == first
    whole = taken(as_user(cast.secretary), "minutes_file", revision.pk, form="hwpx", query="?whole")
    assert CANARY in words_of(whole)
    assert [one.audience for one in IssuedDocument.objects.order_by("pk")] == ["common", "whole"]
    assert AuditEntry.objects.filter(verb="minutes.downloaded", after__audience="whole").count() == 1
    stored = IssuedDocument.objects.get(audience="whole").file
    assert as_user(cast.skt_liaison).get(link("file", stored.pk)).status_code == 404
    assert as_user(cast.kt_liaison).get(link("file", stored.pk)).status_code == 404
    assert taken(as_user(cast.secretary), "file", stored.pk) == whole


def handed_in(content: bytes) -> dict[str, Any]:
    return {"upload": SimpleUploadedFile("회의록.hwpx", content)}


def test_a_copy_is_known_again_and_a_changed_one_is_not(
    cast: Cast, as_user: SignIn, revision: MinutesRevision, clock: Traveller
) -> None:
    approved(cast, revision, clock)
    skt, secretary = as_user(cast.skt_liaison), as_user(cast.secretary)
    copy = taken(skt, "minutes_file", revision.pk, form="hwpx")
    whole = taken(secretary, "minutes_file", revision.pk, form="hwpx", query="?whole")
    known = skt.post("/verify/", handed_in(copy))
    assert known.context["found"].revision == revision
    assert "과-77" in known.text
    for client, content in ((skt, copy + b"x"), (skt, whole), (as_user(cast.kt_ciso), copy), (skt, b"%PDF-1.7")):
        unknown = client.post("/verify/", handed_in(content))
        assert (unknown.status_code, unknown.context["found"]) == (200, None)
        assert "과-77" not in unknown.text
    assert secretary.post("/verify/", handed_in(whole)).context["found"].audience == "whole"
    assert skt.post("/verify/", {}).status_code == 422


def test_notice_and_agenda_are_made_of_what_the_reader_sees(
    cast: Cast, as_user: SignIn, revision: MinutesRevision
) -> None:
    meeting = revision.minutes.meeting_id
    for what, words in (("notice", "소집합니다"), ("agenda", "의사일정")):
        content = taken(as_user(cast.kt_liaison), "meeting_file", meeting, what=what, form="hwpx")
        said = words_of(content)
        assert validate_package(content).ok
        assert words in said
        assert "안건 2" in said
        assert "요금, 생산량" in said
    assert "붙임" in words_of(taken(as_user(cast.kt_liaison), "meeting_file", meeting, what="notice", form="pdf"))
    assert as_user(cast.kt_liaison).get(link("meeting_file", meeting, what="secret", form="pdf")).status_code == 404


def test_registers_hold_what_the_reader_sees(cast: Cast, as_user: SignIn, revision: MinutesRevision) -> None:
    skt = as_user(cast.skt_liaison)
    content = b"".join(skt.get("/decisions/register.xlsx?year=2027").streaming_content)  # type: ignore[attr-defined]
    sheet = load_workbook(BytesIO(content)).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert rows == [["잠정", "협의 결과", "합의한다.", None, "SK텔레콤 A-001"]]
    actions = b"".join(skt.get("/actions/list.xlsx").streaming_content)  # type: ignore[attr-defined]
    owners = {row[0].value for row in load_workbook(BytesIO(actions)).active.iter_rows(min_row=2)}  # type: ignore[union-attr]
    assert owners == {"SK텔레콤"}
    for form in ("hwpx", "pdf"):
        for register in ("decisions/register", "actions/list"):
            said = words_of(b"".join(skt.get(f"/{register}.{form}").streaming_content))  # type: ignore[attr-defined]
            assert "A-001" in said
            assert "TLP:AMBER+STRICT" in said or form == "hwpx"
    assert skt.get("/decisions/register.exe").status_code == 404
