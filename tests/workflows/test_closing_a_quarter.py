"""Closing a quarter: its round ends and its scorecard is kept, both or neither."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError

from council.core.errors import NotAllowedNow
from council.core.models import AuditEntry
from council.reports.models import Report, ReportingRound
from council.reports.operations.rounds import close_round
from council.reports.operations.writing import save_draft
from council.reports.states import RoundState
from council.scorecard.models import FrozenScorecard
from council.scorecard.operations import ScorecardRefused, freeze
from council.scorecard.payload import card_of, digest
from council.workflows import close_quarter as workflow
from council.workflows.close_quarter import close_quarter
from tests.factories import Cast, actor_of, moment
from tests.factories.rows import TESTER
from tests.reports.steps import (
    CLOSED,
    COVERS,
    IN_TIME,
    LATER,
    a_report,
    a_round,
    a_text,
    accepted,
    kept,
    submitted,
)
from tests.workflows.dump import everything

pytestmark = pytest.mark.both_databases


def test_the_round_ends_and_what_stands_then_is_frozen_as_confirmed(cast: Cast) -> None:
    done, drafted = accepted(cast, narrative="Done"), a_report("KT")
    save_draft(drafted, by=actor_of(cast.kt_liaison), now=IN_TIME, written=a_text(narrative="CANARY-DRAFT"))
    frozen = close_quarter(done.round, by=actor_of(cast.secretary), now=CLOSED)
    row = ReportingRound.objects.get()
    assert (row.state, row.closed_at, done.round.state) == (RoundState.CLOSED, CLOSED, RoundState.CLOSED)
    assert FrozenScorecard.objects.get() == frozen
    assert (frozen.stage, frozen.quarter, frozen.body, frozen.frozen_at) == ("closed", COVERS, cast.council, CLOSED)
    assert (frozen.by, frozen.supersedes, frozen.sha256) == (cast.secretary, None, digest(frozen.payload))
    cells = {cell.key: cell for cell in card_of(frozen.payload).cells}
    assert (cells["C12", "SKT"].state, cells["C12", "SKT"].ministry_rating) == ("accepted", "attention")
    # The round ends first: what was not handed in is frozen as missed, a draft too.
    assert (cells["C12", "KT"].state, cells["C12", "LGU"].state) == ("missed", "missed")
    assert [kept(one).state for one in (done, drafted)] == ["accepted", "missed"]
    assert AuditEntry.objects.filter(verb__in=["round.closed", "scorecard.frozen"]).count() == 2


def neither(row: ReportingRound, cast: Cast, expected: type[Exception], by: Any = None, now: Any = CLOSED) -> None:
    """The refusal, after which nothing at all is kept."""
    entries, before = AuditEntry.objects.count(), everything()
    with pytest.raises(expected):
        close_quarter(row, by=by or actor_of(cast.secretary), now=now)
    assert (AuditEntry.objects.count(), everything()) == (entries, before)


def test_while_reports_wait_to_be_judged_neither_happens(cast: Cast) -> None:
    neither(submitted(cast).round, cast, NotAllowedNow)


def test_while_reports_can_be_handed_in_on_time_neither_happens(cast: Cast) -> None:
    accepted(cast)
    neither(a_report("KT").round, cast, NotAllowedNow, now=moment("2027-02-05 23:59"))


@pytest.mark.parametrize("fault", [ScorecardRefused("No."), DatabaseError("No."), ValueError("No.")])
def test_where_the_scorecard_cannot_be_kept_the_round_stays_open(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    row = accepted(cast).round

    def fail(*args: Any, **values: Any) -> None:
        assert ReportingRound.objects.get().state == RoundState.CLOSED
        raise fault

    monkeypatch.setattr(workflow, "freeze", fail)
    neither(row, cast, type(fault))
    assert (ReportingRound.objects.get().state, Report.objects.filter(state="missed").count()) == (RoundState.OPEN, 0)


def test_nobody_without_an_account_closes_a_quarter(cast: Cast) -> None:
    neither(accepted(cast).round, cast, TypeError, by=TESTER)


def test_a_quarter_is_closed_once(cast: Cast) -> None:
    row = a_round()
    close_quarter(row, by=actor_of(cast.secretary), now=CLOSED)
    neither(row, cast, NotAllowedNow, now=moment("2027-03-02 10:00"))
    assert FrozenScorecard.objects.count() == 1


def test_what_was_tabled_before_stays_beside_it(cast: Cast) -> None:
    row = accepted(cast).round
    by = actor_of(cast.secretary)
    tabled = freeze(row, stage="tabled", by=by, now=LATER)
    closed = close_quarter(row, by=by, now=CLOSED)
    assert list(FrozenScorecard.objects.order_by("pk")) == [tabled, closed]
    assert tabled.sha256 != closed.sha256
    assert closed.supersedes is None


def test_a_round_that_was_closed_alone_can_still_be_frozen_as_confirmed(cast: Cast) -> None:
    row, by = a_round(), actor_of(cast.secretary)
    close_round(row, by=by, now=CLOSED)
    neither(row, cast, NotAllowedNow)
    assert freeze(row, stage="closed", by=by, now=CLOSED).stage == "closed"
