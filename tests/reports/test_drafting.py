"""A draft is its organisation's alone: kept, replaced, not overwritten unseen, thrown away."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from council.core.errors import DomainError, NotAllowedNow, SomebodyWasFaster
from council.core.models import AuditEntry
from council.core.register import version_of
from council.reports.figures import NotAFigure
from council.reports.models import Measurement, ReportDraft, Submission
from council.reports.operations.standing import ReportRefused
from council.reports.operations.writing import discard_draft, save_draft
from council.reports.states import ReportState
from tests.factories import Cast, actor_of, pdf
from tests.reports.steps import (
    CLOSED,
    IN_TIME,
    LATE,
    LATER,
    a_report,
    a_text,
    accepted,
    indicator_of,
    kept,
    missed,
    returned,
    said,
    submitted,
)

pytestmark = pytest.mark.both_databases


def test_a_draft_keeps_what_was_written_and_the_report_says_nothing_of_it(cast: Cast) -> None:
    report = a_report()
    number = indicator_of(report)
    written = a_text(narrative="So far", self_rating="", values={number: Decimal("1234.50")})
    save_draft(report, by=actor_of(cast.skt_liaison), now=IN_TIME, written=written)
    draft = ReportDraft.objects.get()
    assert (draft.narrative, draft.self_rating, draft.values) == ("So far", "", {str(number): "1234.5"})
    assert (draft.report, draft.by) == (report, cast.skt_liaison)
    assert said(report) == (report.state, "", "", None) == (ReportState.DRAFT, "", "", None)
    assert (Measurement.objects.count(), Submission.objects.count()) == (0, 0)


def test_what_is_in_a_draft_is_not_in_the_record(cast: Cast) -> None:
    report = a_report()
    written = a_text(narrative="A secret", values={indicator_of(report): Decimal(987)})
    save_draft(report, by=actor_of(cast.skt_liaison), now=IN_TIME, written=written)
    entries = list(AuditEntry.objects.filter(verb__in=["report.drafted", "report.begun"]))
    assert len(entries) == 2
    assert not [e for e in entries if "secret" in f"{e.before}{e.after}{e.target}" or "987" in f"{e.before}{e.after}"]


def test_an_organisation_has_one_draft_whoever_of_it_writes(cast: Cast) -> None:
    report = a_report()
    for user in (cast.skt_liaison, cast.skt_ciso):
        save_draft(report, by=actor_of(user), now=IN_TIME, written=a_text(narrative=user.email))
    assert ReportDraft.objects.get().narrative == cast.skt_ciso.email


def test_a_value_that_is_not_known_is_not_there(cast: Cast) -> None:
    report = a_report()
    number = indicator_of(report)
    for values in ({number: Decimal(0)}, {number: None}):
        save_draft(report, by=actor_of(cast.skt_liaison), now=IN_TIME, written=a_text(values=values))
        assert ReportDraft.objects.get().values == ({str(number): "0"} if values[number] is not None else {})


@pytest.mark.parametrize("user", ["kt_liaison", "secretary", "nobody"])
def test_nobody_else_writes_it(cast: Cast, user: str) -> None:
    report = a_report()
    with pytest.raises(ReportRefused):
        save_draft(report, by=actor_of(getattr(cast, user)), now=IN_TIME, written=a_text())
    assert (ReportDraft.objects.count(), kept(report).state) == (0, ReportState.NOT_SUBMITTED)


@pytest.mark.parametrize("wrong", ["rating", "indicator", "figure"])
def test_what_breaks_a_rule_is_refused_and_nothing_is_kept(cast: Cast, wrong: str) -> None:
    report = a_report()
    values: dict[str, dict[str, Any]] = {
        "rating": {"self_rating": "splendid"},
        "indicator": {"values": {indicator_of(a_report("SKT", "C13")): Decimal(1)}},
        "figure": {"values": {indicator_of(report): Decimal("NaN")}},
    }
    with pytest.raises(ReportRefused if wrong != "figure" else NotAFigure) as refusal:
        save_draft(report, by=actor_of(cast.skt_liaison), now=IN_TIME, written=a_text(**values[wrong]))
    assert refusal.value.field == ("self_rating" if wrong == "rating" else "values")
    assert (ReportDraft.objects.count(), kept(report).state) == (0, ReportState.NOT_SUBMITTED)


def test_a_refused_change_leaves_the_draft_that_was_there(cast: Cast) -> None:
    report, by = a_report(), actor_of(cast.skt_liaison)
    save_draft(report, by=by, now=IN_TIME, written=a_text(narrative="First"))
    with pytest.raises(DomainError):
        save_draft(report, by=by, now=LATER, written=a_text(narrative="Second", self_rating="splendid"))
    assert ReportDraft.objects.get().narrative == "First"


def test_what_a_colleague_saved_meanwhile_is_not_lost(cast: Cast) -> None:
    report, by = a_report(), actor_of(cast.skt_liaison)
    save_draft(report, by=actor_of(cast.skt_ciso), now=IN_TIME, written=a_text(narrative="The colleague's"))
    with pytest.raises(SomebodyWasFaster, match="The colleague's"):
        save_draft(report, by=by, now=LATER, written=a_text(narrative="Mine", seen=""))
    draft = ReportDraft.objects.get()
    assert draft.narrative == "The colleague's"
    save_draft(report, by=by, now=LATER, written=a_text(narrative="Mine", seen=version_of(draft)))
    assert ReportDraft.objects.get().narrative == "Mine"


@pytest.mark.parametrize("other", [{"self_rating": "review"}, {"values": True}], ids=["rating", "figure"])
def test_another_rating_or_figure_is_another_draft(cast: Cast, other: dict[str, Any]) -> None:
    report, by = a_report(), actor_of(cast.skt_liaison)
    save_draft(report, by=by, now=IN_TIME, written=a_text())
    changed = {"values": {indicator_of(report): Decimal(1)}} if "values" in other else other
    with pytest.raises(SomebodyWasFaster):
        save_draft(report, by=by, now=LATER, written=a_text(seen="", **changed))
    assert ReportDraft.objects.get().self_rating == "on_track"


def test_the_same_sent_twice_is_no_other_draft(cast: Cast) -> None:
    report, by = a_report(), actor_of(cast.skt_liaison)
    for _twice in (1, 2):
        save_draft(report, by=by, now=IN_TIME, written=a_text(seen=""))
    assert ReportDraft.objects.count() == 1


def test_what_was_handed_in_meanwhile_is_told(cast: Cast) -> None:
    report = returned(cast)
    with pytest.raises(SomebodyWasFaster):
        save_draft(report, by=actor_of(cast.skt_liaison), now=LATER, written=a_text(seen="2027-01-19T00:00:00+00:00"))
    assert ReportDraft.objects.count() == 0


@pytest.mark.parametrize("step", [submitted, accepted, missed])
def test_nothing_is_written_where_nothing_is_owed(cast: Cast, step: Any) -> None:
    report = step(cast)
    state = report.state
    with pytest.raises(NotAllowedNow):
        save_draft(report, by=actor_of(cast.skt_liaison), now=LATER, written=a_text())
    assert (ReportDraft.objects.count(), kept(report).state) == (0, state)


def test_a_completion_is_drafted_while_it_is_asked_for(cast: Cast) -> None:
    report = returned(cast)
    save_draft(report, by=actor_of(cast.skt_liaison), now=LATER, written=a_text(narrative="More of it"))
    assert said(report) == (ReportState.RETURNED, "Roaming was widened", "on_track", None)
    assert ReportDraft.objects.get().narrative == "More of it"


def test_a_draft_may_still_be_written_when_the_day_is_over(cast: Cast) -> None:
    report = a_report()
    save_draft(report, by=actor_of(cast.skt_liaison), now=LATE, written=a_text())
    assert kept(report).state == ReportState.DRAFT


def test_a_draft_is_thrown_away_with_what_is_attached(cast: Cast) -> None:
    report, by = a_report(), actor_of(cast.skt_liaison)
    written = a_text(uploads=[pdf()], url="https://skt.test")
    save_draft(report, by=by, now=IN_TIME, written=written)
    assert report.evidence.count() == 2
    discard_draft(report, by=by)
    assert (ReportDraft.objects.count(), report.evidence.count()) == (0, 0)
    assert report.state == kept(report).state == ReportState.NOT_SUBMITTED


def test_throwing_the_draft_of_a_completion_away_leaves_what_was_submitted(cast: Cast) -> None:
    report, by = returned(cast, uploads=[pdf("first.pdf")]), actor_of(cast.skt_liaison)
    save_draft(report, by=by, now=LATER, written=a_text(narrative="No", uploads=[pdf("second.pdf")]))
    discard_draft(report, by=by)
    assert said(report)[:2] == (ReportState.RETURNED, "Roaming was widened")
    assert [piece.title for piece in report.evidence.all()] == ["first.pdf"]


def test_nobody_else_throws_it_away_and_it_is_thrown_away_once(cast: Cast) -> None:
    report, by = a_report(), actor_of(cast.skt_liaison)
    save_draft(report, by=by, now=IN_TIME, written=a_text())
    with pytest.raises(ReportRefused):
        discard_draft(report, by=actor_of(cast.kt_liaison))
    assert (ReportDraft.objects.count(), kept(report).state) == (1, ReportState.DRAFT)
    discard_draft(report, by=by)
    with pytest.raises(SomebodyWasFaster):
        discard_draft(report, by=by)


def test_a_closed_round_takes_no_draft_but_keeps_the_one_that_was_begun(cast: Cast) -> None:
    report, by = a_report(), actor_of(cast.skt_liaison)
    save_draft(report, by=by, now=IN_TIME, written=a_text())
    missed(cast)
    with pytest.raises(NotAllowedNow):
        save_draft(report, by=by, now=CLOSED, written=a_text(narrative="Too late"))
    assert ReportDraft.objects.get().narrative == "Roaming was widened"
    assert kept(report).state == ReportState.MISSED
