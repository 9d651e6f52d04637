"""Somebody else comes in a member's place: named with a letter, confirmed by the ministry, for one meeting."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from council.access.visibility import visible_to
from council.core.errors import DomainError, NotAllowedNow
from council.core.models import AuditEntry
from council.files.flaws import FileRefused
from council.files.models import StoredFile
from council.files.operations import scan_waiting
from council.files.queries import Infected, opened
from council.mail.models import Notice
from council.mail.registry import registry
from council.meetings.models import Meeting, Participation
from council.meetings.operations.delegation import confirm_delegate, name_delegate, refuse_delegate, withdraw_delegate
from council.meetings.operations.participation import ParticipationRefused, record_attendance, withdraw_invitation
from council.meetings.operations.schedule import begin_meeting, cancel_meeting
from council.parties.models import Person, User
from council.workflows.send_delegate import Colleague, send_delegate
from tests.access.rows import an_agenda_item, an_open_meeting, who_sees
from tests.factories import TODAY, Cast, actor_of, an_account, an_action, moment, pdf
from tests.factories.founding import clock
from tests.factories.rows import TESTER
from tests.files import builders
from tests.files.conftest import scanner
from tests.files.samples import EXE, HTML
from tests.files.test_keeping import on_disk
from tests.mail.letters import person_of
from tests.reminders.told import told

__all__ = ["clock", "scanner"]
pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("clock")]
NOW = moment("2026-11-24 10:00")
START = moment("2027-05-20 10:00")


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    return an_open_meeting(title="CANARY-MEETING")


@pytest.fixture
def deputy(cast: Cast) -> User:
    """Of SKT, without any seat."""
    return an_account("deputy@skt.test", "SKT")


def place(meeting: Meeting, user: User) -> Participation:
    return Participation.objects.select_related("meeting").get(meeting=meeting, person=user.person)


def named(cast: Cast, meeting: Meeting, delegate: User, *, now: Any = NOW, letter: Any = None) -> Participation:
    row = place(meeting, cast.skt_ceo)
    by = actor_of(cast.skt_liaison)
    name_delegate(row, by=by, delegate=person_of(delegate), letter=letter or pdf("위임장.pdf"), now=now)
    return row


def confirmed(cast: Cast, meeting: Meeting, delegate: User) -> Participation:
    row = named(cast, meeting, delegate)
    confirm_delegate(row, by=actor_of(cast.secretary), now=NOW)
    return row


def sees(user: User, *rows: Any, on: date = TODAY) -> list[bool]:
    who = actor_of(user)
    return [visible_to(who, type(row)._default_manager.filter(pk=row.pk), on=on).exists() for row in rows]


def kept(settings: Any) -> list[Any]:
    models: tuple[Any, ...] = (StoredFile, Person, AuditEntry, Notice)
    return [[model.objects.count() for model in models], list(Participation.objects.values()), on_disk(settings)]


def test_whoever_is_named_waits_for_the_ministry_and_sees_nothing_yet(
    cast: Cast, meeting: Meeting, deputy: User
) -> None:
    row = named(cast, meeting, deputy)
    assert (row.awaits_confirmation, row.has_confirmed_delegate) == (True, False)
    assert row.attends_in_person == cast.skt_ceo.person
    assert told(kind="delegation_named") == {"secretary@msit.test"}
    assert sees(deputy, meeting) == [False]
    letter = row.delegation_letter
    assert letter is not None
    assert (letter.name, letter.organisation) == ("위임장.pdf", cast.skt)
    assert who_sees(cast, letter) == {"secretary", "skt_liaison", "skt_ceo"}


def test_a_confirmed_delegate_sees_that_meeting_and_nothing_else(cast: Cast, meeting: Meeting, deputy: User) -> None:
    other = an_open_meeting(quarter="2027-Q3", starts_at=moment("2027-08-26 10:00"))
    shown = [an_agenda_item(meeting, owner="KT"), an_agenda_item(meeting, "TLP:AMBER+STRICT", state="proposed")]
    hidden = [
        other, an_agenda_item(other, owner="MSIT"), an_action("SKT"), an_action("KT", label="TLP:GREEN"),
        an_agenda_item(meeting, owner="KT", state="proposed"),
        an_agenda_item(meeting, "TLP:AMBER+STRICT", owner="KT", state="proposed"),
    ]  # fmt: skip
    row = confirmed(cast, meeting, deputy)
    assert (row.attends_in_person, row.delegation_confirmed_by) == (deputy.person, cast.secretary)
    assert sees(deputy, meeting, *shown, *meeting.deadlines.all()[:1]) == [True] * 4
    assert sees(deputy, *hidden) == [False] * len(hidden)
    assert told(kind="delegation_confirmed") == {
        "deputy@skt.test", "ceo@skt.test", "liaison@skt.test",
    }  # fmt: skip


def test_rivals_learn_nothing_of_it(cast: Cast, meeting: Meeting, deputy: User) -> None:
    row = confirmed(cast, meeting, deputy)
    assert who_sees(cast, row) == {"secretary", "skt_liaison", "skt_ceo"}
    assert row.delegation_letter is not None
    assert who_sees(cast, row.delegation_letter) == {"secretary", "skt_liaison", "skt_ceo"}
    assert "nobody" not in who_sees(cast, meeting)


@pytest.mark.parametrize("end", [withdraw_delegate, refuse_delegate])
def test_a_delegate_who_does_not_come_sees_it_no_more(cast: Cast, meeting: Meeting, deputy: User, end: Any) -> None:
    row = confirmed(cast, meeting, deputy)
    with pytest.raises(ParticipationRefused) as refusal:
        end(row, by=TESTER, reason=" ", now=NOW)
    assert (refusal.value.field, sees(deputy, meeting)) == ("reason", [True])
    end(row, by=TESTER, reason="본인 참석", now=NOW)
    assert sees(deputy, meeting, *meeting.deadlines.all()[:1]) == [False, False]
    assert (row.attends_in_person, row.awaits_confirmation) == (cast.skt_ceo.person, False)
    assert place(meeting, cast.skt_ceo).sequence == 1
    assert told(kind="delegation_ended") == {"deputy@skt.test", "ceo@skt.test", "liaison@skt.test"}
    with pytest.raises(NotAllowedNow):
        end(row, by=TESTER, reason="본인 참석", now=NOW)
    with pytest.raises(NotAllowedNow):
        confirm_delegate(row, by=actor_of(cast.secretary), now=NOW)


def test_whoever_is_named_anew_is_confirmed_anew(cast: Cast, meeting: Meeting, deputy: User) -> None:
    first = confirmed(cast, meeting, deputy).delegation_letter_id
    other = an_account("other@skt.test", "SKT")
    row = named(cast, meeting, other)
    assert (row.awaits_confirmation, row.delegation_letter_id == first) == (True, False)
    assert (sees(deputy, meeting), sees(other, meeting)) == ([False], [False])
    confirm_delegate(row, by=actor_of(cast.secretary), now=NOW)
    assert (sees(deputy, meeting), sees(other, meeting)) == ([False], [True])


def letters_of(user: User, kind: str = "delegation_ended") -> list[tuple[str, str]]:
    """What is written to somebody: what each letter does to the calendar, and its sequence there."""
    found = []
    for notice in Notice.objects.filter(kind=kind, recipient=user.person).select_related("recipient").order_by("pk"):
        if registry[kind].unwanted(notice, NOW) is None:
            letter = registry.render([notice], NOW)
            found.append((letter.calendar_method, re.search(r"SEQUENCE:(\d+)", letter.calendar_body)[1]))  # type: ignore[index]
    return found


def test_whoever_was_confirmed_and_is_replaced_is_told_and_leaves_the_date_free(
    cast: Cast, meeting: Meeting, deputy: User
) -> None:
    confirmed(cast, meeting, deputy)
    assert letters_of(deputy, "delegation_confirmed") == [("REQUEST", "0")]
    other = an_account("other@skt.test", "SKT")
    confirmed(cast, meeting, other)
    assert (letters_of(deputy), letters_of(deputy, "delegation_confirmed")) == ([("CANCEL", "1")], [])
    assert (letters_of(other), letters_of(cast.skt_ceo), letters_of(cast.skt_liaison)) == ([], [], [])
    Person.objects.filter(pk=person_of(deputy).pk).update(organisation=cast.kt)
    assert letters_of(User.objects.get(pk=deputy.pk)) == []


def test_whoever_is_withdrawn_is_told_though_somebody_else_was_named_before_letters_went(
    cast: Cast, meeting: Meeting, deputy: User
) -> None:
    withdraw_delegate(confirmed(cast, meeting, deputy), by=TESTER, reason="본인 참석", now=NOW)
    named(cast, meeting, an_account("other@skt.test", "SKT"))
    assert letters_of(deputy) == [("CANCEL", "1")]


def test_whoever_comes_for_somebody_who_is_asked_no_more_is_told(cast: Cast, meeting: Meeting, deputy: User) -> None:
    confirmed(cast, meeting, deputy)
    withdraw_invitation(place(meeting, cast.skt_ceo), by=TESTER, reason="착오")
    assert letters_of(deputy) == [("CANCEL", "1")]


def test_a_delegates_calendar_is_kept_up_to_date_with_a_sequence_of_their_own(
    cast: Cast, meeting: Meeting, deputy: User
) -> None:
    for _again in range(2):
        withdraw_delegate(confirmed(cast, meeting, deputy), by=TESTER, reason="본인 참석", now=NOW)
    confirmed(cast, meeting, deputy)
    assert letters_of(deputy, "delegation_confirmed")[-1] == ("REQUEST", "2")
    cancel_meeting(Meeting.objects.get(pk=meeting.pk), by=TESTER, now=NOW, reason="일정")
    assert letters_of(deputy, "meeting_cancelled") == [("CANCEL", "3")]


def test_the_same_person_named_with_another_letter_is_confirmed_anew(
    cast: Cast, meeting: Meeting, deputy: User
) -> None:
    confirmed(cast, meeting, deputy)
    assert (named(cast, meeting, deputy).awaits_confirmation, sees(deputy, meeting)) == (True, [False])


def test_whoever_was_not_taken_is_named_again_with_a_better_letter(cast: Cast, meeting: Meeting, deputy: User) -> None:
    refuse_delegate(named(cast, meeting, deputy), by=TESTER, reason="서명 없음", now=NOW)
    row = named(cast, meeting, deputy)
    assert (row.awaits_confirmation, row.delegation_ended_because) == (True, "")
    confirm_delegate(row, by=actor_of(cast.secretary), now=NOW)
    assert sees(deputy, meeting) == [True]


def test_whoever_has_gone_to_a_rival_comes_for_nobody(cast: Cast, meeting: Meeting, deputy: User) -> None:
    confirmed(cast, meeting, deputy)
    Person.objects.filter(pk=person_of(deputy).pk).update(organisation=cast.kt)
    assert sees(deputy, meeting) == [False]


@pytest.mark.parametrize("who", ["kt_liaison", "nobody", "skt_ceo"])
def test_a_delegate_is_somebody_else_of_the_same_organisation(
    cast: Cast, meeting: Meeting, who: str, settings: Any
) -> None:
    before = kept(settings)
    with pytest.raises(ParticipationRefused) as refusal:
        named(cast, meeting, getattr(cast, who))
    assert (refusal.value.field, kept(settings)) == ("delegate", before)


def test_a_delegate_has_no_other_place_at_the_table(cast: Cast, meeting: Meeting, deputy: User, settings: Any) -> None:
    other = Participation.objects.get(meeting=meeting, person__name_ko="정재헌")
    with pytest.raises(ParticipationRefused) as refusal:
        name_delegate(other, by=TESTER, delegate=person_of(cast.skt_ceo), letter=pdf(), now=NOW)
    assert (refusal.value.field, on_disk(settings)) == ("delegate", [])
    confirmed(cast, meeting, deputy)
    with pytest.raises(ParticipationRefused):
        name_delegate(other, by=TESTER, delegate=person_of(deputy), letter=pdf(), now=NOW)


def test_somebody_named_for_two_is_confirmed_for_one(cast: Cast, meeting: Meeting, deputy: User) -> None:
    other = Participation.objects.get(meeting=meeting, person__name_ko="정재헌")
    name_delegate(other, by=TESTER, delegate=person_of(deputy), letter=pdf(), now=NOW)
    confirmed(cast, meeting, deputy)
    with pytest.raises(DomainError):
        confirm_delegate(other, by=actor_of(cast.secretary), now=NOW)


def test_only_an_attendee_is_represented(cast: Cast, meeting: Meeting, deputy: User) -> None:
    row = place(meeting, cast.skt_liaison)
    with pytest.raises(ParticipationRefused):
        name_delegate(row, by=TESTER, delegate=person_of(deputy), letter=pdf(), now=NOW)
    assert place(meeting, cast.skt_liaison).delegate is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("위임장.pdf", EXE), ("위임장.exe", EXE), ("위임장.pdf", b""), ("위임장.html", HTML), ("위임장.png", HTML),
        ("위임장.pdf", builders.pdf(catalog=b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>")),
        ("위임장.docx", builders.ooxml("docx", {"word/vbaProject.bin": EXE})),
    ],
)  # fmt: skip
def test_an_odd_letter_is_refused_and_nothing_of_the_colleague_is_kept(
    cast: Cast, meeting: Meeting, settings: Any, name: str, content: bytes
) -> None:
    before = kept(settings)
    colleague = Colleague(name="김대리", position="팀장", email="kim@skt.test")
    letter = SimpleUploadedFile(name, content)
    by, row = actor_of(cast.skt_liaison), place(meeting, cast.skt_ceo)
    with pytest.raises(FileRefused):
        send_delegate(row, by=by, delegate=colleague, letter=letter, now=NOW)
    assert kept(settings) == before
    send_delegate(row, by=by, delegate=colleague, letter=pdf(), now=NOW)
    assert place(meeting, cast.skt_ceo).delegate == Person.objects.get(email="kim@skt.test", organisation=cast.skt)


def test_a_letter_with_a_virus_is_opened_by_nobody_and_confirmed_by_nobody(
    cast: Cast, meeting: Meeting, deputy: User, scanner: Any
) -> None:
    row = named(cast, meeting, deputy, letter=SimpleUploadedFile("위임장.txt", builders.EICAR))
    assert scan_waiting(now=NOW) == 1
    with pytest.raises(Infected):
        opened(StoredFile.objects.get())
    with pytest.raises(DomainError):
        confirm_delegate(row, by=actor_of(cast.secretary), now=NOW)
    assert sees(deputy, meeting) == [False]


def test_a_letter_that_waits_for_its_scan_is_not_confirmed_yet(
    cast: Cast, meeting: Meeting, deputy: User, scanner: Any
) -> None:
    row = named(cast, meeting, deputy)
    with pytest.raises(ParticipationRefused):
        confirm_delegate(row, by=actor_of(cast.secretary), now=NOW)
    assert scan_waiting(now=NOW) == 1
    confirm_delegate(place(meeting, cast.skt_ceo), by=actor_of(cast.secretary), now=NOW)
    assert sees(deputy, meeting) == [True]


def test_for_whoever_is_asked_no_more_nobody_comes_from_an_older_page(
    cast: Cast, meeting: Meeting, deputy: User
) -> None:
    row = named(cast, meeting, deputy)
    withdraw_invitation(place(meeting, cast.skt_ceo), by=TESTER, reason="착오")
    for act in (
        lambda: confirm_delegate(row, by=actor_of(cast.secretary), now=NOW),
        lambda: withdraw_delegate(row, by=TESTER, reason="r", now=NOW),
        lambda: name_delegate(row, by=TESTER, delegate=person_of(deputy), letter=pdf(), now=NOW),
    ):
        with pytest.raises(DomainError):
            act()
    assert sees(deputy, meeting) == [False]


def test_only_a_person_confirms_and_only_who_waits_for_it(cast: Cast, meeting: Meeting, deputy: User) -> None:
    with pytest.raises(NotAllowedNow):
        confirm_delegate(place(meeting, cast.skt_ceo), by=actor_of(cast.secretary), now=NOW)
    row = named(cast, meeting, deputy)
    with pytest.raises(NotAllowedNow):
        confirm_delegate(row, by=TESTER, now=NOW)
    confirm_delegate(row, by=actor_of(cast.secretary), now=NOW)
    with pytest.raises(NotAllowedNow):
        confirm_delegate(row, by=actor_of(cast.secretary), now=NOW)


def test_a_delegate_refused_meanwhile_is_not_confirmed_from_an_older_page(
    cast: Cast, meeting: Meeting, deputy: User
) -> None:
    named(cast, meeting, deputy)
    older = place(meeting, cast.skt_ceo)
    refuse_delegate(place(meeting, cast.skt_ceo), by=TESTER, reason="서명 없음", now=NOW)
    with pytest.raises(DomainError):
        confirm_delegate(older, by=actor_of(cast.secretary), now=NOW)
    assert sees(deputy, meeting) == [False]


@pytest.mark.parametrize("end", ["its hour has come", "begun", "called off"])
def test_once_it_has_begun_or_was_called_off_nothing_is_done_about_delegates(
    cast: Cast, meeting: Meeting, deputy: User, end: str
) -> None:
    row, now = named(cast, meeting, deputy), START if end == "its hour has come" else NOW
    if end == "begun":
        begin_meeting(Meeting.objects.get(pk=meeting.pk), by=TESTER)
    elif end == "called off":
        cancel_meeting(Meeting.objects.get(pk=meeting.pk), by=TESTER, now=NOW, reason="일정")
    before = Participation.objects.filter(pk=row.pk).values().get()
    with pytest.raises(NotAllowedNow):
        named(cast, meeting, deputy, now=now)
    with pytest.raises(NotAllowedNow):
        confirm_delegate(row, by=actor_of(cast.secretary), now=now)
    for ended in (withdraw_delegate, refuse_delegate):
        with pytest.raises(NotAllowedNow):
            ended(row, by=TESTER, reason="r", now=now)
    assert Participation.objects.filter(pk=row.pk).values().get() == before


def test_whoever_is_asked_no_more_is_represented_by_nobody(cast: Cast, meeting: Meeting, deputy: User) -> None:
    withdraw_invitation(place(meeting, cast.skt_ceo), by=TESTER, reason="불필요")
    with pytest.raises(DomainError):
        named(cast, meeting, deputy)


def test_whoever_was_represented_attended_by_proxy(cast: Cast, meeting: Meeting, deputy: User) -> None:
    row = named(cast, meeting, deputy)
    other = Participation.objects.get(meeting=meeting, person__name_ko="정재헌")
    confirm_delegate(row, by=actor_of(cast.secretary), now=NOW)
    begin_meeting(Meeting.objects.get(pk=meeting.pk), by=TESTER)
    record_attendance(row, by=TESTER, attendance="by_proxy")
    assert place(meeting, cast.skt_ceo).attendance == "by_proxy"
    with pytest.raises(ParticipationRefused):
        record_attendance(other, by=TESTER, attendance="by_proxy")
