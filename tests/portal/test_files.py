"""Downloading what was handed in."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from council.actions.models import ActionItem, ProgressUpdate
from council.actions.operations.progress import save_draft, submit_progress
from council.core.labels import Label
from council.core.models import AuditEntry
from council.files.models import StoredFile
from council.parties.models import User
from tests.actions.steps import a_report
from tests.factories import Cast, actor_of, an_action, link, moment, pdf

type SignIn = Callable[[User], Client]

CONTENT = b"%PDF-1.7\nCANARY-FILE\n%%EOF\n"


@pytest.fixture
def stored(cast: Cast) -> StoredFile:
    """A file of SKT's, handed in."""
    progress = a_report(uploads=[pdf("해지 방어.pdf", CONTENT)])
    submit_progress(an_action(), by=actor_of(cast.skt_liaison), now=moment("2026-11-24 09:00"), progress=progress)
    return StoredFile.objects.get()


@pytest.mark.parametrize("who", ["skt_liaison", "skt_ciso", "skt_ceo", "secretary"])
def test_owner_members_and_ministry_get_it_and_that_is_written_down(
    cast: Cast, as_user: SignIn, stored: StoredFile, who: str
) -> None:
    response = as_user(getattr(cast, who)).get(link("file", stored.pk))
    assert (response.status_code, response.getvalue()) == (200, CONTENT)
    assert AuditEntry.objects.get(verb="file.downloaded").actor_user_id == getattr(cast, who).pk


def test_nobody_else_gets_a_byte_or_a_name(cast: Cast, as_user: SignIn, stored: StoredFile) -> None:
    for user in cast.outsiders:
        response = as_user(user).get(link("file", stored.pk))
        assert response.status_code == 404, user
        assert b"CANARY" not in response.content
        assert "해지" not in response.text + str(response.headers)
    refused = AuditEntry.objects.filter(refused=True, target_type="storedfile")
    assert refused.count() == len(cast.outsiders)


def test_a_file_of_a_draft_is_not_the_ministrys_yet(cast: Cast, as_user: SignIn) -> None:
    save_draft(an_action(), by=actor_of(cast.skt_liaison), progress=a_report(uploads=[pdf()]))
    pk = StoredFile.objects.get().pk
    assert as_user(cast.secretary).get(link("file", pk)).status_code == 404
    assert as_user(cast.skt_ciso).get(link("file", pk)).getvalue() == pdf().read()


def test_nothing_in_it_can_run(cast: Cast, as_user: SignIn, stored: StoredFile) -> None:
    response = as_user(cast.secretary).get(link("file", stored.pk))
    assert response.getvalue() == CONTENT
    headers = {
        name: response[name]
        for name in (
            "Content-Type", "Content-Security-Policy", "X-Content-Type-Options", "Cross-Origin-Resource-Policy",
            "Cache-Control", "Content-Length",
        )
    }  # fmt: skip
    assert headers == {
        "Content-Type": "application/octet-stream",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store, private",
        "Content-Length": str(len(CONTENT)),
    }
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%ED%95%B4%EC%A7%80%20")


def test_a_file_is_read_not_changed(cast: Cast, as_user: SignIn, stored: StoredFile) -> None:
    for method in ("post", "put", "delete"):
        assert getattr(as_user(cast.skt_liaison), method)(link("file", stored.pk)).status_code == 405
    with stored.file.open("rb") as kept:
        assert kept.read() == CONTENT


def test_files_have_no_address_but_this(cast: Cast, as_user: SignIn, stored: StoredFile) -> None:
    for address in (f"/files/{stored.file.name}", f"/media/{stored.file.name}", f"/{stored.file.name}"):
        assert as_user(cast.secretary).get(address).status_code == 404


def test_a_question_about_the_head_gets_the_head_and_is_no_download(
    cast: Cast, as_user: SignIn, stored: StoredFile
) -> None:
    response = as_user(cast.secretary).head(link("file", stored.pk))
    assert (response.status_code, response.content, response["Content-Length"]) == (200, b"", str(len(CONTENT)))
    assert response["Content-Disposition"].startswith("attachment;")
    assert not AuditEntry.objects.filter(verb="file.downloaded").exists()


@pytest.mark.parametrize(
    "part", ["bytes=0-3", "bytes=-5", "bytes=5-2", "bytes=0-1,3-4", "bytes=99999-", "lines=1", "rubbish"]
)
def test_who_asks_for_a_part_gets_the_whole(cast: Cast, as_user: SignIn, stored: StoredFile, part: str) -> None:
    response = as_user(cast.secretary).get(link("file", stored.pk), headers={"Range": part, "If-Range": '"x"'})
    assert (response.status_code, response.getvalue(), response["Accept-Ranges"]) == (200, CONTENT, "none")


@pytest.mark.parametrize(
    "name", ["실적\u2028보고.pdf", 'a"b;c.pdf', "a.pdf\r\nSet-Cookie: x=1", "100%.pdf", "가" * 146 + ".pdf"]
)
def test_whatever_its_name_it_comes_as_an_attachment_on_one_line(
    cast: Cast, as_user: SignIn, stored: StoredFile, name: str
) -> None:
    StoredFile.objects.filter(pk=stored.pk).update(name=name)
    response = as_user(cast.secretary).get(link("file", stored.pk))
    assert response.getvalue() == CONTENT
    assert response["Content-Disposition"].startswith("attachment")
    assert "\n" not in str(response["Content-Disposition"])
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("damage", ["another content", "one bit", "longer", "empty", "gone", "a folder"])
def test_what_is_not_what_was_handed_in_is_not_handed_out(
    cast: Cast, as_user: SignIn, stored: StoredFile, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    path = Path(stored.file.path)
    path.unlink()
    match damage:
        case "a folder":
            path.mkdir()
        case "gone":
            pass
        case _:
            path.write_bytes(
                {
                    "another content": b"%PDF-1.7 CANARY-CHANGED",
                    "one bit": b"$" + CONTENT[1:],
                    "longer": CONTENT + b" ",
                    "empty": b"",
                }[damage]
            )
    response = as_user(cast.secretary).get(link("file", stored.pk))
    assert response.status_code == 404
    assert "해지 방어.pdf" in response.text
    assert "제출된 내용과 일치하지 않아" in response.text
    assert "CANARY" not in response.text
    entry = AuditEntry.objects.get(verb="file.downloaded")
    assert (entry.refused, entry.reason, entry.target_id) == (True, "content missing or changed", str(stored.pk))
    assert f"file {stored.pk}" in caplog.text


WAITING = {"scan": "waiting"}
INFECTED = {"scan": "infected", "scan_finding": "Eicar-Test-Signature", "scanned_at": moment("2026-11-24 09:05")}
SCANS = pytest.mark.parametrize(
    ("values", "on_its_page", "beside_it"),
    [
        (WAITING, "아직 악성코드 검사가 끝나지 않았습니다", "악성코드 검사를 기다리고 있습니다"),
        (INFECTED, "악성코드가 발견되어", "악성코드(Eicar-Test-Signature)가 발견되어"),
    ],
    ids=["waiting", "infected"],
)  # fmt: skip


@SCANS
@pytest.mark.parametrize("who", ["secretary", "skt_liaison"])
def test_what_the_scanner_holds_back_is_not_handed_out_and_the_page_says_why(
    cast: Cast, as_user: SignIn, stored: StoredFile, values: Any, on_its_page: str, beside_it: str, who: str
) -> None:
    StoredFile.objects.filter(pk=stored.pk).update(**values)
    client = as_user(getattr(cast, who))
    for method in ("get", "head"):
        assert getattr(client, method)(link("file", stored.pk)).status_code == 409
    response = client.get(link("file", stored.pk))
    assert on_its_page in response.text
    assert "CANARY" not in response.text
    assert set(AuditEntry.objects.filter(verb="file.downloaded").values_list("refused", flat=True)) == {True}
    page = client.get(link("action", ActionItem.objects.get().pk)).text
    assert beside_it in page
    assert "해지 방어.pdf" in page
    assert link("file", stored.pk) not in page


@SCANS
def test_nobody_else_learns_of_a_file_that_is_held_back(
    cast: Cast, as_user: SignIn, stored: StoredFile, values: Any, on_its_page: str, beside_it: str
) -> None:
    StoredFile.objects.filter(pk=stored.pk).update(**values)
    for user in cast.outsiders:
        response = as_user(user).get(link("file", stored.pk))
        assert response.status_code == 404
        assert on_its_page not in response.text
        assert "해지" not in response.text


def test_a_clean_file_is_linked_and_handed_out(cast: Cast, as_user: SignIn, stored: StoredFile) -> None:
    StoredFile.objects.filter(pk=stored.pk).update(scan="clean", scanned_at=moment("2026-11-24 09:05"))
    client = as_user(cast.secretary)
    assert link("file", stored.pk) in client.get(link("action", ActionItem.objects.get().pk)).text
    assert client.get(link("file", stored.pk)).getvalue() == CONTENT


def test_no_address_and_no_finder_of_static_files_reaches_what_was_handed_in(
    cast: Cast, as_user: SignIn, stored: StoredFile, settings: Any
) -> None:
    name = str(stored.file.name)
    assert finders.find(name) is None
    for way in ("..", "../files", "%2e%2e/files", "..%2ffiles", "files", "media"):
        response = as_user(cast.secretary).get(f"/static/{way}/{name}")
        assert response.status_code == 404
        assert b"CANARY" not in response.content
    assert not Path(settings.MEDIA_ROOT).resolve().is_relative_to(Path(settings.STATIC_ROOT).resolve())


def test_what_is_kept_is_readable_by_owner_and_group_only(stored: StoredFile) -> None:
    assert stat.filemode(Path(stored.file.path).stat().st_mode) == "-rw-r-----"


def test_a_file_stays_with_its_owner_when_the_report_is_released(
    cast: Cast, as_user: SignIn, stored: StoredFile
) -> None:
    ActionItem.objects.update(label=Label.AMBER)
    ProgressUpdate.objects.update(label=Label.AMBER)
    pages = {who: as_user(getattr(cast, who)) for who in ("kt_liaison", "skt_ciso", "secretary")}
    address = link("action", ActionItem.objects.get().pk)
    assert a_report().text in pages["kt_liaison"].get(address).text
    shown = {who: stored.name in client.get(address).text for who, client in pages.items()}
    given = {who: client.get(link("file", stored.pk)).getvalue() == CONTENT for who, client in pages.items()}
    assert shown == given == {"kt_liaison": False, "skt_ciso": True, "secretary": True}
