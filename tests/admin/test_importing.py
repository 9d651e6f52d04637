"""Taking in action items and commitments from XLSX: shown first, then all lines or none."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from io import BytesIO
from random import Random
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from openpyxl import Workbook, load_workbook

from council.actions.models import ActionItem
from council.core.models import AuditEntry
from council.declaration.models import Commitment, Declaration
from council.documents.sheet import MOST_ROWS
from council.mail.models import Notice
from council.parties.models import User
from tests.factories import Cast, an_account, an_action, seat

type SignIn = Callable[[User], Client]
pytestmark = pytest.mark.both_databases
ACTIONS, COMMITMENTS = "/admin/council/actionitem/import/", "/admin/council/commitment/import/"
HEADS = ["제목", "설명", "담당 기관", "이행과제", "이행기한", "공유 등급"]
GOOD = ["기지국 점검", "전수 점검", "SKT", "C01", "2026-12-10", ""]
OTHER = ["보안 점검", "", "KT", "", "2026. 12. 11.", "TLP:AMBER"]


def table(*rows: Sequence[Any], heads: Sequence[str] = HEADS, name: str = "actions.xlsx") -> SimpleUploadedFile:
    book = Workbook()
    for row in (heads, *rows):
        book.worksheets[0].append(list(row))
    out = BytesIO()
    book.save(out)
    return SimpleUploadedFile(name, out.getvalue())


def looked_at(client: Client, cast: Cast, *rows: Sequence[Any], where: str = ACTIONS, **values: Any) -> Any:
    target = cast.council.pk if where == ACTIONS else Declaration.objects.get().pk
    return client.post(where, {"target": target, "upload": table(*rows, **values)})


def taken_in(client: Client, answer: Any, where: str = ACTIONS) -> Any:
    kept = re.search(r'name="rows" value="([^"]+)"', answer.text)
    assert kept, answer.text
    return client.post(where, {"rows": kept[1]})


def test_each_line_is_shown_before_anything_is_kept_and_then_all_are(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.secretary)
    answer = looked_at(client, cast, GOOD, OTHER)
    assert answer.status_code == 200
    assert ("기지국 점검" in answer.text, "보안 점검" in answer.text) == (True, True)
    assert (ActionItem.objects.count(), Notice.objects.filter(kind="action_assigned").count()) == (0, 0)
    assert taken_in(client, answer).status_code == 302
    made = ActionItem.objects.order_by("owner__code").values_list(
        "owner__code", "title", "commitment__code", "due_on", "label", "state"
    )
    assert [(*row[:3], str(row[3]), *row[4:]) for row in made] == [
        ("KT", "보안 점검", None, "2026-12-11", "TLP:AMBER", "open"),
        ("SKT", "기지국 점검", "C01", "2026-12-10", "TLP:AMBER+STRICT", "open"),
    ]
    told = Notice.objects.filter(kind="action_assigned").values_list("recipient__user__email", flat=True)
    assert set(told) >= {cast.skt_liaison.email, cast.kt_liaison.email}
    assert AuditEntry.objects.get(verb="actions.imported").after == {"rows": 2}


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (["", "", "SKT", "", "2026-12-10", ""], ""),
        (["t", "", "XYZ", "", "2026-12-10", ""], "XYZ"),
        (["t", "", "SKT", "C99", "2026-12-10", ""], "C99"),
        (["t", "", "SKT", "", "곧", ""], "곧"),
        (["t", "", "SKT", "", "99999999999.1.1", ""], "99999999999"),
        (["t", "", "SKT", "", "2026-11-20", ""], ""),  # over
        (["t", "", "SKT", "", "2026-12-12", ""], ""),  # a Saturday
        (["t", "", "SKT", "", "2026-12-10", "비밀"], "비밀"),
        (["t" * 201, "", "SKT", "", "2026-12-10", ""], ""),
    ],
)
def test_one_bad_line_keeps_all_others_out_and_says_what_is_wrong(
    cast: Cast, as_user: SignIn, bad: list[str], said: str
) -> None:
    answer = looked_at(as_user(cast.secretary), cast, GOOD, bad)
    assert answer.status_code == 422
    assert answer.text.count("errornote") == 1
    assert said in answer.text
    assert 'name="rows"' not in answer.text
    assert ActionItem.objects.count() == 0
    assert not AuditEntry.objects.filter(verb__in=["action.opened", "actions.imported"]).exists()


def test_what_became_impossible_since_it_was_looked_at_takes_in_nothing(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.secretary)
    answer = looked_at(client, cast, GOOD, OTHER)
    assert taken_in(client, answer).status_code == 302
    again = taken_in(client, answer)  # the button pressed twice
    assert again.status_code == 422
    assert ActionItem.objects.count() == 2
    assert looked_at(client, cast, OTHER).status_code == 422


def test_a_formula_is_no_value_whatever_it_would_give(cast: Cast, as_user: SignIn) -> None:
    answer = looked_at(as_user(cast.secretary), cast, GOOD, ['=HYPERLINK("http://x.test","t")', "", "SKT", "", "", ""])
    assert answer.status_code == 422
    assert "A3" in answer.text
    assert ActionItem.objects.count() == 0


def test_a_table_of_a_hundred_thousand_lines_is_refused_without_reading_all_of_it(cast: Cast, as_user: SignIn) -> None:
    answer = looked_at(as_user(cast.secretary), cast, *([GOOD] * (MOST_ROWS + 1)))
    assert answer.status_code == 422
    assert str(MOST_ROWS) in answer.text
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in (HEADS, *([GOOD] * 100_000)):
        sheet.append(row)
    out = BytesIO()
    book.save(out)
    huge = {"target": cast.council.pk, "upload": SimpleUploadedFile("a.xlsx", out.getvalue())}
    assert as_user(cast.secretary).post(ACTIONS, huge).status_code == 422
    assert ActionItem.objects.count() == 0


@pytest.mark.parametrize(
    "heads", [HEADS[:-2], [*HEADS, "암호"], [HEADS[0], *HEADS[:5]], ["a"] * 6], ids=["few", "strange", "twice", "none"]
)
def test_other_headings_are_refused_by_name(cast: Cast, as_user: SignIn, heads: list[str]) -> None:
    answer = looked_at(as_user(cast.secretary), cast, GOOD, heads=heads)
    assert answer.status_code == 422
    assert 'name="rows"' not in answer.text


def test_a_table_that_would_fill_the_memory_is_refused_before_it_is_read(cast: Cast, as_user: SignIn) -> None:
    texts = [[Random(n).randbytes(12_000).hex(), "", "SKT", "", "2026-12-10", ""] for n in range(900)]
    answer = looked_at(as_user(cast.secretary), cast, *texts)
    assert answer.status_code == 422
    assert "표가 너무 큽니다" in answer.text


@pytest.mark.parametrize("content", [b"", b"not a table", b"PK\x03\x04"])
def test_a_file_that_is_no_table_is_refused(cast: Cast, as_user: SignIn, content: bytes) -> None:
    sent = {"target": cast.council.pk, "upload": SimpleUploadedFile("a.xlsx", content)}
    assert as_user(cast.secretary).post(ACTIONS, sent).status_code == 422
    named = {"target": cast.council.pk, "upload": SimpleUploadedFile("a.csv", b"a,b")}
    assert as_user(cast.secretary).post(ACTIONS, named).status_code == 422
    assert looked_at(as_user(cast.secretary), cast).status_code == 422  # headings alone


def test_the_empty_table_can_be_filled_in_and_sent_back(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.secretary)
    page = client.get(ACTIONS).text
    form = re.search(r'href="([^"]+import\.xlsx)"', page)
    assert form
    book = load_workbook(BytesIO(client.get(form[1]).getvalue()))
    book.worksheets[0].append(GOOD)
    out = BytesIO()
    book.save(out)
    sent = {"target": cast.council.pk, "upload": SimpleUploadedFile("filled.xlsx", out.getvalue())}
    assert taken_in(client, client.post(ACTIONS, sent)).status_code == 302
    assert ActionItem.objects.get().title == "기지국 점검"


def test_commitments_come_with_their_owners(cast: Cast, as_user: SignIn) -> None:
    heads = ["code", "title_ko", "title_en", "pillar", "kind", "owners", "sensitivity", "due_on"]
    rows = [
        ["X01", "새 과제", "A new one", "security", "pledge", "SKT, KT", "high", "2027-06-30"],
        ["X02", "논의", "Discussed", "", "discussed", "MSIT", "", ""],
    ]
    client = as_user(cast.secretary)
    answer = looked_at(client, cast, *rows, where=COMMITMENTS, heads=heads)
    assert Commitment.objects.filter(code__startswith="X").count() == 0
    assert taken_in(client, answer, COMMITMENTS).status_code == 302
    first, second = Commitment.objects.filter(code__startswith="X")
    assert {owner.code for owner in first.owners.all()} == {"SKT", "KT"}
    assert (first.pillar and first.pillar.code, first.sensitivity, first.state) == ("security", "high", "tracked")
    assert (second.pillar, second.state) == (None, "discussed")
    twice = looked_at(client, cast, rows[0], where=COMMITMENTS, heads=heads)
    assert twice.status_code == 422
    older = Declaration.objects.create(
        code="older", body=cast.council, issued_on="2025-01-01", title_ko="t", title_en="t"
    )
    sent = {"target": older.pk, "upload": table(rows[0], heads=heads)}
    assert client.post(COMMITMENTS, sent).status_code == 422  # the code is the body's, whichever declaration
    older.delete()
    for place, odd in ((3, "nothing"), (4, "wish"), (5, ""), (5, "SKT, XYZ"), (0, "공백 있는 코드")):
        row = ["X03", "t", "t", "security", "pledge", "SKT", "", ""]
        row[place] = odd
        assert looked_at(client, cast, row, where=COMMITMENTS, heads=heads).status_code == 422
    assert Commitment.objects.filter(code__startswith="X").count() == 2


def test_words_of_either_language_are_understood_in_either(cast: Cast, as_user: SignIn) -> None:
    heads = ["Code", "Title (Korean)", "Title (English)", "Pillar", "Kind", "Owners", "Sensitivity", "Due"]
    User.objects.filter(pk=cast.secretary.pk).update(language="en")
    client = as_user(User.objects.get(pk=cast.secretary.pk))
    with translation.override("ko"):
        kind, keen = str(Commitment.Kind.PLEDGE.label), str(Commitment.Sensitivity.HIGH.label)
    row = ["X01", "새 과제", "A new one", "security", kind, "SKT", keen, ""]
    answer = looked_at(client, cast, row, where=COMMITMENTS, heads=heads)
    assert taken_in(client, answer, COMMITMENTS).status_code == 302
    made = Commitment.objects.get(code="X01")
    assert (made.kind, made.sensitivity) == ("pledge", "high")


@pytest.mark.parametrize("where", [ACTIONS, COMMITMENTS])
def test_only_who_runs_a_body_takes_anything_in_and_for_that_body_alone(
    cast: Cast, as_user: SignIn, where: str
) -> None:
    User.objects.filter(pk=cast.skt_liaison.pk).update(is_staff=True)
    for who in (User.objects.get(pk=cast.skt_liaison.pk), cast.accounts):
        client = as_user(who)
        assert client.get(where).status_code == 403
        assert looked_at(client, cast, GOOD, where=where).status_code == 403
        assert client.get(where.replace("import/", "import.xlsx")).status_code == 403
    other = an_account("group@msit.test", "MSIT", is_staff=True)
    seat(other, "ciso", "secretary")
    client = as_user(other)
    assert client.get(ACTIONS).status_code == 200
    sent = looked_at(client, cast, GOOD, where=where)  # for the council, which somebody else runs
    assert sent.status_code == 422
    assert 'name="rows"' not in sent.text
    an_action()
    assert "import/" in as_user(cast.secretary).get("/admin/council/actionitem/").text


def test_what_somebody_else_looked_at_is_not_taken_in(cast: Cast, as_user: SignIn) -> None:
    answer = looked_at(as_user(cast.secretary), cast, GOOD)
    kept = re.search(r'name="rows" value="([^"]+)"', answer.text)
    assert kept
    colleague = an_account("colleague@msit.test", "MSIT", is_staff=True)
    seat(colleague, "council", "secretary")
    assert as_user(colleague).post(ACTIONS, {"rows": kept[1]}).status_code == 422
    client = as_user(cast.secretary)
    for forged in (kept[1][:-2] + "xx", "x", kept[1].replace(":", "", 1)):
        assert client.post(ACTIONS, {"rows": forged}).status_code == 422
    assert ActionItem.objects.count() == 0
