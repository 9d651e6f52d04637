"""Downloading what was handed in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from council.actions.operations import save_draft, submit_progress
from council.core.models import AuditEntry
from council.files.models import StoredFile
from council.parties.models import User
from tests.actions.steps import a_report
from tests.factories import Cast, actor_of, an_action, moment, pdf

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
    response = as_user(getattr(cast, who)).get(f"/files/{stored.pk}/")
    assert (response.status_code, response.getvalue()) == (200, CONTENT)
    assert AuditEntry.objects.get(verb="file.downloaded").actor_user_id == getattr(cast, who).pk


def test_nobody_else_gets_a_byte_or_a_name(cast: Cast, as_user: SignIn, stored: StoredFile) -> None:
    for user in cast.outsiders:
        response = as_user(user).get(f"/files/{stored.pk}/")
        assert response.status_code == 404, user
        assert b"CANARY" not in response.content
        assert "해지" not in response.text + str(response.headers)
    refused = AuditEntry.objects.filter(refused=True, target_type="storedfile")
    assert refused.count() == len(cast.outsiders)


def test_a_file_of_a_draft_is_not_the_ministrys_yet(cast: Cast, as_user: SignIn) -> None:
    save_draft(an_action(), by=actor_of(cast.skt_liaison), progress=a_report(uploads=[pdf()]))
    pk = StoredFile.objects.get().pk
    assert as_user(cast.secretary).get(f"/files/{pk}/").status_code == 404
    assert as_user(cast.skt_ciso).get(f"/files/{pk}/").getvalue() == pdf().read()


def test_nothing_in_it_can_run(cast: Cast, as_user: SignIn, stored: StoredFile) -> None:
    response = as_user(cast.secretary).get(f"/files/{stored.pk}/")
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
        assert getattr(as_user(cast.skt_liaison), method)(f"/files/{stored.pk}/").status_code == 405
    with stored.file.open("rb") as kept:
        assert kept.read() == CONTENT


def test_files_have_no_address_but_this(cast: Cast, as_user: SignIn, stored: StoredFile) -> None:
    for address in (f"/files/{stored.file.name}", f"/media/{stored.file.name}", f"/{stored.file.name}"):
        assert as_user(cast.secretary).get(address).status_code == 404
