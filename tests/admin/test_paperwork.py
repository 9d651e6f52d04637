"""Recordings, official documents and a division's forms in the administration, and what becomes of the documents."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hwpx import validate_package
from time_machine import Traveller

from council.minutes.models import DocumentForm, MinutesRevision, OfficialDocument, Recording
from council.parties.models import Body, User
from tests.admin.forms import step
from tests.documents.house import a_form
from tests.documents.reading import words_of
from tests.factories import Cast, link
from tests.factories.founding import clock
from tests.files import samples
from tests.minutes.held import SENT, circulated_minutes

__all__ = ["clock"]
pytestmark = pytest.mark.usefixtures("clock")
type SignIn = Callable[[User], Client]


@pytest.fixture
def revision(cast: Cast, clock: Traveller) -> MinutesRevision:
    sent = circulated_minutes(cast)
    clock.move_to(SENT)
    return sent


@pytest.fixture
def client(cast: Cast, as_user: SignIn, revision: MinutesRevision) -> Client:
    return as_user(cast.secretary)


def test_the_page_says_what_a_designated_meeting_lacks_until_it_is_there(
    cast: Cast, client: Client, revision: MinutesRevision
) -> None:
    page = f"/admin/council/meeting/{revision.minutes.meeting_id}/minutes/"
    assert "지정회의" not in client.get(page).text
    Body.objects.update(designated_meeting=True)
    assert "지정회의는 속기록" in client.get(page).text
    said = {"kind": "steno", "upload": SimpleUploadedFile("속기록.pdf", samples.PDF), "kept_as": "", "closed_until": ""}
    assert step(client, "minutes", revision.minutes_id, "add_recording", **said).status_code == 302
    assert "지정회의는 속기록" not in client.get(page).text
    row = Recording.objects.get()
    assert "속기록" in client.get(f"/admin/council/minutes/{revision.minutes_id}/change/").text
    wrong = step(client, "minutes", revision.minutes_id, "add_recording", kind="sound", kept_as="")
    assert wrong.status_code == 422
    assert step(client, "recording", row.pk, "withdraw", reason="오등록").status_code == 302
    assert "지정회의는 속기록" in client.get(page).text


def test_a_file_of_another_kind_is_refused_in_words(client: Client, revision: MinutesRevision) -> None:
    said = {"kind": "steno", "upload": SimpleUploadedFile("녹음.exe", b"MZ"), "kept_as": ""}
    refused = step(client, "minutes", revision.minutes_id, "add_recording", **said)
    assert (refused.status_code, Recording.objects.count()) == (422, 0)


def test_an_official_document_is_entered_and_shown_with_its_meeting(
    cast: Cast, as_user: SignIn, client: Client, revision: MinutesRevision
) -> None:
    meeting = revision.minutes.meeting
    said = {
        "kind": "notice", "document_number": "통신정책과-77", "approver": "과장 ○○○", "route": "delegated",
        "channel": "exchange", "sent_at": "2027-05-10T09:30",
    }  # fmt: skip
    assert step(client, "meeting", meeting.pk, "refer", **said).status_code == 302
    assert "통신정책과-77" in client.get(f"/admin/council/meeting/{meeting.pk}/change/").text
    kt = as_user(cast.kt_liaison)
    assert "통신정책과-77" in kt.get(link("meeting", meeting.pk)).text
    notice = kt.get(link("meeting_file", meeting.pk, what="notice", form="hwpx"))
    assert "통신정책과-77" in words_of(b"".join(notice.streaming_content))  # type: ignore[attr-defined]
    assert kt.get(f"/admin/council/meeting/{meeting.pk}/do/refer/").status_code in {302, 403}
    inside = said | {"kind": "results", "document_number": "내부-1", "channel": "internal", "sent_at": ""}
    assert step(client, "meeting", meeting.pk, "refer", **inside).status_code == 302
    assert "내부-1" not in kt.get(link("meeting", meeting.pk)).text
    assert step(client, "meeting", meeting.pk, "refer", **said).status_code == 422
    assert OfficialDocument.objects.count() == 2


def handed_in(client: Client, cast: Cast, *texts: str, kind: str = "minutes") -> Any:
    said = {"body": cast.council.pk, "kind": kind, "upload": a_form(*texts)}
    return client.post("/admin/council/documentform/add/", said)


def test_minutes_come_out_in_the_divisions_own_form(
    cast: Cast, as_user: SignIn, client: Client, revision: MinutesRevision
) -> None:
    assert handed_in(client, cast, "통신정책과 서식", "{{제목}}", "{{일시}} / {{장소}}", "{{본문}}").status_code == 302
    answer = as_user(cast.kt_liaison).get(link("minutes_file", revision.pk, form="hwpx"))
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    said = words_of(content)
    assert validate_package(content).ok
    for words in ("통신정책과 서식", "2027. 5. 20.(목) 10:00 – 11:30", "정부서울청사", "SKT의 발언", "합의한다."):
        assert words in said, words
    assert "{{" not in said
    row = DocumentForm.objects.get()
    assert row.fields_found == ["제목", "일시", "장소", "본문"]
    assert client.get(f"/admin/council/documentform/{row.pk}/change/").status_code == 200
    assert step(client, "documentform", row.pk, "put_aside").status_code == 302
    again = as_user(cast.kt_liaison).get(link("minutes_file", revision.pk, form="hwpx"))
    assert "통신정책과 서식" not in words_of(b"".join(again.streaming_content))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("texts", "said"), [(("{{제목}}", "{{예산}}"), "예산"), (("아무것도 없는 서식",), "병합 항목이 없")]
)
def test_a_form_that_cannot_be_filled_is_refused_by_name(
    cast: Cast, client: Client, texts: tuple[str, ...], said: str
) -> None:
    refused = handed_in(client, cast, *texts)
    assert (refused.status_code, DocumentForm.objects.count()) == (200, 0)
    assert said in refused.text


def test_a_form_that_breaks_when_it_is_filled_is_refused_when_it_is_handed_in(cast: Cast, client: Client) -> None:
    with ZipFile(BytesIO(a_form("{{제목}}").read())) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    out = BytesIO()
    with ZipFile(out, "w") as broken:
        for name, content in parts.items():
            broken.writestr(name, b"<a/>" if name == "Contents/header.xml" else content)
    said = {"body": cast.council.pk, "kind": "minutes", "upload": SimpleUploadedFile("서식.hwpx", out.getvalue())}
    refused = client.post("/admin/council/documentform/add/", said)
    assert (refused.status_code, DocumentForm.objects.count()) == (200, 0)


def test_a_form_for_a_body_that_one_does_not_run_is_refused(cast: Cast, client: Client) -> None:
    other = Body.objects.create(code="other", name_ko="다른", name_en="other")
    said = {"body": other.pk, "kind": "minutes", "upload": a_form("{{제목}}")}
    assert client.post("/admin/council/documentform/add/", said).status_code in {200, 403}
    assert not DocumentForm.objects.exists()
