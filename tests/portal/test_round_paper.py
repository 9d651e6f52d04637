"""The accepted reports of a quarter as a paper: the ministry's has all of them, a carrier's its own."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hwpx import validate_package
from time_machine import Traveller

from council.core.labels import Label
from council.core.models import AuditEntry
from council.declaration.models import IndicatorTarget
from council.parties.models import User
from council.reports.models import Report, ReportingRound
from council.reports.operations.judging import accept, ask_correction, return_for_completion
from council.reports.operations.writing import save_draft, submit
from tests.documents.reading import holds, words_of
from tests.factories import Cast, actor_of, link, pdf
from tests.portal.test_documents import taken
from tests.reports.steps import (
    IN_TIME,
    LATE,
    LATER,
    a_report,
    a_round,
    a_text,
    indicator_of,
    kept,
    waiting,
)

type SignIn = Callable[[User], Client]

pytestmark = pytest.mark.both_databases
FORMS = ("hwpx", "pdf", "html")
# What stands in each of the reports: text, figure, and what is not to be in anybody's paper.
SKT, KT, MSIT = "에스케이가낸글", "케이티가낸글", "부처가낸글"
SKT_FIGURE, KT_FIGURE, SKT_TARGET, KT_TARGET = "12,345.6", "48,151.5", "73,951", "84,062"
UNACCEPTED = ("제출만한글", "반려된글", "임시저장글", "CANARY-COMMENT", "증빙이름")


@pytest.fixture(autouse=True)
def late(clock: Traveller) -> None:
    clock.move_to(LATE, tick=False)


def handed_in(cast: Cast, owner: str, commitment: str, text: str, *, at: Any = IN_TIME, **more: Any) -> Report:
    liaisons = {
        "SKT": cast.skt_liaison, "KT": cast.kt_liaison, "LGU": cast.lgu_liaison, "MSIT": cast.secretary,
    }  # fmt: skip
    report = a_report(owner, commitment)
    submit(report, by=actor_of(liaisons[owner]), now=at, written=a_text(narrative=text, **more))
    return kept(report)


def accepted(cast: Cast, report: Report, rating: str = "attention", comment: str = "") -> Report:
    by = actor_of(cast.chair)  # somebody of the ministry who handed nothing in
    accept(report, by=by, now=LATER, rating=rating, comment=comment, seen_submission=waiting(report))
    return kept(report)


@pytest.fixture
def row(cast: Cast) -> ReportingRound:
    """Of C12 what SKT and KT said was accepted; of what else there is nothing was."""
    made = a_round()
    number = indicator_of(a_report())
    for owner, target in ((cast.skt, 73951), (cast.kt, 84062)):
        IndicatorTarget.objects.create(indicator_id=number, organisation=owner, target=target)
    skt = handed_in(
        cast, "SKT", "C12", SKT, values={number: Decimal("12345.6")}, uploads=[pdf("증빙이름.pdf")], self_rating="done"
    )
    kt = handed_in(cast, "KT", "C12", KT, values={number: Decimal("48151.5")}, self_rating="review")
    accepted(cast, skt, comment="CANARY-COMMENT")
    accepted(cast, kt)
    accepted(cast, handed_in(cast, "MSIT", "C22", MSIT))
    handed_in(cast, "SKT", "C13", "제출만한글")
    back = handed_in(cast, "SKT", "C14", "반려된글")
    by = actor_of(cast.secretary)
    return_for_completion(back, by=by, now=LATER, comment="CANARY-COMMENT", seen_submission=waiting(back))
    save_draft(
        a_report("SKT", "C18"), by=actor_of(cast.skt_liaison), now=IN_TIME, written=a_text(narrative="임시저장글")
    )
    return made


def paper(client: Client, row: ReportingRound, form: str) -> bytes:
    return taken(client, "round_paper", row.pk, form=form)


@pytest.mark.parametrize("form", FORMS)
def test_the_ministrys_paper_has_every_accepted_report_with_both_ratings_and_figures(
    cast: Cast, as_user: SignIn, row: ReportingRound, form: str
) -> None:
    content = paper(as_user(cast.secretary), row, form)
    said = words_of(content)
    for words in (SKT, KT, MSIT, SKT_FIGURE, KT_FIGURE, SKT_TARGET, KT_TARGET):
        assert words in said, words
    for words in ("2026년 4분기", "C12", "완료", "재검토 필요", "관심 필요", "검토 완료 보고 3"):
        assert words in said, words
    assert [words for words in UNACCEPTED if holds(content, words)] == []
    if form == "hwpx":
        assert validate_package(content).ok
    if form == "pdf":
        assert "TLP:AMBER+STRICT" in said


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("who", "own", "others"),
    [
        ("skt_liaison", (SKT, SKT_FIGURE, SKT_TARGET), (KT, KT_FIGURE, KT_TARGET, MSIT)),
        ("skt_ceo", (SKT, SKT_FIGURE, SKT_TARGET), (KT, KT_FIGURE, KT_TARGET, MSIT)),
        ("kt_liaison", (KT, KT_FIGURE, KT_TARGET), (SKT, SKT_FIGURE, SKT_TARGET, MSIT)),
        ("lgu_liaison", (), (SKT, KT, SKT_FIGURE, KT_FIGURE, SKT_TARGET, KT_TARGET, MSIT)),
        ("observer", (), (SKT, KT, SKT_FIGURE, KT_FIGURE, SKT_TARGET, KT_TARGET, MSIT)),
        ("chair", (), (SKT, KT, SKT_FIGURE, KT_FIGURE, SKT_TARGET, KT_TARGET)),
    ],
)
def test_a_carriers_paper_has_its_own_alone(
    cast: Cast, as_user: SignIn, row: ReportingRound, form: str, who: str, own: tuple[str, ...], others: tuple[str, ...]
) -> None:
    content = paper(as_user(getattr(cast, who)), row, form)
    said = words_of(content)
    assert [words for words in own if words not in said] == []
    assert [words for words in (*others, *UNACCEPTED) if holds(content, words)] == []
    if not own and who != "chair":
        assert "C12" not in said


@pytest.mark.parametrize("form", FORMS)
def test_what_was_released_is_in_everybodys_paper_without_its_figures(
    cast: Cast, as_user: SignIn, row: ReportingRound, form: str
) -> None:
    Report.objects.filter(organisation=cast.kt, commitment__code="C12").update(label=Label.AMBER)
    Report.objects.filter(organisation=cast.skt, commitment__code="C13").update(label=Label.AMBER)
    content = paper(as_user(cast.skt_liaison), row, form)
    said = words_of(content)
    assert (KT in said, SKT in said) == (True, True)
    hidden = (KT_FIGURE, KT_TARGET, *UNACCEPTED)
    assert [words for words in hidden if holds(content, words)] == []
    rival = paper(as_user(cast.lgu_liaison), row, form)
    assert (KT in words_of(rival), holds(rival, SKT), holds(rival, "제출만한글")) == (True, False, False)


@pytest.mark.parametrize("form", FORMS)
def test_what_is_being_corrected_still_stands_and_the_correction_does_not_yet(
    cast: Cast, as_user: SignIn, row: ReportingRound, form: str
) -> None:
    """ "It stands, with its rating, until one is submitted"; then it waits to be judged."""
    report = kept(a_report("SKT", "C12"))
    ask_correction(report, by=actor_of(cast.secretary), now=LATER, reason="The figure")
    assert SKT in words_of(paper(as_user(cast.secretary), row, form))
    submit(kept(report), by=actor_of(cast.skt_liaison), now=LATE, written=a_text(narrative="정정한글"))
    assert not holds(paper(as_user(cast.secretary), row, form), "정정한글")


@pytest.mark.parametrize("form", FORMS)
def test_a_paper_of_nothing_says_so(cast: Cast, as_user: SignIn, form: str) -> None:
    row = a_round()
    handed_in(cast, "SKT", "C13", "제출만한글")
    content = paper(as_user(cast.secretary), row, form)
    assert "열람할 수 있는" in words_of(content)
    assert not holds(content, "제출만한글")


@pytest.mark.parametrize("form", FORMS)
def test_the_paper_is_in_the_readers_language(cast: Cast, as_user: SignIn, row: ReportingRound, form: str) -> None:
    User.objects.filter(pk=cast.skt_liaison.pk).update(language="en")
    said = words_of(paper(as_user(User.objects.get(pk=cast.skt_liaison.pk)), row, form))
    assert "Progress on the commitments in Q4 2026" in said
    assert SKT in said


def test_who_may_not_see_the_round_gets_no_paper_and_no_other_form_is_made(
    cast: Cast, as_user: SignIn, row: ReportingRound
) -> None:
    for user in (cast.former_liaison, cast.nobody):
        assert as_user(user).get(link("round_paper", row.pk, form="pdf")).status_code == 404
    for form in ("exe", "xlsx", "docx"):
        assert as_user(cast.secretary).get(link("round_paper", row.pk, form=form)).status_code == 404


def test_a_paper_of_ten_reports_asks_as_many_questions_as_one_of_two(
    cast: Cast, as_user: SignIn, row: ReportingRound
) -> None:
    client = as_user(cast.secretary)
    paper(client, row, "hwpx")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            paper(client, row, "hwpx")
        return len(queries)

    before = asked()
    for code in ("C01", "C02", "C03", "C08", "C10", "C19", "C21", "C24"):
        if Report.objects.filter(organisation=cast.skt, commitment__code=code).exists():
            accepted(cast, handed_in(cast, "SKT", code, f"{code} 글"))
    assert asked() == before


def test_that_it_was_taken_is_written_down(cast: Cast, as_user: SignIn, row: ReportingRound) -> None:
    paper(as_user(cast.skt_liaison), row, "pdf")
    assert AuditEntry.objects.filter(actor_user_id=cast.skt_liaison.pk, target_type="reportinground").exists()
