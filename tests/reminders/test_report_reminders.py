"""Who is reminded of reports, and told of what happens to them: whoever owes or judges them, and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from time_machine import Traveller

from council.core.calendar import local_day
from council.declaration.models import CommitmentOwner
from council.mail.models import Notice
from council.mail.operations import compose
from council.mail.states import Unwanted
from council.meetings.models import Deadline
from council.parties.models import User
from council.reports.models import Report
from council.reports.operations.judging import ask_correction
from council.reports.operations.rounds import close_round, reopen
from council.reports.operations.writing import save_draft, submit, withdraw
from tests.factories import Cast, actor_of, an_account, moment, seat
from tests.reminders.told import announced, nine, told, told_on
from tests.reports.steps import (
    CLOSED,
    DUE,
    IN_TIME,
    LATER,
    OPENED,
    a_report,
    a_round,
    a_text,
    accepted,
    kept,
    missed,
    returned,
    submitted,
    the_meeting,
)

pytestmark = pytest.mark.both_databases
SKT, KT, LGU, SECRETARY = "liaison@skt.test", "liaison@kt.test", "liaison@lgu.test", "secretary@msit.test"
LIAISONS = {SKT, KT, LGU}
# One business day before the others are due, and before the working group discusses what belongs to security.
DAY_BEFORE, GROUP_DAY_BEFORE = date(2027, 2, 4), date(2027, 1, 27)
# The first and the third business day after 5 February: the New Year by the moon lies between.
DAY_AFTER, THIRD_DAY_AFTER = date(2027, 2, 10), date(2027, 2, 12)


@pytest.fixture(autouse=True)
def in_time(clock: Traveller) -> None:
    clock.move_to(OPENED, tick=False)


def step(kind: str = "reports_due", body: str = "council") -> Deadline:
    """A step of the announced meeting of 2027-Q1."""
    return announced(the_meeting(body)).deadlines.get(kind=kind)


def all_of_it(cast: Cast, who: str = "skt", **where: Any) -> None:
    """Everything that an organisation owes is handed in."""
    user: User = getattr(cast, f"{who}_liaison")
    assert user.person is not None
    for report in Report.objects.filter(organisation=user.person.organisation_id, **where):
        submit(report, by=actor_of(user), now=IN_TIME, written=a_text())


def reminded(deadline: Deadline, day: date) -> set[str]:
    return told_on(day, kind="meeting_deadline", target_type="deadline", target_id=deadline.pk)


# --- Before the day ---------------------------------------------------------------------------------------------------


def test_where_no_round_is_open_every_carrier_is_reminded(cast: Cast) -> None:
    assert reminded(step(), DAY_BEFORE) == LIAISONS


def test_once_there_is_a_round_only_those_are_reminded_who_still_owe_something(cast: Cast) -> None:
    deadline, _row = step(), a_round()
    all_of_it(cast, "skt")
    submitted_by_kt = a_report("KT")
    submit(submitted_by_kt, by=actor_of(cast.kt_liaison), now=IN_TIME, written=a_text())
    assert reminded(deadline, DAY_BEFORE) == {KT, LGU}


def test_a_draft_is_still_owed_and_so_is_what_was_returned(cast: Cast) -> None:
    deadline, _row = step(), a_round()
    all_of_it(cast, "kt")
    all_of_it(cast, "lgu")
    given = Report.objects.filter(organisation=cast.skt).exclude(commitment__code="C12")
    for report in given:
        submit(report, by=actor_of(cast.skt_liaison), now=IN_TIME, written=a_text())
    save_draft(a_report(), by=actor_of(cast.skt_liaison), now=IN_TIME, written=a_text())
    assert reminded(deadline, DAY_BEFORE) == {SKT}
    Notice.objects.all().delete()
    returned(cast)
    assert reminded(deadline, DAY_BEFORE) == {SKT}


def test_what_was_accepted_is_not_owed(cast: Cast) -> None:
    deadline, _row = step(), a_round()
    all_of_it(cast, "skt", commitment__code__lt="C12")
    all_of_it(cast, "skt", commitment__code__gt="C12")
    accepted(cast)
    assert reminded(deadline, DAY_BEFORE) == {KT, LGU}


def test_a_round_that_was_closed_is_as_if_there_were_none(cast: Cast) -> None:
    deadline, row = step(), a_round()
    Report.objects.exclude(organisation=cast.kt).delete()
    close_round(row, by=actor_of(cast.secretary), now=CLOSED)
    assert reminded(deadline, DAY_BEFORE) == LIAISONS


def test_of_the_working_groups_day_only_those_are_reminded_who_owe_something_on_security(cast: Cast) -> None:
    deadline, _row = step("security_reports_due", "ciso"), a_round()
    all_of_it(cast, "skt", commitment__pillar__code="security")
    all_of_it(cast, "kt", commitment__pillar__code="benefits")
    assert reminded(deadline, GROUP_DAY_BEFORE) == {KT, LGU}


def test_a_letter_that_was_planned_is_not_written_once_everything_was_handed_in(cast: Cast, clock: Traveller) -> None:
    deadline, _row = step(), a_round()
    assert reminded(deadline, DAY_BEFORE) == LIAISONS
    all_of_it(cast, "skt")
    clock.move_to(nine(DAY_BEFORE), tick=False)
    compose(now=nine(DAY_BEFORE))
    about = {"kind": "meeting_deadline", "target_id": deadline.pk, "on": DAY_BEFORE}
    rows = Notice.objects.filter(**about).values_list("recipient__email", "reason", "delivery")
    found = {email: (reason, letter is None) for email, reason, letter in rows}
    assert found == {SKT: (Unwanted.SETTLED, True), KT: ("", False), LGU: ("", False)}


# --- After the day ----------------------------------------------------------------------------------------------------


def overdue(report: Report, day: date = DAY_AFTER) -> set[str]:
    return told_on(day, kind="report_overdue", target_type="report", target_id=report.pk)


def test_past_its_day_a_report_reminds_its_own_liaisons_alone(cast: Cast) -> None:
    report = a_report()
    assert report.due_on == DUE
    assert overdue(report, DUE) == set()
    assert overdue(report) == {SKT}
    seat(an_account("second@skt.test", "SKT"), "council", "liaison")
    assert overdue(report, THIRD_DAY_AFTER) == {SKT, "second@skt.test"}
    owners = Report.objects.filter(pk__in=Notice.objects.filter(kind="report_overdue").values("target_id"))
    for owner, who in ((cast.kt, {KT}), (cast.skt, {SKT, "second@skt.test"})):
        assert told(kind="report_overdue", target_id__in=owners.filter(organisation=owner).values("pk")) == who


def test_what_the_ministry_owes_itself_reminds_its_secretariat(cast: Cast) -> None:
    assert overdue(a_report("MSIT", "C22")) == {SECRETARY}


@pytest.mark.parametrize("step_taken", [submitted, accepted])
def test_what_was_handed_in_is_not_overdue(cast: Cast, step_taken: Callable[[Cast], Report]) -> None:
    report = step_taken(cast)
    assert overdue(report) == set()
    assert overdue(a_report("KT")) == {KT}


def test_a_draft_is_overdue_like_what_was_not_begun(cast: Cast) -> None:
    report = a_report()
    save_draft(report, by=actor_of(cast.skt_liaison), now=IN_TIME, written=a_text())
    assert overdue(report) == {SKT}


def test_what_was_missed_in_a_round_that_is_closed_reminds_nobody(cast: Cast) -> None:
    assert overdue(missed(cast), CLOSED.date()) == set()


def test_a_correction_asked_for_until_a_later_day_is_overdue_after_that_day(cast: Cast) -> None:
    """However long ago the report itself was due: the round is open, and it can still be handed in."""
    report, until = accepted(cast), date(2027, 3, 12)
    ask_correction(kept(report), by=actor_of(cast.secretary), now=LATER, reason="The figure", until=until)
    assert overdue(report, until) == set()
    assert kept(report).is_overdue(date(2027, 3, 15))
    assert overdue(report, date(2027, 3, 15)) == {SKT}


def overdue_letter(report: Report) -> Notice:
    return Notice.objects.get(kind="report_overdue", target_id=report.pk, on=DAY_AFTER)


@pytest.mark.parametrize(("handed_in", "reason"), [(True, Unwanted.SETTLED), (False, "")])
def test_a_letter_that_was_planned_is_not_written_after_it_was_handed_in(
    cast: Cast, clock: Traveller, handed_in: bool, reason: str
) -> None:
    report = a_report()
    assert overdue(report) == {SKT}
    clock.move_to(nine(DAY_AFTER), tick=False)
    if handed_in:
        submitted(cast, report)
    compose(now=nine(DAY_AFTER))
    notice = overdue_letter(report)
    assert (notice.reason, notice.delivery is None) == (reason, handed_in)


def test_a_letter_that_was_planned_is_not_written_after_the_day_moved(cast: Cast, clock: Traveller) -> None:
    report = a_report()
    assert overdue(report) == {SKT}
    Report.objects.filter(pk=report.pk).update(due_on=date(2027, 3, 2))
    clock.move_to(nine(DAY_AFTER), tick=False)
    compose(now=nine(DAY_AFTER))
    notice = overdue_letter(report)
    assert (notice.reason, notice.delivery) == (Unwanted.MOVED, None)


# --- What happens to them ---------------------------------------------------------------------------------------------


def test_a_round_that_was_opened_reaches_those_who_owe_something_and_not_who_opened_it(cast: Cast) -> None:
    a_round(by=actor_of(cast.secretary))
    assert told(kind="round_opened") == LIAISONS
    notice = Notice.objects.filter(kind="round_opened").first()
    assert notice is not None
    assert (notice.target_type, notice.on) == ("reportinground", local_day(OPENED))


def test_a_round_that_the_engine_opened_reaches_the_ministry_too_which_owes_reports_itself(cast: Cast) -> None:
    a_round()
    assert told(kind="round_opened") == LIAISONS | {SECRETARY}


def test_a_round_in_which_an_organisation_owes_nothing_does_not_reach_it(cast: Cast) -> None:
    CommitmentOwner.objects.filter(organisation=cast.kt).delete()
    a_round(by=actor_of(cast.secretary))
    assert told(kind="round_opened") == {SKT, LGU}


def reviewers(cast: Cast) -> dict[str, User]:
    """C12 was given to somebody of another division, to somebody of a rival, and to one without the seat of one."""
    people = {name: an_account(f"{name}@x.test", code) for name, code in (("division", "MSIT"), ("rival", "KT"))}
    people["unseated"] = an_account("unseated@x.test", "MSIT")
    people["another"] = an_account("another@x.test", "MSIT")
    for name in ("division", "rival", "another"):
        seat(people[name], "council", "reviewer")
    given = a_report().commitment
    for name in ("division", "rival", "unseated"):
        person = people[name].person
        assert person is not None
        given.reviewers.add(person)
    return people


def test_what_was_submitted_reaches_the_secretariat_and_the_commitments_reviewers(cast: Cast) -> None:
    reviewers(cast)
    submitted(cast)
    assert told(kind="report_submitted") == {SECRETARY, "division@x.test"}
    submitted(cast, a_report("SKT", "C13"))
    other = a_report("SKT", "C13")
    assert told(kind="report_submitted", target_id=other.pk) == {SECRETARY}


def test_drafts_and_what_is_withdrawn_tell_nobody(cast: Cast) -> None:
    report, by = a_report(), actor_of(cast.skt_liaison)
    Notice.objects.all().delete()
    save_draft(report, by=by, now=IN_TIME, written=a_text())
    assert Notice.objects.count() == 0
    submit(report, by=by, now=IN_TIME)
    withdraw(report, by=by, now=LATER)
    assert set(Notice.objects.values_list("kind", flat=True)) == {"report_submitted"}


def test_the_answers_reach_the_organisation_alone(cast: Cast) -> None:
    seat(an_account("member@skt.test", "SKT"), "council", "member")
    returned(cast)
    assert told(kind="report_returned") == {SKT}
    accepted(cast, a_report("SKT", "C13"))
    assert told(kind="report_accepted") == {SKT}
    ask_correction(kept(a_report("SKT", "C13")), by=actor_of(cast.secretary), now=LATER, reason="The figure")
    corrected = a_report("SKT", "C13")
    assert told(kind="report_returned", target_id=corrected.pk) == {SKT}


def test_what_was_reopened_reaches_the_organisation_alone(cast: Cast) -> None:
    report = missed(cast)
    reopen(report, until=date(2027, 3, 5), reason="Illness", by=actor_of(cast.secretary), now=CLOSED)
    assert told(kind="report_reopened") == {SKT}
    assert not Notice.objects.filter(kind="report_reopened").exclude(target_id=report.pk).exists()


def test_what_was_entered_for_it_reaches_the_organisation_alone(cast: Cast) -> None:
    reviewers(cast)
    report = a_report()
    submit(report, by=actor_of(cast.secretary), now=IN_TIME, written=a_text(), on_behalf=True)
    assert (told(kind="report_entered"), told(kind="report_submitted")) == ({SKT}, set())


def test_who_does_not_answer_for_it_any_more_is_told_nothing(cast: Cast) -> None:
    report = a_report()
    assert overdue(report) == {SKT}
    assert "former@skt.test" not in told()
    Notice.objects.all().delete()
    User.objects.filter(pk=cast.skt_liaison.pk).update(is_active=False)
    assert (overdue(report), overdue(a_report("KT"))) == (set(), {KT})


@pytest.mark.parametrize(
    ("kind", "take"),
    [("report_accepted", accepted), ("report_returned", returned), ("report_submitted", submitted)],
)
def test_what_was_settled_meanwhile_is_not_written(
    cast: Cast, clock: Traveller, kind: str, take: Callable[[Cast], Report]
) -> None:
    report = take(cast)
    assert Notice.objects.filter(kind=kind, target_id=report.pk).exists()
    by = actor_of(cast.skt_liaison)
    if kind == "report_accepted":
        ask_correction(kept(report), by=actor_of(cast.secretary), now=LATER, reason="The figure")
    elif kind == "report_returned":
        submit(kept(report), by=by, now=LATER, written=a_text(narrative="Completed"))
    else:
        withdraw(kept(report), by=by, now=LATER)
    clock.move_to(moment("2027-01-21 11:00"), tick=False)
    compose(now=moment("2027-01-21 11:00"))
    about = Notice.objects.filter(kind=kind, target_id=report.pk)
    assert {(notice.reason, notice.delivery) for notice in about} == {(Unwanted.SETTLED, None)}
