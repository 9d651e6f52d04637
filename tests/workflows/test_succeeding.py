"""Somebody takes over a seat in the middle of things: what is open passes on, what was stays as it was."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from council.access.visibility import visible_to
from council.actions.models import ActionItem
from council.actions.operations.items import cancel_action
from council.core.errors import DomainError
from council.core.models import AuditEntry
from council.meetings.models import Meeting, Participation
from council.meetings.operations.delegation import confirm_delegate, name_delegate
from council.meetings.operations.participation import (
    answer_invitation,
    keep_participation,
    record_attendance,
    withdraw_invitation,
)
from council.meetings.operations.schedule import Plan, begin_meeting, close_meeting, convene_meeting
from council.parties.models import Person, Seat, User
from council.parties.queries import office_contacts
from council.workflows.call_meeting import call_meeting
from council.workflows.succeed_seat import succeed_seat
from tests.access.rows import an_agenda_item, an_open_meeting, who_sees
from tests.factories import TODAY, Cast, a_meeting, actor_of, an_account, an_action, moment, pdf, seat
from tests.factories.founding import clock
from tests.factories.rows import TESTER
from tests.mail.letters import person_of
from tests.reminders.told import told
from tests.workflows.dump import everything

__all__ = ["clock"]
pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("clock")]
NOW = moment("2026-11-24 10:00")
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    """The council's, announced."""
    return an_open_meeting()


@pytest.fixture
def successor(cast: Cast) -> User:
    user = an_account("next@skt.test", "SKT")
    Person.objects.filter(pk=person_of(user).pk).update(position_ko="신임 대표")
    return User.objects.select_related("person").get(pk=user.pk)


@pytest.fixture
def deputy(cast: Cast, meeting: Meeting) -> User:
    """Comes in the chief executive's place."""
    user = an_account("deputy@skt.test", "SKT")
    represented(cast, meeting, user)
    return user


def represented(cast: Cast, meeting: Meeting, deputy: User) -> None:
    row = place(meeting, cast.skt_ceo)
    name_delegate(row, by=actor_of(cast.skt_liaison), delegate=person_of(deputy), letter=pdf(), now=NOW)
    confirm_delegate(row, by=actor_of(cast.secretary), now=NOW)


def held_by(user: User, body: str = "council", **values: Any) -> Seat:
    return Seat.objects.get(person=user.person, body__code=body, **values)


def succeed(old: User, successor: User, *, on: date = TODAY, held: Seat | None = None) -> Seat:
    return succeed_seat(held or held_by(old), by=TESTER, successor=person_of(successor), on=on, now=NOW)


def place(meeting: Meeting, user: User) -> Participation:
    return Participation.objects.get(meeting=meeting, person=user.person)


def sees(user: User, meeting: Meeting, *, on: date = TODAY) -> bool:
    return visible_to(actor_of(user), Meeting.objects.filter(pk=meeting.pk), on=on).exists()


def asked(meeting: Meeting) -> set[str]:
    return set(meeting.participations.asked().filter(organisation__code="SKT").values_list("person__email", flat=True))


def test_from_the_day_on_the_successor_holds_the_seat_and_the_one_before_until_the_day_before(cast: Cast) -> None:
    old = held_by(cast.skt_ceo)
    old.office_contacts.set([person_of(cast.skt_liaison), person_of(cast.skt_ciso)])
    new = succeed(cast.skt_ceo, cast.skt_ciso)
    assert Seat.objects.get(pk=old.pk).ends_on == YESTERDAY
    assert (new.person, new.body, new.role, new.acting) == (cast.skt_ciso.person, cast.council, "member", True)
    assert (new.starts_on, new.ends_on) == (TODAY, None)
    assert list(new.office_contacts.all()) == [cast.skt_liaison.person]
    assert AuditEntry.objects.get(verb="seat.succeeded").after == {
        "successor": cast.skt_ciso.person_id, "on": "2026-11-24",
    }  # fmt: skip


def test_open_invitations_pass_on_and_both_are_told(cast: Cast, meeting: Meeting, successor: User) -> None:
    answer_invitation(place(meeting, cast.skt_ceo), by=actor_of(cast.skt_ceo), rsvp="accepted", now=NOW)
    succeed(cast.skt_ceo, successor)
    old, new = place(meeting, cast.skt_ceo), place(meeting, successor)
    assert (bool(old.withdrawn_because), old.rsvp) == (True, "accepted")
    assert (new.withdrawn_because, new.rsvp, new.answered_at, new.capacity) == ("", "needs_action", None, "member")
    assert (new.position_ko, new.organisation, new.seat_on) == ("신임 대표", cast.skt, cast.council)
    assert told(kind="participation_invited") == {"next@skt.test"}
    assert told(kind="participation_withdrawn") == {"ceo@skt.test"}


def test_the_old_one_sees_no_more_from_that_day_and_the_successor_does(
    cast: Cast, meeting: Meeting, successor: User
) -> None:
    item = an_agenda_item(meeting, owner="MSIT", title="CANARY")
    assert (sees(cast.skt_ceo, meeting), sees(successor, meeting)) == (True, False)
    succeed(cast.skt_ceo, successor)
    assert [sees(cast.skt_ceo, meeting, on=day) for day in (YESTERDAY, TODAY, date(2027, 5, 20))] == [
        True,
        False,
        False,
    ]
    assert [sees(successor, meeting, on=day) for day in (TODAY, date(2027, 5, 20))] == [True, True]
    assert "skt_ceo" not in who_sees(cast, item) | who_sees(cast, an_action("SKT"))
    convene_meeting(later := a_meeting(quarter="2027-Q3", starts_at=moment("2027-08-26 10:00")), by=TESTER, now=NOW)
    assert {"next@skt.test", "liaison@skt.test"} <= asked(later)
    assert "ceo@skt.test" not in asked(later)


def test_rivals_learn_nothing_of_it(cast: Cast, meeting: Meeting, successor: User) -> None:
    succeed(cast.skt_ceo, successor)
    for row in (place(meeting, successor), place(meeting, cast.skt_ceo), person_of(successor)):
        assert who_sees(cast, row) <= {"secretary", "skt_liaison", "skt_ceo", "skt_ciso", "accounts"}
    assert told() == {"next@skt.test", "ceo@skt.test"}


def test_a_delegation_passes_on_with_its_letter_and_its_confirmation(
    cast: Cast, meeting: Meeting, successor: User, deputy: User
) -> None:
    letter = place(meeting, cast.skt_ceo).delegation_letter
    succeed(cast.skt_ceo, successor)
    new = place(meeting, successor)
    assert (new.attends_in_person, new.delegation_confirmed_by) == (deputy.person, cast.secretary)
    assert (new.delegation_letter, sees(deputy, meeting)) == (letter, True)


def test_whoever_was_to_come_instead_comes_as_the_successor(cast: Cast, meeting: Meeting, deputy: User) -> None:
    succeed(cast.skt_ceo, deputy)
    new = place(meeting, deputy)
    assert (new.delegate, new.delegation_letter, new.has_confirmed_delegate) == (None, None, False)
    assert (new.capacity, sees(deputy, meeting)) == ("member", True)


def test_whoever_takes_over_the_chair_presides(cast: Cast, meeting: Meeting) -> None:
    minister = Participation.objects.get(meeting=meeting, presides=True)
    new_chair = an_account("minister@msit.test", "MSIT")
    succeed_seat(Seat.objects.get(person=minister.person), by=TESTER, successor=person_of(new_chair), on=TODAY, now=NOW)
    assert meeting.participations.get(presides=True).person == new_chair.person


@pytest.mark.parametrize("state", ["in attendance", "asked no more", "a guest"])
def test_a_successor_who_was_asked_already_is_asked_once_and_as_the_holder_of_the_seat(
    cast: Cast, meeting: Meeting, successor: User, state: str
) -> None:
    guest = {"capacity": "guest", "item": an_agenda_item(meeting, owner="MSIT")} if state == "a guest" else {}
    row = Participation(meeting=meeting, person=person_of(successor), **guest)
    keep_participation(row, by=TESTER, now=NOW, quiet=True)
    if state == "asked no more":
        withdraw_invitation(row, by=TESTER, reason="착오")
    succeed(cast.skt_ceo, successor)
    new = place(meeting, successor)
    assert (new.pk, new.capacity, new.item, new.withdrawn_because) == (row.pk, "member", None, "")
    assert asked(meeting) == {"", "liaison@skt.test", "next@skt.test"}


def test_an_attendee_who_takes_over_a_lesser_seat_stays_one_with_whoever_comes_instead(
    cast: Cast, meeting: Meeting, deputy: User
) -> None:
    succeed(cast.skt_liaison, cast.skt_ceo)
    kept = place(meeting, cast.skt_ceo)
    assert (kept.capacity, kept.attends_in_person, sees(deputy, meeting)) == ("member", deputy.person, True)


@pytest.mark.parametrize("passed", ["liaison", "member"])
def test_whoever_keeps_another_seat_stays_asked_each_as_what_they_are_then(
    cast: Cast, successor: User, passed: str
) -> None:
    seat(cast.skt_ceo, "council", "liaison")
    deputy, meeting = an_account("deputy@skt.test", "SKT"), an_open_meeting()
    represented(cast, meeting, deputy)
    succeed(cast.skt_ceo, successor, held=held_by(cast.skt_ceo, role=passed))
    assert asked(meeting) == {"", "liaison@skt.test", "ceo@skt.test", "next@skt.test"}
    member, other = (successor, cast.skt_ceo) if passed == "member" else (cast.skt_ceo, successor)
    found = {user: (place(meeting, user).capacity, place(meeting, user).delegate) for user in (member, other)}
    assert found == {member: ("member", deputy.person), other: ("observer", None)}


def test_whoever_keeps_the_chair_keeps_the_one_who_comes_instead(cast: Cast) -> None:
    seat(cast.skt_ceo, "council", "chair", acting=True)
    deputy, next_one = an_account("deputy@skt.test", "SKT"), an_account("next@skt.test", "SKT")
    meeting = an_open_meeting()
    represented(cast, meeting, deputy)
    succeed(cast.skt_ceo, next_one, held=held_by(cast.skt_ceo, role="member"))
    assert [row.person for row in meeting.participations.filter(delegate=deputy.person)] == [cast.skt_ceo.person]
    assert place(meeting, next_one).capacity == "member"


@pytest.mark.parametrize("capacity", ["member", "observer"])
def test_a_place_at_the_other_bodys_table_passes_on_with_the_seat_that_opened_it(
    cast: Cast, meeting: Meeting, successor: User, capacity: str
) -> None:
    row = Participation(meeting=meeting, person=person_of(cast.skt_ciso), capacity=capacity)
    keep_participation(row, by=TESTER, now=NOW, quiet=True)
    succeed(cast.skt_ciso, successor, held=held_by(cast.skt_ciso, "ciso"))
    assert (place(meeting, successor).capacity, place(meeting, successor).seat_on_id) == (capacity, cast.ciso.pk)
    assert (sees(cast.skt_ciso, meeting), sees(successor, meeting)) == (False, True)


def test_it_stays_with_whoever_keeps_another_seat_there_and_a_guest_was_asked_themselves(
    cast: Cast, meeting: Meeting, successor: User
) -> None:
    seat(cast.skt_ciso, "ciso", "liaison")
    guest, item = an_account("expert@skt.test", "SKT"), an_agenda_item(meeting, owner="MSIT")
    seat(guest, "ciso", "expert")
    for user, values in ((cast.skt_ciso, {}), (guest, {"capacity": "guest", "item": item})):
        keep_participation(
            Participation(meeting=meeting, person=person_of(user), **values), by=TESTER, now=NOW, quiet=True
        )
    before = asked(meeting)
    succeed(cast.skt_ciso, successor, held=held_by(cast.skt_ciso, "ciso", role="member"))
    succeed(guest, an_account("other@skt.test", "SKT"), held=held_by(guest, "ciso"))
    assert asked(meeting) == before


def test_whoever_was_asked_once_for_a_rival_takes_the_place_for_whom_they_work_now(
    cast: Cast, meeting: Meeting, successor: User
) -> None:
    row = Participation(meeting=meeting, person=person_of(successor), organisation=cast.kt, withdrawn_because="이직")
    row.save()
    succeed(cast.skt_ceo, successor)
    assert (place(meeting, successor).pk, place(meeting, successor).organisation) == (row.pk, cast.skt)


def test_whoever_keeps_the_chair_and_passes_on_another_seat_goes_on_presiding(cast: Cast) -> None:
    minister = Person.objects.get(name_ko="배경훈")
    other = Seat.objects.create(body=cast.council, person=minister, role="head", starts_on=date(2026, 4, 9))
    meeting = an_open_meeting()
    succeed_seat(other, by=TESTER, successor=person_of(cast.accounts), on=TODAY, now=NOW)
    assert meeting.participations.get(presides=True).person == minister


def test_whoever_holds_such_a_seat_already_does_not_take_it_over_and_is_told_so(cast: Cast, successor: User) -> None:
    seat(successor, "council", "liaison")
    with pytest.raises(DomainError) as refusal:
        succeed(cast.skt_liaison, successor)
    assert refusal.value.field == "successor"
    assert held_by(cast.skt_liaison).ends_on is None


def test_action_items_that_are_owed_pass_on_and_settled_ones_keep_the_name(cast: Cast, successor: User) -> None:
    old, rival = person_of(cast.skt_liaison), person_of(cast.kt_liaison)
    mine, settled, group = (an_action("SKT", assignee=old) for _each in range(3))
    cancel_action(settled, by=TESTER, reason="중복")
    ActionItem.objects.filter(pk=group.pk).update(body=cast.ciso)
    others = an_action("KT", assignee=rival)
    succeed(cast.skt_liaison, successor)
    assignees = dict(ActionItem.objects.values_list("pk", "assignee"))
    assert assignees == {mine.pk: successor.person_id, settled.pk: old.pk, group.pk: old.pk, others.pk: rival.pk}


def test_items_to_present_pass_on_where_the_meeting_is_ahead(cast: Cast, meeting: Meeting, successor: User) -> None:
    old = cast.skt_ceo.person
    ahead = an_agenda_item(meeting, presenter=old)
    past = an_agenda_item(_held(a_meeting(quarter="2026-Q3", starts_at=moment("2026-08-20 10:00"))), presenter=old)
    elsewhere = an_agenda_item(Meeting.objects.get(body__code="ciso", kind="regular"), presenter=old)
    succeed(cast.skt_ceo, successor)
    for item, presenter in ((ahead, successor.person), (past, old), (elsewhere, old)):
        item.refresh_from_db()
        assert item.presenter == presenter


def _held(meeting: Meeting) -> Meeting:
    convene_meeting(meeting, by=TESTER, now=moment("2026-06-01 09:00"), quiet=True)
    begin_meeting(meeting, by=TESTER)
    close_meeting(meeting, by=TESTER, now=moment("2026-08-20 12:00"))
    return meeting


@pytest.mark.parametrize(("quarter", "starts_at"), [("2026-Q3", "2026-08-20 10:00"), ("2026-Q4", "2026-11-24 08:00")])
def test_the_attendance_of_a_meeting_that_was_held_keeps_name_and_position(
    cast: Cast, successor: User, quarter: str, starts_at: str
) -> None:
    meeting = _held(a_meeting(quarter=quarter, starts_at=moment(starts_at)))
    record_attendance(place(meeting, cast.skt_ceo), by=TESTER, attendance="present")
    before = list(meeting.participations.order_by("pk").values())
    succeed(cast.skt_ceo, successor)
    Person.objects.filter(pk=person_of(cast.skt_ceo).pk).update(position_ko="고문")
    assert list(meeting.participations.order_by("pk").values()) == before
    assert not sees(cast.skt_ceo, meeting)


def test_the_place_as_an_office_contact_passes_on(cast: Cast, successor: User) -> None:
    ceo, old = person_of(cast.skt_ceo), person_of(cast.skt_liaison)
    held_by(cast.skt_ceo).office_contacts.set([old])
    ciso = held_by(cast.skt_ciso, "ciso")
    ciso.office_contacts.set([old])
    succeed(cast.skt_liaison, successor)
    assert list(office_contacts(ceo, on=TODAY)) == [successor.person]
    assert list(ciso.office_contacts.all()) == [old]


def test_whoever_takes_over_gets_no_copies_by_way_of_the_one_before(cast: Cast) -> None:
    held_by(cast.skt_ceo).office_contacts.set([person_of(cast.skt_liaison)])
    succeed(cast.skt_liaison, cast.skt_ceo)
    assert list(office_contacts(person_of(cast.skt_ceo), on=TODAY)) == []


def test_a_meeting_of_chosen_people_passes_on_with_the_seat(cast: Cast, successor: User) -> None:
    secret = call_meeting(
        by=TESTER, body=cast.council, only=[person_of(cast.skt_ceo)], announce_now=True, now=NOW,
        plan=Plan(starts_at=moment("2026-11-28 10:00"), ends_at=moment("2026-11-28 11:00"), title="CANARY"),
    )  # fmt: skip
    succeed(cast.skt_ceo, successor)
    assert (sees(cast.skt_ceo, secret), sees(successor, secret)) == (False, True)
    assert who_sees(cast, secret) == {"secretary"}


@pytest.mark.parametrize(
    ("who", "on", "field"),
    [
        ("kt_ciso", TODAY, "successor"), ("nobody", TODAY, "successor"), ("skt_ceo", TODAY, "successor"),
        ("skt_ciso", TODAY + timedelta(days=1), "on"), ("skt_ciso", date(2026, 4, 9), "on"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_nothing_passes_on(
    cast: Cast, meeting: Meeting, who: str, on: date, field: str
) -> None:
    before, written = everything(), AuditEntry.objects.count()
    with pytest.raises(DomainError) as refusal:
        succeed(cast.skt_ceo, getattr(cast, who), on=on)
    assert refusal.value.field == field
    with pytest.raises(DomainError):  # her seat has ended
        succeed(cast.former_liaison, cast.skt_ciso)
    assert (everything(), AuditEntry.objects.count()) == (before, written)
