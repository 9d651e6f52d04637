"""Two at once, on real connections: one counts, the other is told, and nothing is half-written."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from council.core.errors import DomainError
from council.reports.models import Judgement, Report, ReportDraft, ReportingRound, Submission
from council.reports.operations.judging import accept, return_for_completion
from council.reports.operations.rounds import close_round, open_round
from council.reports.operations.writing import save_draft, submit, withdraw
from council.reports.states import ReportState
from tests.factories import Cast, actor_of
from tests.factories.rows import TESTER
from tests.reports.steps import (
    CLOSED,
    COVERS,
    LATER,
    OPENED,
    a_report,
    a_text,
    council,
    kept,
    submitted,
    the_meeting,
    waiting,
)

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


def at_once(*acts: Callable[[], object]) -> list[str]:
    """How each was refused, empty if it was not; begun at the same moment, each over a connection of its own."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        try:
            gate.wait(timeout=10)
            act()
        except DomainError as error:
            return type(error).__name__
        else:
            return ""
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_of_two_judgements_at_once_one_counts_and_the_other_is_told(cast: Cast) -> None:
    report = submitted(cast)
    seen, by = waiting(report), actor_of(cast.secretary)
    first, second = kept(report), kept(report)
    came = at_once(
        lambda: accept(first, by=by, now=LATER, rating="done", seen_submission=seen),
        lambda: return_for_completion(second, by=by, now=LATER, comment="More", seen_submission=seen),
    )
    assert sorted(came) == ["", "SomebodyWasFaster"]
    verdict = Judgement.objects.get().verdict
    assert (kept(report).state, verdict) == (("accepted", "returned")[came.index("")],) * 2


def test_a_report_submitted_while_its_round_is_closed_is_in_it_or_missed(cast: Cast) -> None:
    report = a_report()
    row = report.round
    came = at_once(
        lambda: submit(kept(report), by=actor_of(cast.skt_liaison), now=CLOSED, written=a_text()),
        lambda: close_round(row, by=actor_of(cast.secretary), now=CLOSED),
    )
    assert sorted(came) == ["", "NotAllowedNow"]
    after = (kept(report).state, ReportingRound.objects.get().state, Submission.objects.count())
    assert after in {(ReportState.SUBMITTED, "open", 1), (ReportState.MISSED, "closed", 0)}
    assert (after[0] == ReportState.SUBMITTED) is (came[0] == "")
    assert ReportDraft.objects.count() == 0


def test_what_is_withdrawn_while_it_is_judged_is_one_or_the_other(cast: Cast) -> None:
    report = submitted(cast)
    seen, opened = waiting(report), kept(report)
    came = at_once(
        lambda: withdraw(kept(report), by=actor_of(cast.skt_liaison), now=LATER),
        lambda: accept(opened, by=actor_of(cast.secretary), now=LATER, rating="done", seen_submission=seen),
    )
    assert came.count("") == 1
    after = (kept(report).state, Submission.objects.get().state, Judgement.objects.count(), ReportDraft.objects.count())
    assert after == (("draft", "withdrawn", 0, 1) if came[0] == "" else ("accepted", "submitted", 1, 0))


def test_a_report_handed_in_twice_at_once_is_handed_in_once(cast: Cast) -> None:
    report, by = a_report(), actor_of(cast.skt_liaison)
    came = at_once(*[lambda: submit(kept(report), by=by, now=LATER, written=a_text())] * 3)
    assert sorted(came) == ["", "NotAllowedNow", "NotAllowedNow"]
    assert Submission.objects.get().number == 1


def test_drafts_saved_at_once_are_one_draft(cast: Cast) -> None:
    report, by = a_report(), actor_of(cast.skt_liaison)
    came = at_once(
        *[
            lambda text=text: save_draft(kept(report), by=by, now=LATER, written=a_text(narrative=text))
            for text in ("a", "b", "c")
        ]
    )
    assert came == ["", "", ""]
    assert ReportDraft.objects.get().narrative in {"a", "b", "c"}


def test_a_round_opened_twice_at_once_is_one_with_each_report_once(cast: Cast) -> None:
    came = at_once(
        *[lambda: open_round(body=council(), covers=COVERS, meeting=the_meeting(), by=TESTER, now=OPENED)] * 3
    )
    assert came == ["", "", ""]
    assert (ReportingRound.objects.count(), Report.objects.count()) == (1, 45)
