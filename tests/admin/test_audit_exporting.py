"""A period of the access record is taken out with a reason, as a table or as a chain, and as the reader sees it."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from council.core import audit, trail
from council.core.models import AuditEntry
from council.parties.models import User
from tests.core.entries import an_entry
from tests.factories import Cast

type SignIn = Callable[[User], Client]

pytestmark = pytest.mark.both_databases
ADDRESS = "/admin/council/auditentry/export/"
OCTOBER = {"since": "2026-10-01", "until": "2026-10-31", "reason": "월별 점검"}


@pytest.fixture
def record(cast: Cast) -> None:
    """Entries of three months; one in October is about a draft of SKT's, which is SKT's alone."""
    for at, verb, target, values in (
        ("2026-09-30 23:59", "meeting.read", "SEPTEMBER", {}),
        ("2026-10-01 00:00", "meeting.read", "=FIRST()", {"reason": "＝1+1", "after": {"이름": "값"}}),
        ("2026-10-15 10:00", "progress.drafted", "CANARY-DRAFT", {"organisation_id": cast.skt.pk}),
        ("2026-10-31 23:59", "file.downloaded", "LAST", {}),
        ("2026-11-01 00:00", "meeting.read", "NOVEMBER", {}),
    ):
        an_entry(at, verb, target=target, **values)


def asked(client: Client, **data: str) -> Any:
    return client.post(ADDRESS, OCTOBER | data)


def body(response: Any) -> str:
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode()


@pytest.mark.usefixtures("record")
def test_a_table_holds_the_period_and_no_formula_and_not_what_is_hidden(cast: Cast, as_user: SignIn) -> None:
    response = asked(as_user(cast.secretary), kind="csv")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="audit-2026-10-01-2026-10-31.csv"'
    assert "no-store" in response.headers["Cache-Control"]
    text = body(response)
    assert text.startswith("\ufeffsequence,at,actor,")
    rows = list(csv.DictReader(StringIO(text)))
    assert [row["target"] for row in rows] == ["'=FIRST()", "LAST"]
    first = rows[0]
    assert (first["reason"], first["at"]) == ("'＝1+1", "2026-10-01T00:00:00+09:00")
    assert (first["after"], first["what"]) == ('{"이름": "값"}', "열람")
    assert first["hash"] == AuditEntry.objects.get(target="=FIRST()").hash
    assert "CANARY" not in text


@pytest.mark.usefixtures("record")
def test_the_chain_of_the_period_can_be_followed_and_what_is_hidden_is_there_as_its_hash(
    cast: Cast, as_user: SignIn
) -> None:
    text = body(asked(as_user(cast.secretary), kind="jsonl"))
    checked = trail.check(text.splitlines())
    assert (checked.faults, checked.first, checked.last, checked.withheld) == ([], 2, 4, 1)
    assert [json.loads(line).get("entry", {}).get("target") for line in text.splitlines()] == ["=FIRST()", None, "LAST"]
    assert "CANARY" not in text
    assert "progress" not in text


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
@pytest.mark.usefixtures("record")
def test_the_export_is_written_down_with_its_reason_before_anything_is_handed_out(
    cast: Cast, as_user: SignIn, kind: str
) -> None:
    asked(as_user(cast.secretary), kind=kind)
    entry = AuditEntry.objects.get(verb="audit.exported")
    assert (entry.reason, entry.actor_user_id, entry.refused) == ("월별 점검", cast.secretary.pk, False)
    assert entry.after == {"since": "2026-10-01", "until": "2026-10-31", "format": kind}


@pytest.mark.parametrize(
    "data",
    [
        {"reason": ""}, {"reason": "   "}, {"kind": "xlsx"}, {"kind": ""}, {"since": "2026-11-01"}, {"until": ""},
        {"since": "0001-01-01"}, {"until": "9999-12-31"}, {"since": "x"},
    ],
)  # fmt: skip
@pytest.mark.usefixtures("record")
def test_without_a_reason_or_a_period_nothing_is_handed_out(cast: Cast, as_user: SignIn, data: dict[str, str]) -> None:
    response = asked(as_user(cast.secretary), **({"kind": "csv"} | data))
    assert response.status_code == 422
    assert not AuditEntry.objects.filter(verb="audit.exported").exists()
    assert "LAST" not in response.text


@pytest.mark.usefixtures("record")
def test_asking_for_the_page_hands_out_nothing(cast: Cast, as_user: SignIn) -> None:
    response = as_user(cast.secretary).get(ADDRESS, OCTOBER | {"kind": "csv"})
    assert response.status_code == 200
    assert "LAST" not in response.text
    assert not AuditEntry.objects.filter(verb="audit.exported").exists()


@pytest.mark.usefixtures("record")
def test_a_period_without_entries_gives_a_header_and_an_empty_chain(cast: Cast, as_user: SignIn) -> None:
    year = {"since": "2020-01-01", "until": "2020-12-31"}
    assert len(body(asked(as_user(cast.secretary), kind="csv", **year)).splitlines()) == 1
    assert body(asked(as_user(cast.secretary), kind="jsonl", **year)) == ""


@pytest.mark.parametrize("who", ["accounts", "skt_liaison"])
@pytest.mark.usefixtures("record")
def test_nobody_else_takes_the_record_out_and_the_attempt_is_written_down(
    cast: Cast, as_user: SignIn, who: str
) -> None:
    User.objects.filter(pk=getattr(cast, who).pk).update(is_staff=True)
    response = asked(as_user(User.objects.get(pk=getattr(cast, who).pk)), kind="csv")
    assert response.status_code == 403
    assert AuditEntry.objects.get(refused=True).verb == "export"
    assert not AuditEntry.objects.filter(verb="audit.exported").exists()
    assert list(audit.verify()) == []
