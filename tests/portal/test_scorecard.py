"""The scorecard in the portal: the ministry reads all of it, a carrier its own cells and what is shared."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags
from time_machine import Traveller

from council.core.models import AuditEntry
from council.core.quarters import Quarter
from council.declaration.models import Commitment, Indicator, IndicatorTarget
from council.overview.scorecard import ScorecardPage
from council.parties.models import User
from council.reports.models import Report, ReportingRound
from council.reports.operations.judging import accept, ask_correction
from council.reports.operations.writing import save_draft, submit
from council.scorecard.models import FrozenScorecard
from council.scorecard.operations import correct, freeze, share_rows
from council.scorecard.payload import card_of, digest, payload_of
from council.scorecard.values import Status
from council.scorecard.withholding import SharedCell
from council.workflows.close_quarter import close_quarter
from tests.factories import Cast, actor_of, link, moment
from tests.reports.steps import (
    CLOSED,
    COVERS,
    IN_TIME,
    LATE,
    LATER,
    a_report,
    a_round,
    a_text,
    accepted,
    indicator_of,
    kept,
    waiting,
)

type SignIn = Callable[[User], Client]
type Counted = Callable[[int], AbstractContextManager[Any]]

pytestmark = pytest.mark.both_databases
TABLED = moment("2027-02-08 11:00")
# Figures and words of KT's that must be seen by nobody of SKT. C12 is of high sensitivity, C10 of low.
FIGURE, TARGET, BASELINE = "48,151.5", "62,342.1", "11,235.8"
REASON = "KT의 회선 수를 바로잡음"
PARTY, LIVE, FROZEN = 13, 22, (13, 12)


@pytest.fixture(autouse=True)
def later(clock: Traveller) -> None:
    clock.move_to(CLOSED, tick=False)


def liaison(cast: Cast, owner: str) -> User:
    user: User = {"SKT": cast.skt_liaison, "KT": cast.kt_liaison, "LGU": cast.lgu_liaison}[owner]
    return user


def done(cast: Cast, owner: str, commitment: str = "C12", *, rating: str = "on_track", own: str = "on_track",
         at: Any = IN_TIME, **values: str) -> Report:  # fmt: skip
    """A report that was accepted; ``value`` is the figure of its first indicator."""
    report = a_report(owner, commitment)
    figures = {indicator_of(report): Decimal(value.replace(",", "")) for value in values.values()}
    written = a_text(narrative=f"{owner} {commitment}", self_rating=own, values=figures)
    submit(report, by=actor_of(liaison(cast, owner)), now=at, written=written)
    row = kept(report)
    accept(row, by=actor_of(cast.secretary), now=at, rating=rating, seen_submission=waiting(row))
    return row


def corrected(cast: Cast, report: Report, owner: str, *, rating: str, at: Any = LATER, **values: str) -> None:
    by = actor_of(cast.secretary)
    until = CLOSED.date() + timedelta(days=5)
    ask_correction(kept(report), by=by, now=at, reason="The figure", until=until)
    figures = {indicator_of(report): Decimal(value.replace(",", "")) for value in values.values()}
    submit(
        kept(report), by=actor_of(liaison(cast, owner)), now=at,
        written=a_text(narrative="Corrected", self_rating="review", values=figures),
    )  # fmt: skip
    row = kept(report)
    accept(row, by=by, now=at, rating=rating, seen_submission=waiting(row))


def frozen(cast: Cast, stage: str = "tabled", row: ReportingRound | None = None) -> FrozenScorecard:
    return freeze(row or ReportingRound.objects.get(), stage=stage, by=actor_of(cast.secretary), now=TABLED)


def share(cast: Cast, *codes: str, quarter: Quarter = COVERS) -> None:
    commitments = list(Commitment.objects.filter(code__in=codes))
    share_rows(cast.council, quarter=quarter, commitments=commitments, by=actor_of(cast.secretary), reason="합의")


def address(cast: Cast, *, quarter: str = "") -> str:
    return link("scorecard", cast.council.pk) + (f"?quarter={quarter}" if quarter else "")


def party(cast: Cast, organisation: str) -> str:
    return link("scorecard_party", cast.council.pk, organisation=organisation)


def page_of(client: Client, where: str) -> ScorecardPage:
    page: ScorecardPage = client.get(where).context["page"]
    return page


def seen(client: Client, where: str, owner: str, commitment: str = "C12") -> SharedCell:
    cells = page_of(client, where).card.cells
    return next(one for one in cells if (one.commitment, one.organisation) == (commitment, owner))


def words(text: str) -> str:
    return re.sub(r"\s+", " ", strip_tags(text))


def row_of(text: str, commitment: str) -> str:
    """The words of one line of the matrix."""
    lines = [words(line) for line in re.findall(r"<tr>(.*?)</tr>", text, re.DOTALL)]
    return next(line for line in lines if f" {commitment} " in f" {line} ")


# --- The ministry -----------------------------------------------------------------------------------------------------


def test_the_ministry_sees_the_scorecard_as_it_stands_and_as_it_was_frozen(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.secretary)
    assert client.get(address(cast)).context["page"] is None
    done(cast, "KT", rating="review", value=FIGURE)
    live = client.get(address(cast))
    assert "현재 보고 기준" in live.text
    assert live.context["page"].frozen is None
    assert seen(client, address(cast), "KT").status == Status.REVIEW
    first = frozen(cast)
    done(cast, "SKT")
    page = client.get(address(cast))
    assert first.sha256 in page.text
    assert (page.context["page"].frozen, seen(client, address(cast), "SKT").status) == (first, Status.NOT_SUBMITTED)
    cell = seen(client, address(cast), "KT")
    assert cell.full is not None
    assert cell.full.figures[str(indicator_of(a_report("KT")))].actual == Decimal("48151.5")


def test_to_the_ministry_both_ratings_and_both_marks_are_said(cast: Cast, as_user: SignIn) -> None:
    report = done(cast, "KT", own="done", rating="review", at=LATE)
    corrected(cast, report, "KT", rating="done", at=CLOSED)
    line = row_of(as_user(cast.secretary).get(address(cast)).text, "C12")
    for said in ("재검토 필요", "완료", "기한 후 제출", "정정"):
        assert said in line


def test_a_carriers_draft_is_not_on_the_ministrys_scorecard(cast: Cast, as_user: SignIn) -> None:
    report = a_report("KT")
    written = a_text(narrative="CANARY", self_rating="no_evidence", values={indicator_of(report): Decimal("48151.5")})
    save_draft(report, by=actor_of(cast.kt_liaison), now=IN_TIME, written=written)
    client = as_user(cast.secretary)
    for where in (address(cast), party(cast, "KT")):
        text = client.get(where).text
        assert FIGURE not in text
        assert "CANARY" not in text
    assert seen(client, address(cast), "KT") == SharedCell(
        "C12", "KT", Status.NOT_SUBMITTED, seen(client, address(cast), "KT").full
    )
    full = seen(client, address(cast), "KT").full
    assert full is not None
    assert (full.state, full.self_rating) == ("not_submitted", None)


def test_the_ministry_reads_of_each_organisation_how_it_went(cast: Cast, as_user: SignIn) -> None:
    done(cast, "KT", value=FIGURE)
    client = as_user(cast.secretary)
    assert FIGURE in client.get(party(cast, "KT")).text
    assert client.get(party(cast, "SKT")).status_code == 200


# --- A carrier --------------------------------------------------------------------------------------------------------


def test_before_anything_is_frozen_a_carrier_sees_nothing(cast: Cast, as_user: SignIn) -> None:
    done(cast, "SKT", value="12,345.6")
    done(cast, "KT", value=FIGURE)
    share(cast, "C12")
    client = as_user(cast.skt_liaison)
    page = client.get(address(cast))
    assert (page.status_code, page.context["page"]) == (200, None)
    assert "아직 열람할 수 있는 이행점검표가 없습니다." in page.text
    assert (FIGURE in page.text, "12,345.6" in page.text, "C12" in page.text) == (False, False, False)
    assert client.get(address(cast, quarter="2026-Q4")).status_code == 404
    assert client.get(party(cast, "SKT")).status_code == 404


def scene(cast: Cast) -> tuple[Report, Report]:
    """SKT and KT on C12, both late and corrected, with figures and targets; LGU handed nothing in."""
    number = indicator_of(a_report())
    for owner, baseline, target in ((cast.skt, "1.5", "99.5"), (cast.kt, "11235.8", "62342.1")):
        IndicatorTarget.objects.create(indicator_id=number, organisation=owner, baseline=baseline, target=target)
    own = done(cast, "SKT", own="done", rating="review", at=LATE, value="1,000.5")
    theirs = done(cast, "KT", own="no_evidence", rating="attention", at=LATE, value="40,000.5")
    corrected(cast, own, "SKT", rating="review", at=LATE, value="2,000.5")
    corrected(cast, theirs, "KT", rating="attention", at=LATE, value=FIGURE)
    return own, theirs


def test_ones_own_cells_are_seen_in_full_and_of_others_nothing(cast: Cast, as_user: SignIn) -> None:
    scene(cast)
    frozen(cast)
    client = as_user(cast.skt_liaison)
    own, theirs = (seen(client, address(cast), owner) for owner in ("SKT", "KT"))
    assert own.full is not None
    assert (own.status, own.full.self_rating, own.full.late, own.full.corrected) == (
        Status.REVIEW, "review", True, True,
    )  # fmt: skip
    assert theirs == SharedCell("C12", "KT", None, None)
    line = row_of(client.get(address(cast)).text, "C12")
    assert [line.count(word) for word in ("기한 후 제출", "정정")] == [1, 1]
    assert ("재검토 필요" in line, "관심 필요" in line) == (True, False)


def test_of_rivals_what_was_shared_is_seen_and_no_more(cast: Cast, as_user: SignIn) -> None:
    scene(cast)
    frozen(cast)
    client = as_user(cast.skt_liaison)
    without = row_of(client.get(address(cast)).text, "C12")
    share(cast, "C12")
    assert seen(client, address(cast), "KT") == SharedCell("C12", "KT", Status.ATTENTION, None)
    assert seen(client, address(cast), "KT", "C13") == SharedCell("C13", "KT", None, None)
    shared = row_of(client.get(address(cast)).text, "C12")
    assert ("관심 필요" in without, "관심 필요" in shared) == (False, True)
    for line in (without, shared):
        assert "확인 중" not in line  # what KT thinks of itself
        assert [line.count(word) for word in ("기한 후 제출", "정정")] == [1, 1]


@pytest.mark.parametrize("who", ["skt_liaison", "skt_ceo", "lgu_liaison", "observer", "skt_ciso"])
@pytest.mark.parametrize("shared", [False, True])
def test_no_figure_of_a_rival_no_hash_and_no_reason_is_in_any_page(
    cast: Cast, as_user: SignIn, who: str, shared: bool
) -> None:
    _own, theirs = scene(cast)
    first = frozen(cast)
    corrected(cast, theirs, "KT", rating="done", at=CLOSED, value="48,151.6")
    second = correct(first, reason=REASON, by=actor_of(cast.secretary), now=CLOSED)
    if shared:
        share(cast, "C12")
    client = as_user(getattr(cast, who))
    pages = [client.get(where).text for where in (address(cast), address(cast, quarter="2026-Q4"), party(cast, "SKT"))]
    pages.append(client.get("/scorecard/").text)
    canaries = [FIGURE, "48,151.6", "40,000.5", TARGET, BASELINE, REASON, first.sha256, second.sha256]
    plain = [re.sub(r"[^0-9.]", "", one) for one in canaries[:5]]
    for text in pages:
        assert [one for one in (*canaries, *plain) if one in text] == []
        assert second.sha256[:12] not in text
    ministry = as_user(cast.secretary).get(address(cast)).text
    assert (REASON in ministry, second.sha256 in ministry) == (True, True)


def told_of_a_correction(client: Client, where: str) -> bool:
    found = re.search(r'<p class="lead">(.*?)</p>', client.get(where).text, re.DOTALL)
    assert found is not None
    return "정정" in words(found[1])


def test_a_correction_of_what_one_sees_is_marked_as_one_and_that_of_anothers_is_not_told(
    cast: Cast, as_user: SignIn
) -> None:
    _own, theirs = scene(cast)
    first = frozen(cast)
    own, rival, ministry = as_user(cast.kt_liaison), as_user(cast.skt_liaison), as_user(cast.secretary)
    before = rival.get(address(cast)).text
    assert [told_of_a_correction(client, address(cast)) for client in (own, rival, ministry)] == [False] * 3
    corrected(cast, theirs, "KT", rating="done", at=CLOSED, value="48,151.6")
    correct(first, reason=REASON, by=actor_of(cast.secretary), now=CLOSED)
    assert [told_of_a_correction(client, address(cast)) for client in (own, rival, ministry)] == [True, False, True]
    nonce = re.compile(r'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"')
    assert nonce.sub("", rival.get(address(cast)).text) == nonce.sub("", before)
    share(cast, "C12")
    assert told_of_a_correction(rival, address(cast))


def test_only_frozen_quarters_are_offered_to_a_carrier(cast: Cast, as_user: SignIn) -> None:
    a_round()
    later_one = a_round(covers=COVERS.next(), meeting=None, due_on=moment("2027-05-07").date(), now=CLOSED)
    frozen(cast, row=ReportingRound.objects.get(covers=COVERS))
    carrier, ministry = as_user(cast.skt_liaison), as_user(cast.secretary)
    assert page_of(carrier, address(cast)).quarters == [COVERS]
    assert page_of(ministry, address(cast)).quarters == [later_one.covers, COVERS]
    assert carrier.get(address(cast, quarter="2027-Q1")).status_code == 404
    assert ministry.get(address(cast, quarter="2027-Q1")).status_code == 200


def test_sums_are_shown_where_no_figure_can_be_worked_out_of_them(cast: Cast, as_user: SignIn) -> None:
    Indicator.objects.filter(commitment__code="C10").update(summable=True)
    for owner, value in (("SKT", "20"), ("KT", "22"), ("LGU", "24")):
        done(cast, owner, "C10", value=value)
        done(cast, owner, "C12", value=value)
    Indicator.objects.filter(commitment__code="C12").update(summable=True)
    frozen(cast)
    client = as_user(cast.skt_liaison)

    def sums() -> dict[str, Decimal | None]:
        return {one.commitment: one.total for one in page_of(client, address(cast)).card.sums}

    assert sums() == {"C10": None, "C12": None}
    share(cast, "C10", "C12")
    assert sums() == {"C10": Decimal(66), "C12": None}
    assert "66 건" in row_of(client.get(address(cast)).text, "C10")


def test_what_was_confirmed_replaces_what_was_tabled(cast: Cast, as_user: SignIn) -> None:
    accepted(cast)
    frozen(cast)
    client = as_user(cast.skt_liaison)
    assert seen(client, address(cast), "SKT", "C13").status == Status.NOT_SUBMITTED
    close_quarter(ReportingRound.objects.get(), by=actor_of(cast.secretary), now=CLOSED)
    assert seen(client, address(cast), "SKT", "C13").status == Status.MISSED


# --- One organisation over the quarters -------------------------------------------------------------------------------


def test_an_organisation_reads_its_own_history_with_its_figures(cast: Cast, as_user: SignIn) -> None:
    scene(cast)
    frozen(cast)
    client = as_user(cast.skt_liaison)
    text = client.get(party(cast, "SKT")).text
    for figure in ("2,000.5", "99.5", "1.5"):
        assert figure in text
    assert party(cast, "SKT") in client.get(address(cast)).text
    assert party(cast, "KT") not in client.get(address(cast)).text


@pytest.mark.parametrize("who", ["skt_liaison", "skt_ceo", "skt_ciso", "observer", "chair"])
@pytest.mark.parametrize("of", ["KT", "LGU", "MSIT", "nobody-at-all"])
def test_that_of_a_rival_does_not_exist(cast: Cast, as_user: SignIn, who: str, of: str) -> None:
    scene(cast)
    frozen(cast)
    share(cast, "C12")
    answer = as_user(getattr(cast, who)).get(party(cast, of))
    assert answer.status_code == 404
    assert FIGURE not in answer.text


def test_who_is_not_of_the_table_sees_no_scorecard(cast: Cast, as_user: SignIn) -> None:
    scene(cast)
    frozen(cast)
    share(cast, "C12")
    for user in (cast.former_liaison, cast.nobody):
        client = as_user(user)
        assert [client.get(where).status_code for where in (address(cast), party(cast, "SKT"))] == [404, 404]
    keeper = as_user(cast.accounts)  # who knows of every body
    assert keeper.get(address(cast)).context["page"] is None
    assert "C12" not in keeper.get(address(cast)).text
    assert [keeper.get(where).status_code for where in (address(cast, quarter="2026-Q4"), party(cast, "SKT"))] == [
        404, 404,
    ]  # fmt: skip


# --- Addresses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["secretary", "skt_liaison"])
@pytest.mark.parametrize("quarter", ["2031-Q1", "2020-Q2", "0001-Q1", "9999-Q4"])
def test_a_quarter_without_a_scorecard_is_not_there(cast: Cast, as_user: SignIn, who: str, quarter: str) -> None:
    a_round()
    frozen(cast)
    assert as_user(getattr(cast, who)).get(address(cast, quarter=quarter)).status_code == 404


@pytest.mark.parametrize("who", ["secretary", "skt_liaison"])
@pytest.mark.parametrize(
    "quarter", ["2026-Q9", "2026", "soon", "0000-Q1", "2026-Q4'", "2026-Q4-", "%F0%9F%98%80", "٢٠٢٦-Q٤", "9" * 300]
)
def test_what_is_no_quarter_is_not_there(cast: Cast, as_user: SignIn, who: str, quarter: str) -> None:
    a_round()
    frozen(cast)
    assert as_user(getattr(cast, who)).get(address(cast, quarter=quarter)).status_code == 404


def test_a_body_that_is_not_there_or_has_no_scorecard(cast: Cast, as_user: SignIn) -> None:
    a_round()
    frozen(cast)
    client = as_user(cast.secretary)
    assert client.get(link("scorecard", 999_999)).status_code == 404
    assert client.get(link("scorecard", cast.ciso.pk)).context["page"] is None
    assert [body.pk for body in client.get("/scorecard/").context["bodies"]] == [cast.council.pk]


def test_reading_of_a_rivals_page_is_written_down_as_refused(cast: Cast, as_user: SignIn) -> None:
    scene(cast)
    frozen(cast)
    as_user(cast.skt_liaison).get(party(cast, "KT"))
    assert AuditEntry.objects.filter(refused=True, actor_user_id=cast.skt_liaison.pk).count() == 1


# --- Questions to the database ----------------------------------------------------------------------------------------


def more_quarters(cast: Cast, quarters: int) -> None:
    """Frozen ones beside the first, up to so many, with the same reports in each."""
    card, quarter = card_of(frozen(cast).payload), COVERS
    for _ in range(quarters - 1):
        quarter = quarter.next()
        cells = tuple(replace(cell, quarter=quarter) for cell in card.cells)
        payload = payload_of(replace(card, quarter=quarter, cells=cells))
        FrozenScorecard.objects.create(
            body=cast.council, quarter=quarter, stage="tabled", payload=payload, sha256=digest(payload),
            frozen_at=TABLED, by=cast.secretary,
        )  # fmt: skip


@pytest.mark.parametrize("quarters", [1, 40])
def test_the_scorecard_asks_as_many_questions_after_ten_years_as_after_one_quarter(
    cast: Cast, as_user: SignIn, django_assert_num_queries: Counted, quarters: int
) -> None:
    scene(cast)
    more_quarters(cast, quarters)
    share(cast, "C10")
    for who, number in ((cast.secretary, FROZEN[0]), (cast.skt_liaison, FROZEN[1])):
        client = as_user(who)
        client.get(address(cast))  # what is read once a process
        with django_assert_num_queries(number):
            page = page_of(client, address(cast))
        assert len(page.quarters) == quarters


@pytest.mark.parametrize("quarters", [1, 40])
def test_quarters_that_were_never_frozen_are_read_all_at_once(
    cast: Cast, as_user: SignIn, django_assert_num_queries: Counted, quarters: int
) -> None:
    scene(cast)
    quarter = COVERS
    for _ in range(quarters - 1):
        quarter = quarter.next()
        one = ReportingRound.objects.create(
            body=cast.council, covers=quarter, as_of=TABLED.date(), opens_on=TABLED.date(), due_on=TABLED.date()
        )
        Report.objects.create(
            round=one, commitment=Commitment.objects.get(code="C12"), organisation=cast.skt, due_on=TABLED.date()
        )
    client = as_user(cast.secretary)
    client.get(address(cast))
    with django_assert_num_queries(LIVE):
        page = page_of(client, address(cast))
    assert len(page.quarters) == quarters


@pytest.mark.parametrize("quarters", [1, 40])
def test_the_ministry_reads_an_organisations_frozen_history_with_as_many_questions_however_long_it_is(
    cast: Cast, as_user: SignIn, django_assert_num_queries: Counted, quarters: int
) -> None:
    scene(cast)
    more_quarters(cast, quarters)
    client = as_user(cast.secretary)
    client.get(party(cast, "KT"))  # what is read once a process
    with django_assert_num_queries(PARTY):
        answer = client.get(party(cast, "KT"))
    assert len(answer.context["page"].quarters) == quarters
