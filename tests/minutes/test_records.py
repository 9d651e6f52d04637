"""Records requests: every piece gets an outcome, whose it is is asked first, and what was answered stays."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from council.core.errors import DomainError, NotAllowedNow, SomebodyWasFaster
from council.core.labels import GroundMissing, Label
from council.core.models import AuditEntry
from council.files.models import StoredFile
from council.mail.models import Notice
from council.meetings.models import Paper
from council.minutes.models import Frozen, RecordsOpinion, RecordsPiece, RecordsRequest
from council.minutes.operations import records
from council.minutes.operations.publication import Words, draft_text, prepare_public_version
from council.minutes.operations.publishing import publish
from council.minutes.operations.records import RecordsRefused
from council.minutes.operations.records_answer import (
    answer,
    ask,
    ask_for_archive,
    close,
    decide,
    hand_over,
    reconsider,
    settle,
)
from council.minutes.queries.records import concerned, earliest_day, held_targets
from council.parties.models import Organisation, Seat
from council.workflows.gather_records import collect
from tests.access.rows import who_sees
from tests.factories import Cast, actor_of, pdf
from tests.factories.founding import clock
from tests.files import samples
from tests.minutes.published import SECRET, asked_about, withheld
from tests.minutes.requested import (
    HEARD,
    RECEIVED,
    UNTIL,
    WITHHELD,
    archived,
    asked,
    asked_for,
    keys,
    opinion_of,
    piece_of,
    records_of,
    ruled,
    settled,
)

__all__ = ["clock"]
pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("clock")]
DAY = timedelta(days=1)
# What the guards say, and not some other constraint.
GUARDED = "stays|is not deleted|is not emptied"


@pytest.fixture
def request_(cast: Cast) -> RecordsRequest:
    records_of(cast)
    return asked_for(cast)


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("recipient__email", flat=True))


def published_minutes(cast: Cast) -> None:
    """Their public version is out, with KT's secret withheld."""
    revision = records_of(cast)
    publication = prepare_public_version(revision, by=actor_of(cast.secretary))
    withheld(cast, publication, SECRET)
    asked_about(cast, publication)
    publish(publication, by=actor_of(cast.secretary), now=RECEIVED - 10 * DAY)


# --- What is asked for ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"requester": " "}, "requester"),
        ({"received_on": RECEIVED.date() + DAY}, "received_on"),
        ({"due_at": RECEIVED}, "due_at"),
        ({"to_day": date(2025, 12, 31)}, "to_day"),
        ({"from_day": date(2022, 12, 30)}, "to_day"),
        ({"from_day": date(2020, 2, 29), "to_day": date(2025, 3, 1)}, "to_day"),
        ({"note": "가" * 20_001}, "note"),
        ({"from_day": date(2027, 1, 1), "to_day": date(2027, 1, 2)}, None),
    ],
)
def test_what_cannot_be_asked_for_so_leaves_nothing_behind(
    cast: Cast, values: dict[str, Any], field: str | None
) -> None:
    records_of(cast)
    with pytest.raises(RecordsRefused) as refusal:
        asked_for(cast, **values)
    assert (refusal.value.field, RecordsRequest.objects.count()) == (field, 0)
    assert not AuditEntry.objects.filter(verb__startswith="records.").exists()


def test_it_is_the_secretariats_alone(cast: Cast, request_: RecordsRequest) -> None:
    assert who_sees(cast, request_) == {"secretary"}
    assert who_sees(cast, piece_of(request_, "paperversion")) == {"secretary"}
    ruled(cast, request_)
    asked(cast, request_)
    assert who_sees(cast, request_) == {"secretary"}


# --- What becomes of the pieces ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ruling", "field"),
    [
        ({"outcome": "lost"}, "outcome"),
        ({"outcome": "refused", "in_part": True}, "in_part"),
        ({"outcome": "refused"}, "grounds"),
        ({"outcome": "refused", "grounds": [3], "reason": "r", "review_on": date(2028, 1, 1)}, "grounds"),
        ({"outcome": "refused", "grounds": [7], "reason": " ", "review_on": date(2028, 1, 1)}, "reason"),
        ({"outcome": "shown", "in_part": True, "grounds": [7], "reason": "r"}, "review_on"),
    ],
)
def test_nothing_is_withheld_from_a_citizen_without_a_ground(cast: Cast, ruling: dict[str, Any], field: str) -> None:
    records_of(cast)
    request = asked_for(cast, "disclosure")
    with pytest.raises((RecordsRefused, GroundMissing)) as refusal:
        ruled(cast, request, **ruling)
    assert (refusal.value.field, request.pieces.exclude(outcome="").count()) == (field, 0)


def test_pieces_are_ruled_on_together_and_others_are_not_taken(cast: Cast, request_: RecordsRequest) -> None:
    other = asked_for(cast, from_day=date(2027, 5, 1))
    assert ruled(cast, request_, keys(request_, "paperversion", "evidence"), outcome="refused", **WITHHELD) == 2
    for chosen in ([], ["evidence-999999"], ["nonsense"], [*keys(request_), "evidence-999999"]):
        with pytest.raises(RecordsRefused):
            ruled(cast, request_, chosen)
    assert not other.pieces.exclude(outcome="").exists()
    ruled(cast, request_, keys(request_, "evidence"))
    piece = piece_of(request_, "evidence")
    assert (piece.outcome, piece.grounds, piece.reason, piece.review_on) == ("handed_over", [], "", None)


def test_minutes_in_part_are_their_public_version(cast: Cast, request_: RecordsRequest) -> None:
    minutes = keys(request_, "minutesrevision")
    with pytest.raises(RecordsRefused, match="공개본"):
        ruled(cast, request_, minutes, in_part=True, **WITHHELD)
    ruled(cast, request_, minutes, audience="whole")
    assert piece_of(request_, "minutesrevision").audience == "whole"


def test_a_disclosure_request_gets_no_annexes_and_the_public_version_first(cast: Cast) -> None:
    published_minutes(cast)
    request = asked_for(cast, "disclosure")
    minutes = keys(request, "minutesrevision")
    assert piece_of(request, "minutesrevision").audience == "public"
    with pytest.raises(RecordsRefused, match="붙임"):
        ruled(cast, request, minutes, audience="whole")
    with pytest.raises(RecordsRefused, match="일부"):
        ruled(cast, request, minutes)
    ruled(cast, request, minutes, in_part=True, **WITHHELD)
    assert concerned(request) == []
    ruled(cast, request, minutes, audience="common")
    # LG U+ said nothing, but came and promised something.
    assert {one.code for one in concerned(request)} == {"SKT", "KT", "LGU"}


def test_collecting_again_keeps_what_was_decided(cast: Cast, request_: RecordsRequest) -> None:
    ruled(cast, request_, outcome="refused", **WITHHELD)
    before = keys(request_)
    records_of_more = piece_of(request_, "paperversion")
    assert collect(request_, by=actor_of(cast.secretary), now=HEARD) == len(before)
    assert keys(request_) == before
    again = piece_of(request_, "paperversion")
    assert (again.outcome, again.reason, again.pk != records_of_more.pk) == ("refused", "영업비밀", True)


def test_a_part_takes_the_place_of_the_whole(cast: Cast, request_: RecordsRequest) -> None:
    ruled(cast, request_)
    key, by = keys(request_, "paperversion")[0], actor_of(cast.secretary)
    with pytest.raises(NotAllowedNow):
        records.hand_in_part(request_, by=by, key=key, upload=pdf("part.pdf", samples.PDF))
    ruled(cast, request_, [key], in_part=True, **WITHHELD)
    with pytest.raises(RecordsRefused):
        records.hand_in_part(request_, by=by, key=key, upload=None)
    with pytest.raises(NotAllowedNow, match="붙"):
        asked(cast, request_)
    records.hand_in_part(request_, by=by, key=key, upload=pdf("part.pdf", samples.PDF))
    asked(cast, request_)
    part = piece_of(request_, "paperversion").part
    assert part is not None
    assert who_sees(cast, part) == {"secretary", "kt_liaison", "kt_ceo"}
    settled(cast, request_)


def test_the_part_that_was_asked_about_gives_way_to_another_only_for_an_objection(
    cast: Cast, request_: RecordsRequest
) -> None:
    ruled(cast, request_)
    key, by = keys(request_, "paperversion")[0], actor_of(cast.secretary)
    ruled(cast, request_, [key], in_part=True, **WITHHELD)
    records.hand_in_part(request_, by=by, key=key, upload=pdf("part.pdf", samples.PDF))
    asked(cast, request_)
    first = piece_of(request_, "paperversion").part
    assert first is not None
    opinion = opinion_of(request_, "KT")
    answer(opinion, by=actor_of(cast.kt_liaison), now=RECEIVED, kind="agreed")
    with pytest.raises(NotAllowedNow, match="다른"):
        records.hand_in_part(request_, by=by, key=key, upload=pdf("all.pdf", samples.PDF))
    assert piece_of(request_, "paperversion").part == first
    answer(opinion, by=actor_of(cast.kt_liaison), now=RECEIVED, kind="opposed", text="3쪽도 제외 요청")
    records.hand_in_part(request_, by=by, key=key, upload=pdf("less.pdf", samples.PDF))
    assert piece_of(request_, "paperversion").part != first
    decide(opinion, by=by, now=HEARD, follow=True, reply="3쪽 제외")
    with pytest.raises(NotAllowedNow, match="다른"):
        records.hand_in_part(request_, by=by, key=key, upload=pdf("all.pdf", samples.PDF))


# --- Asking whose they are --------------------------------------------------------------------------------------------


def test_whose_pieces_they_are_is_asked_and_sees_its_own_alone(cast: Cast, request_: RecordsRequest) -> None:
    with pytest.raises(NotAllowedNow, match="정하지 않은"):
        asked(cast, request_)
    ruled(cast, request_)
    with pytest.raises(RecordsRefused) as refusal:
        asked(cast, request_, until=RECEIVED + 3 * DAY)
    assert refusal.value.field == "until"
    with pytest.raises(NotAllowedNow, match="먼저"):
        settled(cast, request_)
    asked(cast, request_)
    # LG U+ owes an action item, too.
    assert {row.organisation.code for row in RecordsOpinion.objects.all()} == {"SKT", "KT", "LGU"}
    assert told("records_asked") >= {cast.kt_liaison.email, cast.skt_liaison.email}
    kt = {"secretary", "kt_liaison", "kt_ceo", "kt_ciso"}
    assert who_sees(cast, opinion_of(request_, "KT")) == kt
    # A piece like what it is about: the paper is not for the working group's.
    assert who_sees(cast, piece_of(request_, "paperversion")) == {"secretary", "kt_liaison", "kt_ceo"}
    assert who_sees(cast, piece_of(request_, "evidence")) == {"secretary", "skt_liaison", "skt_ceo", "skt_ciso"}
    council = {"secretary", "kt_liaison", "kt_ceo", "skt_liaison", "skt_ceo", "lgu_liaison"}
    assert who_sees(cast, piece_of(request_, "minutesrevision")) == council
    assert who_sees(cast, piece_of(request_, "agendasnapshot")) == {"secretary"}


def test_nobody_is_asked_about_what_stays(cast: Cast, request_: RecordsRequest) -> None:
    ruled(cast, request_, outcome="refused", **WITHHELD)
    with pytest.raises(NotAllowedNow, match="의견을 들을"):
        asked(cast, request_)
    settled(cast, request_)
    assert request_.state == "decided"


def test_silence_counts_and_who_can_still_answer_is_waited_for(cast: Cast, request_: RecordsRequest) -> None:
    ruled(cast, request_)
    asked(cast, request_)
    answer(opinion_of(request_, "KT"), by=actor_of(cast.kt_liaison), now=RECEIVED, kind="agreed")
    with pytest.raises(NotAllowedNow, match="SK텔레콤"):
        settled(cast, request_, now=UNTIL)
    with pytest.raises(NotAllowedNow, match="먼저"):
        hand_over(request_, by=actor_of(cast.secretary), now=UNTIL, to="의원실", how="인편")
    settled(cast, request_)
    with pytest.raises(SomebodyWasFaster):
        settle(request_, by=actor_of(cast.secretary), now=HEARD)


def test_once_asked_they_are_given_less_and_never_more(cast: Cast, request_: RecordsRequest) -> None:
    ruled(cast, request_, outcome="shown")
    ruled(cast, request_, keys(request_, "evidence"), outcome="refused", **WITHHELD)
    asked(cast, request_)
    for chosen, ruling in (
        (keys(request_, "evidence"), {"outcome": "shown"}),
        (keys(request_, "paperversion"), {"outcome": "handed_over"}),
        (keys(request_, "minutesrevision"), {"outcome": "shown", "audience": "whole"}),
    ):
        with pytest.raises(RecordsRefused, match="조회"):
            ruled(cast, request_, chosen, **ruling)
    ruled(cast, request_, keys(request_, "agendasnapshot"), outcome="handed_over")
    ruled(cast, request_, keys(request_, "paperversion"), outcome="refused", **WITHHELD)


def test_what_is_handed_over_in_part_is_not_shown_as_a_whole_once_asked(cast: Cast, request_: RecordsRequest) -> None:
    ruled(cast, request_)
    (key,) = keys(request_, "paperversion")
    ruled(cast, request_, [key], in_part=True, **WITHHELD)
    records.hand_in_part(request_, by=actor_of(cast.secretary), key=key, upload=pdf("part.pdf", samples.PDF))
    asked(cast, request_)
    with pytest.raises(RecordsRefused, match="조회"):
        ruled(cast, request_, [key], outcome="shown")
    ruled(cast, request_, [key], outcome="shown", in_part=True, **WITHHELD)
    # What was pressed by mistake is undone: it is what they were told.
    ruled(cast, request_, [key], in_part=True, **WITHHELD)


def test_what_would_need_another_to_be_asked_is_not_given_once_asked(cast: Cast, request_: RecordsRequest) -> None:
    ruled(cast, request_, outcome="refused", **WITHHELD)
    ruled(cast, request_, keys(request_, "paperversion"))
    asked(cast, request_)
    assert [row.organisation.code for row in request_.opinions.all()] == ["KT"]
    with pytest.raises(NotAllowedNow, match="SK텔레콤"):
        ruled(cast, request_, keys(request_, "evidence"))
    assert piece_of(request_, "evidence").outcome == "refused"


def test_an_objection_is_followed_in_deed(cast: Cast) -> None:
    records_of(cast)
    request = asked_for(cast, "disclosure")
    ruled(cast, request)
    asked(cast, request)
    opinion, by = opinion_of(request, "KT"), actor_of(cast.secretary)
    answer(opinion, by=actor_of(cast.kt_liaison), now=RECEIVED + DAY, kind="opposed", text="비공개 요청")
    ruled(cast, request, keys(request, "evidence"), outcome="refused", **WITHHELD)  # of SKT
    with pytest.raises(NotAllowedNow, match="줄"):
        decide(opinion, by=by, now=HEARD, follow=True, reply="수용")
    ruled(cast, request, keys(request, "paperversion"), outcome="refused", **WITHHELD)
    decide(opinion, by=by, now=HEARD, follow=True, reply="수용")
    assert (opinion.followed, earliest_day(request)) == (True, None)
    with pytest.raises(RecordsRefused, match="조회"):  # what was followed stays so
        ruled(cast, request, keys(request, "paperversion"))


def test_two_who_object_to_the_same_are_both_followed(cast: Cast) -> None:
    records_of(cast)
    request = asked_for(cast, "disclosure")
    ruled(cast, request)
    asked(cast, request)
    by, minutes = actor_of(cast.secretary), keys(request, "minutesrevision")
    for user in (cast.kt_liaison, cast.skt_liaison):
        code = user.person.organisation.code if user.person else ""
        answer(opinion_of(request, code), by=actor_of(user), now=RECEIVED, kind="opposed", text="비공개 요청")
    ruled(cast, request, minutes, outcome="refused", **WITHHELD)
    for code in ("KT", "SKT"):
        decide(opinion_of(request, code), by=by, now=HEARD, follow=True, reply="수용")
    assert earliest_day(request) is None


def test_a_part_that_was_asked_about_is_not_exchanged_by_a_detour(cast: Cast, request_: RecordsRequest) -> None:
    ruled(cast, request_)
    (key,) = keys(request_, "paperversion")
    ruled(cast, request_, [key], in_part=True, **WITHHELD)
    by = actor_of(cast.secretary)
    records.hand_in_part(request_, by=by, key=key, upload=pdf("part.pdf", samples.PDF))
    asked(cast, request_)
    ruled(cast, request_, [key], outcome="shown", in_part=True, **WITHHELD)
    ruled(cast, request_, [key], in_part=True, **WITHHELD)
    with pytest.raises(NotAllowedNow, match="다른"):
        records.hand_in_part(request_, by=by, key=key, upload=pdf("all.pdf", samples.PDF))


def test_whoever_has_nobody_to_answer_is_asked_on_paper(cast: Cast, request_: RecordsRequest) -> None:
    Seat.objects.filter(person__organisation__code="LGU").delete()
    ruled(cast, request_)
    with pytest.raises(RecordsRefused, match="LG유플러스") as refusal:
        asked(cast, request_)
    assert refusal.value.field == "on_paper"
    ask(request_, by=actor_of(cast.secretary), now=RECEIVED, until=UNTIL, on_paper="네트워크정책과-9(2027. 7. 1.)")
    request_.refresh_from_db()
    assert request_.asked_on_paper == "네트워크정책과-9(2027. 7. 1.)"
    assert {row.organisation.code for row in request_.opinions.all()} == {"SKT", "KT", "LGU"}


def test_what_is_for_named_readers_alone_is_asked_about_on_paper(cast: Cast) -> None:
    records_of(cast)
    Paper.objects.update(label=Label.RED)
    request = asked_for(cast)
    ruled(cast, request)
    with pytest.raises(RecordsRefused, match="KT"):
        asked(cast, request)
    ask(request, by=actor_of(cast.secretary), now=RECEIVED, until=UNTIL, on_paper="대면")
    assert who_sees(cast, piece_of(request, "paperversion")) == {"secretary"}


def test_parliament_is_refused_by_its_own_law_and_a_citizen_by_theirs(cast: Cast, request_: RecordsRequest) -> None:
    with pytest.raises(RecordsRefused) as refusal:
        ruled(cast, request_, outcome="refused", grounds=[7], review_on=WITHHELD["review_on"])
    assert refusal.value.field == "reason"
    ruled(cast, request_, outcome="refused", reason="국회에서의 증언·감정 등에 관한 법률 제4조제1항")
    piece = piece_of(request_, "paperversion")
    assert (piece.grounds, piece.review_on) == ([], None)
    citizen = asked_for(cast, "disclosure")
    with pytest.raises(GroundMissing):
        ruled(cast, citizen, outcome="refused", reason="영업비밀")


def test_what_cannot_be_read_any_more_is_not_handed_over(cast: Cast, request_: RecordsRequest) -> None:
    ruled(cast, request_)
    asked(cast, request_)
    archived(cast, request_)
    assert request_.archive is not None
    request_.archive.file.storage.delete(str(request_.archive.file))
    with pytest.raises(NotAllowedNow, match="다시"):
        hand_over(request_, by=actor_of(cast.secretary), now=HEARD, to="의원실", how="인편")
    request_.refresh_from_db()
    assert (request_.state, request_.answered_at) == ("decided", None)
    archived(cast, request_)
    hand_over(request_, by=actor_of(cast.secretary), now=HEARD, to="의원실", how="인편")


def test_the_same_request_is_entered_once(cast: Cast, request_: RecordsRequest) -> None:
    with pytest.raises(RecordsRefused, match="이미"):
        asked_for(cast)
    close(request_, by=actor_of(cast.secretary), reason="취하")
    assert asked_for(cast).pk != request_.pk


def test_nobody_has_time_beyond_the_day_of_the_answer(cast: Cast) -> None:
    records_of(cast)
    request = asked_for(cast, due_at=UNTIL - DAY)
    ruled(cast, request)
    with pytest.raises(RecordsRefused) as refusal:
        asked(cast, request)
    assert refusal.value.field == "until"


def test_what_is_under_embargo_is_not_handed_over_before(cast: Cast) -> None:
    revision = records_of(cast)
    words = Words(title="보도자료", text="과기정통부는 협의체를 개최하였다.", embargo=HEARD + 2 * DAY)
    release = draft_text(revision, by=actor_of(cast.secretary), now=RECEIVED, kind="press", words=words)
    publish(release, by=actor_of(cast.secretary), now=RECEIVED)
    request = asked_for(cast)
    ruled(cast, request, outcome="refused", reason="법률 제4조")
    ruled(cast, request, keys(request, "publication"))
    archived(cast, request)
    for_them: dict[str, Any] = {"by": actor_of(cast.secretary), "to": "의원실", "how": "인편"}
    with pytest.raises(NotAllowedNow, match="보도자료"):
        hand_over(request, now=HEARD + DAY, **for_them)
    hand_over(request, now=HEARD + 2 * DAY, **for_them)


def test_an_objection_is_decided_on(cast: Cast, request_: RecordsRequest) -> None:
    ruled(cast, request_)
    asked(cast, request_)
    opinion = opinion_of(request_, "KT")
    answer(opinion, by=actor_of(cast.kt_liaison), now=RECEIVED, kind="opposed", text="회의자료 비공개 요청")
    assert told("records_answered") == {cast.secretary.email}
    with pytest.raises(NotAllowedNow, match="처리하지 않은"):
        settled(cast, request_)
    with pytest.raises(RecordsRefused):
        decide(opinion, by=actor_of(cast.secretary), now=HEARD, follow=False, reply=" ")
    decide(opinion, by=actor_of(cast.secretary), now=HEARD, follow=False, reply="법률에 따른 요구")
    assert told("records_decided") == {cast.kt_liaison.email}
    with pytest.raises(SomebodyWasFaster):
        decide(opinion, by=actor_of(cast.secretary), now=HEARD, follow=True, reply="수용")
    settled(cast, request_)
    assert earliest_day(request_) is None  # parliament has its own law


def test_on_a_disclosure_request_nobody_is_overruled_within_thirty_days(cast: Cast) -> None:
    records_of(cast)
    request = asked_for(cast, "disclosure")
    ruled(cast, request)
    asked(cast, request)
    opinion = opinion_of(request, "KT")
    answer(opinion, by=actor_of(cast.kt_liaison), now=RECEIVED, kind="opposed", text="비공개")
    decide(opinion, by=actor_of(cast.secretary), now=HEARD, follow=False, reply="이미 공개됨")
    archived(cast, request)
    assert earliest_day(request) == HEARD.date() + 31 * DAY
    with pytest.raises(NotAllowedNow, match="제21조제3항"):
        hand_over(request, by=actor_of(cast.secretary), now=HEARD + 30 * DAY, to="청구인", how="전자우편")
    hand_over(request, by=actor_of(cast.secretary), now=HEARD + 31 * DAY, to="청구인", how="전자우편")
    assert request.state == "answered"


def test_who_was_not_asked_too_late_or_says_nothing_is_not_heard(cast: Cast, request_: RecordsRequest) -> None:
    ruled(cast, request_)
    asked(cast, request_)
    opinion = opinion_of(request_, "KT")
    for by, values in (
        (cast.skt_liaison, {"kind": "agreed"}),
        (cast.kt_liaison, {"kind": "perhaps"}),
        (cast.kt_liaison, {"kind": "opposed", "text": " "}),
        (cast.kt_liaison, {"kind": "agreed", "now": HEARD}),
    ):
        said: dict[str, Any] = {"now": RECEIVED} | values
        with pytest.raises(DomainError):
            answer(opinion, by=actor_of(by), **said)
    assert set(RecordsOpinion.objects.values_list("answer", flat=True)) == {""}


# --- Answering --------------------------------------------------------------------------------------------------------


def test_it_is_answered_once_and_stays(cast: Cast, request_: RecordsRequest) -> None:
    ruled(cast, request_)
    ruled(cast, request_, keys(request_, "evidence"), outcome="refused", **WITHHELD)
    asked(cast, request_)
    by = actor_of(cast.secretary)
    with pytest.raises(NotAllowedNow):
        ask_for_archive(request_, by=by)
    archived(cast, request_)
    for lacking in ({"to": " ", "how": "인편"}, {"to": "의원실", "how": ""}):
        with pytest.raises(RecordsRefused):
            hand_over(request_, by=by, now=HEARD, **lacking)
    hand_over(request_, by=by, now=HEARD, to="의원실", how="인편")
    assert (request_.state, request_.answered_at, len(request_.sha256)) == ("answered", HEARD, 64)
    with pytest.raises(SomebodyWasFaster):
        hand_over(request_, by=by, now=HEARD, to="의원실", how="인편")
    for attempt in (
        lambda: close(request_, by=by, reason="r"),
        lambda: reconsider(request_, by=by, reason="r"),
        lambda: ask_for_archive(request_, by=by),
        lambda: ruled(cast, request_),
        lambda: collect(request_, by=by, now=HEARD),
        lambda: RecordsRequest.objects.get().save(),
        lambda: RecordsPiece.objects.all()[0].save(),
    ):
        with pytest.raises((DomainError, Frozen)):
            attempt()
    records.hold(request_, by=by, reason="소송")
    assert request_.legal_hold


@pytest.mark.skipif(connection.vendor != "postgresql", reason="The guards are PostgreSQL's.")
def test_what_was_answered_is_not_changed_through_any_door(cast: Cast, request_: RecordsRequest) -> None:
    ruled(cast, request_)
    asked(cast, request_)
    attempts: list[Any] = [
        lambda: RecordsRequest.objects.update(opinions_until=HEARD),
        lambda: RecordsRequest.objects.update(requester="anders"),
        lambda: RecordsPiece.objects.all().delete(),
        lambda: RecordsOpinion.objects.all().delete(),
        lambda: RecordsRequest.objects.all()._raw_delete(using="default"),
        lambda: RecordsPiece.concerns.through.objects.all().delete(),
        lambda: _sql("TRUNCATE council_recordspiece CASCADE"),
        lambda: _sql("TRUNCATE council_recordspiece_concerns"),
    ]
    _each_refused(attempts)
    archived(cast, request_)
    _each_refused([lambda: RecordsPiece.objects.update(outcome="shown", path="", sha256="")])
    hand_over(request_, by=actor_of(cast.secretary), now=HEARD, to="의원실", how="인편")
    attempts += [
        lambda: RecordsRequest.objects.update(state="decided", answered_at=None, handed_to="", handed_how=""),
        lambda: RecordsRequest.objects.update(note="x"),
        lambda: RecordsPiece.objects.update(path="y"),
        lambda: RecordsOpinion.objects.update(text="anders"),
        lambda: StoredFile.objects.filter(archive_of=request_).update(sha256="0" * 64),
        lambda: RecordsOpinion.objects.create(request=request_, organisation=Organisation.objects.get(code="KISA")),
    ]
    _each_refused(attempts)


def _each_refused(attempts: list[Any]) -> None:
    connection.check_constraints()  # what waits for the end of the transaction would refuse to empty a table, too
    for attempt in attempts:
        with pytest.raises(DatabaseError, match=GUARDED), transaction.atomic():
            attempt()


def _sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_what_was_decided_can_be_taken_back_and_the_archive_goes(cast: Cast, request_: RecordsRequest) -> None:
    ruled(cast, request_)
    asked(cast, request_)
    archived(cast, request_)
    with pytest.raises(RecordsRefused):
        reconsider(request_, by=actor_of(cast.secretary), reason=" ")
    reconsider(request_, by=actor_of(cast.secretary), reason="누락")
    assert (request_.state, request_.archive, request_.sha256, request_.stage) == ("asked", None, "", "")
    assert not request_.pieces.exclude(path="").exists()
    ruled(cast, request_, keys(request_, "evidence"), outcome="refused", **WITHHELD)
    archived(cast, request_)


def test_it_can_be_closed_without_an_answer(cast: Cast, request_: RecordsRequest) -> None:
    with pytest.raises(RecordsRefused):
        close(request_, by=actor_of(cast.secretary), reason=" ")
    close(request_, by=actor_of(cast.secretary), reason="요구 철회")
    assert (request_.state, request_.closed_because) == ("closed", "요구 철회")
    with pytest.raises(SomebodyWasFaster):
        close(request_, by=actor_of(cast.secretary), reason="again")


def test_a_legal_hold_has_a_reason_and_is_known_to_whoever_would_destroy(cast: Cast, request_: RecordsRequest) -> None:
    by = actor_of(cast.secretary)
    assert held_targets() == set()
    with pytest.raises(RecordsRefused):
        records.hold(request_, by=by, reason=" ")
    records.hold(request_, by=by, reason="소송 계속 중")
    with pytest.raises(NotAllowedNow):
        records.hold(request_, by=by, reason="again")
    paper = piece_of(request_, "paperversion")
    assert ("paperversion", paper.target_id) in held_targets()
    records.lift_hold(request_, by=by, reason="소송 종결")
    assert (held_targets(), request_.hold_reason) == (set(), "")
    with pytest.raises(NotAllowedNow):
        records.lift_hold(request_, by=by, reason="again")


def test_every_step_is_written_down(cast: Cast, request_: RecordsRequest) -> None:
    ruled(cast, request_)
    asked(cast, request_)
    answer(opinion_of(request_, "KT"), by=actor_of(cast.kt_liaison), now=RECEIVED, kind="agreed")
    archived(cast, request_)
    hand_over(request_, by=actor_of(cast.secretary), now=HEARD, to="의원실", how="인편")
    steps = AuditEntry.objects.filter(verb__startswith="records.").order_by("pk")
    assert [entry.verb.removeprefix("records.") for entry in steps] == [
        "opened", "collected", "ruled", "asked", "agreed", "settled", "archive_asked", "archive_made", "handed_over",
    ]  # fmt: skip
    assert request_.sha256 in steps.latest("pk").reason
