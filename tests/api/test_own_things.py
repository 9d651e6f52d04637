"""A program reads and hands in what its account may, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest

from council.actions.models import ProgressUpdate
from council.api.schemas import key_of
from council.core.models import AuditEntry
from council.parties.models import Organisation
from council.reports.models import Report, Submission
from tests.api.conftest import Program
from tests.factories import Cast, an_account, an_action, seat
from tests.reports.steps import a_report, accepted, indicator_of, kept, returned, submitted

type Programs = Callable[..., Program]
type Counted = Callable[[int], AbstractContextManager[Any]]

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def path_of(row: Any) -> str:
    kind = "report" if isinstance(row, Report) else "action"
    return f"/{kind}s/{key_of(kind, row.pk)}"


def test_whose_token_it_is(cast: Cast, program: Programs) -> None:
    said = program(cast.skt_liaison, "read")("get", "/me").json()
    assert said == {
        "name": "liaison@skt.test", "organisation": "SKT", "scope": "read", "expires_on": "2027-12-31",
    }  # fmt: skip


def test_a_report_is_read_drafted_handed_in_and_taken_back(cast: Cast, program: Programs) -> None:
    report, asks = a_report(), program(cast.skt_liaison)
    lines = asks("get", "/reports?quarter=2026-Q4").json()
    assert lines["count"] == Report.objects.filter(organisation__code="SKT").count()
    assert path_of(report).removeprefix("/reports/") in {line["key"] for line in lines["items"]}
    said = asks("get", path_of(report)).json()
    assert (said["state"], said["draft"], said["receipt"]) == ("not_submitted", None, None)

    indicator = said["indicators"][0]["key"]
    draft = {"narrative": "Roaming", "self_rating": "on_track", "values": [{"indicator": indicator, "value": "12.5"}]}
    assert asks("put", f"{path_of(report)}/draft", draft).status_code == 200
    receipt = asks("post", f"{path_of(report)}/submission").json()
    assert receipt["sha256"] == Submission.objects.get().sha256
    stored = kept(report)
    assert (stored.state, stored.narrative, str(stored.actual)) == ("submitted", "Roaming", "12.500")
    assert Submission.objects.get().by == cast.skt_liaison

    assert asks("delete", f"{path_of(report)}/submission").json()["narrative"] == "Roaming"
    assert kept(report).state == "draft"


def test_progress_is_drafted_and_handed_in(cast: Cast, program: Programs) -> None:
    action, asks = an_action("SKT", due_on=date(2027, 3, 2)), program(cast.skt_liaison)
    address = path_of(action)
    assert asks("put", f"{address}/draft", {"percent": 30, "text": "So far"}).json()["state"] == "draft"
    receipt = asks("post", f"{address}/progress", {"percent": 40, "text": "Half", "url": "https://skt.test/x"}).json()
    update = ProgressUpdate.objects.get()
    assert (update.state, update.percent, update.sha256) == ("submitted", 40, receipt["sha256"])
    assert [piece.url for piece in update.evidence.all()] == ["https://skt.test/x"]
    assert [line["text"] for line in asks("get", f"{address}/progress").json()] == ["Half"]
    assert asks("get", address).json()["state"] == "in_progress"


def test_a_draft_of_a_colleague_is_not_written_over(cast: Cast, program: Programs) -> None:
    report, asks = a_report(), program(cast.skt_liaison)
    address = f"{path_of(report)}/draft"
    first = asks("put", address, {"narrative": "Mine"}).json()
    assert asks("put", address, {"narrative": "Other", "version": "2020"}).status_code == 409
    assert asks("put", address, {"narrative": "Other", "version": first["version"]}).status_code == 200
    action = an_action("SKT", due_on=date(2027, 3, 2))
    asks("put", f"{path_of(action)}/draft", {"percent": 30, "text": "Mine"})
    answer = asks("put", f"{path_of(action)}/draft", {"percent": 31, "text": "Other", "version": "2020"})
    assert (answer.status_code, ProgressUpdate.objects.get().text) == (409, "Mine")


def test_a_rivals_things_are_not_there_and_the_attempt_is_written_down(cast: Cast, program: Programs) -> None:
    report = submitted(cast)
    action = an_action("SKT", due_on=date(2027, 3, 2), title="CANARY-ITEM")
    for user in (cast.kt_liaison, cast.lgu_liaison, cast.observer, cast.former_liaison, cast.nobody, cast.secretary):
        asks = program(user)
        for method, path, body in (
            ("get", path_of(report), None), ("put", f"{path_of(report)}/draft", {"narrative": "N"}),
            ("post", f"{path_of(report)}/submission", None), ("delete", f"{path_of(report)}/submission", None),
            ("get", path_of(action), None), ("get", f"{path_of(action)}/progress", None),
            ("put", f"{path_of(action)}/draft", {"percent": 1, "text": "N"}),
            ("post", f"{path_of(action)}/progress", {"percent": 1, "text": "N"}),
        ):  # fmt: skip
            before = AuditEntry.objects.filter(refused=True).count()
            assert asks(method, path, body).status_code == 404, (user, path)
            assert AuditEntry.objects.filter(refused=True).count() == before + 1
        lists = asks("get", "/reports").content + asks("get", "/actions").content
        assert (b"CANARY" in lists, b"Roaming" in lists) == (False, False)
    assert kept(report).state == "submitted"


def test_a_member_reads_and_does_not_hand_in(cast: Cast, program: Programs) -> None:
    report, asks = a_report(), program(cast.skt_ceo)
    assert asks("get", path_of(report)).status_code == 200
    answer = asks("put", f"{path_of(report)}/draft", {"narrative": "N"})
    assert (answer.status_code, answer.json()["field"]) == (403, None)


def test_a_contributor_reads_no_report(cast: Cast, program: Programs) -> None:
    report = submitted(cast)
    department = an_account("network@skt.test", "SKT")
    seat(department, "council", "contributor")
    asks = program(department)
    assert asks("get", path_of(report)).status_code == 404
    assert asks("get", "/reports").json() == {"count": 0, "items": []}


def test_a_token_that_only_reads_changes_nothing(cast: Cast, program: Programs) -> None:
    report, asks = a_report(), program(cast.skt_liaison, "read")
    assert asks("get", path_of(report)).status_code == 200
    assert asks("put", f"{path_of(report)}/draft", {"narrative": "N"}).status_code == 403
    assert kept(report).state == "not_submitted"
    assert AuditEntry.objects.filter(verb="token.used", refused=True).count() == 1


def test_what_a_rule_forbids_is_said_in_the_language_of_the_account(cast: Cast, program: Programs) -> None:
    report = accepted(cast)
    asks = program(cast.skt_liaison)
    korean = asks("post", f"{path_of(report)}/submission")
    type(cast.skt_liaison).objects.filter(pk=cast.skt_liaison.pk).update(language="en")
    english = asks("post", f"{path_of(report)}/submission")
    assert (korean.status_code, english.status_code) == (409, 409)
    assert english.json()["detail"] == "Nothing can be handed in on this report at the moment."
    assert korean.json()["detail"] != english.json()["detail"]
    assert (korean["Content-Language"], english["Content-Language"]) == ("ko", "en")


def test_nothing_leaves_uncleared_by_this_door_either(cast: Cast, program: Programs) -> None:
    Organisation.objects.filter(code="SKT").update(clearance_required=True)
    report, asks = a_report(), program(cast.skt_liaison)
    asks("put", f"{path_of(report)}/draft", {"narrative": "N", "self_rating": "done"})
    assert asks("post", f"{path_of(report)}/submission").status_code == 409
    action = an_action("SKT", due_on=date(2027, 3, 2))
    assert asks("post", f"{path_of(action)}/progress", {"percent": 1, "text": "N"}).status_code == 409
    assert (Submission.objects.count(), ProgressUpdate.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "sent",
    [
        {"narrative": "N", "values": [{"indicator": "x" * 32, "value": "약 30%"}]},
        {"narrative": "N", "self_rating": "great"},
        {"narrative": "N\0"},
        {"narrative": "N", "ministry_rating": "done"},
        {"narrative": "N", "values": [{"indicator": "x" * 32, "value": "NaN"}]},
        {"narrative": "N" * 20_001},
    ],
)
def test_what_is_not_as_the_document_says_is_refused_whole(cast: Cast, program: Programs, sent: Any) -> None:
    report = a_report()
    answer = program(cast.skt_liaison)("put", f"{path_of(report)}/draft", sent)
    assert (answer.status_code, kept(report).state) == (422, "not_submitted")


@pytest.mark.parametrize("query", ["colour=red", "limit=0", "limit=1000", "quarter=2026", "offset=-1", "quarter=%00"])
def test_a_list_is_asked_for_as_the_document_says(cast: Cast, program: Programs, query: str) -> None:
    assert program(cast.skt_liaison)("get", f"/reports?{query}").status_code in {400, 422}


def test_another_commitments_figure_is_refused(cast: Cast, program: Programs) -> None:
    report, other = a_report(commitment="C12"), a_report(commitment="C01")
    number = key_of("indicator", indicator_of(other))
    values = [{"indicator": number, "value": "1"}]
    answer = program(cast.skt_liaison)("put", f"{path_of(report)}/draft", {"narrative": "N", "values": values})
    assert (answer.status_code, answer.json()["field"]) == (409, "values")


def test_a_figure_of_nothing_and_two_of_one_indicator_are_refused(cast: Cast, program: Programs) -> None:
    report, asks = a_report(), program(cast.skt_liaison)
    key = key_of("indicator", indicator_of(report))
    for keys in (["x" * 32], [key, key]):
        values = [{"indicator": one, "value": "1"} for one in keys]
        answer = asks("put", f"{path_of(report)}/draft", {"narrative": "N", "values": values})
        assert (answer.status_code, answer.json()["field"]) == (409, "values")


@pytest.mark.parametrize("percent", ["40", True, 101, -1, 40.5])
def test_a_percentage_is_a_whole_number(cast: Cast, program: Programs, percent: Any) -> None:
    action = an_action("SKT", due_on=date(2027, 3, 2))
    answer = program(cast.skt_liaison)("put", f"{path_of(action)}/draft", {"percent": percent, "text": "N"})
    assert (answer.status_code, ProgressUpdate.objects.count()) == (422, 0)


def test_what_the_ministry_answered_is_read(cast: Cast, program: Programs) -> None:
    report = returned(cast)
    said = program(cast.skt_liaison)("get", path_of(report)).json()
    assert (said["state"], said["comment"]) == ("returned", "Which plans?")


@pytest.mark.parametrize("rows", [1, 50])
def test_a_list_asks_as_many_questions_for_fifty_as_for_one(
    cast: Cast, program: Programs, django_assert_num_queries: Counted, rows: int
) -> None:
    for n in range(rows):
        an_action("SKT", title=f"ROW-{n}", due_on=date(2027, 3, 2))
    asks = program(cast.skt_liaison)
    asks("get", "/actions")
    with django_assert_num_queries(8):
        assert asks("get", "/actions").json()["count"] == rows


def test_in_a_closed_round_nothing_is_drafted(cast: Cast, program: Programs) -> None:
    report = a_report()
    type(report.round).objects.filter(pk=report.round_id).update(state="closed", closed_at=report.round.created_at)
    answer = program(cast.skt_liaison)("put", f"{path_of(report)}/draft", {"narrative": "N"})
    assert (answer.status_code, kept(report).state) == (409, "not_submitted")
