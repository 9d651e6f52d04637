"""What leaves the council: the carriers are asked first, and what is withheld rests on a ground."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from council.access.roles import standing
from council.access.visibility import visible_to
from council.core.errors import DomainError, NotAllowedNow, SomebodyWasFaster
from council.core.labels import GroundMissing
from council.core.models import AuditEntry
from council.mail.models import Notice
from council.minutes.models import Frozen, Minutes, MinutesRevision, Opinion, Publication, Redaction
from council.minutes.operations.approval import Approval, register_number
from council.minutes.operations.circulation import circulate
from council.minutes.operations.decisions import need_no_action
from council.minutes.operations.publication import (
    PublicationRefused,
    Words,
    all_passages,
    answer,
    ask,
    concerned,
    decide,
    draft_text,
    earliest_day,
    prepare_public_version,
    publish,
    rewrite,
    show_again,
    withdraw,
    withhold,
)
from council.minutes.operations.writing import next_version
from council.minutes.passages import own_lines
from council.overview.day_after import drafted
from council.parties.models import Organisation
from council.workflows.approve_minutes import approve_minutes
from council.workflows.close_meeting import close_meeting
from tests.access.rows import who_sees
from tests.factories import TODAY, Cast, actor_of
from tests.factories.founding import clock
from tests.minutes.held import AFTER, HELD, a_decision, a_meeting_in_session, items_of, organisations, written_minutes
from tests.minutes.published import (
    ANNEX,
    ANSWERS_UNTIL,
    ASKED,
    LATER,
    OPEN,
    SECRET,
    a_public_version,
    approved_minutes,
    asked_about,
    place_of,
    withheld,
)

__all__ = ["clock"]
pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("clock")]
THE_SECRETARIAT = {"secretary"}


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("recipient__email", flat=True))


def test_a_public_version_is_made_of_what_was_approved_and_registered(cast: Cast) -> None:
    revision = approved_minutes(cast, number="")
    with pytest.raises(NotAllowedNow):
        prepare_public_version(revision, by=actor_of(cast.secretary))
    register_number(revision, by=actor_of(cast.secretary), number="과-77")
    publication = prepare_public_version(revision, by=actor_of(cast.secretary))
    assert (publication.number, publication.state) == (1, "draft")
    with pytest.raises(NotAllowedNow, match="이미 작성 중"):
        prepare_public_version(revision, by=actor_of(cast.secretary))
    assert who_sees(cast, publication) == THE_SECRETARIAT


def test_annexes_are_no_passages_of_it(cast: Cast) -> None:
    publication = a_public_version(cast)
    texts = [one.text for one in all_passages(publication)]
    assert (OPEN in texts, SECRET in texts, ANNEX in " ".join(texts)) == (True, True, False)
    owners = {one.text: Organisation.objects.get(pk=one.organisation_id).code for one in all_passages(publication)}
    assert (owners[SECRET], owners["합의한다."]) == ("KT", "MSIT")


@pytest.mark.parametrize(
    ("lacking", "field"), [({"grounds": []}, "grounds"), ({"grounds": [4]}, "grounds"), ({"reason": " "}, "reason")]
)
def test_nothing_is_withheld_without_a_ground(cast: Cast, lacking: dict[str, Any], field: str) -> None:
    publication = prepare_public_version(approved_minutes(cast), by=actor_of(cast.secretary))
    values: dict[str, Any] = {"grounds": [7], "reason": "r", "review_on": AFTER.date() + timedelta(days=9)} | lacking
    with pytest.raises(GroundMissing) as refusal:
        withhold(
            publication,
            by=actor_of(cast.secretary),
            today=AFTER.date(),
            places=[place_of(publication, SECRET)],
            **values,
        )
    assert (refusal.value.field, Redaction.objects.count()) == (field, 0)


def test_whose_words_it_uses_is_asked_first_and_reads_its_own_alone(cast: Cast) -> None:
    publication = a_public_version(cast)
    with pytest.raises(NotAllowedNow, match="먼저 의견을 조회"):
        publish(publication, by=actor_of(cast.secretary), now=ASKED)
    assert {one.code for one in concerned(publication)} == {"SKT", "KT", "LGU"}
    with pytest.raises(PublicationRefused, match="KT"):
        ask(
            publication,
            by=actor_of(cast.secretary),
            now=ASKED,
            organisations=organisations("SKT", "LGU"),
            until=ANSWERS_UNTIL,
        )
    asked_about(cast, publication)
    assert told("publication_asked") >= {cast.kt_liaison.email, cast.skt_liaison.email, cast.lgu_liaison.email}
    redaction = Redaction.objects.get()
    assert who_sees(cast, redaction) == {"secretary", "kt_liaison", "kt_ceo", "kt_ciso"}
    assert who_sees(cast, Opinion.objects.get(organisation__code="SKT")) == {
        "secretary", "skt_liaison", "skt_ceo", "skt_ciso",
    }  # fmt: skip
    assert "observer" not in who_sees(cast, publication)


def test_the_law_leaves_three_days_to_object(cast: Cast) -> None:
    publication = a_public_version(cast)
    with pytest.raises(PublicationRefused) as refusal:
        asked_about(cast, publication, until=ASKED + timedelta(days=3))
    assert refusal.value.field == "until"
    asked_about(cast, publication, until=ASKED + timedelta(days=3, minutes=1))


def test_silence_until_the_date_counts_as_no_objection(cast: Cast) -> None:
    publication = asked_about(cast, a_public_version(cast))
    answer(publication, by=actor_of(cast.kt_liaison), now=ASKED, kind="agreed")
    with pytest.raises(NotAllowedNow, match="LG유플러스"):
        publish(publication, by=actor_of(cast.secretary), now=ANSWERS_UNTIL)
    publish(publication, by=actor_of(cast.secretary), now=LATER)
    minutes = Minutes.objects.get()
    assert (publication.state, minutes.state, len(publication.sha256)) == ("published", "published", 64)
    assert MinutesRevision.objects.get().published_at == LATER
    assert {"skt_liaison", "kt_ceo", "chair", "observer"} <= who_sees(cast, publication)
    assert not {"former_liaison", "nobody"} & who_sees(cast, publication)
    with pytest.raises(SomebodyWasFaster):
        publish(publication, by=actor_of(cast.secretary), now=LATER)


def test_an_objection_is_decided_on_and_nobody_is_overruled_within_thirty_days(cast: Cast) -> None:
    publication = asked_about(cast, a_public_version(cast))
    answer(publication, by=actor_of(cast.kt_liaison), now=ASKED, kind="opposed", text="이 문장도 비공개 요청")
    assert told("publication_answered") == {cast.secretary.email}
    with pytest.raises(NotAllowedNow, match="처리하지 않은"):
        publish(publication, by=actor_of(cast.secretary), now=LATER)
    opinion = Opinion.objects.get(organisation__code="KT")
    with pytest.raises(PublicationRefused):
        decide(opinion, by=actor_of(cast.secretary), now=LATER, follow=False, reply=" ")
    decide(opinion, by=actor_of(cast.secretary), now=LATER, follow=False, reply="이미 공개된 내용입니다.")
    assert told("publication_decided") == {cast.kt_liaison.email}
    with pytest.raises(SomebodyWasFaster):
        decide(opinion, by=actor_of(cast.secretary), now=LATER, follow=True, reply="수용")
    first = earliest_day(publication)
    assert first == LATER.date() + timedelta(days=31)
    with pytest.raises(NotAllowedNow, match="제21조제3항"):
        publish(publication, by=actor_of(cast.secretary), now=LATER + timedelta(days=30))
    publish(publication, by=actor_of(cast.secretary), now=LATER + timedelta(days=31))


def test_what_is_followed_is_withheld_and_goes_out_at_once(cast: Cast) -> None:
    publication = asked_about(cast, a_public_version(cast))
    answer(publication, by=actor_of(cast.kt_liaison), now=ASKED, kind="opposed", text="첫 문장도")
    assert withheld(cast, publication, OPEN, grounds=(5, 7)) == 1
    decide(Opinion.objects.get(answer="opposed"), by=actor_of(cast.secretary), now=LATER, follow=True, reply="반영")
    publish(publication, by=actor_of(cast.secretary), now=LATER)
    assert publication.redactions.count() == 2


def test_once_asked_nothing_is_shown_again_and_the_next_one_begins_with_what_was_withheld(cast: Cast) -> None:
    publication = a_public_version(cast)
    assert withheld(cast, publication, "안건 1") == 1
    assert show_again(publication, by=actor_of(cast.secretary), places=[place_of(publication, "안건 1")]) == 1
    asked_about(cast, publication)
    with pytest.raises(NotAllowedNow):
        show_again(publication, by=actor_of(cast.secretary), places=[place_of(publication, SECRET)])
    withdraw(publication, by=actor_of(cast.secretary), reason="다시 작성")
    again = prepare_public_version(publication.revision, by=actor_of(cast.secretary))
    assert (again.number, [row.place for row in again.redactions.all()]) == (2, [place_of(again, SECRET)])
    assert "kt_liaison" in who_sees(cast, publication)  # it reads why
    with pytest.raises(DomainError):
        answer(publication, by=actor_of(cast.kt_liaison), now=ASKED, kind="agreed")


def test_who_was_not_asked_too_late_or_says_nothing_is_not_heard(cast: Cast) -> None:
    publication = asked_about(cast, a_public_version(cast))
    for by, values in (
        (cast.observer, {"kind": "agreed"}),
        (cast.kt_liaison, {"kind": "perhaps"}),
        (cast.kt_liaison, {"kind": "opposed", "text": " "}),
        (cast.kt_liaison, {"kind": "agreed", "now": LATER}),
        (cast.kt_liaison, {"kind": "opposed", "text": "가" * 20_001}),
    ):
        said: dict[str, Any] = {"now": ASKED} | values
        with pytest.raises(DomainError):
            answer(publication, by=actor_of(by), **said)
    assert set(Opinion.objects.values_list("answer", flat=True)) == {""}


def test_a_version_that_was_amended_meanwhile_is_not_published(cast: Cast) -> None:
    publication = asked_about(cast, a_public_version(cast))
    by = actor_of(cast.secretary)
    new = next_version(publication.revision.minutes, by=by, because="오기 정정")
    circulate(new, by=by, now=ASKED, organisations=organisations("KT"), until=ANSWERS_UNTIL, quiet=True)
    approve_minutes(new, by=by, now=LATER, approval=Approval(approver="○○○", route="approval", on=LATER.date()))
    with pytest.raises(NotAllowedNow, match="다음 판"):
        publish(publication, by=by, now=LATER)


def test_minutes_that_are_not_open_have_no_public_version(cast: Cast) -> None:
    publication = asked_about(cast, a_public_version(cast))
    closed = {"disclosure": "closed", "grounds": [5], "disclosure_reason": "r", "disclosure_review_on": TODAY}
    Minutes.objects.update(**closed)
    with pytest.raises(NotAllowedNow, match="비공개"):
        publish(publication, by=actor_of(cast.secretary), now=LATER)


# --- The day after ----------------------------------------------------------------------------------------------------


@pytest.fixture
def held(cast: Cast) -> MinutesRevision:
    """Closed a moment ago; the minutes are still being written."""
    meeting = a_meeting_in_session(cast)
    kt = Organisation.objects.get(code="KT")
    revision = written_minutes(cast, meeting)
    pledge = a_decision(
        cast, items_of(meeting)[0], "연말까지 예산을 공시한다.", kind="pledge", by_whom=kt, label="TLP:AMBER"
    )
    need_no_action(pledge, by=actor_of(cast.secretary), because="공시로 갈음")
    meeting.refresh_from_db()
    close_meeting(meeting, by=actor_of(cast.secretary), now=HELD)
    return MinutesRevision.objects.select_related("minutes__meeting__body", "minutes__convened_by").get(pk=revision.pk)


def test_on_the_day_after_a_report_is_drafted_out_of_what_everyone_may_read(cast: Cast, held: MinutesRevision) -> None:
    report = drafted(standing(actor_of(cast.secretary), on=TODAY), held, "results")
    assert "연말까지 예산을 공시한다." in report.text
    assert "점검 결과 제출" not in report.text  # between each carrier and the ministry
    assert "KT의 발언" not in report.text
    release = drafted(standing(actor_of(cast.secretary), on=TODAY), held, "press")
    assert "KT: 연말까지 예산을 공시한다." in release.text


def press(cast: Cast, held: MinutesRevision, text: str, **values: Any) -> Publication:
    words = Words(title="보도자료", text=text, **values)
    return draft_text(held, by=actor_of(cast.secretary), now=HELD, kind="press", words=words)


def test_a_release_is_shown_to_whom_it_names_and_to_each_without_the_others(cast: Cast, held: MinutesRevision) -> None:
    release = press(cast, held, "개최하였다.\n- KT는 공시한다.\n- SK텔레콤은 점검한다.")
    assert {one.code for one in concerned(release)} == {"KT", "SKT"}
    kt = Organisation.objects.get(code="KT")
    assert list(own_lines(release, kt.pk)) == ["개최하였다.", "- KT는 공시한다.", None]
    with pytest.raises(PublicationRefused, match="SK텔레콤"):
        ask(release, by=actor_of(cast.secretary), now=HELD, organisations=[kt], until=HELD + timedelta(hours=3))
    ask(
        release,
        by=actor_of(cast.secretary),
        now=HELD,
        organisations=organisations("SKT", "KT"),
        until=HELD + timedelta(hours=3),
    )
    assert "lgu_liaison" not in who_sees(cast, release)
    with pytest.raises(NotAllowedNow):
        rewrite(release, by=actor_of(cast.secretary), now=HELD, words=Words(title="다른", text="글"))


def test_what_names_nobody_goes_out_without_asking(cast: Cast, held: MinutesRevision) -> None:
    release = press(cast, held, "개최하였다.")
    assert concerned(release) == []
    publish(release, by=actor_of(cast.secretary), now=HELD)
    assert {"skt_liaison", "observer"} <= who_sees(cast, release)


def test_who_reads_it_waits_for_the_embargo(cast: Cast, held: MinutesRevision) -> None:
    release = press(cast, held, "개최하였다.", embargo=HELD + timedelta(days=9000))
    publish(release, by=actor_of(cast.secretary), now=HELD)
    assert release.embargo is not None
    assert (release.is_out(HELD), release.is_out(release.embargo)) == (False, True)
    assert who_sees(cast, release) == THE_SECRETARIAT


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"title": " ", "text": "t"}, "title"), ({"title": "t", "text": ""}, "text"),
        ({"title": "t", "text": "가" * 20_001}, "text"), ({"title": "t", "text": "t", "embargo": HELD}, "embargo"),
    ],
)  # fmt: skip
def test_a_text_without_words_is_none(cast: Cast, held: MinutesRevision, words: dict[str, Any], field: str) -> None:
    with pytest.raises(PublicationRefused) as refusal:
        draft_text(held, by=actor_of(cast.secretary), now=HELD, kind="results", words=Words(**words))
    assert (refusal.value.field, Publication.objects.count()) == (field, 0)


def test_before_the_meeting_is_closed_there_are_no_results(cast: Cast) -> None:
    revision = written_minutes(cast, a_meeting_in_session(cast))
    with pytest.raises(NotAllowedNow):
        draft_text(revision, by=actor_of(cast.secretary), now=HELD, kind="results", words=Words(title="t", text="t"))


# --- What stays -------------------------------------------------------------------------------------------------------


def test_what_was_asked_about_is_not_changed_through_any_door(cast: Cast) -> None:
    publication = asked_about(cast, a_public_version(cast))
    stored = Publication.objects.get()
    stored.title = "anders"
    with pytest.raises(Frozen):
        stored.save()
    publish(publication, by=actor_of(cast.secretary), now=LATER)
    if connection.vendor != "postgresql":
        return
    attempts = (
        lambda: Publication.objects.update(opinions_until=LATER),
        lambda: Publication.objects.update(state="draft"),
        lambda: Publication.objects.all().delete(),
        lambda: Redaction.objects.update(grounds=[5]),
        lambda: Redaction.objects.all().delete(),
        lambda: Opinion.objects.update(text="x"),
        lambda: Opinion.objects.all().delete(),
        lambda: _sql("TRUNCATE council_redaction"),
    )
    for attempt in attempts:
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    assert Redaction.objects.get().grounds == [7]


def _sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_every_step_is_written_down(cast: Cast) -> None:
    publication = asked_about(cast, a_public_version(cast))
    answer(publication, by=actor_of(cast.kt_liaison), now=ASKED, kind="agreed")
    publish(publication, by=actor_of(cast.secretary), now=LATER)
    steps = AuditEntry.objects.filter(verb__startswith="publication.").order_by("pk").values_list("verb", flat=True)
    assert list(steps) == [f"publication.{step}" for step in ("prepared", "withheld", "asked", "agreed", "published")]
    assert visible_to(actor_of(cast.kt_liaison), AuditEntry.objects.all()).count() == 0
