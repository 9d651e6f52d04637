"""Two people on one form: the later one is told, sees the newer row's version, and may then overrule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from council.core.models import AuditEntry
from council.declaration.models import Commitment
from council.meetings.models import Meeting
from council.parties.models import User
from tests.admin.forms import everything_said, filled, in_language
from tests.factories import Cast, a_meeting

type SignIn = Callable[[User], Client]

FASTER = "Somebody else changed this while you were editing. Compare with the page; save again to overrule."


@pytest.fixture(params=["commitment", "meeting"])
def row(request: pytest.FixtureRequest, cast: Cast) -> Commitment | Meeting:
    return Commitment.objects.get(code="C01") if request.param == "commitment" else a_meeting()


def address(row: Commitment | Meeting) -> str:
    return f"/admin/council/{row._meta.model_name}/{row.pk}/change/"


def typed(page: Any, text: str) -> dict[str, Any]:
    """The form of a page as the browser sends it, with another title and the version it was made from."""
    column = "title" if isinstance(page.context["original"], Meeting) else "title_ko"
    why = {} if column == "title" else {"reason": "표현을 다듬음"}
    return filled(page, **{column: text, "_version": page.context["version"]}, **why)


def title(row: Commitment | Meeting) -> str:
    row.refresh_from_db()
    return row.title if isinstance(row, Meeting) else row.title_ko


@pytest.fixture
def late(row: Commitment | Meeting, cast: Cast, as_user: SignIn, clock: time_machine.Traveller) -> dict[str, Any]:
    """What somebody sends from a page opened before somebody else saved the same row."""
    client = as_user(cast.secretary)
    mine, theirs = client.get(address(row)), client.get(address(row))
    clock.shift(timedelta(minutes=1))
    assert client.post(address(row), typed(theirs, "먼저 고친 제목")).status_code == 302
    clock.shift(timedelta(minutes=1))
    return typed(mine, "나중에 고친 제목")


def test_the_page_carries_its_version(row: Commitment | Meeting, cast: Cast, as_user: SignIn) -> None:
    page = as_user(cast.secretary).get(address(row))
    assert f'name="_version" value="{page.context["version"]}"' in page.text
    assert page.context["version"] == row.updated_at.isoformat()


def test_what_comes_from_an_older_page_is_answered_with_the_form_and_nothing_is_written(
    row: Commitment | Meeting, cast: Cast, as_user: SignIn, late: dict[str, Any]
) -> None:
    entries = AuditEntry.objects.count()
    page = as_user(cast.secretary).post(address(row), late)
    assert page.status_code == 200
    assert in_language(FASTER, "ko") in everything_said(page)
    assert "나중에 고친 제목" in page.text
    assert title(row) == "먼저 고친 제목"
    assert AuditEntry.objects.count() == entries


def test_the_version_of_the_page_shown_again_lets_it_through(
    row: Commitment | Meeting, cast: Cast, as_user: SignIn, late: dict[str, Any]
) -> None:
    client = as_user(cast.secretary)
    again = client.post(address(row), late)
    assert again.context["version"] != late["_version"]
    assert client.post(address(row), late | {"_version": again.context["version"]}).status_code == 302
    assert title(row) == "나중에 고친 제목"
