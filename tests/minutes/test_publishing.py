"""What leaves the council: the carriers are asked first, and what is withheld rests on a ground."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from time_machine import Traveller

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
    draft_text,
    prepare_public_version,
    rewrite,
    show_again,
    withdraw,
    withhold,
)
from council.minutes.operations.publishing import answer, ask, decide, publish
from council.minutes.operations.writing import Part, Said, next_version, save_part
from council.minutes.queries.publications import (
    all_passages,
    concerned,
    earliest_day,
    not_withheld_again,
    passages_of,
)
from council.overview.day_after import drafted
from council.overview.publication import own_lines, publication_document
from council.parties.models import Organisation, Seat
from council.workflows.approve_minutes import approve_minutes
from council.workflows.close_meeting import close_meeting
from tests.access.rows import who_sees
from tests.factories import TODAY, Cast, actor_of
from tests.factories.founding import clock
from tests.minutes.held import (
    AFTER,
    HELD,
    a_decision,
    a_meeting_in_session,
    circulated_minutes,
    items_of,
    organisations,
    sections,
    speaker,
    written_minutes,
)
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


def test_what_is_hidden_of_a_line_is_hidden_of_those_under_it(cast: Cast) -> None:
    """SKT learns neither from the title nor from a line below what KT promised."""
    held_open = approved_minutes(cast)
    lines = (
        "개최하였다.",
        "- KT는 투자한다.",
        "  - 장비는 한 회사의 것이다.",
        "- SK텔레콤과 KT가 협력한다.",
        "- 다음은 하반기다.",
    )
    text = "\n".join(lines)
    words = Words(title="KT 100억 투자", text=text)
    release = draft_text(held_open, by=actor_of(cast.secretary), now=AFTER, kind="press", words=words)
    skt = Organisation.objects.get(code="SKT")
    assert list(own_lines(release, skt.pk)) == [
        None, "개최하였다.", None, "- SK텔레콤과 KT가 협력한다.", "- 다음은 하반기다.",
    ]  # fmt: skip
    assert None not in list(own_lines(release, None))


def test_what_goes_on_about_another_is_hidden_with_it(cast: Cast) -> None:
    """However it is bulleted, until a blank line."""
    of_kt = ("KT: 해킹 사고 보고", "○ 유출 12,345건", "  · 서버 27대")
    lines = (*of_kt, "", "공통 사항", "SK텔레콤: 점검 완료", "이상 없음")
    words = Words(title="결과 보고", text="\n".join(lines))
    report = draft_text(approved_minutes(cast), by=actor_of(cast.secretary), now=AFTER, kind="results", words=words)
    skt = Organisation.objects.get(code="SKT")
    assert list(own_lines(report, skt.pk)) == [
        "결과 보고", None, "공통 사항", "SK텔레콤: 점검 완료", "이상 없음",
    ]  # fmt: skip


def test_a_blank_line_does_not_part_a_heading_from_what_stands_under_it(cast: Cast) -> None:
    lines = ("KT 사고 경과", "", "- 고객 120만 명", "- KT는 조사한다.", "이 회사의 서버", "", "다음 회의")
    words = Words(title="결과 보고", text="\n".join(lines))
    report = draft_text(approved_minutes(cast), by=actor_of(cast.secretary), now=AFTER, kind="results", words=words)
    skt = Organisation.objects.get(code="SKT")
    assert [line for line in own_lines(report, skt.pk) if line] == ["결과 보고", "다음 회의"]


def test_a_name_that_is_withheld_is_in_no_text_on_the_meeting(cast: Cast) -> None:
    publication = a_public_version(cast)
    revision, who = publication.revision, standing(actor_of(cast.secretary), on=TODAY)
    name = revision.minutes.meeting.name
    assert name in drafted(who, revision, "results").title
    withheld(cast, publication, revision.title)
    for kind in ("press", "results"):
        made = drafted(who, revision, kind)
        assert name not in f"{made.title}\n{made.text}"
        assert made.text.strip()
    words = Words(title="보도자료", text="개최하였다.")
    release = draft_text(revision, by=actor_of(cast.secretary), now=AFTER, kind="press", words=words)
    assert name not in str(publication_document(release, made_at=AFTER).facts)


def test_a_draft_leaves_out_what_the_public_version_withholds(cast: Cast) -> None:
    publication = a_public_version(cast)
    revision, who = publication.revision, standing(actor_of(cast.secretary), on=TODAY)
    assert "합의한다." in drafted(who, revision, "press").text
    withheld(cast, publication, "합의한다.")
    for kind in ("press", "results"):
        assert "합의한다." not in drafted(who, revision, kind).text


def test_what_was_withheld_and_is_worded_differently_is_pointed_at(cast: Cast) -> None:
    by, publication = actor_of(cast.secretary), asked_about(cast, a_public_version(cast))
    publish(publication, by=by, now=LATER)
    new = next_version(publication.revision.minutes, by=by, because="자구 수정")
    second = sections(new)[1]
    said = [Said(speaker=speaker(new.minutes.meeting, "KT"), text=f"{OPEN}\n{SECRET}를 고친 말")]
    save_part(second, by=by, part=Part(remarks=said, vote="none", no_decision=True), seen=second.version)
    circulate(new, by=by, now=LATER, organisations=organisations("KT"), until=LATER + timedelta(days=1))
    end = LATER + timedelta(days=2)
    approve_minutes(new, by=by, now=end, approval=Approval(approver="○○○", route="approval", on=end.date()))
    register_number(new, by=by, number="과-78")
    again = prepare_public_version(new, by=by)
    assert [one.text for one in not_withheld_again(again)] == [SECRET]


def test_of_an_embargo_those_asked_are_told_once_it_is_over(cast: Cast, held: MinutesRevision) -> None:
    until = HELD + timedelta(days=2)
    release = press(cast, held, "KT는 공시한다.", embargo=until)
    by = actor_of(cast.secretary)
    ask(release, by=by, now=HELD, organisations=organisations("KT"), until=HELD + timedelta(hours=3))
    answer(release, by=actor_of(cast.kt_liaison), now=HELD, kind="agreed")
    publish(release, by=by, now=HELD + timedelta(hours=4))
    days = set(Notice.objects.filter(kind="publication_published").values_list("on", flat=True))
    assert days == {until.date() + timedelta(days=1)}


def test_a_text_to_which_an_objection_is_followed_is_written_anew(cast: Cast) -> None:
    by, revision = actor_of(cast.secretary), approved_minutes(cast)
    words = Words(title="보도자료", text="KT는 투자한다.")
    release = draft_text(revision, by=by, now=AFTER, kind="press", words=words)
    ask(release, by=by, now=AFTER, organisations=organisations("KT"), until=AFTER + timedelta(hours=2))
    answer(release, by=actor_of(cast.kt_liaison), now=AFTER, kind="opposed", text="빼 주십시오.")
    decide(Opinion.objects.get(), by=by, now=AFTER, follow=True, reply="빼겠습니다.")
    with pytest.raises(NotAllowedNow, match="새로 작성"):
        publish(release, by=by, now=LATER)
    withdraw(release, by=by, reason="의견 반영")
    again = draft_text(revision, by=by, now=AFTER, kind="press", words=Words(title="보도자료", text="투자한다."))
    publish(again, by=by, now=LATER)
    assert (again.label_once_out, again.number) == ("TLP:CLEAR", 2)


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
    assert who_sees(cast, redaction) == {"secretary", "kt_liaison", "kt_ceo"}
    assert who_sees(cast, Opinion.objects.get(organisation__code="SKT")) == {
        "secretary", "skt_liaison", "skt_ceo",
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
    assert {cast.kt_liaison.email, cast.kt_ceo.email} <= told("publication_decided")
    assert not {cast.skt_liaison.email, cast.secretary.email} & told("publication_decided")
    with pytest.raises(SomebodyWasFaster):
        decide(opinion, by=actor_of(cast.secretary), now=LATER, follow=True, reply="수용")
    first = earliest_day(publication)
    assert first == LATER.date() + timedelta(days=31)
    with pytest.raises(NotAllowedNow, match="제21조제3항"):
        publish(publication, by=actor_of(cast.secretary), now=LATER + timedelta(days=30))
    publish(publication, by=actor_of(cast.secretary), now=LATER + timedelta(days=31))


def test_what_is_followed_is_withheld_first_and_goes_out_at_once(cast: Cast, clock: Traveller) -> None:
    publication = asked_about(cast, a_public_version(cast))
    answer(publication, by=actor_of(cast.kt_liaison), now=ASKED, kind="opposed", text="첫 문장도")
    opinion = Opinion.objects.get(answer="opposed")
    with pytest.raises(NotAllowedNow, match="먼저 비공개"):
        decide(opinion, by=actor_of(cast.secretary), now=LATER, follow=True, reply="반영")
    clock.move_to(LATER)
    assert withheld(cast, publication, OPEN, grounds=(5, 7)) == 1
    decide(opinion, by=actor_of(cast.secretary), now=LATER, follow=True, reply="반영")
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


def test_on_the_day_after_a_report_is_drafted_out_of_the_record(cast: Cast, held: MinutesRevision) -> None:
    report = drafted(standing(actor_of(cast.secretary), on=TODAY), held, "results")
    assert "연말까지 예산을 공시한다." in report.text
    assert report.text.count("점검 결과 제출") == 3
    words = Words(title=report.title, text=report.text)
    drafted_report = draft_text(held, by=actor_of(cast.secretary), now=HELD, kind="results", words=words)
    kt = list(own_lines(drafted_report, Organisation.objects.get(code="KT").pk))
    assert [line for line in kt if line and "점검 결과 제출" in line] == ["- KT: 점검 결과 제출 (2027. 6. 18.(금))"]
    assert "KT의 발언" not in report.text
    release = drafted(standing(actor_of(cast.secretary), on=TODAY), held, "press")
    assert "점검 결과 제출" not in release.text
    assert "KT: 연말까지 예산을 공시한다." in release.text


def press(cast: Cast, held: MinutesRevision, text: str, **values: Any) -> Publication:
    words = Words(title="보도자료", text=text, **values)
    return draft_text(held, by=actor_of(cast.secretary), now=HELD, kind="press", words=words)


def test_a_release_is_shown_to_whom_it_names_and_to_each_without_the_others(cast: Cast, held: MinutesRevision) -> None:
    release = press(cast, held, "개최하였다.\n- KT는 공시한다.\n- SK텔레콤은 점검한다.")
    assert {one.code for one in concerned(release)} == {"KT", "SKT"}
    kt = Organisation.objects.get(code="KT")
    assert list(own_lines(release, kt.pk)) == ["보도자료", "개최하였다.", "- KT는 공시한다.", None]
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


def test_what_was_asked_about_is_not_changed_by_a_model(cast: Cast) -> None:
    asked_about(cast, a_public_version(cast))
    stored = Publication.objects.get()
    stored.title = "anders"
    with pytest.raises(Frozen):
        stored.save()


REFUSED = r"stays as it is|stays with it|not deleted|not emptied"
WHILE_ASKED = (
    "UPDATE council_publication SET opinions_until = opinions_until + interval '1 day'",
    "UPDATE council_publication SET state = 'draft', asked_at = NULL, opinions_until = NULL",
    "UPDATE council_redaction SET place = 'elsewhere'",
    "UPDATE council_redaction SET organisation_id = 1",
    "DELETE FROM council_redaction",
    "DELETE FROM council_opinion",
)
ONCE_OUT = (
    *WHILE_ASKED,
    "UPDATE council_publication SET sha256 = repeat('1', 64)",
    "UPDATE council_publication SET published_at = now()",
    "UPDATE council_redaction SET grounds = '[5]'",
    "UPDATE council_opinion SET answer = 'agreed', by_id = (SELECT min(id) FROM council_user), at = now()",
    "DELETE FROM council_publication",
    "TRUNCATE council_redaction",
)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="The guards are PostgreSQL's.")
@pytest.mark.parametrize(("is_out", "statements"), [(False, WHILE_ASKED), (True, ONCE_OUT)])
def test_the_database_keeps_what_was_asked_about_and_published(
    cast: Cast, is_out: bool, statements: tuple[str, ...]
) -> None:
    publication = asked_about(cast, a_public_version(cast))
    if is_out:
        publish(publication, by=actor_of(cast.secretary), now=LATER)
    for statement in statements:
        with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
            _sql(statement)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no question about a list in JSON.")
@pytest.mark.parametrize("grounds", ["null", "{}", '"x"', "[4]", "[0]", "7"])
def test_a_ground_is_one_of_the_act(cast: Cast, grounds: str) -> None:
    a_public_version(cast)
    with pytest.raises(DatabaseError, match="redaction"), transaction.atomic():
        _sql(f"UPDATE council_redaction SET grounds = '{grounds}'")


def _sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement)


def test_every_step_is_written_down(cast: Cast) -> None:
    publication = asked_about(cast, a_public_version(cast))
    answer(publication, by=actor_of(cast.kt_liaison), now=ASKED, kind="agreed")
    publish(publication, by=actor_of(cast.secretary), now=LATER)
    steps = AuditEntry.objects.filter(verb__startswith="publication.").order_by("pk").values_list("verb", flat=True)
    assert list(steps) == [f"publication.{step}" for step in ("prepared", "withheld", "asked", "agreed", "published")]
    assert visible_to(actor_of(cast.kt_liaison), AuditEntry.objects.all()).count() == 0


# --- Whose words it is ------------------------------------------------------------------------------------------------


def test_the_same_pledge_of_two_is_each_ones_own(cast: Cast) -> None:
    meeting = a_meeting_in_session(cast)
    written_minutes(cast, meeting)
    for code in ("SKT", "KT"):
        whose = Organisation.objects.get(code=code)
        pledge = a_decision(cast, items_of(meeting)[0], "분기마다 점검한다.", kind="pledge", by_whom=whose)
        need_no_action(pledge, by=actor_of(cast.secretary), because="공시")
    revision = circulated_minutes(cast, meeting=meeting)
    decided = [one for one in passages_of(revision) if one.text == "분기마다 점검한다."]
    assert [Organisation.objects.get(pk=one.organisation_id).code for one in decided] == ["SKT", "KT"]
    assert len({one.place for one in decided}) == 2


@pytest.mark.parametrize(
    "said", ["케이티는", "ＫＴ가", "K\u200bT의", "KT가", "(kt)", "KT5G", "LG 유플러스와 KT"]
)  # fmt: skip
def test_an_organisation_is_known_by_any_of_its_names(cast: Cast, said: str) -> None:
    assert Organisation.objects.get(code="KT").is_named_in(f"회의에서 {said} 말했다.")


@pytest.mark.parametrize("said", ["SKT가", "KTX로", "AKT는", "정부서울청사에서"])
def test_what_only_looks_like_its_name_is_none(cast: Cast, held: MinutesRevision, said: str) -> None:
    assert not Organisation.objects.get(code="KT").is_named_in(f"회의에서 {said} 말했다.")
    release = press(cast, held, "정부서울청사에서 개최하였다.")
    assert concerned(release) == []


def test_what_was_marked_as_not_open_is_withheld_to_begin_with_and_bars_publishing(cast: Cast) -> None:
    revision, by = approved_minutes(cast), actor_of(cast.secretary)
    closed = {
        "disclosure": "closed",
        "grounds": [5],
        "disclosure_reason": "검토 중",
        "disclosure_review_on": "2028-01-31",
    }
    item = revision.sections.order_by("position")[0].agenda_item
    type(item).objects.filter(pk=item.pk).update(**closed)
    publication = prepare_public_version(revision, by=by)
    places = set(publication.redactions.values_list("place", flat=True))
    assert {
        one.place for one in all_passages(publication) if one.section and one.section.agenda_item_id == item.pk
    } == places
    other = revision.sections.order_by("position")[1].agenda_item
    asked_about(cast, publication)
    type(item).objects.filter(pk=other.pk).update(**closed)
    with pytest.raises(NotAllowedNow, match="비공개로 구분된"):
        publish(publication, by=by, now=LATER)


def test_the_next_version_withholds_the_same_words(cast: Cast) -> None:
    by, first = actor_of(cast.secretary), a_public_version(cast)
    withdraw(first, by=by, reason="정정")
    new = next_version(first.revision.minutes, by=by, because="오기 정정")
    circulate(new, by=by, now=ASKED, organisations=organisations("KT"), until=ANSWERS_UNTIL, quiet=True)
    approve_minutes(new, by=by, now=LATER, approval=Approval(approver="○○○", route="approval", on=LATER.date()))
    register_number(new, by=by, number="과-78")
    again = prepare_public_version(new, by=by)
    assert [row.place for row in again.redactions.all()] == [place_of(again, SECRET)]


def test_a_refusal_lasts_thirty_days_whatever_is_prepared_anew(cast: Cast) -> None:
    by, publication = actor_of(cast.secretary), asked_about(cast, a_public_version(cast))
    answer(publication, by=actor_of(cast.kt_liaison), now=ASKED, kind="opposed", text="비공개 요청")
    decide(Opinion.objects.get(answer="opposed"), by=by, now=ASKED, follow=False, reply="공익상 필요")
    withdraw(publication, by=by, reason="다시")
    again = asked_about(cast, prepare_public_version(publication.revision, by=by))
    with pytest.raises(NotAllowedNow, match="제21조제3항"):
        publish(again, by=by, now=LATER)


def test_whoever_has_nobody_to_answer_is_asked_on_paper(cast: Cast) -> None:
    by, publication = actor_of(cast.secretary), a_public_version(cast)
    Seat.objects.filter(person__organisation__code="LGU").update(ends_on=TODAY, cut_short=True)
    asked: dict[str, Any] = {"by": by, "now": ASKED, "until": ANSWERS_UNTIL}
    with pytest.raises(PublicationRefused) as refusal:
        ask(publication, organisations=organisations("SKT", "KT"), **asked)
    assert refusal.value.field == "on_paper"
    ask(publication, organisations=organisations("SKT", "KT"), on_paper="통신정책과-9(2027. 6. 3.)", **asked)
    assert (publication.asked_on_paper, publication.opinions.count()) == ("통신정책과-9(2027. 6. 3.)", 2)


def test_a_report_of_the_results_stays_inside_the_ministry(cast: Cast, held: MinutesRevision) -> None:
    words = Words(title="결과 보고", text="개최하였다.")
    report = draft_text(held, by=actor_of(cast.secretary), now=HELD, kind="results", words=words)
    publish(report, by=actor_of(cast.secretary), now=HELD)
    assert (who_sees(cast, report), report.label_once_out) == (THE_SECRETARIAT, "TLP:AMBER+STRICT")
