"""The ministry approves: then the record stands, its decisions are in force, and what follows is to be done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from council.actions.models import ActionItem
from council.core.errors import DomainError, NotAllowedNow, SomebodyWasFaster
from council.mail.models import Notice
from council.meetings.models import Meeting
from council.meetings.operations.participation import record_attendance
from council.minutes.models import Confirmation, Decision, Frozen, MinutesRevision, MinutesSection, Remark
from council.minutes.operations.approval import Approval, NotComplete, register_number
from council.minutes.operations.circulation import answer, circulate, comment, reply
from council.minutes.operations.decisions import Wording, change_decision, withdraw_decision
from council.minutes.operations.writing import MinutesRefused, Part, next_version, save_part
from council.workflows.approve_minutes import approve_minutes
from council.workflows.close_meeting import close_meeting
from tests.factories import Cast, actor_of
from tests.factories.founding import clock
from tests.factories.rows import TESTER
from tests.guards import NOT_EMPTIED
from tests.minutes.held import (
    AFTER,
    CARRIERS,
    HELD,
    SENT,
    UNTIL,
    a_decision,
    a_meeting_in_session,
    circulated_minutes,
    fill_head,
    minutes_of,
    organisations,
    sections,
    written_minutes,
)

__all__ = ["clock"]
pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("clock")]
APPROVAL = Approval(approver="통신정책관 ○○○", route="delegated", on=date(2027, 6, 2))
SOON = SENT + timedelta(hours=1)


@pytest.fixture
def revision(cast: Cast) -> MinutesRevision:
    return circulated_minutes(cast)


def approved(cast: Cast, revision: MinutesRevision) -> MinutesRevision:
    approve_minutes(revision, by=actor_of(cast.secretary), now=AFTER, approval=APPROVAL)
    return MinutesRevision.objects.select_related("minutes").get(pk=revision.pk)


def test_silence_until_the_date_counts_as_confirmation(cast: Cast, revision: MinutesRevision) -> None:
    answer(revision, by=actor_of(cast.skt_liaison), now=SOON, kind="confirmed")
    done = approved(cast, revision)
    kinds = {row.organisation.code: row.kind for row in done.confirmations.all()}
    assert kinds == {"SKT": "confirmed", "KT": "deemed", "LGU": "deemed"}
    assert (done.minutes.state, done.approver, done.route) == ("approved", "통신정책관 ○○○", "delegated")
    assert len(done.sha256) == 64


def test_decisions_come_into_force_with_the_next_numbers_and_what_follows_is_to_be_done(
    cast: Cast, revision: MinutesRevision
) -> None:
    decision = Decision.objects.get()
    assert (decision.number, decision.in_force_at) == (None, None)
    waiting = ActionItem.objects.filter(decision=decision)
    assert {action.state for action in waiting} == {"draft"}
    assert not Notice.objects.filter(kind="action_assigned").exists()
    approved(cast, revision)
    decision.refresh_from_db()
    assert decision.reference == "2027-1"
    assert {(action.owner.code, action.state) for action in waiting.all()} == {(code, "open") for code in CARRIERS}
    assert Notice.objects.filter(kind="action_assigned").exists()
    assert Notice.objects.filter(kind="minutes_approved", recipient=cast.kt_ceo.person).exists()


def test_before_the_date_it_waits_for_those_who_can_still_answer(cast: Cast, revision: MinutesRevision) -> None:
    answer(revision, by=actor_of(cast.skt_liaison), now=SOON, kind="confirmed")
    early = Approval(approver="○○○", route="approval", on=SOON.date())
    with pytest.raises(NotAllowedNow, match="KT"):
        approve_minutes(revision, by=actor_of(cast.secretary), now=SOON, approval=early)
    for user in (cast.kt_liaison, cast.lgu_liaison):
        answer(revision, by=actor_of(user), now=SOON, kind="confirmed")
    approve_minutes(revision, by=actor_of(cast.secretary), now=SOON, approval=early)
    assert {row.kind for row in revision.confirmations.all()} == {"confirmed"}


def test_a_comment_without_an_answer_is_in_the_way_and_an_objection_that_was_answered_is_not(
    cast: Cast, revision: MinutesRevision
) -> None:
    answer(revision, by=actor_of(cast.skt_liaison), now=SOON, kind="objected", text="다르게")
    with pytest.raises(NotAllowedNow):
        approved(cast, revision)
    reply(revision.comments.get(), by=actor_of(cast.secretary), now=SOON, accept=False, text="녹취와 다름")
    assert approved(cast, revision).confirmations.get(organisation__code="SKT").kind == "objected"


def test_it_names_what_the_law_asks_for_and_is_empty_in_what_was_sent_round(cast: Cast) -> None:
    """Not in what the register says by now: that is not what is approved."""
    meeting = a_meeting_in_session(cast)
    written_minutes(cast, meeting)
    close_meeting(Meeting.objects.get(pk=meeting.pk), by=actor_of(cast.secretary), now=HELD)
    guest = meeting.participations.filter(capacity="observer")[0]
    record_attendance(guest, by=actor_of(cast.secretary), attendance="")
    revision = minutes_of(meeting).revisions.get()
    circulate(
        revision, by=actor_of(cast.secretary), now=SENT, organisations=organisations("SKT"), until=UNTIL, quiet=True
    )
    guest.refresh_from_db()
    record_attendance(guest, by=actor_of(cast.secretary), attendance="present")
    with pytest.raises(NotComplete) as refused:
        approved(cast, revision)
    assert [each.field.value for each in refused.value.missing] == ["in_attendance"]
    assert not MinutesRevision.objects.approved().exists()
    assert {row.kind for row in revision.confirmations.all()} == {""}


@pytest.mark.parametrize(
    "other",
    [{"approver": " "}, {"route": "by post"}, {"on": date(2027, 5, 19)}, {"on": date(2027, 6, 3)}],
    ids=["nobody", "no route", "before the meeting", "tomorrow"],
)
def test_an_approval_says_who_how_and_when(cast: Cast, revision: MinutesRevision, other: dict[str, Any]) -> None:
    whole: dict[str, Any] = {"approver": "○○○", "route": "approval", "on": date(2027, 6, 2)}
    said = Approval(**(whole | other))
    with pytest.raises(MinutesRefused):
        approve_minutes(revision, by=actor_of(cast.secretary), now=AFTER, approval=said)


def test_it_is_approved_once(cast: Cast, revision: MinutesRevision) -> None:
    approved(cast, revision)
    with pytest.raises(SomebodyWasFaster):
        approve_minutes(revision, by=actor_of(cast.secretary), now=AFTER, approval=APPROVAL)
    assert Decision.objects.get().number == 1


def test_the_registration_number_is_entered_once_and_for_an_approved_version(
    cast: Cast, revision: MinutesRevision
) -> None:
    by = actor_of(cast.secretary)
    with pytest.raises(NotAllowedNow):
        register_number(revision, by=by, number="통신정책과-1")
    done = approved(cast, revision)
    register_number(done, by=by, number=" 통신정책과-1 ")
    with pytest.raises(NotAllowedNow):
        register_number(done, by=by, number="통신정책과-2")
    done.refresh_from_db()
    assert done.registration_number == "통신정책과-1"


def test_one_objects_it_is_amended_confirmed_by_three_and_approved(cast: Cast, revision: MinutesRevision) -> None:
    """The journey of the record: what was sent round first stays readable, and the decision reads as amended."""
    secretary = actor_of(cast.secretary)
    made = comment(
        revision, by=actor_of(cast.kt_liaison), now=SOON, text="결정 문구 수정", section=sections(revision)[0]
    )
    answer(revision, by=actor_of(cast.kt_liaison), now=SOON, kind="objected")
    reply(made, by=secretary, now=SOON, accept=True)
    new = next_version(revision.minutes, by=secretary, because="KT 의견 반영")
    first = change_decision(
        Decision.objects.get(), by=secretary, wording=Wording(kind="decision", text="분기마다 합의한다.")
    )
    again = SOON + timedelta(hours=1)
    new = MinutesRevision.objects.get(pk=new.pk)
    circulate(new, by=secretary, now=again, organisations=organisations(*CARRIERS), until=UNTIL, quiet=True)
    for user in (cast.skt_liaison, cast.kt_liaison, cast.lgu_liaison):
        answer(new, by=actor_of(user), now=again + timedelta(hours=1), kind="confirmed")
    done = approved(cast, new)
    assert done.number == 2
    assert sections(done)[0].decision == "분기마다 합의한다."
    assert sections(revision)[0].decision == "합의한다."
    assert [one.text for one in Decision.objects.standing()] == ["분기마다 합의한다."]
    assert (first.pk, Decision.objects.get(pk=first.pk).number) == (Decision.objects.standing().get().pk, 1)
    # What follows from it went over to the wording that came into force.
    assert {action.state for action in first.actions.all()} == {"open"}
    assert first.actions.count() == 3


def test_what_is_in_force_is_amended_by_a_new_version_only(cast: Cast, revision: MinutesRevision) -> None:
    secretary, done = actor_of(cast.secretary), approved(cast, revision)
    old = Decision.objects.get()
    with pytest.raises(DomainError):
        change_decision(old, by=secretary, wording=Wording(kind="decision", text="다르게"))
    with pytest.raises(DomainError):
        withdraw_decision(old, by=secretary, reason="착오")
    with pytest.raises(MinutesRefused):
        next_version(done.minutes, by=secretary, because=" ")
    new = next_version(done.minutes, by=secretary, because="오기 정정")
    changed = change_decision(old, by=secretary, wording=Wording(kind="decision", text="다르게"))
    assert changed.in_force_at is None
    assert Decision.objects.standing().filter(pk=old.pk).exists()  # until the amendment is approved
    new = MinutesRevision.objects.get(pk=new.pk)
    circulate(
        new, by=secretary, now=AFTER, organisations=organisations("SKT"), until=AFTER + timedelta(days=5), quiet=True
    )
    later = AFTER + timedelta(days=6)
    approve_minutes(new, by=secretary, now=later, approval=Approval(approver="○○○", route="approval", on=later.date()))
    assert [(one.text, one.number) for one in Decision.objects.standing()] == [("다르게", 2)]
    assert MinutesRevision.objects.approved().count() == 2


DOORS: dict[str, Callable[[MinutesRevision], Any]] = {
    "a raw save of the version": lambda revision: revision.save(),
    "a raw save of a part": lambda revision: sections(revision)[0].save(),
    "a raw save of a remark": lambda revision: Remark.objects.filter(section__revision=revision)[0].save(),
    "deleting the version": lambda revision: revision.delete(),
    "deleting a part": lambda revision: sections(revision)[0].delete(),
    "an operation": lambda revision: save_part(sections(revision)[0], by=TESTER, part=Part(gist="다르게"), seen=0),
}


@pytest.mark.parametrize("door", DOORS)
def test_what_others_have_read_is_not_changed_through_any_door(revision: MinutesRevision, door: str) -> None:
    with pytest.raises(Frozen), transaction.atomic():
        DOORS[door](revision)


STATEMENTS = {
    "the text of the version": lambda: MinutesRevision.objects.update(summary="다르게"),
    "its approval": lambda: MinutesRevision.objects.update(approver="다른 사람"),
    "a part": lambda: MinutesSection.objects.update(gist="다르게"),
    "the remarks": lambda: Remark.objects.update(text="다르게"),
    "a remark that is gone": lambda: Remark.objects.all().delete(),
    "a remark more": lambda: Remark.objects.bulk_create(
        [
            Remark(section=one.section, speaker=one.speaker, position=9, text="끼워 넣기")
            for one in Remark.objects.all()[:1]
        ]
    ),
    "a decision": lambda: Decision.objects.update(text="다르게"),
    "a decision that is taken back": lambda: Decision.objects.update(withdrawn_because="취소"),
    "a part that is moved in": lambda: _moved_in(),
    "a decision's number": lambda: Decision.objects.update(number=77),
    "an answer": lambda: Confirmation.objects.update(kind="objected"),
    "an answer that is taken away": lambda: Confirmation.objects.all()._raw_delete(using="default"),
}


def _moved_in() -> None:
    """A part of the version that is written next, made one of the approved version."""
    approved_one = MinutesRevision.objects.get()
    next_version(approved_one.minutes, by=TESTER, because="w")
    MinutesSection.objects.exclude(revision=approved_one).update(revision=approved_one)


@pytest.mark.parametrize("what", STATEMENTS)
def test_the_database_refuses_it_by_itself(cast: Cast, revision: MinutesRevision, what: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("there the models alone refuse; see the migration")
    approved(cast, revision)
    with pytest.raises(DatabaseError, match=r"stays|is not deleted|is written down once"), transaction.atomic():
        STATEMENTS[what]()


@pytest.mark.parametrize("table", NOT_EMPTIED)
def test_the_database_refuses_to_empty_the_record(cast: Cast, revision: MinutesRevision, table: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite knows no TRUNCATE")
    approved(cast, revision)
    connection.check_constraints()  # what waits for the end of the transaction would refuse it, too
    with (
        pytest.raises(IntegrityError, match=r"is not emptied|was handed in or answered stays"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"TRUNCATE {table} CASCADE")


def test_a_version_that_is_being_written_can_be_changed_all_the_time(cast: Cast, revision: MinutesRevision) -> None:
    """So it is the state that refuses elsewhere."""
    new = next_version(revision.minutes, by=actor_of(cast.secretary), because="수정")
    section = sections(new)[0]
    assert save_part(section, by=actor_of(cast.secretary), part=Part(gist="다르게"), seen=0) == 1
    fill_head(cast, new, summary="새 요지")
    a_decision(cast, section.agenda_item, text="또 하나")


def test_what_was_accepted_is_in_the_version_that_is_approved(cast: Cast, revision: MinutesRevision) -> None:
    made = comment(revision, by=actor_of(cast.kt_liaison), now=SENT, text="다르게")
    reply(made, by=actor_of(cast.secretary), now=SENT, accept=True)
    with pytest.raises(NotAllowedNow, match="다음 판"):
        approved(cast, revision)
    again = next_version(revision.minutes, by=actor_of(cast.secretary), because="KT 의견 반영")
    circulate(again, by=actor_of(cast.secretary), now=SENT, organisations=organisations(*CARRIERS), until=UNTIL)
    approved(cast, again)
    assert MinutesRevision.objects.get(pk=again.pk).approved_at == AFTER


def test_a_vote_of_more_than_were_there_after_all_is_not_circulated(cast: Cast) -> None:
    meeting = a_meeting_in_session(cast)
    written_minutes(cast, meeting)
    section = MinutesSection.objects.order_by("pk")[0]
    there = meeting.participations.asked().filter(capacity="member", attendance__in=["present", "by_proxy"])
    votes: dict[str, Any] = {"vote": "held", "voters": there.count(), "votes_for": there.count(), "votes_against": 0}
    part = Part(gist="표결", **votes, votes_abstained=0)
    save_part(section, by=actor_of(cast.secretary), part=part, seen=section.version)
    record_attendance(there[0], by=actor_of(cast.secretary), attendance="absent", reason="병가")
    with pytest.raises(MinutesRefused, match="참석"):
        circulated_minutes(cast, meeting=meeting)
