"""Scorecards of real reports: as they stand, as they were frozen, put right afterwards, and what is shared of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from council.core.errors import NotAllowedNow
from council.core.models import AuditEntry
from council.core.quarters import Quarter
from council.declaration.models import Commitment, IndicatorTarget
from council.reports.models import Judgement, Report, ReportingRound, Submission
from council.reports.operations.judging import accept, ask_correction
from council.reports.operations.rounds import close_round
from council.reports.operations.writing import save_draft, submit, withdraw
from council.scorecard.models import FrozenScorecard, SharedRow
from council.scorecard.operations import ScorecardRefused, correct, freeze, share_rows
from council.scorecard.payload import card_of, digest
from council.scorecard.queries import frozen_history, live_card, released_rows
from council.scorecard.values import Card, Cell, Figure, Status
from council.workflows.close_quarter import close_quarter
from tests.factories import Cast, actor_of, moment
from tests.factories.rows import TESTER
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
    council,
    indicator_of,
    kept,
    returned,
    submitted,
    waiting,
)

pytestmark = pytest.mark.both_databases
TABLED = moment("2027-02-25 09:00")
CORRECTED = moment("2027-03-10 10:00")


def live() -> Card:
    return live_card(council(), COVERS, reports=Report.objects.all(), targets=IndicatorTarget.objects.all())


def cell_of(card: Card, owner: str = "SKT", commitment: str = "C12") -> Cell:
    return next(cell for cell in card.cells if cell.key == (commitment, owner))


def tabled(cast: Cast, row: ReportingRound | None = None) -> FrozenScorecard:
    return freeze(row or a_round(), stage="tabled", by=actor_of(cast.secretary), now=TABLED)


def put_right(cast: Cast, report: Report, **values: Any) -> None:
    """A correction of what was accepted: asked for, handed in, accepted."""
    by = actor_of(cast.secretary)
    ask_correction(kept(report), by=by, now=LATER, reason="The figure", until=moment("2027-03-31").date())
    submit(kept(report), by=actor_of(cast.skt_liaison), now=LATE, written=a_text(**{"narrative": "Corrected"} | values))
    row = kept(report)
    accept(row, by=by, now=LATE, rating="review", seen_submission=waiting(row))


# --- As it stands -----------------------------------------------------------------------------------------------------


def test_the_card_has_a_cell_for_each_report_and_a_row_for_each_commitment_that_was_not_withdrawn(cast: Cast) -> None:
    row = a_round()
    Commitment.objects.filter(code="C24").update(state="withdrawn")
    card = live()
    assert "C24" not in {one.code for one in card.rows}
    assert {cell.key for cell in card.cells} == set(
        row.reports.exclude(commitment__code="C24").values_list("commitment__code", "organisation__code")
    )
    assert {one.code for one in card.rows if one.unscored} == {"C16", "C17", "C21"}
    assert card.rivals == {"SKT", "KT", "LGU"}
    assert {cell.status for cell in card.cells} == {Status.NOT_SUBMITTED}


def test_a_cell_says_what_was_handed_in_and_how_it_was_judged(cast: Cast) -> None:
    report = a_report()
    key = str(indicator_of(report))
    accepted(cast, report, values={int(key): Decimal("1234.5")}, rating="review")
    cell = cell_of(live())
    assert (cell.self_rating, cell.ministry_rating, cell.status) == ("on_track", "review", Status.REVIEW)
    assert (cell.late, cell.corrected) == (False, False)
    assert cell.figures == {key: Figure(actual=Decimal("1234.5"))}
    assert cell_of(live(), "KT").figures == {key: Figure()}


def test_what_was_judged_otherwise_counts_as_what_it_is(cast: Cast) -> None:
    submitted(cast)
    returned(cast, a_report("SKT", "C13"))
    close = {cell.commitment: cell.status for cell in live().cells if cell.organisation == "SKT"}
    assert (close["C12"], close["C13"], close["C14"]) == (Status.SUBMITTED, Status.SUBMITTED, Status.NOT_SUBMITTED)


def test_an_organisations_own_target_counts_and_the_shared_one_for_those_without(cast: Cast) -> None:
    report = a_report("SKT", "C13")
    number = indicator_of(report)
    IndicatorTarget.objects.create(indicator_id=number, organisation=cast.skt, baseline=1, target=777)
    IndicatorTarget.objects.create(indicator_id=number, organisation=cast.kt, baseline=2)
    found = {owner: cell_of(live(), owner, "C13").figures[str(number)] for owner in ("SKT", "KT", "LGU")}
    assert found == {
        "SKT": Figure(None, Decimal(1), Decimal(777)),
        "KT": Figure(None, Decimal(2), Decimal(3)),
        "LGU": Figure(None, None, Decimal(3)),
    }
    without = live_card(council(), COVERS, reports=Report.objects.all(), targets=IndicatorTarget.objects.none())
    assert cell_of(without, "SKT", "C13").figures[str(number)] == Figure(None, None, Decimal(3))


def test_a_cell_says_that_it_came_late_and_that_it_was_corrected(cast: Cast) -> None:
    late = a_report("SKT", "C13")
    submit(late, by=actor_of(cast.skt_liaison), now=LATE, written=a_text())
    corrected = accepted(cast)
    put_right(cast, corrected)
    card = live()
    assert (cell_of(card).late, cell_of(card).corrected) == (False, True)
    assert (cell_of(card, commitment="C13").late, cell_of(card, commitment="C13").corrected) == (True, False)


def test_while_a_correction_is_awaited_the_rating_stands(cast: Cast) -> None:
    report = accepted(cast)
    ask_correction(kept(report), by=actor_of(cast.secretary), now=LATER, reason="The figure")
    assert cell_of(live()).status == Status.ATTENTION


def test_the_card_holds_what_its_reader_may_use_and_of_its_own_quarter_alone(cast: Cast) -> None:
    accepted(cast)
    own = live_card(
        council(), COVERS, reports=Report.objects.filter(organisation=cast.kt), targets=IndicatorTarget.objects.none()
    )
    assert {cell.organisation for cell in own.cells} == {"KT"}
    other = live_card(council(), COVERS.next(), reports=Report.objects.all(), targets=IndicatorTarget.objects.all())
    assert (other.cells, len(other.rows)) == ((), len(own.rows))


# --- Freezing ---------------------------------------------------------------------------------------------------------


def test_what_is_frozen_is_the_card_of_that_moment_word_for_word_with_its_hash(cast: Cast) -> None:
    row = accepted(cast).round
    frozen = tabled(cast, row)
    stored = FrozenScorecard.objects.get()
    assert (stored, stored.stage, stored.quarter, stored.body) == (frozen, "tabled", COVERS, cast.council)
    assert (stored.by, stored.frozen_at, stored.supersedes, stored.reason) == (cast.secretary, TABLED, None, "")
    assert stored.sha256 == digest(stored.payload)
    assert {one.key: one for one in card_of(stored.payload).cells} == {one.key: one for one in live().cells}
    entry = AuditEntry.objects.get(verb="scorecard.frozen")
    assert entry.after == {"quarter": "2026-Q4", "stage": "tabled", "sha256": stored.sha256}
    accepted(cast, a_report("SKT", "C13"))
    assert FrozenScorecard.objects.get().payload == frozen.payload


@pytest.mark.parametrize("stage", ["tabled", "closed"])
def test_each_stage_is_frozen_once(cast: Cast, stage: str) -> None:
    row, by = a_round(), actor_of(cast.secretary)
    if stage == "closed":
        close_round(row, by=by, now=CLOSED)
    freeze(row, stage=stage, by=by, now=CLOSED)
    entries = AuditEntry.objects.count()
    with pytest.raises(NotAllowedNow):
        freeze(row, stage=stage, by=by, now=CORRECTED)
    assert (FrozenScorecard.objects.count(), AuditEntry.objects.count()) == (1, entries)


def test_it_is_not_confirmed_while_the_round_is_open(cast: Cast) -> None:
    with pytest.raises(NotAllowedNow):
        freeze(a_round(), stage="closed", by=actor_of(cast.secretary), now=TABLED)
    assert FrozenScorecard.objects.count() == 0


def test_what_was_confirmed_is_not_tabled_afterwards(cast: Cast) -> None:
    row, by = a_round(), actor_of(cast.secretary)
    close_quarter(row, by=by, now=CLOSED)
    with pytest.raises(NotAllowedNow):
        freeze(row, stage="tabled", by=by, now=CORRECTED)
    assert FrozenScorecard.objects.get().stage == "closed"


def test_only_a_person_freezes(cast: Cast) -> None:
    with pytest.raises(TypeError):
        freeze(a_round(), stage="tabled", by=TESTER, now=TABLED)
    assert FrozenScorecard.objects.count() == 0


def test_no_draft_is_in_what_is_frozen_nor_that_there_is_one(cast: Cast) -> None:
    report = a_report()
    number, by = indicator_of(report), actor_of(cast.skt_liaison)
    written = a_text(narrative="CANARY-DRAFT", self_rating="review", values={number: Decimal(4711)})
    save_draft(report, by=by, now=IN_TIME, written=written)
    returned(cast, a_report("SKT", "C13"))
    completing = a_text(narrative="CANARY-AGAIN", self_rating="no_evidence", values={})
    save_draft(kept(a_report("SKT", "C13")), by=by, now=LATER, written=completing)
    payload = tabled(cast, report.round).payload
    kept_text = json.dumps(payload, ensure_ascii=False)
    for canary in ("CANARY", "4711", "draft", "no_evidence"):
        assert canary not in kept_text
    cell = next(one for one in payload["cells"] if (one["commitment"], one["organisation"]) == ("C12", "SKT"))
    assert (cell["state"], cell["self_rating"]) == ("not_submitted", None)
    other = next(one for one in payload["cells"] if (one["commitment"], one["organisation"]) == ("C12", "KT"))
    assert cell | {"organisation": "KT"} == other


def test_what_was_withdrawn_is_not_in_what_is_frozen(cast: Cast) -> None:
    report = a_report()
    submitted(cast, report, values={indicator_of(report): Decimal(4711)})
    withdraw(kept(report), by=actor_of(cast.skt_liaison), now=LATER)
    assert "4711" not in json.dumps(tabled(cast, report.round).payload)


# --- Correcting -------------------------------------------------------------------------------------------------------


def closed(cast: Cast) -> tuple[Report, FrozenScorecard]:
    report = accepted(cast)
    return report, close_quarter(report.round, by=actor_of(cast.secretary), now=CLOSED)


def corrected_report(cast: Cast, report: Report) -> None:
    """In a round that is closed: reopened for it until a day."""
    secretary = actor_of(cast.secretary)
    ask_correction(kept(report), by=secretary, now=CLOSED, reason="The figure", until=moment("2027-03-05").date())
    submit(kept(report), by=actor_of(cast.skt_liaison), now=CLOSED, written=a_text(narrative="Corrected"))
    row = kept(report)
    accept(row, by=secretary, now=CLOSED, rating="review", seen_submission=waiting(row))


def test_what_was_put_right_is_frozen_anew_with_a_reason_and_the_one_before_stays(cast: Cast) -> None:
    report, first = closed(cast)
    before = dict(FrozenScorecard.objects.values().get())
    corrected_report(cast, report)
    second = correct(first, reason=" The figure of SKT ", by=actor_of(cast.secretary), now=CORRECTED)
    assert FrozenScorecard.objects.values().get(pk=first.pk) == before
    assert (second.supersedes, second.stage, second.reason) == (first, "closed", "The figure of SKT")
    assert (second.frozen_at, second.sha256) == (CORRECTED, digest(second.payload))
    cell = cell_of(card_of(second.payload))
    assert (cell.corrected, cell.ministry_rating) == (True, "review")
    assert cell_of(card_of(first.payload)).ministry_rating == "attention"
    entry = AuditEntry.objects.get(verb="scorecard.corrected")
    assert (entry.target_id, entry.reason, entry.after["sha256"]) == (
        str(second.pk), "The figure of SKT", second.sha256,
    )  # fmt: skip


def refused(expected: type[Exception], act: Callable[[], object]) -> None:
    entries, frozen = AuditEntry.objects.count(), FrozenScorecard.objects.count()
    with pytest.raises(expected):
        act()
    assert (AuditEntry.objects.count(), FrozenScorecard.objects.count()) == (entries, frozen)


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_correction_takes_a_reason(cast: Cast, reason: str) -> None:
    report, first = closed(cast)
    corrected_report(cast, report)
    refused(ScorecardRefused, lambda: correct(first, reason=reason, by=actor_of(cast.secretary), now=CORRECTED))


def test_nothing_is_frozen_anew_where_nothing_has_changed(cast: Cast) -> None:
    report, first = closed(cast)
    by = actor_of(cast.secretary)
    # What is no part of a scorecard does not change it.
    ask = moment("2027-03-05").date()
    Report.objects.filter(pk=report.pk).update(comment="Another comment", reopened_until=ask, reopened_because="x")
    refused(ScorecardRefused, lambda: correct(first, reason="None", by=by, now=CORRECTED))


def test_only_the_newest_is_put_right(cast: Cast) -> None:
    report, first = closed(cast)
    by = actor_of(cast.secretary)
    corrected_report(cast, report)
    second = correct(first, reason="The figure", by=by, now=CORRECTED)
    Commitment.objects.filter(code="C01").update(sensitivity="high")
    refused(NotAllowedNow, lambda: correct(first, reason="Again", by=by, now=CORRECTED))
    third = correct(second, reason="Again", by=by, now=CORRECTED)
    assert [*frozen_history(council()).standing.values()] == [third]
    assert [one.quarter for one in frozen_history(council()).earlier(third)] == [COVERS, COVERS]


def test_the_last_one_of_the_later_stage_counts(cast: Cast) -> None:
    row, by = accepted(cast).round, actor_of(cast.secretary)
    first = tabled(cast, row)
    assert [*frozen_history(council()).standing.values()] == [first]
    put_right(cast, a_report())
    second = correct(first, reason="The figure", by=by, now=TABLED)
    assert [*frozen_history(council()).standing.values()] == [second]
    third = close_quarter(row, by=by, now=CLOSED)
    assert [*frozen_history(council()).standing.values()] == [third]
    Commitment.objects.filter(code="C01").update(sensitivity="high")
    correct(second, reason="What was tabled", by=by, now=CORRECTED)
    assert [*frozen_history(council()).standing.values()] == [third]


# --- Sharing ----------------------------------------------------------------------------------------------------------


def share(cast: Cast, *codes: str, reason: str = "위원회 합의", quarter: Quarter = COVERS) -> list[SharedRow]:
    commitments = list(Commitment.objects.filter(code__in=codes))
    return share_rows(council(), quarter=quarter, commitments=commitments, by=actor_of(cast.secretary), reason=reason)


def test_the_statuses_of_a_commitment_are_shared_for_one_quarter_with_a_reason(cast: Cast) -> None:
    rows = share(cast, "C01", "C12")
    assert [(row.commitment.code, row.quarter, row.by) for row in rows] == [
        ("C01", COVERS, cast.secretary), ("C12", COVERS, cast.secretary),
    ]  # fmt: skip
    assert released_rows(council()) == {("C01", COVERS), ("C12", COVERS)}
    entries = AuditEntry.objects.filter(verb="scorecard.row_shared")
    assert set(entries.values_list("target_id", "reason")) == {(str(row.pk), "위원회 합의") for row in rows}


def test_sharing_again_adds_only_what_is_new(cast: Cast) -> None:
    first = share(cast, "C01")
    before = SharedRow.objects.values().get()
    assert share(cast, "C01", reason="Again") == []
    assert [row.commitment.code for row in share(cast, "C01", "C02")] == ["C02"]
    assert SharedRow.objects.values().get(pk=first[0].pk) == before
    assert AuditEntry.objects.filter(verb="scorecard.row_shared").count() == 2
    assert [row.quarter for row in share(cast, "C01", quarter=COVERS.next())] == [COVERS.next()]


@pytest.mark.parametrize("reason", ["", " "])
def test_nothing_is_shared_without_a_reason(cast: Cast, reason: str) -> None:
    with pytest.raises(ScorecardRefused):
        share(cast, "C01", reason=reason)
    assert (SharedRow.objects.count(), AuditEntry.objects.filter(verb="scorecard.row_shared").exists()) == (0, False)


# --- What the database itself keeps -----------------------------------------------------------------------------------

SCENE: dict[str, Callable[[], object]] = {
    "a frozen scorecard is deleted": lambda: FrozenScorecard.objects.all().delete(),
    "its content is changed": lambda: FrozenScorecard.objects.update(payload={}),
    "its hash is changed": lambda: FrozenScorecard.objects.update(sha256="0" * 64),
    "its stage is changed": lambda: FrozenScorecard.objects.update(stage="closed"),
    "its moment is changed": lambda: FrozenScorecard.objects.update(frozen_at=LATER),
    "a receipt is deleted": lambda: Submission.objects.all()._raw_delete(using="default"),
    "its words are changed": lambda: Submission.objects.update(payload={}),
    "its hash is another": lambda: Submission.objects.update(sha256="0" * 64),
    "its time is changed": lambda: Submission.objects.update(submitted_at=LATE),
    "its number is changed": lambda: Submission.objects.update(number=7),
    "it was entered on behalf after all": lambda: Submission.objects.update(on_behalf=True),
    "it belongs to another": lambda: Submission.objects.update(
        report=Report.objects.exclude(pk__in=Submission.objects.values("report")).first()
    ),
    "a judgement is deleted": lambda: Judgement.objects.all().delete(),
    "its rating is changed": lambda: Judgement.objects.update(rating="done"),
    "its comment is changed": lambda: Judgement.objects.update(comment="Other"),
    "its author is changed": lambda: Judgement.objects.update(by=Submission.objects.values("by")[:1]),
}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="The guards are PostgreSQL's.")
@pytest.mark.parametrize("what", SCENE)
def test_the_database_keeps_what_was_frozen_handed_in_and_answered(cast: Cast, what: str) -> None:
    tabled(cast, accepted(cast).round)
    connection.check_constraints()
    with pytest.raises(DatabaseError, match="What was handed in or answered stays as it is"), transaction.atomic():
        SCENE[what]()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows no TRUNCATE.")
@pytest.mark.parametrize("table", ["frozenscorecard", "submission", "judgement"])
def test_the_database_refuses_to_empty_what_was_frozen_handed_in_and_answered(cast: Cast, table: str) -> None:
    tabled(cast, accepted(cast).round)
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match=r"stays as it is|is not emptied"), transaction.atomic():
            cursor.execute(f"TRUNCATE council_{table} CASCADE")


def test_a_receipt_can_be_marked_as_withdrawn_and_no_more(cast: Cast) -> None:
    report = submitted(cast)
    withdraw(report, by=actor_of(cast.skt_liaison), now=LATER)
    assert Submission.objects.get().state == "withdrawn"


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("scorecard_corrected_with_a_reason", {"reason": "Because"}),
        ("scorecard_frozen_once_a_stage", {}),
    ],
)
def test_a_frozen_scorecard_is_refused_raw(cast: Cast, constraint: str, columns: dict[str, Any]) -> None:
    frozen = tabled(cast)
    values = {"body": frozen.body, "quarter": frozen.quarter, "stage": "closed" if columns else "tabled"}
    with pytest.raises(IntegrityError, match=rf"(?i){constraint}|unique"), transaction.atomic():
        FrozenScorecard.objects.create(
            **values, payload={}, sha256="0" * 64, frozen_at=TABLED, by=cast.secretary, **columns
        )
    assert FrozenScorecard.objects.count() == 1


def test_a_row_is_shared_once_whatever_the_code_does(cast: Cast) -> None:
    row = share(cast, "C01")[0]
    with pytest.raises(IntegrityError, match=r"(?i)unique"), transaction.atomic():
        SharedRow.objects.create(body=row.body, commitment=row.commitment, quarter=row.quarter, by=cast.secretary)
    assert SharedRow.objects.count() == 1
