"""Of a records request: what was reported in the quarters, the answers, the scorecards, and what was said of items."""

from __future__ import annotations

from datetime import timedelta

import pytest
from time_machine import Traveller

from council.actions.models import ActionComment, ExtensionRequest
from council.core.labels import Label
from council.minutes.models import RecordsRequest
from council.reports.models import Report
from council.reports.operations.writing import save_draft
from council.workflows.close_quarter import close_quarter
from council.workflows.gather_records import open_records
from council.workflows.records_documents import label_of_report
from tests.factories import Cast, actor_of, an_action, moment
from tests.factories.founding import clock
from tests.minutes.requested import WITHHELD, archived, asked, keys, ruled
from tests.portal.test_scorecard import done
from tests.reports.steps import CLOSED, IN_TIME, LATER, a_report, a_round, a_text, accepted
from tests.workflows.test_gathering import anywhere, of_kind

__all__ = ["clock"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def request_of(cast: Cast, clock: Traveller) -> RecordsRequest:
    """All of the council in the first quarter of 2027."""
    clock.move_to(CLOSED, tick=False)
    one = a_round()
    done(cast, "SKT", rating="attention", own="on_track")
    done(cast, "KT", rating="review", own="done")
    drafting = a_report("SKT", "C01")
    save_draft(drafting, by=actor_of(cast.skt_liaison), now=IN_TIME, written=a_text(narrative="DRAFT-CANARY"))
    evidence = a_report("SKT", "C13")
    accepted(cast, evidence, narrative="REPORT-CANARY", url="https://skt.example/EVIDENCE")
    action = an_action("SKT", due_on=LATER.date())
    ActionComment.objects.create(
        action=action, text="COMMENT-CANARY", by=cast.skt_liaison, organisation=cast.skt, at=LATER
    )
    ExtensionRequest.objects.create(
        action=action, due_on=action.due_on, requested_due_on=CLOSED.date(), reason="TIME-CANARY", by=cast.skt_liaison,
        asked_at=LATER,
    )  # fmt: skip
    close_quarter(one, by=actor_of(cast.secretary), now=CLOSED)
    request = RecordsRequest(
        kind="audit", requester="R", body=cast.council, from_day=moment("2027-01-01 00:00").date(),
        to_day=moment("2027-03-31 00:00").date(), received_on=CLOSED.date(), due_at=CLOSED + timedelta(days=90),
    )  # fmt: skip
    open_records(request, by=actor_of(cast.secretary), now=CLOSED)
    return request


def handed_over(cast: Cast, request: RecordsRequest) -> None:
    """Ruled on, asked about, settled and packed."""
    if open_ones := keys(request, outcome=""):
        ruled(cast, request, open_ones)
    asked(cast, request, now=CLOSED, until=CLOSED + timedelta(days=10))
    archived(cast, request, now=CLOSED + timedelta(days=12))


def test_reports_their_answers_and_scorecards_are_pieces_with_whose_words_they_have(request_of: RecordsRequest) -> None:
    kinds = set(request_of.pieces.values_list("target_type", flat=True))
    assert {
        "submission",
        "reportevidence",
        "judgement",
        "frozenscorecard",
        "actioncomment",
        "extensionrequest",
    } <= kinds
    for piece in request_of.pieces.filter(target_type="judgement"):
        concerned = {one.code for one in piece.concerns.all()}
        assert (piece.label, concerned) in [(Label.AMBER_STRICT, {"MSIT", code}) for code in ("SKT", "KT")]
    assert of_kind(request_of, "frozenscorecard")["concerns"] == {"MSIT"}
    owners = {piece.owner.code for piece in request_of.pieces.filter(target_type="submission")}
    assert owners == {"SKT", "KT"}
    assert {label_of_report(report) for report in Report.objects.all()} == {Label.AMBER_STRICT}


def test_what_is_handed_over_is_in_the_archive_and_drafts_are_not(cast: Cast, request_of: RecordsRequest) -> None:
    handed_over(cast, request_of)
    for word in ("REPORT-CANARY", "EVIDENCE", "COMMENT-CANARY", "TIME-CANARY", "관심 필요"):
        assert anywhere(request_of, word), word
    assert anywhere(request_of, "DRAFT-CANARY") == []


def test_what_is_refused_stays_out(cast: Cast, request_of: RecordsRequest) -> None:
    ruled(cast, request_of, keys(request_of, "submission", "reportevidence"), outcome="refused", **WITHHELD)
    handed_over(cast, request_of)
    assert anywhere(request_of, "REPORT-CANARY") == []
    assert anywhere(request_of, "COMMENT-CANARY")
