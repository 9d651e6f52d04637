"""Minutes grow from the agenda and the notes; two who write at once lose nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from council.core.errors import NotAllowedNow
from council.core.models import AuditEntry
from council.meetings.models import Meeting
from council.meetings.operations.participation import record_attendance
from council.minutes.models import Minutes, MinutesRevision
from council.minutes.operations.writing import (
    LONGEST,
    MinutesRefused,
    Part,
    PartChanged,
    Said,
    being_written,
    save_part,
    start_minutes,
)
from council.minutes.record import LegalField, attendance_now, missing_in, written
from tests.access.rows import an_agenda_item, an_open_meeting
from tests.factories import Cast, actor_of
from tests.factories.rows import TESTER
from tests.minutes.held import a_decision, a_meeting_in_session, fill_head, items_of, sections, speaker, written_minutes

pytestmark = pytest.mark.both_databases


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    return a_meeting_in_session(cast)


@pytest.fixture
def revision(meeting: Meeting) -> MinutesRevision:
    found = being_written(start_minutes(meeting, by=TESTER))
    assert found is not None
    return found


def test_they_begin_with_the_agenda_the_notes_the_place_and_the_hour(
    meeting: Meeting, revision: MinutesRevision
) -> None:
    assert [section.title for section in sections(revision)] == ["안건 1", "안건 2"]
    assert [section.gist for section in sections(revision)] == [f"NOTE {item.pk}" for item in items_of(meeting)]
    assert (revision.venue, revision.starts_at, revision.ends_at) == (meeting.venue, meeting.starts_at, meeting.ends_at)
    assert revision.proceedings == "10:00 1. 안건 1\n10:10 2. 안건 2"
    assert revision.title == "이동통신 3사 최고경영자(CEO) 협의체 제1차 정기회의(2027년 2분기)"
    assert revision.minutes.convened_by.code == "MSIT"


def test_they_are_begun_once_and_only_for_a_meeting_that_has_begun(meeting: Meeting) -> None:
    assert start_minutes(meeting, by=TESTER) == start_minutes(meeting, by=TESTER) == Minutes.objects.get()
    assert AuditEntry.objects.filter(verb="minutes.started").count() == 1
    ahead = an_open_meeting(quarter="2027-Q3", starts_at=meeting.starts_at.replace(month=8, day=19))
    with pytest.raises(NotAllowedNow):
        start_minutes(ahead, by=TESTER)


def test_whoever_saves_over_an_older_page_is_refused_and_told_the_version(
    meeting: Meeting, revision: MinutesRevision
) -> None:
    section = sections(revision)[0]
    said = Said(speaker=speaker(meeting, "SKT"), text="먼저 쓴 글")
    assert save_part(section, by=TESTER, part=Part(remarks=[said]), seen=0) == 1
    with pytest.raises(PartChanged) as refused:
        save_part(section, by=TESTER, part=Part(gist="나중에 쓴 글"), seen=0)
    assert refused.value.version == 1
    assert [remark.text for remark in section.remarks.all()] == ["먼저 쓴 글"]
    assert save_part(section, by=TESTER, part=Part(gist="둘을 합친 글"), seen=1) == 2
    section.refresh_from_db()
    assert (section.gist, list(section.remarks.all())) == ("둘을 합친 글", [])


def test_the_same_words_sent_twice_are_no_second_change(meeting: Meeting, revision: MinutesRevision) -> None:
    section, part = sections(revision)[0], Part(gist="같은 글", vote="none")
    assert [save_part(section, by=TESTER, part=part, seen=0) for _ in range(2)] == [1, 1]
    assert AuditEntry.objects.filter(verb="minutes.part_saved").count() == 1


def test_the_record_keeps_each_correction_with_its_words(meeting: Meeting, revision: MinutesRevision) -> None:
    section = sections(revision)[0]
    save_part(section, by=TESTER, part=Part(gist="첫 글"), seen=0)
    save_part(section, by=TESTER, part=Part(gist="고친 글"), seen=1)
    entry = AuditEntry.objects.filter(verb="minutes.part_saved").latest("pk")
    assert (entry.before["gist"], entry.after["gist"]) == ("첫 글", "고친 글")


VOTE: dict[str, Any] = {"vote": "held", "voters": 3, "votes_for": 2, "votes_against": 1, "votes_abstained": 0}


def test_a_vote_of_those_present_that_adds_up_is_kept(meeting: Meeting, revision: MinutesRevision) -> None:
    section = sections(revision)[0]
    save_part(section, by=TESTER, part=Part(**VOTE), seen=0)
    section.refresh_from_db()
    assert (section.voters, section.votes_for, section.votes_against, section.votes_abstained) == (3, 2, 1, 0)


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"voters": 4}, "voters"),
        ({"votes_for": 200, "voters": 201}, "voters"),
        ({"votes_for": None}, "voters"),
        ({"vote": "none"}, "vote"),
        ({"vote": "perhaps"}, "vote"),
    ],
)
def test_a_vote_that_does_not_add_up_is_refused_and_nothing_is_written(
    revision: MinutesRevision, other: dict[str, Any], field: str
) -> None:
    section = sections(revision)[0]
    with pytest.raises(MinutesRefused) as refused:
        save_part(section, by=TESTER, part=Part(gist="글", **(VOTE | other)), seen=0)
    section.refresh_from_db()
    assert (refused.value.field, section.version) == (field, 0)


def test_the_database_itself_refuses_a_vote_that_does_not_add_up(revision: MinutesRevision) -> None:
    section = sections(revision)[0]
    for name, value in (VOTE | {"voters": 9}).items():
        setattr(section, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        section.save()


def test_what_is_too_long_empty_or_of_a_stranger_is_refused(
    cast: Cast, meeting: Meeting, revision: MinutesRevision
) -> None:
    section = sections(revision)[0]
    elsewhere = an_open_meeting(quarter="2027-Q3", starts_at=meeting.starts_at.replace(month=8, day=19))
    for part in (
        Part(gist="가" * (LONGEST + 1)),
        Part(remarks=[Said(speaker=speaker(meeting, "SKT"), text="가" * 2_000_000)]),
        Part(remarks=[Said(speaker=speaker(meeting, "SKT"), text="  ")]),
        Part(remarks=[Said(speaker=speaker(elsewhere, "SKT"), text="글")]),
    ):
        with pytest.raises(MinutesRefused):
            save_part(section, by=TESTER, part=part, seen=0)
    section.refresh_from_db()
    assert section.version == 0


def test_nothing_decided_and_a_decision_exclude_each_other(
    cast: Cast, meeting: Meeting, revision: MinutesRevision
) -> None:
    first = sections(revision)[0]
    save_part(first, by=TESTER, part=Part(no_decision=True), seen=0)
    a_decision(cast, items_of(meeting)[0])
    first.refresh_from_db()
    assert not first.no_decision
    with pytest.raises(MinutesRefused):
        save_part(first, by=TESTER, part=Part(no_decision=True), seen=1)


def missing(revision: MinutesRevision) -> list[str]:
    fresh = MinutesRevision.objects.select_related("minutes__meeting").get(pk=revision.pk)
    found = missing_in(fresh, written(fresh), attendance_now(fresh.minutes.meeting))
    return [each.field.value for each in found]


def test_complete_minutes_lack_nothing(cast: Cast, meeting: Meeting) -> None:
    assert missing(written_minutes(cast, meeting)) == []


def test_each_of_the_ten_fields_is_missed_by_itself(cast: Cast, meeting: Meeting) -> None:
    """시행령 제18조제2항: one after the other is taken away and put back."""
    revision = written_minutes(cast, meeting)
    was = {name: getattr(revision, name) for name in ("title", "venue", "starts_at", "ends_at", "proceedings")}
    empties: dict[LegalField, dict[str, Any]] = {
        LegalField.NAME: {"title": " "},
        LegalField.PLACE: {"venue": ""},
        LegalField.WHEN: {"starts_at": None},
        LegalField.PROCEEDINGS: {"proceedings": ""},
    }
    for field, empty in empties.items():
        fill_head(cast, revision, **empty)
        assert missing(revision) == [field]
        fill_head(cast, revision, **was)
    member, guest = speaker(meeting, "KT"), meeting.participations.filter(capacity="observer").first()
    assert guest is not None
    for row, field in ((member, LegalField.ATTENDEES), (guest, LegalField.IN_ATTENDANCE)):
        record_attendance(row, by=TESTER, attendance="")
        assert missing(revision) == [field]
        row.refresh_from_db()
        record_attendance(row, by=TESTER, attendance="present")
    first = sections(revision)[0]
    said = [Said(speaker=one.speaker, text=one.text) for one in first.remarks.all()]
    version = save_part(first, by=TESTER, part=Part(vote="none"), seen=first.version)
    assert missing(revision) == [LegalField.REMARKS]
    version = save_part(first, by=TESTER, part=Part(remarks=said), seen=version)
    assert missing(revision) == [LegalField.DECISIONS]  # nobody has said whether there was a vote
    save_part(first, by=TESTER, part=Part(remarks=said, vote="none"), seen=version)
    second = sections(revision)[1]
    save_part(second, by=TESTER, part=Part(gist="글", vote="none", no_decision=False), seen=second.version)
    assert missing(revision) == [LegalField.DECISIONS]


def test_an_agenda_without_items_and_minutes_without_a_host_are_missed(cast: Cast) -> None:
    meeting = a_meeting_in_session(cast, items=0)
    revision = being_written(start_minutes(meeting, by=TESTER))
    assert revision is not None
    revision.minutes.convened_by_id = None  # type: ignore[assignment]
    found = [each.field for each in missing_in(revision, [], attendance_now(meeting))]
    assert found == [LegalField.HOST, LegalField.PROCEEDINGS, LegalField.ITEMS]


def test_who_was_in_attendance_may_be_nobody(cast: Cast, meeting: Meeting) -> None:
    revision = written_minutes(cast, meeting)
    members = [one for one in attendance_now(meeting) if one["capacity"] == "member"]
    assert missing_in(revision, written(revision), members) == []


def test_an_item_added_in_the_room_is_no_part_until_it_stands_on_the_agenda(cast: Cast, meeting: Meeting) -> None:
    proposed = an_agenda_item(meeting, state="proposed", title="제안")
    revision = being_written(start_minutes(meeting, by=actor_of(cast.secretary)))
    assert revision is not None
    assert proposed.pk not in {section.agenda_item_id for section in sections(revision)}
