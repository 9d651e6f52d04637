"""The list of action items: narrowed and ordered by its address, and taken along as what was narrowed."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from council.actions.models import ActionItem
from council.actions.operations.items import cancel_action
from council.parties.models import User
from tests.actions.steps import reported, submitted
from tests.factories import TODAY, Cast, actor_of, an_action

type SignIn = Callable[[User], Client]

LIST = "/actions/"


def shown(client: Client, query: str = "") -> list[str]:
    return [task.action.title for task in client.get(f"{LIST}?{query}").context["tasks"]]


def items(cast: Cast) -> None:
    """SKT's in several states, one of KT's that everybody at the table reads, one that is KT's own."""
    an_action(title="late", due_on=TODAY)
    an_action(title="mine", assignee=cast.skt_liaison.person)
    submitted(cast, title="waits")
    cancel_action(an_action(title="gone"), by=actor_of(cast.secretary), reason="Superseded")
    an_action("KT", title="shared", label="TLP:AMBER", commitment="C12")
    an_action("KT", title="hidden")
    ActionItem.objects.filter(title="late").update(due_on=date(2026, 11, 20))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["late", "mine", "waits"]),
        ("whose=mine", ["mine"]),
        ("which=overdue", ["late"]),
        ("which=waiting", ["waits"]),
        ("which=settled", ["gone"]),
        ("whose=all", ["late", "mine", "waits", "shared"]),
        ("whose=all&owner=KT", ["shared"]),
        ("whose=all&pillar=benefits", ["shared"]),
        ("whose=all&q=SHAR", ["shared"]),
        ("q=c01&which=any&order=-due", ["mine", "waits", "gone", "late"]),
        ("which=nonsense&whose=x&order=y&owner=NOBODY&pillar=p", ["late", "mine", "waits"]),
    ],
)
def test_the_address_says_what_is_shown(cast: Cast, as_user: SignIn, query: str, expected: list[str]) -> None:
    items(cast)
    found = shown(as_user(cast.skt_liaison), query)
    assert sorted(found) == sorted(expected)
    assert (found[0] == "late") is ("late" in expected and "order=-due" not in query)


def test_a_rivals_items_are_neither_listed_nor_counted_nor_offered(cast: Cast, as_user: SignIn) -> None:
    an_action("KT", title="hidden", commitment="C12")
    an_action(title="own")
    page = as_user(cast.skt_liaison).get(f"{LIST}?whose=all&which=any")
    assert [task.action.title for task in page.context["tasks"]] == ["own"]
    assert page.context["page"].paginator.count == 1
    assert list(page.context["form"].owners) == ["SKT"]


def test_a_secretary_begins_with_everybodys(cast: Cast, as_user: SignIn) -> None:
    items(cast)
    assert set(shown(as_user(cast.secretary))) == {"late", "mine", "waits", "shared", "hidden"}


def taken(client: Client, form: str, query: str) -> bytes:
    answer: Any = client.get(f"{LIST}list.{form}?{query}")
    return b"".join(answer.streaming_content)


def test_the_file_holds_what_was_narrowed_with_the_progress_that_its_reader_sees(cast: Cast, as_user: SignIn) -> None:
    reported(cast, title="=1+1")
    an_action("KT", title="hidden")
    sheet = load_workbook(BytesIO(taken(as_user(cast.skt_liaison), "xlsx", "whose=all&which=any"))).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[2] for row in rows[1:]] == ["'=1+1"]
    assert rows[1][7] == "40"
    lines = list(csv.reader(StringIO(taken(as_user(cast.skt_liaison), "csv", "").decode("utf-8-sig"))))
    assert lines[1:] == [["" if value is None else str(value) for value in row] for row in rows[1:]]
    assert taken(as_user(cast.skt_liaison), "csv", "which=settled").decode("utf-8-sig").count("\n") == 1


def test_no_other_form_is_there(cast: Cast, as_user: SignIn) -> None:
    assert as_user(cast.skt_liaison).get(f"{LIST}list.exe").status_code == 404


@pytest.mark.parametrize("rows", [1, 50])
def test_the_list_asks_the_same_number_of_questions(
    cast: Cast, as_user: SignIn, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        an_action(title=f"{number}", commitment="C01" if number % 2 else "C12")
    client = as_user(cast.skt_liaison)
    client.get(LIST)
    with django_assert_num_queries(10):
        assert len(shown(client)) == min(rows, 50)
