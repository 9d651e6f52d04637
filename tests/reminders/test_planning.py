"""Planning writes down who is to be told, once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from council.core.calendar import local_day
from council.core.models import Closure
from council.mail.models import Delivery, Notice
from council.parties.models import Seat, User
from council.reminders.models import ReminderRule
from council.reminders.operations import plan
from tests.factories import Cast, an_action
from tests.reminders.told import announced, nine, seeded_meeting, told, told_on

pytestmark = pytest.mark.both_databases
DUE = date(2026, 12, 10)
WEEK_BEFORE = date(2026, 12, 1)  # seven business days
SECRETARY = {"secretary@msit.test"}
LIAISONS = {"liaison@skt.test", "liaison@kt.test", "liaison@lgu.test"}
NAMED_BY_THE_SEED = {"배경훈", "정재헌", "박윤영", "홍범식"}
COUNCIL = LIAISONS | SECRETARY | NAMED_BY_THE_SEED | {"chair@msit.test", "ceo@skt.test", "ceo@kt.test"}
GROUP = LIAISONS | SECRETARY | {"ciso@skt.test", "ciso@kt.test", "observer@kisa.test"}


def test_planning_again_changes_nothing(cast: Cast) -> None:
    an_action()
    announced(seeded_meeting("council"))
    plan(now=nine(WEEK_BEFORE))
    first = list(Notice.objects.order_by("pk").values())
    for _ in range(3):
        plan(now=nine(WEEK_BEFORE))
    assert len(first) > 0
    assert list(Notice.objects.order_by("pk").values()) == first


def test_a_reason_exists_once_for_a_rule_a_thing_a_reader_and_a_day(cast: Cast) -> None:
    an_action()
    for n in range(10):
        plan(now=nine(WEEK_BEFORE + timedelta(days=n)))
    mine = Notice.objects.filter(kind="action_due").order_by("on")
    assert [notice.on for notice in mine] == [date(2026, 12, day) for day in (1, 7, 9, 10)]
    assert {notice.anchor_on for notice in mine} == {DUE}
    assert Delivery.objects.count() == 0


def test_a_rule_switched_off_is_silent(cast: Cast) -> None:
    an_action()
    ReminderRule.objects.update(active=False)
    plan(now=nine(WEEK_BEFORE))
    assert Notice.objects.count() == 0


def test_a_day_closed_at_short_notice_brings_the_reminder_forward(cast: Cast) -> None:
    an_action()
    Closure.objects.create(date=date(2026, 12, 9), name="임시공휴일")
    plan(now=nine(date(2026, 12, 8)))
    assert Notice.objects.filter(kind="action_due").latest("on").on == date(2026, 12, 8)


@pytest.mark.parametrize("body", ["council", "ciso"])
@pytest.mark.parametrize(
    ("step", "who"),
    [
        ("items_due", LIAISONS),
        ("reports_due", LIAISONS),
        ("security_reports_due", LIAISONS),
        ("attendance_settled", LIAISONS),
        ("comments_due", LIAISONS),
        ("agenda_call", SECRETARY),
        ("agenda_fixed", SECRETARY),
        ("notice", SECRETARY),
        ("papers_out", SECRETARY),
        ("minutes_circulated", SECRETARY),
        ("minutes_approved", SECRETARY),
        ("minutes_published", SECRETARY),
    ],
)
def test_each_step_of_a_meeting_reminds_those_who_owe_it(cast: Cast, body: str, step: str, who: set[str]) -> None:
    deadline = announced(seeded_meeting(body)).deadlines.filter(kind=step).first()
    if deadline is None:
        assert not ReminderRule.objects.filter(body__code=body, deadline_kind=step).exists()
        return
    assert told_on(local_day(deadline.due_at), target_type="deadline", target_id=deadline.pk) == who


@pytest.mark.parametrize(("step", "draft", "open_"), [("items_due", set(), LIAISONS), ("notice", SECRETARY, SECRETARY)])
def test_of_a_meeting_in_preparation_only_the_secretariat_is_reminded(
    cast: Cast, step: str, draft: set[str], open_: set[str]
) -> None:
    meeting = seeded_meeting("council")
    deadline = meeting.deadlines.get(kind=step)
    day, about = local_day(deadline.due_at), {"target_type": "deadline", "target_id": deadline.pk}
    assert told_on(day, **about) == draft
    announced(meeting)
    assert told_on(day, **about) == open_


def test_what_was_due_before_the_meeting_was_announced_is_not_reminded_of(cast: Cast) -> None:
    meeting = seeded_meeting("council")
    deadline = meeting.deadlines.get(kind="items_due")
    day = local_day(deadline.due_at)
    announced(meeting, f"{day:%Y-%m-%d} 08:00")
    plan(now=nine(day))
    rows = Notice.objects.filter(target_type="deadline", target_id=deadline.pk)
    assert set(rows.values_list("on", flat=True)) == {day}


@pytest.mark.parametrize("change", ["waived", "cancelled"])
def test_a_step_that_was_waived_or_whose_meeting_was_called_off_reminds_nobody(cast: Cast, change: str) -> None:
    meeting = announced(seeded_meeting("council"))
    deadline = meeting.deadlines.get(kind="items_due")
    if change == "waived":
        meeting.deadlines.filter(pk=deadline.pk).update(waived_because="Nothing to hand in")
    else:
        type(meeting).objects.filter(pk=meeting.pk).update(
            state="cancelled", cancelled_at=nine(date(2026, 11, 25)), cancelled_because="Flood"
        )
    assert told_on(local_day(deadline.due_at), target_type="deadline", target_id=deadline.pk) == set()


@pytest.mark.parametrize(("body", "everyone"), [("council", COUNCIL), ("ciso", GROUP)])
def test_a_quarter_without_a_meeting_reminds_the_secretariat_and_one_with_everyone_seated(
    cast: Cast, body: str, everyone: set[str]
) -> None:
    about = {"target_type": "body", "target_id": getattr(cast, body).pk, "anchor_on": date(2027, 1, 1)}
    week_before = date(2026, 12, 24)  # five business days before the quarter
    assert told_on(week_before, kind="quarter_unplanned", **about) == SECRETARY
    assert told(kind="quarter_ahead", **about) == set()
    announced(seeded_meeting(body))
    assert told_on(week_before, kind="quarter_ahead", **about) == everyone


def test_the_quarter_stops_being_unplanned_once_its_meeting_is_announced(cast: Cast) -> None:
    about = {"kind": "quarter_unplanned", "target_id": cast.council.pk, "anchor_on": date(2027, 1, 1)}
    plan(now=nine(date(2026, 12, 3)))
    assert Notice.objects.filter(**about).count() == 1
    announced(seeded_meeting("council"))
    for day in (date(2026, 12, 17), date(2026, 12, 24), date(2026, 12, 31)):
        plan(now=nine(day))
    assert Notice.objects.filter(**about).count() == 1


def test_an_item_near_its_date_reminds_its_owner_and_no_rival(cast: Cast) -> None:
    action = an_action("SKT", label="TLP:GREEN")
    assert told_on(WEEK_BEFORE, kind="action_due", target_id=action.pk) == {"liaison@skt.test"}


def test_an_item_of_the_ministry_reminds_its_secretariat(cast: Cast) -> None:
    action = an_action("MSIT")
    assert told_on(WEEK_BEFORE, kind="action_due", target_id=action.pk) == SECRETARY


def test_past_its_date_its_owner_and_then_the_secretariat_are_reminded(cast: Cast) -> None:
    action = an_action("SKT")
    about = {"kind": "action_overdue", "target_id": action.pk}
    assert told_on(DUE, **about) == set()
    assert told_on(date(2026, 12, 11), **about) == {"liaison@skt.test"}
    assert told_on(date(2026, 12, 14), **about) == {"liaison@skt.test"}
    assert told_on(date(2026, 12, 17), **about) == {"liaison@skt.test"} | SECRETARY


@pytest.mark.parametrize("state", ["submitted", "verified", "cancelled"])
def test_nothing_is_asked_of_whoever_is_done(cast: Cast, state: str) -> None:
    action = an_action()
    moments = {"submitted_at": nine(date(2026, 11, 25))}
    if state == "verified":
        moments["verified_at"] = nine(date(2026, 11, 26))
    type(action).objects.update(state=state, **moments)
    assert told_on(date(2026, 12, 17), target_type="actionitem") == set()


def test_a_liaison_removed_yesterday_is_told_nothing(cast: Cast) -> None:
    action = an_action()
    Seat.objects.filter(person=cast.skt_liaison.person).update(ends_on=date(2026, 11, 30))
    assert told_on(WEEK_BEFORE, target_id=action.pk, kind="action_due") == set()


def test_a_closed_account_is_told_nothing(cast: Cast) -> None:
    action = an_action()
    User.objects.filter(pk=cast.skt_liaison.pk).update(is_active=False)
    assert told_on(WEEK_BEFORE, target_id=action.pk, kind="action_due") == set()
