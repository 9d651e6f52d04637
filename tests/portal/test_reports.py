"""Quarterly reports in the portal: writing, handing in, withdrawing, judging, and who sees what of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from time_machine import Traveller

from council.core.models import AuditEntry
from council.core.quarters import Quarter
from council.declaration.models import IndicatorTarget
from council.parties.models import User
from council.reports.models import Report, ReportDraft, ReportEvidence, Submission
from council.reports.operations.rounds import open_round
from council.reports.operations.writing import save_draft
from tests.factories import Cast, actor_of, an_account, link, moment, pdf, seat
from tests.reports.steps import IN_TIME, LATER, a_report, a_text, accepted, indicator_of, kept, submitted

type SignIn = Callable[[User], Client]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_time(clock: Traveller) -> None:
    clock.move_to(IN_TIME, tick=False)


def write(client: Client, report: Report, button: str = "submit_report", **values: Any) -> Any:
    given = {"narrative": "로밍을 확대함", "self_rating": "on_track", button: "1"} | values
    return client.post(link("report_write", report.pk), given)


def test_a_report_with_a_figure_and_evidence_is_handed_in_and_a_receipt_given(cast: Cast, as_user: SignIn) -> None:
    report, client = a_report(), as_user(cast.skt_liaison)
    write(client, report, value_1="1,234.5", uploads=[pdf("증빙.pdf")])
    receipt, stored = Submission.objects.get(), kept(report)
    assert (stored.state, stored.narrative, str(stored.actual)) == ("submitted", "로밍을 확대함", "1234.500")
    page = client.get(link("report", report.pk)).text
    assert receipt.sha256 in page
    assert "증빙.pdf" in page
    assert "1,234.5" in page


@pytest.mark.parametrize("typed", ["약 30%", "삼십", "1e5", "NaN", "1,23"])
def test_words_are_no_figure_and_what_was_typed_stays(cast: Cast, as_user: SignIn, typed: str) -> None:
    report = a_report()
    answer = write(as_user(cast.skt_liaison), report, value_1=typed)
    assert answer.status_code == 422
    assert typed in answer.text
    assert "로밍을 확대함" in answer.text
    assert (kept(report).state, Submission.objects.count(), ReportDraft.objects.count()) == ("not_submitted", 0, 0)


def test_a_draft_may_lack_all_but_is_not_handed_in_so(cast: Cast, as_user: SignIn) -> None:
    report, client = a_report(), as_user(cast.skt_liaison)
    assert write(client, report, "save_draft", narrative="", self_rating="").status_code == 302
    assert write(client, report, narrative="", self_rating="").status_code == 422
    assert (kept(report).state, Submission.objects.count()) == ("draft", 0)


def test_the_ministry_sees_no_draft_nor_that_there_is_one(cast: Cast, as_user: SignIn) -> None:
    report = a_report()
    save_draft(report, by=actor_of(cast.skt_liaison), written=a_text(narrative="CANARY-DRAFT"), now=IN_TIME)
    for page in (link("report", report.pk), link("round", report.round_id)):
        ministry = as_user(cast.secretary).get(page).text
        assert "CANARY-DRAFT" not in ministry
        assert "state-draft" not in ministry
    own = as_user(cast.skt_liaison).get(link("report", report.pk)).text
    assert "CANARY-DRAFT" in own


def test_a_report_starts_with_what_was_accepted_before(cast: Cast, as_user: SignIn) -> None:
    accepted(cast, narrative="지난 분기 실적")
    later = open_round(
        body=cast.council, covers=Quarter.parse("2027-Q1"), meeting=None, by=actor_of(cast.secretary), now=LATER,
        due_on=moment("2027-05-07 09:00").date(),
    ).round  # fmt: skip
    report = Report.objects.get(round=later, organisation=cast.skt, commitment__code="C12")
    page = as_user(cast.skt_liaison).get(link("report_write", report.pk))
    assert page.context["form"].initial["narrative"] == "지난 분기 실적"


def test_two_colleagues_at_one_draft_are_told_of_each_other(cast: Cast, as_user: SignIn) -> None:
    report, client = a_report(), as_user(cast.skt_liaison)
    seen = client.get(link("report_write", report.pk)).context["form"].initial["seen"]
    save_draft(report, by=actor_of(cast.skt_liaison), written=a_text(narrative="동료가 쓴 글"), now=IN_TIME)
    answer = write(client, report, narrative="내가 쓴 글", seen=seen)
    assert answer.status_code == 422
    assert "동료가 쓴 글" in answer.text
    assert "내가 쓴 글" in answer.text
    assert Submission.objects.count() == 0


def test_evidence_is_taken_off_a_draft_again(cast: Cast, as_user: SignIn) -> None:
    report, client = a_report(), as_user(cast.skt_liaison)
    write(client, report, "save_draft", uploads=[pdf("증빙.pdf")])
    piece = ReportEvidence.objects.get()
    rival = as_user(cast.kt_liaison).post(link("report_evidence_remove", piece.pk))
    assert (rival.status_code, ReportEvidence.objects.count()) == (404, 1)
    client.post(link("report_evidence_remove", piece.pk))
    assert ReportEvidence.objects.count() == 0


def test_what_was_handed_in_is_withdrawn_until_it_is_judged(cast: Cast, as_user: SignIn) -> None:
    report, client = submitted(cast), as_user(cast.skt_liaison)
    client.post(link("report_withdraw", report.pk))
    assert (kept(report).state, kept(report).narrative) == ("draft", "")
    client.post(link("report_discard", report.pk))
    assert (kept(report).state, ReportDraft.objects.count()) == ("not_submitted", 0)
    done = accepted(cast, a_report("SKT", "C13"))
    page = client.post(link("report_withdraw", done.pk), follow=True).text
    assert kept(done).state == "accepted"
    assert "철회" in page


# --- Judging --------------------------------------------------------------------------------------------------------


def judge(client: Client, report: Report, button: str, **values: Any) -> Any:
    page = client.get(link("report_judge", report.pk))
    shown = page.context["form"].initial if page.context else {}
    return client.post(
        link("report_judge", report.pk), {"submission": shown.get("submission", ""), button: "1"} | values
    )


def test_the_secretary_accepts_with_a_rating_that_stands_beside_the_own_one(cast: Cast, as_user: SignIn) -> None:
    report = submitted(cast)
    assert judge(as_user(cast.secretary), report, "accept", rating="").status_code == 422
    assert judge(as_user(cast.secretary), report, "accept", rating="attention").status_code == 302
    stored = kept(report)
    assert (stored.state, stored.self_rating, stored.ministry_rating) == ("accepted", "on_track", "attention")


def test_completion_is_requested_with_words(cast: Cast, as_user: SignIn) -> None:
    report = submitted(cast)
    assert judge(as_user(cast.secretary), report, "return", comment=" ").status_code == 422
    assert judge(as_user(cast.secretary), report, "return", comment="어느 요금제입니까?").status_code == 302
    assert "어느 요금제입니까?" in as_user(cast.skt_liaison).get(link("report", report.pk)).text


def test_what_was_submitted_after_the_page_was_opened_is_not_judged_unread(cast: Cast, as_user: SignIn) -> None:
    report, client = submitted(cast), as_user(cast.secretary)
    old = client.get(link("report_judge", report.pk)).context["form"].initial["submission"]
    as_user(cast.skt_liaison).post(link("report_withdraw", report.pk))
    write(as_user(cast.skt_liaison), report, narrative="다른 글")
    late = client.post(link("report_judge", report.pk), {"submission": old, "accept": "1", "rating": "done"})
    assert (late.status_code, kept(report).state) == (422, "submitted")


def reviewer(cast: Cast, organisation: str = "MSIT") -> User:
    """Somebody of another division to whom C12 was given to judge."""
    user = an_account(f"reviewer@{organisation.lower()}.test", organisation)
    seat(user, "council", "reviewer")
    assert user.person is not None
    a_report().commitment.reviewers.add(user.person)
    return user


def test_the_reviewer_judges_what_was_given_to_them_and_sees_nothing_else(cast: Cast, as_user: SignIn) -> None:
    user, given, other = reviewer(cast), submitted(cast), submitted(cast, a_report("SKT", "C13"))
    client = as_user(user)
    assert client.get(link("report", other.pk)).status_code == 404
    assert client.get(link("report_judge", other.pk)).status_code == 404
    assert judge(client, given, "accept", rating="done").status_code == 302
    assert kept(given).judged_by == user


def test_nobody_of_a_carrier_judges_whatever_they_were_given(cast: Cast, as_user: SignIn) -> None:
    user, given = reviewer(cast, "KT"), submitted(cast)
    assert as_user(user).get(link("report_judge", given.pk)).status_code == 404


# --- The wall -------------------------------------------------------------------------------------------------------


PAGES = ("report", "report_write", "report_judge", "report_withdraw", "report_discard")


@pytest.mark.parametrize("page", PAGES)
def test_to_a_rival_another_ones_report_does_not_exist(cast: Cast, as_user: SignIn, page: str) -> None:
    report = submitted(cast)
    answer = as_user(cast.kt_liaison).post(link(page, report.pk), {"narrative": "x"})
    assert answer.status_code == 404
    assert AuditEntry.objects.filter(refused=True, actor_user_id=cast.kt_liaison.pk).count() == 1


def test_the_round_shows_a_carrier_its_own_column_alone(cast: Cast, as_user: SignIn) -> None:
    report = submitted(cast, narrative="CANARY")
    own, rival = (as_user(user).get(link("round", report.round_id)) for user in (cast.skt_liaison, cast.kt_liaison))
    assert [column.code for column in own.context["grid"].columns] == ["SKT"]
    assert [column.code for column in rival.context["grid"].columns] == ["KT"]
    assert own.context["grid"].handed_in == 1
    assert rival.context["grid"].handed_in == 0
    everything = as_user(cast.secretary).get(link("round", report.round_id)).context["grid"]
    assert {"SKT", "KT", "LGU"} <= {column.code for column in everything.columns}


def test_a_rivals_baseline_and_target_are_not_shown(cast: Cast, as_user: SignIn) -> None:
    report = a_report()
    for owner, target in ((cast.skt, 777), (cast.kt, 888)):
        IndicatorTarget.objects.create(indicator_id=indicator_of(report), organisation=owner, target=target)
    own = as_user(cast.skt_liaison).get(link("report", report.pk)).text
    assert "777" in own
    assert "888" not in own
    ministry = as_user(cast.secretary).get(link("report", a_report("KT").pk)).text
    assert "888" in ministry


@pytest.mark.parametrize("who", ["skt_ceo", "skt_ciso"])
def test_members_read_and_do_not_write(cast: Cast, as_user: SignIn, who: str) -> None:
    report, client = submitted(cast), as_user(getattr(cast, who))
    assert client.get(link("report", report.pk)).status_code == 200
    assert client.get(link("report_write", report.pk)).status_code == 403
    assert client.post(link("report_withdraw", report.pk)).status_code == 403


def test_the_list_says_what_is_owed_and_what_waits(cast: Cast, as_user: SignIn) -> None:
    report = submitted(cast)
    own = as_user(cast.skt_liaison).get("/reports/").context
    assert report.pk not in {task.report.pk for task in own["tasks"]}
    assert {task.report.organisation_id for task in own["tasks"]} == {cast.skt.pk}
    assert own["to_judge"] == []
    assert [task.report.pk for task in as_user(cast.secretary).get("/reports/").context["to_judge"]] == [report.pk]
