"""Opening a round: its reports, their dates, and a second call that adds only what is missing."""

from __future__ import annotations

from datetime import date

import pytest

from council.core.errors import NotAllowedNow
from council.core.models import AuditEntry
from council.core.quarters import Quarter
from council.declaration.models import Commitment, Pillar
from council.meetings.models import Deadline
from council.meetings.operations.schedule import cancel_meeting
from council.parties.models import Organisation
from council.reports.models import Report, ReportingRound
from council.reports.operations.rounds import RoundRefused, close_round, open_round
from council.reports.states import ReportState, RoundState
from tests.factories import Cast, a_meeting, actor_of, moment
from tests.factories.rows import TESTER
from tests.reports.steps import (
    CLOSED,
    COVERS,
    DUE,
    IN_TIME,
    OPENED,
    SECURITY_DUE,
    a_report,
    a_round,
    council,
    the_meeting,
)

pytestmark = pytest.mark.both_databases


def test_a_round_says_which_quarter_as_of_when_and_by_when(cast: Cast) -> None:
    opening = open_round(body=council(), covers=COVERS, meeting=the_meeting(), by=actor_of(cast.secretary), now=OPENED)
    row = ReportingRound.objects.get()
    assert (row.covers, row.as_of, row.opens_on, row.due_on) == (COVERS, date(2026, 12, 31), date(2027, 1, 4), DUE)
    assert (row.state, row.meeting, opening.added) == (RoundState.OPEN, the_meeting(), 45)
    assert set(row.reports.values_list("state", flat=True)) == {ReportState.NOT_SUBMITTED}
    assert AuditEntry.objects.get(verb="round.reports_added").after == {"added": 45}


def test_what_the_working_group_discusses_is_due_before_it_meets(seeded: None) -> None:
    a_round()
    assert Pillar.objects.get(working_group__code="ciso").code == "security"
    days = set(Report.objects.values_list("commitment__pillar__code", "due_on"))
    assert days == {("security", SECURITY_DUE), ("benefits", DUE), ("ai_network", DUE), (None, DUE)}


@pytest.mark.parametrize("lacking", ["waived", "no step", "cancelled"])
def test_without_a_day_of_the_working_group_its_reports_are_due_with_the_others(cast: Cast, lacking: str) -> None:
    meeting = the_meeting("ciso")
    steps = Deadline.objects.filter(meeting=meeting, kind="security_reports_due")
    if lacking == "waived":
        steps.update(waived_because="No time")
    elif lacking == "no step":
        steps.delete()
    else:
        cancel_meeting(meeting, by=actor_of(cast.secretary), now=OPENED, reason="None needed")
    a_round()
    assert set(Report.objects.values_list("due_on", flat=True)) == {DUE}


def test_a_day_of_the_working_group_that_is_over_binds_nobody(seeded: None) -> None:
    a_round(now=moment("2027-01-29 09:00"))
    assert set(Report.objects.values_list("due_on", flat=True)) == {DUE}


def test_the_secretary_may_choose_another_day(seeded: None) -> None:
    assert a_round(due_on=date(2027, 1, 29)).due_on == date(2027, 1, 29)
    assert set(Report.objects.values_list("due_on", flat=True)) == {SECURITY_DUE, date(2027, 1, 29)}


@pytest.mark.parametrize("waived", [True, False], ids=["left out", "no meeting"])
def test_where_no_date_follows_one_has_to_be_given(seeded: None, waived: bool) -> None:
    Deadline.objects.filter(kind="reports_due").update(waived_because="Left out")
    meeting = the_meeting() if waived else None
    with pytest.raises(RoundRefused) as refusal:
        a_round(meeting=meeting)
    assert (refusal.value.field, ReportingRound.objects.count(), Report.objects.count()) == ("due_on", 0, 0)
    assert a_round(meeting=meeting, due_on=DUE).reports.count() == 45


def test_a_round_is_not_opened_when_its_day_is_over(seeded: None) -> None:
    with pytest.raises(RoundRefused) as refusal:
        a_round(now=moment("2027-02-06 00:00"))
    assert (refusal.value.field, ReportingRound.objects.count()) == ("due_on", 0)
    assert a_round(now=moment("2027-02-05 23:59")).due_on == DUE


def test_a_round_may_be_opened_while_its_quarter_is_running(seeded: None) -> None:
    row = a_round(now=moment("2026-11-24 09:00"))
    assert (row.opens_on, row.as_of) == (date(2026, 11, 24), date(2026, 12, 31))


def test_the_meeting_is_that_of_the_next_quarter_and_of_this_body(cast: Cast) -> None:
    for meeting, covers in [(the_meeting(), "2027-Q1"), (the_meeting("ciso"), "2026-Q4")]:
        with pytest.raises(RoundRefused):
            a_round(meeting=meeting, covers=Quarter.parse(covers))
    cancelled = the_meeting()
    cancel_meeting(cancelled, by=actor_of(cast.secretary), now=OPENED, reason="Moved")
    with pytest.raises(RoundRefused):
        a_round(meeting=cancelled)
    assert ReportingRound.objects.count() == 0


def test_a_second_call_changes_nothing_and_leaves_no_entry(cast: Cast) -> None:
    report = a_report()
    entries = AuditEntry.objects.count()
    again = open_round(
        body=council(), covers=COVERS, meeting=the_meeting(), due_on=date(2027, 3, 1), by=TESTER, now=IN_TIME
    )
    assert (again.added, again.round, again.round.due_on) == (0, report.round, DUE)
    assert (Report.objects.count(), AuditEntry.objects.count()) == (45, entries)


def test_a_second_call_adds_what_is_tracked_since_then(cast: Cast) -> None:
    a_round()
    Commitment.objects.filter(code="C16").update(state="tracked")
    again = open_round(body=council(), covers=COVERS, meeting=None, by=TESTER, now=IN_TIME)
    new = Report.objects.filter(commitment__code="C16")
    assert (again.added, set(new.values_list("due_on", flat=True))) == (3, {DUE})


def test_what_is_added_when_the_day_is_over_is_not_overdue_at_once(cast: Cast) -> None:
    a_round()
    Commitment.objects.filter(code="C16").update(state="tracked")
    open_round(body=council(), covers=COVERS, meeting=None, by=TESTER, now=moment("2027-02-08 09:00"))
    assert set(Report.objects.filter(commitment__code="C16").values_list("due_on", flat=True)) == {date(2027, 2, 8)}


def test_nothing_is_added_to_a_closed_round(cast: Cast) -> None:
    row = a_round()
    close_round(row, by=actor_of(cast.secretary), now=CLOSED)
    Commitment.objects.filter(code="C16").update(state="tracked")
    with pytest.raises(NotAllowedNow):
        open_round(body=council(), covers=COVERS, meeting=None, by=TESTER, now=CLOSED)
    assert Report.objects.count() == 45


def test_each_quarter_has_a_round_of_its_own(cast: Cast) -> None:
    a_round()
    meeting = a_meeting(quarter="2027-Q2", now=moment("2027-01-04 09:00"))
    a_round(covers=Quarter.parse("2027-Q1"), meeting=meeting)
    assert list(ReportingRound.objects.values_list("covers", flat=True)) == [Quarter(2027, 1), Quarter(2026, 4)]
    assert Report.objects.of_quarter(Quarter(2027, 1)).count() == 39


def test_a_report_is_its_organisations_and_for_the_ministry_and_it_alone(seeded: None) -> None:
    report = a_report("KT")
    assert (report.label, report.label_owner_id) == ("TLP:AMBER+STRICT", Organisation.objects.get(code="KT").pk)
    assert report.label_body_id == council().pk
