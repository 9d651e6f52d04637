"""What could tell of a report without showing it: views as somebody else, versions, the record, marks, names, sums."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from time_machine import Traveller

from council.access.roles import Standing, standing
from council.core.models import AuditEntry
from council.core.register import version_of
from council.declaration.models import Commitment, Indicator
from council.overview.reporting import round_grid, shown_state
from council.overview.scorecard import party_page, scorecard_page
from council.parties.models import User
from council.release.operations import agree, release
from council.reports.models import Report
from council.reports.operations.judging import accept, ask_correction, return_for_completion
from council.reports.operations.rounds import close_round
from council.reports.operations.writing import discard_draft, save_draft, submit, withdraw
from council.reports.states import ReportState
from council.scorecard.operations import correct, freeze, share_rows
from tests.factories import Cast, actor_of, an_account, link, moment, seat
from tests.reports.steps import CLOSED, COVERS, IN_TIME, LATER, a_report, a_text, accepted, kept, waiting

type SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def in_time(clock: Traveller) -> None:
    clock.move_to(LATER, tick=False)


def as_seen_by(viewer: User, person: User) -> Standing:
    return standing(actor_of(person)).seen_through(standing(actor_of(viewer)))


def test_looking_as_a_liaison_tells_the_ministry_of_no_draft(cast: Cast) -> None:
    report = a_report()
    save_draft(report, by=actor_of(cast.skt_liaison), now=IN_TIME, written=a_text())
    report = kept(report)
    looking = as_seen_by(cast.secretary, cast.skt_liaison)
    assert shown_state(looking, report) == "not_submitted"
    assert round_grid(looking, report.round, now=LATER).counts[ReportState.DRAFT] == 0
    assert shown_state(standing(actor_of(cast.skt_liaison)), report) == "draft"


def test_looking_as_somebody_opens_no_scorecard_that_one_may_not_read(cast: Cast) -> None:
    group = an_account("group-secretary@msit.test", "MSIT")
    seat(group, "ciso", "secretary")
    freeze(accepted(cast).round, stage="tabled", by=actor_of(cast.secretary), now=LATER)
    page = scorecard_page(as_seen_by(group, cast.skt_ciso), cast.council, quarter=COVERS)
    assert page is not None
    assert [cell for cell in page.card.cells if cell.full] == []
    assert party_page(as_seen_by(group, cast.skt_ciso), cast.council, cast.skt) is None
    own = scorecard_page(as_seen_by(cast.secretary, cast.skt_liaison), cast.council, quarter=COVERS)
    assert own is not None
    assert {cell.organisation for cell in own.card.cells if cell.full} == {"SKT"}


def test_the_record_tells_of_no_draft_when_a_report_is_missed_or_entered(cast: Cast) -> None:
    report, letter = a_report(), a_report("SKT", "C13")
    for one in (report, letter):
        save_draft(one, by=actor_of(cast.skt_liaison), now=IN_TIME, written=a_text())
    submit(letter, by=actor_of(cast.secretary), now=LATER, written=a_text(), on_behalf=True)
    accept(kept(letter), by=actor_of(cast.chair), now=LATER, rating="done", seen_submission=waiting(letter))
    close_round(report.round, by=actor_of(cast.secretary), now=CLOSED)
    told = AuditEntry.objects.filter(verb__in=["report.missed", "report.submitted"])
    assert {entry.before["state"] for entry in told} == {"not_submitted"}


def test_the_version_that_the_ministrys_page_carries_stays_while_a_draft_is_begun_and_given_up(
    cast: Cast, clock: Traveller
) -> None:
    report, by = a_report(), actor_of(cast.skt_liaison)
    before = version_of(kept(report))
    clock.move_to(moment("2027-01-22 10:00"), tick=False)
    save_draft(report, by=by, now=IN_TIME, written=a_text())
    discard_draft(kept(report), by=by)
    assert version_of(kept(report)) == before


def released(report: Report, cast: Cast) -> None:
    asked = release(kept(report), to="TLP:AMBER", reason="r", by=actor_of(cast.secretary), now=LATER)
    assert asked is not None
    agree(asked, by=actor_of(cast.skt_liaison), now=LATER)


@pytest.mark.parametrize("then", ["withdrawn", "returned"])
def test_a_release_of_one_text_does_not_reach_the_one_that_stands_in_its_place(
    cast: Cast, as_user: SignIn, then: str
) -> None:
    report, liaison, secretary = accepted(cast, narrative="FIRST"), actor_of(cast.skt_liaison), actor_of(cast.secretary)
    ask_correction(kept(report), by=secretary, now=LATER, reason="The figure")
    submit(kept(report), by=liaison, now=LATER, written=a_text(narrative="SECOND"))
    released(report, cast)
    if then == "withdrawn":
        withdraw(kept(report), by=liaison, now=LATER)
    else:
        return_for_completion(kept(report), by=secretary, now=LATER, comment="More", seen_submission=waiting(report))
    close_round(report.round, by=secretary, now=CLOSED)
    assert (kept(report).state, kept(report).narrative) == ("accepted", "FIRST")
    assert as_user(cast.kt_liaison).get(link("report", report.pk)).status_code == 404


def test_who_reads_a_released_report_reads_nothing_of_what_passed_between_its_owner_and_the_ministry(
    cast: Cast, as_user: SignIn
) -> None:
    report, liaison, secretary = (
        accepted(cast, narrative="SHARED"),
        actor_of(cast.skt_liaison),
        actor_of(cast.secretary),
    )
    ask_correction(kept(report), by=secretary, now=LATER, reason="CANARY-REASON", until=LATER.date())
    submit(kept(report), by=liaison, now=LATER, written=a_text(narrative="SHARED, corrected"))
    accept(kept(report), by=secretary, now=LATER, rating="done", seen_submission=waiting(report), comment="CANARY-C")
    released(report, cast)
    rival, owner = (as_user(user).get(link("report", report.pk)).text for user in (cast.kt_liaison, cast.skt_liaison))
    assert "SHARED, corrected" in rival
    for said in ("CANARY", "정정됨", "SHA-256", "재개"):
        assert said not in rival
    assert "CANARY-REASON" in owner


# --- The scorecard ----------------------------------------------------------------------------------------------------


def test_a_correction_that_changes_nothing_a_reader_sees_is_not_told_of(cast: Cast) -> None:
    report, secretary = accepted(cast), actor_of(cast.secretary)
    first = freeze(report.round, stage="tabled", by=secretary, now=LATER)
    ask_correction(kept(report), by=secretary, now=LATER, reason="The figure")
    submit(kept(report), by=actor_of(cast.skt_liaison), now=LATER, written=a_text(narrative="Corrected"))
    accept(kept(report), by=secretary, now=LATER, rating="review", seen_submission=waiting(report))
    later = correct(first, reason="The figure", by=secretary, now=CLOSED)
    shown = {
        name: page.frozen.pk
        for name in ("skt_liaison", "kt_liaison", "secretary")
        if (page := scorecard_page(standing(actor_of(getattr(cast, name))), cast.council, quarter=COVERS))
        and page.frozen
    }
    assert shown == {"skt_liaison": later.pk, "kt_liaison": first.pk, "secretary": later.pk}


def test_whoever_merely_keeps_the_register_sees_no_scorecard(cast: Cast, as_user: SignIn) -> None:
    report, secretary = accepted(cast), actor_of(cast.secretary)
    freeze(report.round, stage="tabled", by=secretary, now=LATER)
    share_rows(cast.council, quarter=COVERS, commitments=[report.commitment], by=secretary, reason="r")
    page = as_user(cast.accounts).get(link("scorecard", cast.council.pk))
    assert page.context["page"] is None
    assert report.commitment.title_ko not in page.text


def test_by_what_a_keenly_contested_commitment_is_measured_is_not_named(cast: Cast, as_user: SignIn) -> None:
    Commitment.objects.filter(code="C12").update(sensitivity="high")
    Indicator.objects.filter(commitment__code="C12").update(summable=True, name_ko="CANARY-INDICATOR")
    report, secretary = accepted(cast), actor_of(cast.secretary)
    freeze(report.round, stage="tabled", by=secretary, now=LATER)
    share_rows(cast.council, quarter=COVERS, commitments=[report.commitment], by=secretary, reason="r")
    seat(cast.observer, "council", "observer")
    assert "CANARY" not in as_user(cast.observer).get(link("scorecard", cast.council.pk)).text
    assert "CANARY" in as_user(cast.secretary).get(link("scorecard", cast.council.pk)).text
