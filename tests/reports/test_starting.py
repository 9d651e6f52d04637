"""What a new report starts from: what was accepted last, and what was handed in on action items since."""

from __future__ import annotations

import pytest
from django.utils import translation

from council.actions.models import ProgressUpdate
from council.actions.operations.progress import Progress, save_draft, submit_progress
from council.core.quarters import Quarter
from council.reports.models import Report, ReportingRound
from council.reports.operations.judging import ask_correction
from council.reports.operations.rounds import open_round
from council.reports.queries import accepted_submission, previous_report, standing_submission, start_text
from tests.factories import Cast, actor_of, an_action, moment
from tests.factories.rows import TESTER
from tests.reports.steps import LATER, a_report, accepted, council, returned, submitted

pytestmark = pytest.mark.both_databases


def next_report(owner: str = "SKT", commitment: str = "C12", covers: str = "2027-Q1") -> Report:
    """The organisation's report of the quarter after the first one."""
    row = ReportingRound.objects.filter(covers=covers).first()
    if row is None:
        due_on = moment("2027-05-03").date()
        now = moment("2027-04-05")
        row = open_round(
            body=council(), covers=Quarter.parse(covers), meeting=None, due_on=due_on, by=TESTER, now=now
        ).round
    return Report.objects.get(round=row, organisation__code=owner, commitment__code=commitment)


def told(cast: Cast, text: str, *, at: str, owner: str = "SKT", commitment: str = "C12") -> None:
    user = {"SKT": cast.skt_liaison, "KT": cast.kt_liaison}[owner]
    action = an_action(owner, commitment=commitment, due_on=moment("2027-06-01").date())
    submit_progress(action, by=actor_of(user), now=moment(at), progress=Progress(percent=40, text=text))


def test_the_previous_report_is_the_last_accepted_one_of_the_same_pair(cast: Cast) -> None:
    first = a_report()
    assert previous_report(next_report()) is None
    accepted(cast, first)
    assert previous_report(next_report()) == first
    assert previous_report(first) is None
    assert [previous_report(next_report("KT")), previous_report(next_report("SKT", "C13"))] == [None, None]
    accepted(cast, next_report())
    assert previous_report(next_report(covers="2027-Q2")) == next_report()


@pytest.mark.parametrize("step", [submitted, returned])
def test_what_was_not_accepted_is_no_beginning(cast: Cast, step: object) -> None:
    step(cast)  # type: ignore[operator]
    assert previous_report(next_report()) is None


def test_a_text_starts_with_the_last_one_and_what_was_reported_since(cast: Cast) -> None:
    accepted(cast, narrative="Last quarter's text")
    told(cast, "Before that", at="2027-01-19 09:00")
    told(cast, "Two\nlines", at="2027-03-02 09:00")
    told(cast, "The latest", at="2027-03-10 09:00")
    with translation.override("en"):
        text = start_text(next_report(), ProgressUpdate.objects.all())
    assert text.splitlines() == [
        "Last quarter's text",
        "- Tue 2 Mar 2027 A-002 (40 %) Two lines",
        "- Wed 10 Mar 2027 A-003 (40 %) The latest",
    ]


def test_only_what_the_organisation_submitted_on_this_commitment_is_in_it(cast: Cast) -> None:
    a_report()
    told(cast, "Ours", at="2027-03-02 09:00")
    told(cast, "Theirs", at="2027-03-02 09:00", owner="KT")
    told(cast, "Elsewhere", at="2027-03-02 09:00", commitment="C13")
    drafted = an_action("SKT", commitment="C12")
    save_draft(drafted, by=actor_of(cast.skt_liaison), progress=Progress(percent=1, text="A draft"))
    text = start_text(next_report(), ProgressUpdate.objects.all())
    assert [word in text for word in ("Ours", "Theirs", "Elsewhere", "A draft")] == [True, False, False, False]


def test_only_what_is_handed_to_it_is_in_it(cast: Cast) -> None:
    a_report()
    told(cast, "Ours", at="2027-03-02 09:00")
    assert start_text(next_report(), ProgressUpdate.objects.none()) == ""


def test_what_stands_and_what_was_accepted_are_told_apart(cast: Cast) -> None:
    report = a_report()
    assert (standing_submission(report), accepted_submission(report)) == (None, None)
    submitted(cast, report)
    assert (getattr(standing_submission(report), "number", 0), accepted_submission(report)) == (1, None)
    other = accepted(cast, a_report("SKT", "C13"))
    assert standing_submission(other) == accepted_submission(other) is not None
    ask_correction(other, by=actor_of(cast.secretary), now=LATER, reason="The figure")
    submitted(cast, other, narrative="Corrected")
    assert [getattr(one(other), "number", 0) for one in (standing_submission, accepted_submission)] == [2, 1]
