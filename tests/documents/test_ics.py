"""Calendar entries, read back by two parsers that know nothing of each other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from council.core.calendar import SEOUL
from council.documents.ics import Answer, Event, Party, cancellation, invitation, published

OFFICE = Party(name="과학기술정보통신부 간사", email="office@ministry.example")
LIAISON = Party(name="담당자 ○○○", email="liaison@carrier.example")
MEETING = Event(
    uid="8d1f6e0c-meeting@council.example",
    sequence=0,
    stamp=datetime(2026, 11, 2, 0, 30, tzinfo=UTC),
    starts_at=datetime(2026, 11, 24, 1, 0, tzinfo=UTC),
    ends_at=datetime(2026, 11, 24, 3, 0, tzinfo=UTC),
    summary="제3차 정기회의(2026년 4분기)",
    location="한국과학기술단체총연합회, 서울; 12층",
    description="안건 1\n안건 2",
    url="https://council.example/meetings/3",
)
INJECTION = "x\r\nATTENDEE:mailto:evil@x"
ENDS_OF_LINES = ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]
# What a person can write: tabs and ends of lines, but no other control characters, which no calendar may hold.
texts = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\ufeff")
    | st.sampled_from("\n\t\\;,:\"'nN가 "),
    max_size=200,
)
anything = st.text(st.characters() | st.sampled_from("".join(ENDS_OF_LINES) + '\0\x1b\ud800;:,"\\^='), max_size=60)

Reader = Callable[[bytes], dict[str, Any]]


def by_vobject(data: bytes) -> dict[str, Any]:
    """The only entry of a calendar."""
    (entry,) = vobject.readOne(data.decode(), validate=True).vevent_list
    return {name.upper(): line.value for name, (line,) in entry.contents.items()}


def by_icalendar(data: bytes) -> dict[str, Any]:
    """The only entry of a calendar."""
    (entry,) = icalendar.Calendar.from_ical(data).events
    assert entry.errors == []
    return {name: getattr(value, "dt", value) for name, value in entry.items()}


both = pytest.mark.parametrize("read", [by_vobject, by_icalendar])


def lines(data: bytes) -> list[str]:
    """The unfolded lines as they stand (RFC 5545, 3.1)."""
    return data.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def names(data: bytes) -> list[str]:
    return [re.split("[;:]", line)[0] for line in lines(data)]


def invited(event: Event = MEETING, *, organizer: Party = OFFICE, attendee: Party = LIAISON) -> bytes:
    return invitation(event, organizer=organizer, attendee=attendee)


@both
def test_an_invitation_says_what_the_meeting_is(read: Reader) -> None:
    entry = read(invited())
    assert entry["UID"] == MEETING.uid
    assert entry["SUMMARY"] == MEETING.summary
    assert entry["LOCATION"] == MEETING.location
    assert entry["DESCRIPTION"] == MEETING.description
    assert entry["URL"] == MEETING.url
    assert (entry["DTSTAMP"], entry["LAST-MODIFIED"]) == (MEETING.stamp, MEETING.stamp)
    assert (entry["STATUS"], entry["CLASS"]) == ("CONFIRMED", "PRIVATE")


def test_an_invitation_names_its_recipient_as_the_only_attendee() -> None:
    data = invited()
    address = "mailto:liaison@carrier.example"
    assert [line for line in lines(data) if line.startswith(("METHOD", "ATTENDEE", "ORGANIZER", "PRODID"))] == [
        "PRODID:-//Council//Meeting calendar//EN",
        "METHOD:REQUEST",
        'ATTENDEE;CN="담당자 ○○○";CUTYPE=INDIVIDUAL;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;RSVP=TRUE:' + address,
        'ORGANIZER;CN="과학기술정보통신부 간사":mailto:office@ministry.example',
    ]
    (attendee,) = vobject.readOne(data.decode()).vevent.attendee_list
    assert (attendee.value, attendee.params["CN"]) == ("mailto:liaison@carrier.example", ["담당자 ○○○"])


@pytest.mark.parametrize(
    ("answer", "partstat"),
    [
        (Answer.NEEDS_ACTION, "NEEDS-ACTION"),
        (Answer.ACCEPTED, "ACCEPTED"),
        (Answer.DECLINED, "DECLINED"),
        (Answer.TENTATIVE, "TENTATIVE"),
    ],
)
def test_the_answer_on_record_goes_with_the_invitation(answer: Answer, partstat: str) -> None:
    data = invitation(MEETING, organizer=OFFICE, attendee=LIAISON, answer=answer)
    assert by_icalendar(data)["ATTENDEE"].params["PARTSTAT"] == partstat
    assert vobject.readOne(data.decode()).vevent.attendee.params["PARTSTAT"] == [partstat]


@both
def test_a_meeting_that_is_called_moved_and_cancelled_is_one_entry(read: Reader) -> None:
    moved = replace(MEETING, sequence=1, starts_at=MEETING.starts_at + timedelta(days=1), ends_at=None)
    called_off = replace(moved, sequence=2, stamp=MEETING.stamp + timedelta(days=3))
    letters = [invited(), invited(moved), cancellation(called_off, organizer=OFFICE, attendee=LIAISON)]
    entries = [read(data) for data in letters]
    assert [icalendar.Calendar.from_ical(data)["METHOD"] for data in letters] == ["REQUEST", "REQUEST", "CANCEL"]
    assert {entry["UID"] for entry in entries} == {MEETING.uid}
    assert [int(entry["SEQUENCE"]) for entry in entries] == [0, 1, 2]
    assert [entry["STATUS"] for entry in entries] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert [entry["DTSTART"] for entry in entries] == [MEETING.starts_at, moved.starts_at, moved.starts_at]
    assert ["DTEND" in entry for entry in entries] == [True, False, False]
    assert entries[2]["DTSTAMP"] == called_off.stamp


def test_a_cancellation_asks_for_no_answer() -> None:
    (line,) = (
        line for line in lines(cancellation(MEETING, organizer=OFFICE, attendee=LIAISON)) if line.startswith("ATTENDEE")
    )
    assert line == 'ATTENDEE;CN="담당자 ○○○";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT:mailto:liaison@carrier.example'


def test_nobody_is_invited_to_a_cancelled_meeting() -> None:
    with pytest.raises(ValueError, match="cancelled"):
        invited(replace(MEETING, cancelled=True))


def test_a_feed_keeps_what_is_cancelled_and_knows_entries_of_a_day() -> None:
    cancelled = replace(MEETING, uid="two", cancelled=True, tentative=True)
    day = replace(MEETING, uid="three", ends_at=None, day_only=True, tentative=True, confidential=False)
    data = published([MEETING, cancelled, day], name="이동통신 3사, 협의체")
    read = vobject.readOne(data.decode(), validate=True)
    assert [entry.uid.value for entry in read.vevent_list] == [MEETING.uid, "two", "three"]
    assert [entry.status.value for entry in read.vevent_list] == ["CONFIRMED", "CANCELLED", "TENTATIVE"]
    assert [entry.contents["class"][0].value for entry in read.vevent_list] == ["PRIVATE", "PRIVATE", "PUBLIC"]
    assert (read.vevent_list[2].dtstart.value, read.vevent_list[2].dtend.value) == (
        date(2026, 11, 24),
        date(2026, 11, 25),
    )
    again = icalendar.Calendar.from_ical(data)
    assert [entry["STATUS"] for entry in again.events] == ["CONFIRMED", "CANCELLED", "TENTATIVE"]
    assert [type(entry.start) for entry in again.events] == [datetime, datetime, date]
    assert "DTSTART;VALUE=DATE:20261124" in lines(data)
    assert {"ATTENDEE", "ORGANIZER"} & set(names(data)) == set()


def test_a_feed_has_a_name_and_is_fetched_again_each_hour() -> None:
    data = published([MEETING], name="이동통신 3사, 협의체")
    assert lines(data)[:10] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Council//Meeting calendar//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "NAME:이동통신 3사\\, 협의체",
        "X-WR-CALNAME:이동통신 3사\\, 협의체",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "BEGIN:VTIMEZONE",
    ]
    assert vobject.readOne(data.decode()).contents["x-wr-calname"][0].value == "이동통신 3사, 협의체"
    assert icalendar.Calendar.from_ical(data).refresh_interval == timedelta(hours=1)


def test_an_empty_feed_is_a_calendar_with_nothing_in_it() -> None:
    data = published([], name="협의체")
    assert icalendar.Calendar.from_ical(data).events == []
    assert "vevent" not in vobject.readOne(data.decode(), validate=True).contents
    assert names(data)[-3:] == ["END", "END", "END"]


@both
def test_a_moment_is_written_as_the_clock_in_seoul_shows_it(read: Reader) -> None:
    late = replace(MEETING, starts_at=datetime(2026, 11, 23, 15, 0, tzinfo=UTC))
    assert "DTSTART;TZID=Asia/Seoul:20261124T000000" in lines(invited(late))
    assert "DTEND;TZID=Asia/Seoul:20261124T120000" in lines(invited(late))
    assert "DTSTAMP:20261102T003000Z" in lines(invited(late))
    assert read(invited(late))["DTSTART"] == late.starts_at
    assert read(invited(late))["DTSTART"].utcoffset() == timedelta(hours=9)
    assert invited(late) == invited(replace(late, starts_at=late.starts_at.astimezone(SEOUL)))


def test_the_day_of_an_entry_is_the_one_in_seoul() -> None:
    event = replace(MEETING, starts_at=datetime(2026, 11, 23, 15, 0, tzinfo=UTC), day_only=True)
    assert by_vobject(invited(event))["DTSTART"] == date(2026, 11, 24)
    assert by_icalendar(invited(event))["DTEND"] == date(2026, 11, 25)  # the first day after it


@pytest.mark.parametrize("field", ["stamp", "starts_at", "ends_at"])
def test_a_moment_without_a_time_zone_is_refused(field: str) -> None:
    naive = {field: datetime(2026, 11, 24, 10, 0)}  # noqa: DTZ001
    with pytest.raises(ValueError, match="aware"):
        replace(MEETING, **naive)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "data",
    [
        invited(),
        cancellation(MEETING, organizer=OFFICE, attendee=LIAISON),
        published([], name="협의체"),
        published([MEETING, replace(MEETING, uid="two"), replace(MEETING, uid="three", day_only=True)], name="협의체"),
    ],
    ids=["request", "cancel", "empty", "several"],
)
def test_the_time_zone_is_there_once_before_the_entries_and_is_the_one_they_name(data: bytes) -> None:
    written = lines(data)
    assert written.count("BEGIN:VTIMEZONE") == 1
    assert [line for line in written if line.startswith("TZID:")] == ["TZID:Asia/Seoul"]
    assert {match for line in written for match in re.findall(r";TZID=([^:;]+)", line)} <= {"Asia/Seoul"}
    assert "BEGIN:VEVENT" not in written[: written.index("END:VTIMEZONE")]
    assert {line for line in written if line.startswith("TZOFFSET")} == {"TZOFFSETFROM:+0900", "TZOFFSETTO:+0900"}
    assert icalendar.Calendar.from_ical(data).get_missing_tzids() == set()


@pytest.mark.parametrize("field", ["uid", "summary", "location", "description", "url"])
@pytest.mark.parametrize("end_of_line", ENDS_OF_LINES)
def test_no_text_makes_a_property(field: str, end_of_line: str) -> None:
    text = INJECTION.replace("\r\n", end_of_line)
    for times in (1, 5):
        data = invited(replace(MEETING, **{field: text * times}))  # type: ignore[arg-type]
        assert names(data) == names(invited())
        assert data.decode().splitlines() == data.decode().removesuffix("\r\n").split("\r\n")
        assert by_vobject(data)["ATTENDEE"] == "mailto:liaison@carrier.example"
        assert by_icalendar(data)["ATTENDEE"] == "mailto:liaison@carrier.example"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("김, 철수", "김, 철수"),
        ("a;ROLE=CHAIR", "a;ROLE=CHAIR"),
        ("a:mailto:evil@x", "a:mailto:evil@x"),
        ('"a":mailto:evil@x', "'a':mailto:evil@x"),
        ("a\\", "a/"),
        (INJECTION, "x ATTENDEE:mailto:evil@x"),
    ],
)
def test_a_name_stays_a_name(name: str, shown: str) -> None:
    data = invited(organizer=Party(name=name, email="o@x.example"), attendee=Party(name=name, email="a@x.example"))
    assert names(data) == names(invited())
    vevent = vobject.readOne(data.decode()).vevent
    entry = by_icalendar(data)
    for line, value, address in (
        (vevent.organizer, entry["ORGANIZER"], "mailto:o@x.example"),
        (vevent.attendee, entry["ATTENDEE"], "mailto:a@x.example"),
    ):
        assert (line.value, line.params["CN"]) == (address, [shown])
        assert (value, value.params["CN"]) == (address, shown)
    assert vevent.attendee.params["ROLE"] == [entry["ATTENDEE"].params["ROLE"]] == ["REQ-PARTICIPANT"]


def test_who_has_no_name_is_an_address() -> None:
    data = invited(attendee=Party(name=" ", email="a@x.example"))
    assert "CN" not in by_icalendar(data)["ATTENDEE"].params


@pytest.mark.parametrize(
    ("email", "address"),
    [
        ("first.last+council@x.example", "first.last+council@x.example"),
        ("o'brien_1@x.example", "o'brien_1@x.example"),
        ('"a;b:c@d"@x.example', "%22a%3Bb%3Ac%40d%22@x.example"),
        ("a%0d?b=c&d@x.example", "a%250d%3Fb%3Dc%26d@x.example"),
        ("a\r\nATTENDEE:mailto:evil@x", "a%20ATTENDEE%3Amailto%3Aevil@x"),
        ("담당@예시.한국", "%EB%8B%B4%EB%8B%B9@%EC%98%88%EC%8B%9C.%ED%95%9C%EA%B5%AD"),
    ],
)
def test_an_address_stays_an_address(email: str, address: str) -> None:
    data = invited(organizer=Party(name="o", email=email), attendee=Party(name="a", email=email))
    assert names(data) == names(invited())
    for entry in (by_vobject(data), by_icalendar(data)):
        assert (entry["ORGANIZER"], entry["ATTENDEE"]) == (f"mailto:{address}", f"mailto:{address}")


@given(anything)
def test_nothing_that_can_be_typed_adds_or_ends_a_line(text: str) -> None:
    event = replace(MEETING, uid=f"u{text}", summary=text, location=f"l{text}", description=f"d{text}", url=f"u{text}")
    party = Party(name=f"n{text}", email=f"{text}@x.example")
    for data in (invited(event, organizer=party, attendee=party), published([event], name=text)):
        expected = names(invited()) if b"METHOD:REQUEST" in data else names(published([MEETING], name="n"))
        assert names(data) == expected
        assert data.decode().splitlines() == data.decode().removesuffix("\r\n").split("\r\n")
        assert {char for char in data.decode() if unicodedata.category(char) == "Cc"} <= set("\r\n\t")
        assert max(len(line) for line in data.split(b"\r\n")) <= 75


@given(texts, texts, texts)
def test_any_text_is_read_as_it_was_written(summary: str, location: str, description: str) -> None:
    data = invited(replace(MEETING, summary=summary, location=location, description=description))
    for entry in (by_vobject(data), by_icalendar(data)):
        read = (entry["SUMMARY"], entry.get("LOCATION", ""), entry.get("DESCRIPTION", ""))
        assert read == (summary, location, description)


@pytest.mark.parametrize("text", ["C:\\New\\now", "\\N", "\\n", "a\\\\,b\\;", 'a "b"', "끝\\"])
def test_a_backslash_that_was_typed_stays_one(text: str) -> None:
    data = invited(replace(MEETING, description=text))
    assert by_vobject(data)["DESCRIPTION"] == by_icalendar(data)["DESCRIPTION"] == text


def test_control_characters_and_the_mark_of_utf_8_are_left_out_and_all_ends_of_lines_are_one() -> None:
    text = "\ufeffa\0b\x1bc\x7fd\ud800e\tf\r\ng\u2028h\x85i"
    data = invited(replace(MEETING, description=text))
    assert by_vobject(data)["DESCRIPTION"] == by_icalendar(data)["DESCRIPTION"] == "abcde\tf\ng\nh\ni"


def test_long_korean_lines_are_folded_between_characters() -> None:
    for shift in range(4):
        title = "a" * shift + "이동통신 3사 최고경영자 협의체, " * 20
        data = invited(replace(MEETING, summary=title), attendee=Party(name="가" * 90, email="a" * 90 + "@x.example"))
        folded = data.removesuffix(b"\r\n").split(b"\r\n")
        assert max(len(line) for line in folded) <= 75
        assert "".join(line.decode() for line in folded)  # a character cut in two would not decode
        assert sum(line.startswith(b" ") for line in folded) > 15
        assert by_vobject(data)["SUMMARY"] == by_icalendar(data)["SUMMARY"] == title


def test_the_same_entry_gives_the_same_bytes() -> None:
    assert invited() == invited(replace(MEETING))
    assert published(iter([MEETING]), name="협의체") == published([MEETING], name="협의체")
    assert invited() != invited(replace(MEETING, sequence=1))


def test_what_is_not_known_is_not_written() -> None:
    data = invited(replace(MEETING, summary="", location="", description="", url="", ends_at=None))
    assert set(names(invited())) - set(names(data)) == {"LOCATION", "DESCRIPTION", "URL", "DTEND"}
    assert "SUMMARY:" in lines(data)  # which RFC 5546 wants even when it is empty
