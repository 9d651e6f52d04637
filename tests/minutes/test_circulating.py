"""Sent round, commented, confirmed; silence until the date blocks nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from council.core.errors import DomainError, NotAllowedNow, SomebodyWasFaster
from council.mail.models import Notice
from council.minutes.models import Confirmation, MinutesComment, MinutesRevision
from council.minutes.operations.circulation import answer, circulate, comment, reply
from council.minutes.operations.writing import MinutesRefused, next_version
from tests.factories import Cast, actor_of
from tests.factories.founding import clock
from tests.minutes.held import (
    AFTER,
    CARRIERS,
    SENT,
    UNTIL,
    a_meeting_in_session,
    circulated_minutes,
    organisations,
    sections,
    written_minutes,
)

__all__ = ["clock"]
pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("clock")]
SOON = SENT + timedelta(hours=1)


@pytest.fixture
def revision(cast: Cast) -> MinutesRevision:
    return circulated_minutes(cast)


def told(kind: str) -> set[str]:
    """The accounts of those told; of the founding facts' people some have none."""
    accounts = Notice.objects.filter(kind=kind).values_list("recipient__user__email", flat=True)
    return {account for account in accounts if account}


def test_what_was_sent_round_is_kept_with_who_was_there_and_what_was_decided(
    cast: Cast, revision: MinutesRevision
) -> None:
    assert revision.minutes.state == "circulated"
    assert {row["organisation_ko"] for row in revision.attendance} >= {"SK텔레콤", "KT", "LG유플러스"}
    assert [section.decision for section in sections(revision)] == ["합의한다.", ""]
    assert {row.organisation.code for row in revision.confirmations.all()} == set(CARRIERS)


def test_those_who_answer_for_the_asked_are_told_and_nobody_else(cast: Cast) -> None:
    circulated_minutes(cast, to=["SKT"], quiet=False)
    assert told("minutes_circulated") == {cast.skt_liaison.email, cast.skt_ceo.email}


def test_only_the_minutes_of_a_closed_meeting_are_sent_to_somebody_and_until_a_moment_ahead(cast: Cast) -> None:
    revision, by = written_minutes(cast, a_meeting_in_session(cast)), actor_of(cast.secretary)
    with pytest.raises(NotAllowedNow):
        circulate(revision, by=by, now=SENT, organisations=organisations("SKT"), until=UNTIL)
    with pytest.raises(MinutesRefused):
        circulate(revision, by=by, now=SENT, organisations=[], until=UNTIL)
    with pytest.raises(MinutesRefused):
        circulate(revision, by=by, now=SENT, organisations=organisations("SKT"), until=SENT)
    revision.refresh_from_db()
    assert revision.is_open
    assert not Confirmation.objects.exists()


def test_a_comment_is_answered_and_the_one_who_made_it_is_told(cast: Cast, revision: MinutesRevision) -> None:
    made = comment(revision, by=actor_of(cast.skt_liaison), now=SOON, text="이렇게", section=sections(revision)[0])
    assert told("minutes_answered") == {cast.secretary.email}
    reply(made, by=actor_of(cast.secretary), now=SOON, accept=False, text="녹취와 다름")
    assert (made.state, made.reply) == ("declined", "녹취와 다름")
    assert cast.skt_liaison.email in told("minutes_comment_answered")
    assert not {cast.kt_liaison.email, cast.kt_ceo.email} & told("minutes_comment_answered")
    with pytest.raises(SomebodyWasFaster):
        reply(made, by=actor_of(cast.secretary), now=SOON, accept=True)


def test_declining_takes_a_reason_and_the_same_words_are_said_once(cast: Cast, revision: MinutesRevision) -> None:
    made = comment(revision, by=actor_of(cast.skt_liaison), now=SOON, text="이렇게")
    with pytest.raises(MinutesRefused):
        reply(made, by=actor_of(cast.secretary), now=SOON, accept=False)
    with pytest.raises(MinutesRefused):
        comment(revision, by=actor_of(cast.skt_ceo), now=SOON, text=" 이렇게 ")
    assert MinutesComment.objects.count() == 1


def test_an_answer_can_be_changed_until_the_date_and_not_afterwards(cast: Cast, revision: MinutesRevision) -> None:
    liaison = actor_of(cast.kt_liaison)
    answer(revision, by=liaison, now=SOON, kind="objected", text="내용이 다름")
    answer(revision, by=liaison, now=SOON, kind="confirmed")
    row = Confirmation.objects.get(organisation__code="KT")
    assert (row.kind, row.by_id) == ("confirmed", cast.kt_liaison.pk)
    with pytest.raises(NotAllowedNow):
        answer(revision, by=liaison, now=AFTER, kind="objected", text="늦음")
    with pytest.raises(NotAllowedNow):
        comment(revision, by=liaison, now=AFTER, text="늦음")


def test_an_objection_says_to_what(cast: Cast, revision: MinutesRevision) -> None:
    liaison = actor_of(cast.kt_liaison)
    with pytest.raises(MinutesRefused):
        answer(revision, by=liaison, now=SOON, kind="objected")
    comment(revision, by=liaison, now=SOON, text="다르게")
    answer(revision, by=liaison, now=SOON, kind="objected")
    assert MinutesComment.objects.count() == 1


def test_who_was_not_asked_and_an_older_version_are_refused(cast: Cast, revision: MinutesRevision) -> None:
    with pytest.raises(NotAllowedNow):
        answer(revision, by=actor_of(cast.observer), now=SOON, kind="confirmed")
    next_version(revision.minutes, by=actor_of(cast.secretary), because="수정의견 반영")
    for attempt in (
        lambda: answer(revision, by=actor_of(cast.skt_liaison), now=SOON, kind="confirmed"),
        lambda: comment(revision, by=actor_of(cast.skt_liaison), now=SOON, text="늦음"),
    ):
        with pytest.raises(DomainError):
            attempt()


def test_the_next_version_begins_with_the_words_of_the_last(cast: Cast, revision: MinutesRevision) -> None:
    new = next_version(revision.minutes, by=actor_of(cast.secretary), because="수정의견 반영")
    assert (new.number, new.because, new.venue, new.summary) == (2, "수정의견 반영", revision.venue, revision.summary)
    old_words = [[said.text for said in part.remarks.order_by("position")] for part in sections(revision)]
    assert [[said.text for said in part.remarks.order_by("position")] for part in sections(new)] == old_words
    with pytest.raises(NotAllowedNow):
        next_version(revision.minutes, by=actor_of(cast.secretary), because="또")
