"""Rounds of reports and reports in the administration: opened, closed, frozen, shared; judged, reopened, entered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from time_machine import Traveller

from council.core.models import AuditEntry
from council.core.register import version_of
from council.declaration.models import Commitment, Indicator, IndicatorTarget
from council.mail.models import Notice
from council.meetings.models import Deadline
from council.meetings.operations.schedule import convene_meeting
from council.parties.models import User
from council.reports.models import Judgement, Report, ReportDraft, ReportingRound, Submission
from council.reports.operations.rounds import close_round, plan_again
from council.reports.operations.writing import discard_draft, save_draft, submit, withdraw
from council.scorecard.models import FrozenScorecard, SharedRow
from council.workflows.close_quarter import close_quarter
from tests.admin.forms import everything_said, filled, in_language, refusals, step
from tests.factories import Cast, actor_of, an_account, link, moment, pdf, seat
from tests.factories.rows import TESTER
from tests.reports.steps import (
    CLOSED,
    COVERS,
    DUE,
    IN_TIME,
    LATER,
    OPENED,
    a_report,
    a_round,
    a_text,
    accepted,
    indicator_of,
    kept,
    missed,
    submitted,
    the_meeting,
)

type SignIn = Callable[[User], Client]

pytestmark = pytest.mark.django_db
ROUNDS, REPORTS, TARGETS = (f"/admin/council/{kind}/" for kind in ("reportinground", "report", "indicatortarget"))
FROZEN = "/admin/council/frozenscorecard/"
CHOSEN = date(2027, 2, 10)


@pytest.fixture(autouse=True)
def in_time(clock: Traveller) -> None:
    clock.move_to(IN_TIME, tick=False)


def change(kind: str, pk: int) -> str:
    return f"/admin/council/{kind}/{pk}/change/"


def history(kind: str, pk: int) -> str:
    return f"/admin/council/{kind}/{pk}/history/"


def offered(client: Client, kind: str, pk: int) -> list[str]:
    return [verb["url"].split("/")[-2] for verb in client.get(change(kind, pk)).context["verbs"]]


# --- Opening a round --------------------------------------------------------------------------------------------------


def opened(cast: Cast, client: Client, **values: Any) -> Any:
    given = {"body": cast.council.pk, "covers": str(COVERS)} | values
    return client.post(f"{ROUNDS}add/", filled(client.get(f"{ROUNDS}add/"), **given))


def test_a_round_is_opened_with_the_meetings_date(cast: Cast, as_user: SignIn) -> None:
    answer = opened(cast, as_user(cast.secretary), meeting=the_meeting().pk)
    row = ReportingRound.objects.get()
    assert answer.status_code == 302
    assert (row.covers, row.meeting, row.due_on, row.as_of) == (COVERS, the_meeting(), DUE, date(2026, 12, 31))
    assert (row.opens_on, row.reports.count()) == (IN_TIME.date(), 45)
    assert AuditEntry.objects.get(verb="round.opened").actor_user_id == cast.secretary.pk
    told = set(Notice.objects.filter(kind="round_opened").values_list("recipient__email", flat=True))
    assert told == {"liaison@skt.test", "liaison@kt.test", "liaison@lgu.test"}


@pytest.mark.parametrize("meeting", [True, False], ids=["beside a meeting", "without one"])
def test_a_round_is_opened_with_a_date_of_its_own(cast: Cast, as_user: SignIn, meeting: bool) -> None:
    values = {"meeting": the_meeting().pk if meeting else "", "due_on": "2027-02-10"}
    assert opened(cast, as_user(cast.secretary), **values).status_code == 302
    row = ReportingRound.objects.get()
    assert (row.due_on, row.meeting_id is not None, a_report().due_on) == (CHOSEN, meeting, CHOSEN)


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("why", ["no meeting", "its step was left out"])
def test_without_any_date_it_is_refused_with_words_and_nothing_is_written(
    cast: Cast, as_user: SignIn, why: str, language: str
) -> None:
    User.objects.filter(pk=cast.secretary.pk).update(language=language)
    Deadline.objects.filter(kind="reports_due").update(waived_because="Left out")
    values = {"meeting": "" if why == "no meeting" else the_meeting().pk}
    entries = AuditEntry.objects.count()
    answer = opened(cast, as_user(User.objects.get(pk=cast.secretary.pk)), **values)
    assert answer.status_code == 200
    said = in_language("No date follows from a meeting: say by when the reports are due.", language)
    assert list(refusals(answer)) == ["due_on"]
    assert said in answer.text
    assert (ReportingRound.objects.count(), Report.objects.count(), Notice.objects.count()) == (0, 0, 0)
    assert AuditEntry.objects.count() == entries


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"due_on": "2027-01-19"}, "due_on"),
        ({"due_on": "soon"}, "due_on"),
        ({"due_on": "99999-01-01"}, "due_on"),
        ({"covers": "2027-Q1"}, "covers"),
        ({"covers": "2026-Q9"}, "covers"),
        ({"covers": ""}, "covers"),
        ({"body": ""}, "body"),
        ({"body": "999999"}, "body"),
        ({"meeting": "999999"}, "meeting"),
        ({"meeting": "ciso"}, "meeting"),
    ],
)
def test_what_cannot_be_opened_is_said_beside_its_field_and_nothing_is_written(
    cast: Cast, as_user: SignIn, values: dict[str, Any], field: str
) -> None:
    given = {"meeting": the_meeting().pk} | values
    if given["meeting"] == "ciso":
        given["meeting"] = the_meeting("ciso").pk
    answer = opened(cast, as_user(cast.secretary), **given)
    assert (answer.status_code, field in refusals(answer)) == (200, True)
    assert (ReportingRound.objects.count(), Report.objects.count()) == (0, 0)


def test_a_second_round_of_a_quarter_is_refused(cast: Cast, as_user: SignIn) -> None:
    a_round()
    answer = opened(cast, as_user(cast.secretary), meeting=the_meeting().pk)
    assert answer.status_code == 200
    assert everything_said(answer) != []
    assert (ReportingRound.objects.count(), Report.objects.count()) == (1, 45)


@pytest.mark.parametrize("who", ["accounts", "skt_liaison", "chair"])
def test_nobody_else_opens_one(cast: Cast, as_user: SignIn, who: str) -> None:
    answer = as_user(getattr(cast, who)).post(f"{ROUNDS}add/", {"body": cast.council.pk, "covers": str(COVERS)})
    assert answer.status_code in {302, 403, 404}
    assert ReportingRound.objects.count() == 0


# --- The page of a round ----------------------------------------------------------------------------------------------


def test_the_page_shows_who_has_reported_and_is_not_a_form(cast: Cast, as_user: SignIn) -> None:
    report = submitted(cast)
    submitted(cast, a_report("SKT", "C13"))
    client = as_user(cast.secretary)
    page = client.get(change("reportinground", report.round_id))
    grid = page.context["grid"]
    assert {"SKT", "KT", "LGU", "MSIT"} <= {column.code for column in grid.columns}
    assert (grid.total, grid.handed_in, grid.late) == (45, 2, 0)
    assert link("round", report.round_id) in page.text
    assert link("report", report.pk) in page.text
    assert page.context["adminform"].form.fields == {}
    stored = ReportingRound.objects.values().get()
    assert client.post(change("reportinground", report.round_id), {"due_on": "2027-03-01"}).status_code == 403
    assert ReportingRound.objects.values().get() == stored
    assert "2026년 4분기" in client.get(ROUNDS).text


def test_the_buttons_are_those_that_fit(cast: Cast, as_user: SignIn) -> None:
    row, client = a_round(), as_user(cast.secretary)
    assert offered(client, "reportinground", row.pk) == ["plan_again", "close", "freeze", "share", "show_public"]
    close_round(row, by=actor_of(cast.secretary), now=CLOSED)
    assert offered(client, "reportinground", row.pk) == ["share", "show_public"]


def test_the_dates_follow_the_meeting(cast: Cast, as_user: SignIn) -> None:
    row = a_round()
    step_of = Deadline.objects.get(meeting=the_meeting(), kind="reports_due")
    Deadline.objects.filter(pk=step_of.pk).update(due_at=moment("2027-02-10 23:59"))
    client = as_user(cast.secretary)
    answer = step(client, "reportinground", row.pk, "plan_again")
    assert (answer.status_code, a_report().due_on) == (302, CHOSEN)
    moved = Report.objects.filter(due_on=CHOSEN).count()
    assert f"{moved}건" in client.get(answer["Location"]).text
    assert step(client, "reportinground", row.pk, "plan_again").status_code == 302
    assert AuditEntry.objects.filter(verb="report.due_on_moved").count() == moved


def test_closing_marks_what_is_missing_and_freezes_the_scorecard(cast: Cast, as_user: SignIn, clock: Traveller) -> None:
    report, client = accepted(cast), as_user(cast.secretary)
    early = step(client, "reportinground", report.round_id, "close")
    assert (early.status_code, ReportingRound.objects.get().state) == (422, "open")
    assert FrozenScorecard.objects.count() == 0
    clock.move_to(CLOSED, tick=False)
    assert step(as_user(cast.secretary), "reportinground", report.round_id, "close").status_code == 302
    frozen = FrozenScorecard.objects.get()
    assert (ReportingRound.objects.get().state, frozen.stage, frozen.by) == ("closed", "closed", cast.secretary)
    assert (kept(report).state, a_report("KT").state) == ("accepted", "missed")


def test_it_is_not_closed_while_a_report_waits_and_says_so(cast: Cast, as_user: SignIn, clock: Traveller) -> None:
    report = submitted(cast)
    clock.move_to(CLOSED, tick=False)
    answer = step(as_user(cast.secretary), "reportinground", report.round_id, "close")
    assert (answer.status_code, ReportingRound.objects.get().state) == (422, "open")
    assert "1건" in answer.text
    assert not Report.objects.filter(state="missed").exists()


def test_the_scorecard_is_frozen_as_tabled_once(cast: Cast, as_user: SignIn) -> None:
    row, client = a_round(), as_user(cast.secretary)
    assert step(client, "reportinground", row.pk, "freeze").status_code == 302
    frozen = FrozenScorecard.objects.get()
    assert (frozen.stage, frozen.frozen_at, frozen.by) == ("tabled", IN_TIME, cast.secretary)
    assert step(client, "reportinground", row.pk, "freeze").status_code == 422
    assert FrozenScorecard.objects.count() == 1
    assert frozen.sha256[:12] in client.get(FROZEN).text
    assert frozen.sha256 in client.get(change("frozenscorecard", frozen.pk)).text


def test_statuses_are_shared_with_a_reason(cast: Cast, as_user: SignIn) -> None:
    row, client = a_round(), as_user(cast.secretary)
    chosen = list(Commitment.objects.filter(code__in=["C01", "C12"]).values_list("pk", flat=True))
    untracked = Commitment.objects.get(code="C16").pk
    for wrong in (
        {"commitments": chosen, "reason": " "}, {"commitments": [], "reason": "합의"},
        {"commitments": [untracked], "reason": "합의"}, {"commitments": ["9" * 30], "reason": "합의"},
    ):  # fmt: skip
        assert step(client, "reportinground", row.pk, "share", **wrong).status_code == 422
    assert SharedRow.objects.count() == 0
    assert step(client, "reportinground", row.pk, "share", commitments=chosen, reason="합의").status_code == 302
    assert set(SharedRow.objects.values_list("commitment__code", "by")) == {
        ("C01", cast.secretary.pk), ("C12", cast.secretary.pk),
    }  # fmt: skip
    assert step(client, "reportinground", row.pk, "share", commitments=chosen, reason="또").status_code == 302
    assert SharedRow.objects.count() == 2


def test_a_frozen_scorecard_is_frozen_anew_after_a_correction_only(cast: Cast, as_user: SignIn) -> None:
    report, client = accepted(cast), as_user(cast.secretary)
    close = close_quarter(report.round, by=actor_of(cast.secretary), now=CLOSED)
    same = step(client, "frozenscorecard", close.pk, "correct", reason="없음")
    assert (same.status_code, FrozenScorecard.objects.count()) == (422, 1)
    assert in_language("Nothing has changed since this scorecard was frozen.", "ko") in same.text
    Report.objects.filter(pk=report.pk).update(ministry_rating="review")
    assert step(client, "frozenscorecard", close.pk, "correct", reason="").status_code == 422
    assert step(client, "frozenscorecard", close.pk, "correct", reason="평가 정정").status_code == 302
    again = FrozenScorecard.objects.get(supersedes=close)
    assert (again.reason, offered(client, "frozenscorecard", close.pk)) == ("평가 정정", [])


@pytest.mark.parametrize("verb", ["plan_again", "close", "freeze", "share", "show_public"])
@pytest.mark.parametrize("who", ["accounts", "skt_liaison", "chair"])
def test_nobody_else_runs_a_round(cast: Cast, as_user: SignIn, verb: str, who: str) -> None:
    row = a_round()
    answer = as_user(getattr(cast, who)).post(f"{ROUNDS}{row.pk}/do/{verb}/", {"reason": "x"})
    assert answer.status_code in {302, 403, 404}
    assert (ReportingRound.objects.get().state, FrozenScorecard.objects.count(), SharedRow.objects.count()) == (
        "open", 0, 0,
    )  # fmt: skip


# --- Judging ----------------------------------------------------------------------------------------------------------


def test_a_report_is_accepted_with_a_rating(cast: Cast, as_user: SignIn) -> None:
    report, client = submitted(cast), as_user(cast.secretary)
    assert step(client, "report", report.pk, "accept", comment="").status_code == 422
    assert step(client, "report", report.pk, "accept", rating="best", comment="").status_code == 422
    assert kept(report).state == "submitted"
    assert step(client, "report", report.pk, "accept", rating="attention", comment="좋음").status_code == 302
    row = kept(report)
    assert (row.state, row.self_rating, row.ministry_rating, row.comment) == (
        "accepted", "on_track", "attention", "좋음",
    )  # fmt: skip
    assert Judgement.objects.get().by == cast.secretary
    assert offered(client, "report", report.pk)[:1] == ["ask_correction"]


def test_completion_is_requested_with_words(cast: Cast, as_user: SignIn) -> None:
    report, client = submitted(cast), as_user(cast.secretary)
    assert step(client, "report", report.pk, "return", comment=" ").status_code == 422
    assert (kept(report).state, Judgement.objects.count()) == ("submitted", 0)
    assert step(client, "report", report.pk, "return", comment="어느 요금제입니까?").status_code == 302
    assert (kept(report).state, kept(report).comment) == ("returned", "어느 요금제입니까?")


def test_a_correction_is_asked_for_with_a_reason_and_a_day_once_the_round_is_closed(
    cast: Cast, as_user: SignIn, clock: Traveller
) -> None:
    report, client = accepted(cast), as_user(cast.secretary)
    other = accepted(cast, a_report("SKT", "C13"))
    assert step(client, "report", report.pk, "ask_correction", reason="").status_code == 422
    assert step(client, "report", report.pk, "ask_correction", reason="수치").status_code == 302
    assert (kept(report).state, kept(report).ministry_rating) == ("returned", "attention")
    clock.move_to(CLOSED, tick=False)
    client = as_user(cast.secretary)
    close_round(report.round, by=actor_of(cast.secretary), now=CLOSED)
    assert step(client, "report", other.pk, "ask_correction", reason="수치").status_code == 422
    past = step(client, "report", other.pk, "ask_correction", reason="수치", until="2027-02-25")
    assert (past.status_code, kept(other).state) == (422, "accepted")
    assert step(client, "report", other.pk, "ask_correction", reason="수치", until="2027-03-05").status_code == 302
    assert (kept(other).state, kept(other).reopened_until) == ("returned", date(2027, 3, 5))


def test_a_missed_report_is_reopened_until_a_day_for_a_reason(cast: Cast, as_user: SignIn, clock: Traveller) -> None:
    report = missed(cast)
    clock.move_to(CLOSED, tick=False)
    client = as_user(cast.secretary)
    for wrong in ({"until": "2027-02-25", "reason": "r"}, {"until": "2027-03-05", "reason": ""}, {"reason": "r"}):
        assert step(client, "report", report.pk, "reopen", **wrong).status_code == 422
    assert (kept(report).state, kept(report).reopened_until) == ("missed", None)
    assert step(client, "report", report.pk, "reopen", until="2027-03-05", reason="장애").status_code == 302
    assert (kept(report).state, kept(report).reopened_until) == ("not_submitted", date(2027, 3, 5))
    assert a_report("KT").state == "missed"


def test_what_was_handed_in_after_the_page_was_opened_is_not_judged_unread(
    cast: Cast, as_user: SignIn, clock: Traveller
) -> None:
    report, client, by = submitted(cast), as_user(cast.secretary), actor_of(cast.skt_liaison)
    old = client.get(f"{REPORTS}{report.pk}/do/accept/").context["version"]
    clock.shift(timedelta(minutes=1))
    withdraw(report, by=by, now=LATER)
    submit(report, by=by, now=LATER, written=a_text(narrative="다른 글"))
    late = client.post(f"{REPORTS}{report.pk}/do/accept/", {"rating": "done", "comment": "", "_version": old})
    assert (late.status_code, kept(report).state, Judgement.objects.count()) == (422, "submitted", 0)


def test_nobody_judges_what_they_entered_themselves(cast: Cast, as_user: SignIn) -> None:
    report, client = a_report("MSIT", "C22"), as_user(cast.secretary)
    submit(report, by=actor_of(cast.secretary), now=IN_TIME, written=a_text())
    answer = step(client, "report", report.pk, "accept", rating="done", comment="")
    assert (answer.status_code, kept(report).state) == (422, "submitted")


@pytest.mark.parametrize("verb", ["accept", "return", "ask_correction", "reopen", "enter"])
@pytest.mark.parametrize("who", ["accounts", "kt_liaison", "chair"])
def test_nobody_else_judges_a_report(cast: Cast, as_user: SignIn, verb: str, who: str) -> None:
    report = submitted(cast)
    values = {"rating": "done", "comment": "c", "reason": "r", "until": "2027-03-05", "narrative": "n"}
    assert as_user(getattr(cast, who)).post(f"{REPORTS}{report.pk}/do/{verb}/", values).status_code in {302, 403, 404}
    assert (kept(report).state, Judgement.objects.count(), Submission.objects.count()) == ("submitted", 0, 1)


# --- On behalf --------------------------------------------------------------------------------------------------------


def letter(client: Client, report: Report, **values: Any) -> Any:
    given: dict[str, Any] = {"narrative": "공문으로 제출", "self_rating": "on_track"}
    return step(client, "report", report.pk, "enter", **given | values)


def value(report: Report) -> str:
    return f"value_{indicator_of(report)}"


def test_what_came_by_letter_is_entered_and_marked_so(cast: Cast, as_user: SignIn) -> None:
    report, client = a_report(), as_user(cast.secretary)
    answer = letter(client, report, **{value(report): "1,234.5 회선"}, uploads=[pdf("공문.pdf")])
    assert answer.status_code == 302
    receipt, row = Submission.objects.get(), kept(report)
    assert (receipt.on_behalf, receipt.by, row.state) == (True, cast.secretary, "submitted")
    assert (row.narrative, row.actual) == ("공문으로 제출", Decimal("1234.500"))
    assert [piece.title for piece in report.evidence.all()] == ["공문.pdf"]
    assert set(Notice.objects.filter(kind="report_entered").values_list("recipient__email", flat=True)) == {
        "liaison@skt.test"
    }


@pytest.mark.parametrize("typed", ["약 30%", "삼십", "1e5", "NaN", "1,23", "30 건", "1" * 14, "1.2345"])
def test_what_is_no_figure_is_refused_and_nothing_is_written(cast: Cast, as_user: SignIn, typed: str) -> None:
    report, client = a_report(), as_user(cast.secretary)
    entries = AuditEntry.objects.exclude(verb="report.read").count()
    answer = letter(client, report, **{value(report): typed})
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert typed in answer.text
    assert "공문으로 제출" in answer.text
    assert (kept(report).state, Submission.objects.count(), ReportDraft.objects.count()) == ("not_submitted", 0, 0)
    assert AuditEntry.objects.exclude(verb="report.read").count() == entries


def test_of_a_percentage_its_sign_is_taken_and_words_are_not(cast: Cast, as_user: SignIn) -> None:
    report, client = a_report("SKT", "C01"), as_user(cast.secretary)
    assert letter(client, report, **{value(report): "약 30%"}).status_code == 422
    assert (kept(report).state, Submission.objects.count()) == ("not_submitted", 0)
    assert letter(client, report, **{value(report): "30%"}).status_code == 302
    assert kept(report).actual == Decimal(30)


@pytest.mark.parametrize("lacking", [{"narrative": " "}, {"self_rating": ""}, {"self_rating": "best"}])
def test_a_letter_says_what_was_done_and_how_it_stands(cast: Cast, as_user: SignIn, lacking: dict[str, str]) -> None:
    report = a_report()
    assert letter(as_user(cast.secretary), report, **lacking).status_code == 422
    assert (kept(report).state, Submission.objects.count()) == ("not_submitted", 0)


def test_it_is_offered_while_something_is_owed_and_can_be_handed_in(cast: Cast, as_user: SignIn) -> None:
    report, client = submitted(cast), as_user(cast.secretary)
    assert "enter" not in offered(client, "report", report.pk)
    assert letter(client, report).status_code == 422
    other = a_report("KT")
    assert "enter" in offered(client, "report", other.pk)
    Report.objects.filter(state="submitted").update(state="not_submitted", submitted_at=None, first_submitted_at=None)
    close_round(report.round, by=actor_of(cast.secretary), now=CLOSED)
    assert "enter" not in offered(client, "report", other.pk)
    assert letter(client, kept(other)).status_code == 422


# --- Several at once --------------------------------------------------------------------------------------------------


def several(client: Client, verb: str, *reports: Report, **data: Any) -> Any:
    rows: dict[str, Any] = {"row": [report.pk for report in reports]}
    rows |= {f"version-{report.pk}": version_of(kept(report)) for report in reports}
    return client.post(f"{REPORTS}several/{verb}/", rows | data, follow=True)


def test_several_reports_are_accepted_with_one_rating(cast: Cast, as_user: SignIn) -> None:
    reports = [submitted(cast, a_report("SKT", code)) for code in ("C01", "C12", "C13")]
    page = several(as_user(cast.secretary), "accept", *reports, rating="on_track", comment="확인")
    assert {kept(report).state for report in reports} == {"accepted"}
    assert list(Judgement.objects.values_list("rating", "comment")) == [("on_track", "확인")] * 3
    assert "3건을 처리하였습니다" in page.text
    assert Notice.objects.filter(kind="report_accepted").count() == 3


def test_what_one_of_them_refuses_is_done_to_none(cast: Cast, as_user: SignIn) -> None:
    first, own = submitted(cast), a_report("MSIT", "C22")
    submit(own, by=actor_of(cast.secretary), now=IN_TIME, written=a_text())
    page = several(as_user(cast.secretary), "accept", first, own, rating="done", comment="")
    assert page.status_code == 422
    assert "C22" in page.text
    assert {kept(one).state for one in (first, own)} == {"submitted"}
    assert (Judgement.objects.count(), Notice.objects.filter(kind="report_accepted").exists()) == (0, False)


def test_a_report_that_changed_after_the_page_was_opened_stops_all(cast: Cast, as_user: SignIn) -> None:
    first, second = submitted(cast), submitted(cast, a_report("SKT", "C13"))
    rows = {"row": [first.pk, second.pk], f"version-{first.pk}": version_of(first), f"version-{second.pk}": "older"}
    page = as_user(cast.secretary).post(f"{REPORTS}several/accept/", rows | {"rating": "done", "comment": ""})
    assert (page.status_code, Judgement.objects.count()) == (422, 0)
    assert "C13" in page.text


def test_ticked_rows_lead_to_a_page_that_asks_and_says_what_is_left_out(cast: Cast, as_user: SignIn) -> None:
    client, waits, open_one = as_user(cast.secretary), submitted(cast), a_report("KT")
    chosen = {"action": "accept", "_selected_action": [waits.pk, open_one.pk]}
    page = client.post(REPORTS, chosen, follow=True)
    assert [row.pk for row, _version in page.context["possible"]] == [waits.pk]
    assert [row.pk for row in page.context["left_out"]] == [open_one.pk]
    assert Judgement.objects.count() == 0


def test_several_are_returned_and_several_reopened(cast: Cast, as_user: SignIn, clock: Traveller) -> None:
    client = as_user(cast.secretary)
    reports = [submitted(cast, a_report("SKT", code)) for code in ("C12", "C13")]
    several(client, "return", *reports, comment="어느 요금제입니까?")
    assert {kept(report).state for report in reports} == {"returned"}
    close_round(reports[0].round, by=actor_of(cast.secretary), now=CLOSED)
    clock.move_to(CLOSED, tick=False)
    several(as_user(cast.secretary), "reopen", *map(kept, reports), until="2027-03-05", reason="장애")
    assert {(kept(one).state, kept(one).reopened_until) for one in reports} == {("not_submitted", date(2027, 3, 5))}


@pytest.mark.parametrize("verb", ["enter", "ask_correction", "release", "no-such-verb"])
def test_only_some_verbs_are_for_several(cast: Cast, as_user: SignIn, verb: str) -> None:
    assert several(as_user(cast.secretary), verb, submitted(cast)).status_code == 404


def test_rows_of_a_body_that_is_not_ones_own_are_not_among_them(cast: Cast, as_user: SignIn) -> None:
    report = submitted(cast)
    answer = as_user(cast.accounts).post(f"{REPORTS}several/accept/", {"row": [report.pk], "rating": "done"})
    assert (answer.status_code, kept(report).state) == (403, "submitted")


# --- A carrier's draft ------------------------------------------------------------------------------------------------


def drafted(cast: Cast, owner: str = "SKT", commitment: str = "C12") -> Report:
    report = a_report(owner, commitment)
    by = actor_of(cast.skt_liaison if owner == "SKT" else cast.kt_liaison)
    values = {indicator_of(report): Decimal(4711)}
    written = a_text(narrative="CANARY-DRAFT", self_rating="no_evidence", values=values, uploads=[pdf("CANARY.pdf")])
    save_draft(report, by=by, now=IN_TIME, written=written)
    return kept(report)


def ids(client: Client, query: str) -> set[int]:
    return set(client.get(REPORTS + query).context["cl"].queryset.values_list("pk", flat=True))


def test_neither_list_nor_page_nor_history_tell_of_a_draft(cast: Cast, as_user: SignIn) -> None:
    report = drafted(cast)
    client = as_user(cast.secretary)
    record = client.get("/admin/council/auditentry/").text
    assert [word for word in ("CANARY", "4711", str(report)) if word in record] == []
    pages = [
        REPORTS, f"{REPORTS}?q=C12", f"{REPORTS}?stands=not_submitted", change("report", report.pk),
        history("report", report.pk), f"{history('report', report.pk)}?reads",
        change("reportinground", report.round_id), history("reportinground", report.round_id),
        f"{REPORTS}{report.pk}/do/enter/", "/admin/", f"{REPORTS}?all=",
    ]  # fmt: skip
    for page in pages:
        text = client.get(page).text
        for canary in ("CANARY", "4711", "임시저장", "증빙 확인 중</td>"):
            assert canary not in text, (page, canary)
    line = next(row for row in client.get(f"{REPORTS}?q=C12").context["cl"].result_list if row.pk == report.pk)
    untouched = next(row for row in Report.objects.filter(commitment__code="C12", organisation=cast.kt))
    assert (line.told_state, untouched.told_state) == ("not_submitted", "not_submitted")


def test_a_draft_is_found_among_what_was_not_submitted_and_by_no_filter_of_its_own(cast: Cast, as_user: SignIn) -> None:
    report, client = drafted(cast), as_user(cast.secretary)
    assert report.pk in ids(client, "?stands=not_submitted")
    everything = set(Report.objects.values_list("pk", flat=True))
    assert ids(client, "?stands=draft") == everything  # not a choice: nothing is narrowed
    for query in ("?state=draft", "?state__exact=draft", "?draft__isnull=0", "?draft__by__isnull=False"):
        assert client.get(REPORTS + query).status_code in {302, 400}, query
    assert "stands=draft" not in client.get(REPORTS).text


def test_what_a_page_carries_does_not_tell_that_somebody_writes(cast: Cast, as_user: SignIn, clock: Traveller) -> None:
    """Each page of a row carries its version, the time of its last change; also that of a step and of several."""
    report, client = a_report(), as_user(cast.secretary)
    enter = f"{REPORTS}{report.pk}/do/enter/"
    before = client.get(enter).context["version"]
    clock.shift(timedelta(minutes=5))
    drafted(cast)
    assert client.get(enter).context["version"] == before
    clock.shift(timedelta(minutes=5))
    discard_draft(kept(report), by=actor_of(cast.skt_liaison))
    assert client.get(enter).context["version"] == before


def test_a_letter_is_entered_although_its_organisation_began_to_write_meanwhile(
    cast: Cast, as_user: SignIn, clock: Traveller
) -> None:
    report, client = a_report(), as_user(cast.secretary)
    page = client.get(f"{REPORTS}{report.pk}/do/enter/")
    clock.shift(timedelta(minutes=5))
    drafted(cast)
    given = {"narrative": "공문", "self_rating": "on_track", "_version": page.context["version"]}
    answer = client.post(f"{REPORTS}{report.pk}/do/enter/", given)
    assert (answer.status_code, kept(report).narrative) == (302, "공문")


def test_what_is_left_out_does_not_say_that_it_is_a_draft(cast: Cast, as_user: SignIn) -> None:
    waits, report, client = submitted(cast, a_report("SKT", "C13")), drafted(cast, "KT"), as_user(cast.secretary)
    page = client.get(f"{REPORTS}several/accept/", {"row": [waits.pk, report.pk, a_report("LGU").pk]})
    assert [row.pk for row in page.context["left_out"]] == [report.pk, a_report("LGU").pk]
    assert "임시저장" not in page.text


def test_a_step_is_refused_alike_whether_somebody_writes_or_not(cast: Cast, as_user: SignIn) -> None:
    """What the page does not offer can be posted all the same."""
    writing, idle, client = drafted(cast, "KT"), a_report("LGU"), as_user(cast.secretary)
    values = {"rating": "done", "comment": "c", "reason": "r", "until": "2027-03-05"}
    for verb in ("accept", "return", "ask_correction", "reopen"):
        answers = [client.post(f"{REPORTS}{one.pk}/do/{verb}/", values) for one in (writing, idle)]
        assert [answer.status_code for answer in answers] == [422, 422], verb
        said = [answer.context["form"].errors for answer in answers]
        assert said[0] == said[1], verb
    assert (kept(writing).state, kept(writing).reopened_until) == ("draft", None)


@pytest.mark.parametrize("then", ["submitted", "missed", "entered"])
def test_the_history_does_not_tell_afterwards_that_there_was_a_draft(cast: Cast, as_user: SignIn, then: str) -> None:
    """Of two reports that went the same way, one of them by a draft that was kept, the same is said."""
    writing, idle = drafted(cast, "KT"), a_report("LGU")
    for report, user in ((writing, cast.kt_liaison), (idle, cast.lgu_liaison)):
        if then == "submitted":
            submit(report, by=actor_of(user), now=LATER, written=a_text())
        elif then == "entered":
            submit(report, by=actor_of(cast.secretary), now=LATER, written=a_text(), on_behalf=True)
    if then == "missed":
        close_round(writing.round, by=actor_of(cast.secretary), now=CLOSED)
    client = as_user(cast.secretary)

    def said(report: Report) -> list[Any]:
        lines = client.get(history("report", report.pk)).context["entries"]
        return [(line.what, [(one.field, one.before) for one in line.changes]) for line in lines]

    assert said(writing) == said(idle)
    if then != "submitted":  # whatever an organisation hands in itself was its draft, if only for a moment
        assert "임시저장" not in client.get(history("report", writing.pk)).text


def test_a_date_that_moved_does_not_tell_of_a_draft(cast: Cast, as_user: SignIn) -> None:
    writing, idle = drafted(cast, "KT"), a_report("LGU")
    Deadline.objects.filter(meeting=the_meeting(), kind="reports_due").update(due_at=moment("2027-02-10 23:59"))
    plan_again(writing.round, by=TESTER, now=LATER)
    client = as_user(cast.secretary)
    texts = [client.get(history("report", one.pk)).context["entries"] for one in (writing, idle)]
    assert [[line.what for line in lines] for lines in texts] == [[line.what for line in texts[1]]] * 2


# --- Targets ----------------------------------------------------------------------------------------------------------


def target(client: Client, indicator: int, organisation: int, **values: Any) -> Any:
    page = client.get(f"{TARGETS}add/")
    return client.post(f"{TARGETS}add/", filled(page, indicator=indicator, organisation=organisation, **values))


def test_the_target_of_an_organisation_is_added_changed_and_removed_and_written_down(
    cast: Cast, as_user: SignIn
) -> None:
    client, number = as_user(cast.secretary), indicator_of(a_report())
    assert target(client, number, cast.skt.pk, baseline="10", target="1234.5").status_code == 302
    row = IndicatorTarget.objects.get()
    assert (row.indicator_id, row.organisation, row.baseline, row.target) == (
        number, cast.skt, Decimal(10), Decimal("1234.5"),
    )  # fmt: skip
    address = change("indicatortarget", row.pk)
    assert client.post(address, filled(client.get(address), target="2000")).status_code == 302
    assert IndicatorTarget.objects.get().target == Decimal(2000)
    assert row.indicator.name in client.get(TARGETS).text
    written = AuditEntry.objects.filter(target_type="indicatortarget").exclude(verb="indicatortarget.read")
    assert set(written.values_list("verb", flat=True)) == {"indicatortarget.added", "indicatortarget.changed"}
    assert client.post(f"{TARGETS}{row.pk}/delete/", {"post": "yes"}).status_code == 302
    assert IndicatorTarget.objects.count() == 0


@pytest.mark.parametrize("values", [{"target": "약 30%"}, {"target": "1" * 20}, {"baseline": "NaN"}, {"indicator": ""}])
def test_what_is_no_target_is_said_and_nothing_is_written(cast: Cast, as_user: SignIn, values: dict[str, str]) -> None:
    client, number = as_user(cast.secretary), indicator_of(a_report())
    page = client.get(f"{TARGETS}add/")
    given: dict[str, Any] = {"indicator": number, "organisation": cast.skt.pk, "target": "1"} | values
    answer = client.post(f"{TARGETS}add/", filled(page, **given))
    assert (answer.status_code, IndicatorTarget.objects.count()) == (200, 0)
    assert everything_said(answer) != []


def test_an_organisation_has_one_target_on_an_indicator(cast: Cast, as_user: SignIn) -> None:
    client, number = as_user(cast.secretary), indicator_of(a_report())
    IndicatorTarget.objects.create(indicator_id=number, organisation=cast.skt, target=5)
    answer = target(client, number, cast.skt.pk, target="6")
    assert (answer.status_code, IndicatorTarget.objects.get().target) == (200, Decimal(5))
    assert target(client, number, cast.kt.pk, target="6").status_code == 302


@pytest.mark.parametrize("who", ["accounts", "skt_liaison", "chair"])
def test_targets_are_kept_by_the_secretariat_alone(cast: Cast, as_user: SignIn, who: str) -> None:
    number = Indicator.objects.values_list("pk", flat=True)[0]
    row = IndicatorTarget.objects.create(indicator_id=number, organisation=cast.kt, target=48151)
    client = as_user(getattr(cast, who))
    for address in (TARGETS, f"{TARGETS}add/", change("indicatortarget", row.pk), history("indicatortarget", row.pk)):
        answer = client.get(address)
        assert answer.status_code in {302, 403, 404} or "48151" not in answer.text.replace(",", "")
    client.post(f"{TARGETS}{row.pk}/delete/", {"post": "yes"})
    assert IndicatorTarget.objects.get() == row


def test_a_second_secretary_reads_the_same(cast: Cast, as_user: SignIn) -> None:
    other = an_account("second@msit.test", "MSIT", is_staff=True)
    seat(other, "council", "assistant")
    report = drafted(cast)
    convene_meeting(the_meeting(), by=TESTER, now=OPENED, quiet=True)
    page = as_user(other).get(change("report", report.pk))
    assert (page.status_code, "임시저장" in page.text) == (200, False)
