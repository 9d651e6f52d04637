"""Who is asked to a meeting, in which capacity, what they answer, and who was there."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from council.access.visibility import visible_to
from council.core.errors import DomainError, NotAllowedNow, SomebodyWasFaster
from council.core.models import AuditEntry
from council.mail.models import Notice
from council.meetings.models import AgendaItem, Meeting, Participation
from council.meetings.operations.agenda import withdraw_agenda_item
from council.meetings.operations.participation import (
    ParticipationRefused,
    answer_invitation,
    invite,
    keep_participation,
    record_attendance,
    withdraw_invitation,
)
from council.meetings.operations.proposals import merge_item
from council.meetings.operations.schedule import begin_meeting, cancel_meeting, close_meeting, convene_meeting
from council.parties.models import Person, Seat, User
from tests.access.rows import an_agenda_item, who_sees
from tests.factories import TODAY, Cast, a_meeting, actor_of, an_account, moment, seat
from tests.factories.founding import clock
from tests.factories.rows import TESTER
from tests.mail.letters import person_of
from tests.reminders.told import told

__all__ = ["clock"]
pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("clock")]
NOW = moment("2026-11-24 09:00")
START = moment("2027-05-20 10:00")
AT_THE_TABLE = {
    "배경훈", "정재헌", "박윤영", "홍범식", "secretary@msit.test", "chair@msit.test", "ceo@skt.test", "ceo@kt.test",
    "liaison@skt.test", "liaison@kt.test", "liaison@lgu.test",
}  # fmt: skip


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    """The council's, announced."""
    made = a_meeting()
    convene_meeting(made, by=TESTER, now=NOW, quiet=True)
    return made


def place(meeting: Meeting, user: User) -> Participation:
    return Participation.objects.select_related("meeting").get(meeting=meeting, person=user.person)


def ask(meeting: Meeting, user: User, **values: Any) -> Participation:
    row = Participation(meeting=meeting, person=person_of(user), **values)
    keep_participation(row, by=TESTER, now=NOW)
    return row


def refused_field(meeting: Meeting, user: User, **values: Any) -> str | None:
    """The field of a refusal, after which nothing is kept."""
    before = Participation.objects.count(), AuditEntry.objects.count(), Notice.objects.count()
    with pytest.raises(ParticipationRefused) as refusal:
        ask(meeting, user, **values)
    assert (Participation.objects.count(), AuditEntry.objects.count(), Notice.objects.count()) == before
    return refusal.value.field


def begun(meeting: Meeting) -> Meeting:
    begin_meeting(Meeting.objects.get(pk=meeting.pk), by=TESTER)
    return meeting


def test_announcing_asks_everyone_at_the_table_once_chairs_and_members_as_attendees(cast: Cast) -> None:
    seat(cast.skt_ceo, "council", "liaison")
    seat(cast.nobody, "council", "contributor")
    later = an_account("later@kt.test", "KT")
    seat(later, "council", "observer", starts_on=date(2027, 5, 20))
    draft = a_meeting()
    convene_meeting(draft, by=TESTER, now=NOW, quiet=True)
    rows = draft.participations.values_list("person__name_ko", "capacity", "seat_on__code")
    assert sorted(name for name, *_ in rows) == sorted({*AT_THE_TABLE, "later@kt.test"})
    attendees = {name for name, capacity, _seat_on in rows if capacity == "member"}
    assert attendees == {"배경훈", "정재헌", "박윤영", "홍범식", "chair@msit.test", "ceo@skt.test", "ceo@kt.test"}
    assert {seat_on for *_rest, seat_on in rows} == {"council"}


def test_the_one_who_holds_the_chair_presides_and_the_stand_in_only_without_one(cast: Cast, meeting: Meeting) -> None:
    assert meeting.participations.get(presides=True).person.name_ko == "배경훈"
    Seat.objects.filter(person__name_ko="배경훈").update(ends_on=date(2027, 5, 31))
    second = a_meeting(quarter="2027-Q3", starts_at=moment("2027-08-26 10:00"))
    convene_meeting(second, by=TESTER, now=NOW, quiet=True)
    assert second.participations.get(presides=True).person == cast.chair.person


def test_whoever_was_asked_stays_as_they_are_and_keeps_the_position_of_the_day(cast: Cast, meeting: Meeting) -> None:
    Person.objects.filter(pk=person_of(cast.skt_ceo).pk).update(position_ko="전 대표")
    before = list(Participation.objects.order_by("pk").values())
    assert invite(meeting, people=[person_of(cast.skt_ceo)], by=TESTER, now=NOW) == []
    assert list(Participation.objects.order_by("pk").values()) == before
    (added,) = invite(meeting, people=[person_of(cast.nobody), person_of(cast.skt_ceo)], by=TESTER, now=NOW)
    assert (added.person, added.capacity) == (cast.nobody.person, "observer")
    assert (added.seat_on, added.presides) == (None, False)
    assert AuditEntry.objects.filter(verb="participation.invited", target_id=str(added.pk)).count() == 1


def test_one_presides_and_only_an_attendee(cast: Cast, meeting: Meeting) -> None:
    assert refused_field(meeting, cast.nobody, capacity="member", presides=True) == "presides"
    meeting.participations.filter(presides=True).update(presides=False)
    assert refused_field(meeting, cast.nobody, capacity="observer", presides=True) == "presides"
    assert ask(meeting, cast.nobody, capacity="member", presides=True).presides
    chair = meeting.participations.get(person__name_ko="배경훈")
    chair.delete()
    assert [row.presides for row in invite(meeting, people=[chair.person], by=TESTER, now=NOW)] == [False]


def test_somebody_asked_is_not_asked_again(cast: Cast, meeting: Meeting) -> None:
    assert refused_field(meeting, cast.skt_ceo) == "person"


def test_a_guest_is_asked_for_one_item_of_this_agenda_and_only_a_guest_is(cast: Cast, meeting: Meeting) -> None:
    item = an_agenda_item(meeting, owner="MSIT")
    elsewhere = an_agenda_item(a_meeting("ciso", starts_at=moment("2027-05-06 10:00")), owner="MSIT")
    assert refused_field(meeting, cast.nobody, capacity="guest") == "item"
    assert refused_field(meeting, cast.nobody, capacity="observer", item=item) == "item"
    assert refused_field(meeting, cast.nobody, capacity="guest", item=elsewhere) == "item"
    guest = ask(meeting, cast.nobody, capacity="guest", item=item)
    assert told(kind="participation_invited", target_id=guest.pk) == {"nobody@nfa.test"}


@pytest.mark.parametrize("how", ["withdrawn", "merged"])
def test_nobody_comes_for_an_item_that_was_taken_off(cast: Cast, meeting: Meeting, how: str) -> None:
    state = "proposed" if how == "merged" else "accepted"
    item, other = an_agenda_item(meeting, state="accepted"), an_agenda_item(meeting, state="accepted")
    row = ask(meeting, cast.nobody, capacity="guest", item=item)
    AgendaItem.objects.filter(pk=item.pk).update(state=state)
    item.refresh_from_db()
    if how == "merged":
        merge_item(item, by=TESTER, into=other)
    else:
        withdraw_agenda_item(item, by=TESTER, reason="철회")
    row.refresh_from_db()
    assert row.withdrawn_because != ""
    assert told(kind="participation_withdrawn") == {"nobody@nfa.test"}


def test_a_guest_sees_their_own_place_and_nothing_of_the_meeting(cast: Cast, meeting: Meeting) -> None:
    item = an_agenda_item(meeting, owner="MSIT", title="CANARY")
    guest = ask(meeting, cast.nobody, capacity="guest", item=item)
    assert "nobody" not in who_sees(cast, meeting) | who_sees(cast, item)
    assert who_sees(cast, guest) == {"secretary", "nobody"}
    answer_invitation(guest, by=actor_of(cast.nobody), rsvp="accepted", now=NOW)


def test_somebody_from_outside_sees_the_meeting_once_it_was_announced(cast: Cast) -> None:
    draft = a_meeting(title="CANARY")
    row = ask(draft, cast.nobody)
    assert (who_sees(cast, draft), who_sees(cast, row), told()) == ({"secretary"}, {"secretary"}, set())
    convene_meeting(draft, by=TESTER, now=NOW, quiet=True)
    assert "nobody" in who_sees(cast, draft)
    assert "former_liaison" not in who_sees(cast, draft)


def test_who_comes_from_a_competitor_is_the_secretarys_to_know(cast: Cast, meeting: Meeting) -> None:
    seen = {
        name: set(visible_to(actor_of(getattr(cast, name)), meeting.participations.all(), on=TODAY).values_list(
            "organisation__code", flat=True
        ))
        for name in ("secretary", "skt_liaison", "kt_ceo", "kt_ciso", "observer", "nobody")
    }  # fmt: skip
    assert seen == {
        "secretary": {"MSIT", "SKT", "KT", "LGU"}, "skt_liaison": {"MSIT", "SKT"}, "kt_ceo": {"MSIT", "KT"},
        "kt_ciso": set(), "observer": set(), "nobody": set(),
    }  # fmt: skip


def test_an_answer_is_taken_and_changed_until_the_meeting_begins(cast: Cast, meeting: Meeting) -> None:
    row, by = place(meeting, cast.skt_ceo), actor_of(cast.skt_liaison)
    last_minute = moment("2027-05-20 09:59")
    for rsvp, note, now in (("accepted", "", NOW), ("accepted", "", NOW), ("declined", " 국회 ", last_minute)):
        answer_invitation(row, by=by, rsvp=rsvp, note=note, now=now)
    stored = place(meeting, cast.skt_ceo)
    assert (stored.rsvp, stored.rsvp_note, stored.answered_at) == ("declined", "국회", last_minute)
    entries = AuditEntry.objects.filter(verb="participation.answered").order_by("pk")
    assert [(entry.after["rsvp"], entry.actor_user_id) for entry in entries] == [
        ("accepted", cast.skt_liaison.pk), ("declined", cast.skt_liaison.pk),
    ]  # fmt: skip
    with pytest.raises(NotAllowedNow):
        answer_invitation(row, by=by, rsvp="accepted", now=START)
    assert place(meeting, cast.skt_ceo).rsvp == "declined"


def test_an_answer_from_an_older_page_is_the_answer_though_it_is_what_was_said_at_first(
    cast: Cast, meeting: Meeting
) -> None:
    older = place(meeting, cast.skt_ceo)
    answer_invitation(place(meeting, cast.skt_ceo), by=actor_of(cast.skt_ceo), rsvp="accepted", now=NOW)
    older.rsvp = "declined"
    answer_invitation(older, by=actor_of(cast.skt_liaison), rsvp="declined", now=NOW)
    assert place(meeting, cast.skt_ceo).rsvp == "declined"


def test_no_answer_is_taken_to_a_draft_or_once_it_is_in_session_or_called_off(cast: Cast, meeting: Meeting) -> None:
    drafted = ask(a_meeting(quarter="2027-Q3", starts_at=moment("2027-08-26 10:00")), cast.skt_ceo)
    running = place(begun(meeting), cast.skt_ceo)
    off = a_meeting(kind="extraordinary")
    convene_meeting(off, by=TESTER, now=NOW, quiet=True)
    cancel_meeting(off, by=TESTER, now=NOW, reason="일정")
    for row in (drafted, running, place(off, cast.skt_ceo)):
        with pytest.raises(NotAllowedNow):
            answer_invitation(row, by=actor_of(cast.skt_ceo), rsvp="accepted", now=NOW)
    assert set(Participation.objects.values_list("rsvp", flat=True)) == {"needs_action"}


@pytest.mark.parametrize("rsvp", ["needs_action", "perhaps", ""])
def test_only_an_answer_is_an_answer(cast: Cast, meeting: Meeting, rsvp: str) -> None:
    with pytest.raises(ParticipationRefused) as refusal:
        answer_invitation(place(meeting, cast.skt_ceo), by=TESTER, rsvp=rsvp, now=NOW)
    assert refusal.value.field == "rsvp"


def test_whoever_is_asked_no_more_is_told_and_gives_up_the_chair(cast: Cast, meeting: Meeting) -> None:
    presiding = meeting.participations.get(presides=True)
    with pytest.raises(ParticipationRefused) as refusal:
        withdraw_invitation(presiding, by=TESTER, reason="  ")
    assert (refusal.value.field, told()) == ("reason", set())
    withdraw_invitation(presiding, by=TESTER, reason="출장")
    stored = Participation.objects.get(pk=presiding.pk)
    assert (stored.withdrawn_because, stored.presides, stored.sequence) == ("출장", False, 1)
    assert told(kind="participation_withdrawn") == {"배경훈"}
    with pytest.raises(SomebodyWasFaster):
        withdraw_invitation(presiding, by=TESTER, reason="다시")


def test_access_is_taken_back_after_the_beginning_too_but_not_from_who_was_there(cast: Cast, meeting: Meeting) -> None:
    there, away = place(meeting, cast.skt_ceo), ask(meeting, cast.nobody)
    begun(meeting)
    record_attendance(there, by=TESTER, attendance="present")
    with pytest.raises(NotAllowedNow):
        withdraw_invitation(there, by=TESTER, reason="착오")
    assert place(meeting, cast.skt_ceo).withdrawn_because == ""
    assert "nobody" in who_sees(cast, meeting)
    withdraw_invitation(away, by=TESTER, reason="착오")
    assert "nobody" not in who_sees(cast, meeting)
    assert told(kind="participation_withdrawn") == set()


def test_an_attendance_recorded_meanwhile_is_not_withdrawn_from_an_older_page(cast: Cast, meeting: Meeting) -> None:
    begun(meeting)
    older = place(meeting, cast.skt_ceo)
    record_attendance(place(meeting, cast.skt_ceo), by=TESTER, attendance="present")
    with pytest.raises(DomainError):
        withdraw_invitation(older, by=TESTER, reason="착오")
    assert place(meeting, cast.skt_ceo).withdrawn_because == ""


def test_whoever_is_asked_no_more_does_not_answer(cast: Cast, meeting: Meeting) -> None:
    row, older = place(meeting, cast.skt_ceo), place(meeting, cast.skt_ceo)
    withdraw_invitation(row, by=TESTER, reason="출장")
    for each in (row, older):
        with pytest.raises(NotAllowedNow):
            answer_invitation(each, by=actor_of(cast.skt_ceo), rsvp="accepted", now=NOW)


def test_whoever_is_asked_no_more_can_be_asked_again(cast: Cast, meeting: Meeting) -> None:
    withdraw_invitation(place(meeting, cast.skt_ceo), by=TESTER, reason="착오")
    ask(meeting, cast.skt_ceo, capacity="member")
    assert place(meeting, cast.skt_ceo).withdrawn_because == ""


def test_a_capacity_changed_on_an_older_page_leaves_the_answer_given_meanwhile(cast: Cast, meeting: Meeting) -> None:
    older = place(meeting, cast.kt_liaison)
    answer_invitation(place(meeting, cast.kt_liaison), by=actor_of(cast.kt_liaison), rsvp="accepted", now=NOW)
    older.capacity = "member"
    keep_participation(older, by=TESTER, now=NOW)
    stored = place(meeting, cast.kt_liaison)
    assert (stored.capacity, stored.rsvp, stored.answered_at) == ("member", "accepted", NOW)


def test_attendance_is_recorded_from_the_beginning_on_and_taken_back(cast: Cast, meeting: Meeting) -> None:
    row = place(meeting, cast.skt_ceo)
    with pytest.raises(NotAllowedNow):
        record_attendance(row, by=TESTER, attendance="present")
    begun(meeting)
    record_attendance(row, by=TESTER, attendance="absent", reason=" 해외 출장 ")
    assert (row.attendance, place(meeting, cast.skt_ceo).reason) == ("absent", "해외 출장")
    close_meeting(Meeting.objects.get(pk=meeting.pk), by=TESTER, now=START)
    record_attendance(row, by=TESTER, attendance="present", reason="해외 출장")
    assert place(meeting, cast.skt_ceo).reason == ""
    record_attendance(row, by=TESTER, attendance="")
    assert place(meeting, cast.skt_ceo).attendance == ""
    assert AuditEntry.objects.filter(verb="participation.attended").count() == 3


@pytest.mark.parametrize(
    ("attendance", "field"),
    [("excused", "reason"), ("absent", "reason"), ("by_proxy", "attendance"), ("asleep", "attendance")],
)
def test_an_attendance_that_lacks_something_is_refused(
    cast: Cast, meeting: Meeting, attendance: str, field: str
) -> None:
    with pytest.raises(ParticipationRefused) as refusal:
        record_attendance(place(begun(meeting), cast.skt_ceo), by=TESTER, attendance=attendance, reason=" ")
    assert (refusal.value.field, place(meeting, cast.skt_ceo).attendance) == (field, "")


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("participation_guest_for_an_item", {"capacity": "guest"}),
        ("participation_presides_as_attendee", {"capacity": "observer", "presides": True}),
        ("participation_by_proxy_needs_a_confirmed_delegate", {"attendance": "by_proxy"}),
        ("participation_absent_with_a_reason", {"attendance": "absent"}),
        ("participation_one_presides|UNIQUE", {"presides": True}),
    ],
)
def test_the_database_refuses_it_whatever_the_code_does(
    cast: Cast, meeting: Meeting, name: str, columns: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Participation.objects.filter(pk=place(meeting, cast.skt_ceo).pk).update(**columns)
