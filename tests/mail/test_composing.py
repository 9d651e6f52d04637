"""Making letters of notices."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from council.actions.models import ActionItem
from council.core.actor import Actor
from council.core.calendar import local_day
from council.core.models import Closure
from council.mail.models import Delivery, Notice
from council.mail.operations import compose
from council.mail.states import DeliveryState, NoticeOutcome, Unwanted
from council.meetings.models import Meeting
from council.meetings.operations.schedule import cancel_meeting
from council.parties.models import Person, Seat, User
from tests.access.rows import an_open_meeting
from tests.factories import Cast, an_action, link, moment
from tests.mail.letters import a_notice, person_of

pytestmark = pytest.mark.both_databases
NINE = moment("2026-11-24 09:00")  # a Tuesday


def about(action: ActionItem, user: User, on: date = date(2026, 11, 24), **values: object) -> Notice:
    """A reminder of an action item."""
    given: dict[str, Any] = {
        "kind": "action_due",
        "target_type": "actionitem",
        "target_id": action.pk,
        "anchor_on": action.due_on,
    }
    return a_notice(user, on=on, **given | values)


def outcome_of(notice: Notice) -> tuple[str, str]:
    notice.refresh_from_db()
    return notice.outcome, notice.reason


def test_everything_for_one_person_and_day_travels_in_one_digest(cast: Cast) -> None:
    notices = [about(an_action(), cast.skt_liaison) for _ in range(3)]
    notices.append(a_notice(cast.skt_liaison, kind="quarter_unplanned", target_id=cast.council.pk))
    about(an_action("KT"), cast.kt_liaison)
    assert compose(now=NINE) == 2
    letter = Delivery.objects.get(recipient=person_of(cast.skt_liaison))
    assert list(letter.notices.order_by("pk")) == notices
    assert (letter.address, letter.state, letter.not_before) == ("liaison@skt.test", DeliveryState.PENDING, NINE)


def test_announcements_of_a_kind_are_one_letter_beside_the_digest(cast: Cast) -> None:
    about(an_action(), cast.skt_liaison)
    for _ in range(2):
        about(an_action(), cast.skt_liaison, kind="action_assigned")
    about(an_action(), cast.skt_liaison, kind="action_returned")
    assert compose(now=NINE) == 3
    assert sorted(letter.notices.count() for letter in Delivery.objects.all()) == [1, 1, 2]


def test_a_letter_carries_a_way_to_the_thing_and_not_its_content(cast: Cast) -> None:
    action = an_action(title="CANARY-TITLE", description="CANARY-DESCRIPTION")
    about(action, cast.skt_liaison)
    compose(now=NINE)
    letter = Delivery.objects.get()
    assert f"https://council.test{link('action', action.pk)}" in letter.text
    assert "CANARY-DESCRIPTION" not in letter.text + letter.html + letter.subject


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_letter_is_written_in_its_readers_language(cast: Cast, language: str) -> None:
    User.objects.filter(pk=cast.skt_liaison.pk).update(language=language)
    about(an_action(), cast.skt_liaison)
    compose(now=NINE)
    assert Delivery.objects.get().language == language


@pytest.mark.parametrize(
    ("when", "letters"),
    [
        ("2026-11-24 08:59", 0),
        ("2026-11-24 09:00", 1),
        ("2026-11-24 17:59", 1),
        ("2026-11-24 18:00", 0),
        ("2026-11-28 10:00", 0),  # Saturday
        ("2026-12-25 10:00", 0),  # Christmas, a Friday
    ],
)
def test_letters_are_written_in_office_hours_of_business_days(cast: Cast, when: str, letters: int) -> None:
    about(an_action(due_on=date(2027, 1, 20)), cast.skt_liaison)
    assert compose(now=moment(when)) == letters


def test_a_day_closed_at_short_notice_is_no_business_day(cast: Cast) -> None:
    about(an_action(), cast.skt_liaison)
    Closure.objects.create(date=date(2026, 11, 24), name="임시공휴일")
    assert compose(now=NINE) == 0
    assert compose(now=NINE + timedelta(days=1)) == 1


def test_what_is_for_a_later_day_waits(cast: Cast) -> None:
    about(an_action(), cast.skt_liaison, on=date(2026, 11, 25))
    assert (compose(now=NINE), compose(now=NINE + timedelta(days=1))) == (0, 1)


def test_what_turns_up_after_the_days_digest_waits_for_the_next_business_day(cast: Cast) -> None:
    about(an_action(), cast.skt_liaison, on=date(2026, 11, 27))
    friday, monday = moment("2026-11-27 09:00"), moment("2026-11-30 09:00")
    assert compose(now=friday) == 1
    late = about(an_action(), cast.skt_liaison, on=date(2026, 11, 27))
    assert (compose(now=friday + timedelta(hours=1)), compose(now=friday + timedelta(days=1))) == (0, 0)
    assert compose(now=monday) == 1
    late.refresh_from_db()
    assert late.delivery == Delivery.objects.latest("pk")


def test_writing_again_writes_nothing(cast: Cast) -> None:
    about(an_action(), cast.skt_liaison)
    about(an_action(), cast.skt_liaison, kind="action_assigned")
    assert [compose(now=NINE) for _ in range(3)] == [2, 0, 0]


def test_somebody_without_an_address_is_noted_and_not_written_to(cast: Cast) -> None:
    Person.objects.filter(user=cast.skt_liaison).update(email="")
    notice = about(an_action(), cast.skt_liaison)
    assert compose(now=NINE) == 0
    assert outcome_of(notice) == (NoticeOutcome.SUPPRESSED, Unwanted.NO_ADDRESS)


def test_of_several_missed_occasions_for_one_thing_only_the_newest_goes(cast: Cast) -> None:
    action = an_action()
    older = about(action, cast.skt_liaison, on=date(2026, 11, 20))
    newest = about(action, cast.skt_liaison, on=date(2026, 11, 23))
    other = about(an_action(), cast.skt_liaison, on=date(2026, 11, 20))
    assert compose(now=NINE) == 1
    assert outcome_of(older) == (NoticeOutcome.SUPERSEDED, "")
    assert set(Delivery.objects.get().notices.all()) == {newest, other}


def test_what_is_of_no_use_any_more_expires(cast: Cast) -> None:
    notice = about(an_action(), cast.skt_liaison, useful_until=NINE - timedelta(seconds=1))
    assert compose(now=NINE) == 0
    assert outcome_of(notice) == (NoticeOutcome.EXPIRED, "")


def test_a_letter_is_of_use_as_long_as_any_of_its_notices(cast: Cast) -> None:
    for days in (1, 3):
        about(an_action(), cast.skt_liaison, useful_until=NINE + timedelta(days=days))
    compose(now=NINE)
    assert Delivery.objects.get().useful_until == NINE + timedelta(days=3)


def test_a_letter_with_a_notice_that_never_ages_never_ages(cast: Cast) -> None:
    about(an_action(), cast.skt_liaison, useful_until=NINE + timedelta(days=1))
    about(an_action(), cast.skt_liaison)
    compose(now=NINE)
    assert Delivery.objects.get().useful_until is None


@pytest.mark.parametrize("change", ["moved", "waived", "called off", "as it was"])
def test_a_step_of_a_meeting_that_changed_is_not_reminded_of(cast: Cast, change: str) -> None:
    meeting = an_open_meeting()
    step = meeting.deadlines.get(kind="items_due")
    notice = a_notice(
        cast.skt_liaison, kind="meeting_deadline", target_type="deadline", target_id=step.pk,
        anchor_on=local_day(step.due_at),
    )  # fmt: skip
    match change:
        case "moved":
            meeting.deadlines.update(due_at=step.due_at + timedelta(days=7))
        case "waived":
            meeting.deadlines.update(waived_because="Nothing to hand in")
        case "called off":
            Meeting.objects.filter(pk=meeting.pk).update(state="cancelled", cancelled_at=NINE)
    reason = {"moved": Unwanted.MOVED, "waived": Unwanted.WAIVED, "called off": Unwanted.SETTLED, "as it was": ""}[
        change
    ]
    compose(now=NINE)
    assert outcome_of(notice) == (NoticeOutcome.SUPPRESSED if reason else NoticeOutcome.OPEN, reason)


@pytest.mark.parametrize(("kind", "goes"), [("meeting_convened", False), ("meeting_cancelled", True)])
def test_an_invitation_to_a_meeting_called_off_is_replaced_by_the_cancellation(
    cast: Cast, kind: str, goes: bool
) -> None:
    meeting = an_open_meeting()
    cancel_meeting(meeting, by=Actor.system("test"), now=NINE, reason="Flood", quiet=True)
    a_notice(cast.skt_liaison, kind=kind, target_type="meeting", target_id=meeting.pk, anchor_on=meeting.day)
    assert (compose(now=NINE) == 1) is goes


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"state": "cancelled"}, Unwanted.SETTLED),
        ({"due_on": date(2027, 1, 5)}, Unwanted.MOVED),
        ({"label": "TLP:RED"}, Unwanted.NOT_VISIBLE),
    ],
)
def test_what_is_not_wanted_any_more_says_why(cast: Cast, change: dict[str, object], reason: str) -> None:
    action = an_action()
    notice = about(action, cast.skt_liaison)
    ActionItem.objects.filter(pk=action.pk).update(**change)
    assert compose(now=NINE) == 0
    assert outcome_of(notice) == (NoticeOutcome.SUPPRESSED, reason)


def test_what_is_gone_is_not_written_about(cast: Cast) -> None:
    action = an_action()
    notice = about(action, cast.skt_liaison, target_id=action.pk + 1000)
    assert compose(now=NINE) == 0
    assert outcome_of(notice) == (NoticeOutcome.SUPPRESSED, Unwanted.GONE)


def test_whose_seat_ended_yesterday_gets_nothing(cast: Cast) -> None:
    notice = about(an_action(), cast.skt_liaison)
    Seat.objects.filter(person=person_of(cast.skt_liaison)).update(ends_on=date(2026, 11, 23))
    assert compose(now=NINE) == 0
    assert outcome_of(notice) == (NoticeOutcome.SUPPRESSED, Unwanted.NOT_VISIBLE)


def test_letters_to_people_of_rank_wait_for_release_and_the_others_do_not(cast: Cast) -> None:
    meeting = an_open_meeting()
    for user in (cast.chair, cast.skt_ceo, cast.skt_liaison, cast.skt_ciso, cast.secretary):
        a_notice(user, kind="meeting_convened", target_type="meeting", target_id=meeting.pk, anchor_on=meeting.day)
    compose(now=NINE)
    waits = dict(Delivery.objects.values_list("address", "needs_release"))
    assert waits == {
        "chair@msit.test": True,
        "ceo@skt.test": True,
        "liaison@skt.test": False,
        "secretary@msit.test": False,
    }
