"""The agenda as a timetable, fixed as a version after which everything is a change, and the order under two hands."""

from __future__ import annotations

from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.db.models import QuerySet
from django.utils import translation

from council.core.errors import DomainError, NotAllowedNow
from council.core.models import AuditEntry
from council.meetings.agenda import changes_since, removed_since, timetable
from council.meetings.models import AgendaItem, AgendaSection, AgendaSnapshot, Meeting
from council.meetings.operations.agenda import (
    AgendaRefused,
    move_item,
    remove_section,
    reorder_agenda,
    save_agenda_item,
    save_section,
    withdraw_agenda_item,
)
from council.meetings.operations.fixing import fix_agenda
from council.meetings.operations.proposals import note_competition_check
from council.meetings.operations.schedule import begin_meeting, convene_meeting
from council.parties.models import Body, Organisation, User
from tests.actions.test_races import at_once
from tests.factories import a_meeting, actor_of, moment
from tests.factories.rows import TESTER

pytestmark = pytest.mark.both_databases
NOW = moment("2026-11-24 09:00")


@pytest.fixture
def meeting(council: Body, ministry: Organisation) -> Meeting:
    """From ten to half past eleven."""
    return a_meeting()


def an_item(meeting: Meeting, title: str, minutes: int = 10, section: AgendaSection | None = None) -> AgendaItem:
    owner = Organisation.objects.get(code="MSIT")
    item = AgendaItem(meeting=meeting, title=title, owner=owner, duration=minutes, section=section)
    save_agenda_item(item, by=TESTER)
    return item


def a_section(meeting: Meeting, title: str) -> AgendaSection:
    section = AgendaSection(meeting=meeting, title=title)
    save_section(section, by=TESTER)
    return section


def check(by: User) -> None:
    """Every item that nobody has looked at yet."""
    for item in AgendaItem.objects.filter(competition_checked_at=None):
        note_competition_check(item, by=actor_of(by), opinion="없음", now=NOW)


def items(meeting: Meeting) -> list[AgendaItem]:
    return list(meeting.agenda_items.select_related("section"))


def order(meeting: Meeting) -> list[str]:
    return [slot.item.title for slot in timetable(meeting, items(meeting)).slots]


def fixed(meeting: Meeting, by: User, *titles: str) -> AgendaSnapshot:
    """With these items on it."""
    for title in titles:
        an_item(meeting, title)
    check(by)
    return fix_agenda(meeting, by=actor_of(by), now=NOW)


def changed(meeting: Meeting) -> dict[str, str]:
    """What has changed since the last version, by the items' titles."""
    last = meeting.snapshots.order_by("-version").first()
    slots = timetable(meeting, items(meeting)).slots
    names = dict(meeting.agenda_items.values_list("pk", "title"))
    gone = dict.fromkeys(removed_since(last, slots), "removed")
    return {names[pk]: str(change) for pk, change in (changes_since(last, slots) | gone).items()}


def refusal(meeting: Meeting, by: User) -> str:
    before = AgendaSnapshot.objects.count(), AuditEntry.objects.count()
    with translation.override("en"):
        with pytest.raises(AgendaRefused) as error:
            fix_agenda(meeting, by=actor_of(by), now=NOW)
        said = str(error.value)
    assert (AgendaSnapshot.objects.count(), AuditEntry.objects.count()) == before
    return said


def test_items_have_their_numbers_and_times_by_section_and_what_is_in_none_comes_first(meeting: Meeting) -> None:
    second, first = a_section(meeting, "나중"), a_section(meeting, "먼저")
    for section, position in ((first, 1), (second, 2)):
        section.position = position
        save_section(section, by=TESTER)
    an_item(meeting, "넷", 20, second)
    an_item(meeting, "둘", 15, first)
    an_item(meeting, "하나", 5)
    an_item(meeting, "셋", 30, first)
    table = timetable(meeting, items(meeting))
    assert [(slot.number, slot.item.title, slot.starts_at) for slot in table.slots] == [
        (1, "하나", moment("2027-05-20 10:00")), (2, "둘", moment("2027-05-20 10:05")),
        (3, "셋", moment("2027-05-20 10:20")), (4, "넷", moment("2027-05-20 10:50")),
    ]  # fmt: skip
    assert [(part.section, part.minutes) for part in table.parts] == [(None, 5), (first, 45), (second, 20)]
    assert (table.minutes, table.overrun) == (70, 0)


def test_what_was_withdrawn_or_only_proposed_takes_no_number_and_no_time(meeting: Meeting) -> None:
    one, two = an_item(meeting, "하나", 80), an_item(meeting, "둘", 20)
    assert timetable(meeting, items(meeting)).overrun == 10
    withdraw_agenda_item(one, by=TESTER, reason="철회")
    AgendaItem.objects.create(meeting=meeting, title="제안", owner=one.owner, state="proposed", duration=90)
    table = timetable(meeting, items(meeting))
    assert [(slot.number, slot.item) for slot in table.slots] == [(1, two)]
    assert (table.minutes, table.overrun) == (20, 0)


def test_where_only_the_day_is_known_no_times_are_invented(meeting: Meeting) -> None:
    an_item(meeting, "하나")
    Meeting.objects.filter(pk=meeting.pk).update(day_only=True, ends_at=None)
    table = timetable(Meeting.objects.get(pk=meeting.pk), items(meeting))
    assert ([slot.starts_at for slot in table.slots], table.overrun) == ([None], 0)


def test_a_fixed_agenda_is_a_version_and_the_next_one_leaves_it_as_it_was(meeting: Meeting, secretary: User) -> None:
    first = fixed(meeting, secretary, "하나", "둘")
    assert (first.version, first.fixed_at, first.fixed_by, len(first.sha256)) == (1, NOW, secretary, 64)
    second = fixed(meeting, secretary, "셋")
    assert (second.version, second.sha256 == first.sha256) == (2, False)
    assert [len(each.items) for each in meeting.snapshots.order_by("version")] == [2, 3]
    entries = AuditEntry.objects.filter(verb="agenda.fixed").order_by("pk")
    assert [entry.after["sha256"] for entry in entries] == [first.sha256, second.sha256]


def test_an_empty_agenda_is_not_fixed(meeting: Meeting, secretary: User) -> None:
    assert "no item" in refusal(meeting, secretary)
    withdraw_agenda_item(an_item(meeting, "하나"), by=TESTER, reason="철회")
    assert "no item" in refusal(meeting, secretary)


def test_items_that_nobody_has_checked_are_named_by_their_numbers(meeting: Meeting, secretary: User) -> None:
    an_item(meeting, "하나")
    check(secretary)
    an_item(meeting, "둘")
    an_item(meeting, "셋")
    assert refusal(meeting, secretary).endswith(": 2, 3.")
    check(secretary)
    assert fix_agenda(meeting, by=actor_of(secretary), now=NOW).version == 1


def test_an_agenda_longer_than_the_meeting_is_refused_with_the_minutes(meeting: Meeting, secretary: User) -> None:
    an_item(meeting, "하나", 60)
    item = an_item(meeting, "둘", 37)
    check(secretary)
    assert "7 minutes longer" in refusal(meeting, secretary)
    item.duration = 30
    save_agenda_item(item, by=TESTER)
    assert fix_agenda(meeting, by=actor_of(secretary), now=NOW).version == 1


def test_an_agenda_in_which_nothing_has_changed_is_not_fixed_again(meeting: Meeting, secretary: User) -> None:
    fixed(meeting, secretary, "하나")
    item = meeting.agenda_items.get()
    item.background = "인쇄되지 않는 배경"
    save_agenda_item(item, by=TESTER)
    check(secretary)
    assert "Nothing has changed" in refusal(meeting, secretary)


def test_the_agenda_of_a_meeting_in_session_is_not_fixed(meeting: Meeting, secretary: User) -> None:
    an_item(meeting, "하나")
    check(secretary)
    convene_meeting(meeting, by=TESTER, now=NOW, quiet=True)
    begin_meeting(meeting, by=TESTER)
    with pytest.raises(NotAllowedNow):
        fix_agenda(meeting, by=actor_of(secretary), now=NOW)
    with pytest.raises(NotAllowedNow):
        reorder_agenda(meeting, by=TESTER, item_ids=[])
    assert AgendaSnapshot.objects.count() == 0


def test_after_it_was_fixed_what_differs_is_shown_as_added_changed_moved_or_removed(
    meeting: Meeting, secretary: User
) -> None:
    an_item(meeting, "하나")
    assert changed(meeting) == {}
    fixed(meeting, secretary, "둘", "셋", "넷", "다섯")
    assert changed(meeting) == {}
    one, two, three, four, five = meeting.agenda_items.order_by("position")
    an_item(meeting, "새것")
    assert changed(meeting) == {"새것": "added"}
    withdraw_agenda_item(one, by=TESTER, reason="철회")
    assert changed(meeting) == {"새것": "added", "하나": "removed"}
    two.duration = 25
    save_agenda_item(two, by=TESTER)
    five.section = a_section(meeting, "새 부분")
    save_agenda_item(five, by=TESTER)
    reorder_agenda(meeting, by=TESTER, item_ids=[two.pk, four.pk, three.pk])
    assert changed(meeting) == {
        "새것": "added", "하나": "removed", "둘": "changed", "다섯": "changed", "셋": "moved", "넷": "moved",
    }  # fmt: skip
    check(secretary)
    assert fix_agenda(meeting, by=actor_of(secretary), now=NOW).version == 2
    assert changed(meeting) == {}


def test_an_item_goes_up_and_down_among_its_neighbours_and_stays_at_the_ends(meeting: Meeting) -> None:
    one, _two, three = (an_item(meeting, title) for title in ("하나", "둘", "셋"))
    move_item(one, by=TESTER, up=True)
    move_item(three, by=TESTER, up=False)
    assert (order(meeting), AuditEntry.objects.filter(verb="agenda.reordered").count()) == (["하나", "둘", "셋"], 0)
    move_item(one, by=TESTER, up=False)
    assert order(meeting) == ["둘", "하나", "셋"]
    move_item(three, by=TESTER, up=True)
    assert order(meeting) == ["둘", "셋", "하나"]


def test_an_item_stays_in_its_section_and_passes_over_what_is_not_on_the_agenda(meeting: Meeting) -> None:
    section = a_section(meeting, "부분")
    one, gone, inside, two, also = (
        an_item(meeting, title, 10, section if title in {"안", "안에도"} else None)
        for title in ("하나", "철회된 것", "안", "둘", "안에도")
    )
    withdraw_agenda_item(gone, by=TESTER, reason="철회")
    move_item(two, by=TESTER, up=True)
    assert order(meeting) == ["둘", "하나", "안", "안에도"]
    move_item(one, by=TESTER, up=False)
    move_item(inside, by=TESTER, up=True)
    assert order(meeting) == ["둘", "하나", "안", "안에도"]
    move_item(also, by=TESTER, up=True)
    assert order(meeting) == ["둘", "하나", "안에도", "안"]
    with pytest.raises(NotAllowedNow):
        move_item(gone, by=TESTER, up=True)


def test_what_stood_in_a_section_that_is_taken_away_stands_in_none(meeting: Meeting) -> None:
    section = a_section(meeting, "부분")
    an_item(meeting, "안", 10, section)
    an_item(meeting, "밖")
    assert order(meeting) == ["밖", "안"]
    remove_section(section, by=TESTER)
    assert (order(meeting), AgendaItem.objects.get(title="안").section) == (["안", "밖"], None)


def test_a_section_has_a_title_and_holds_items_of_its_own_agenda(meeting: Meeting) -> None:
    with pytest.raises(AgendaRefused) as refused:
        a_section(meeting, "  ")
    assert refused.value.field == "title"
    elsewhere = a_section(a_meeting(quarter="2027-Q3", starts_at=moment("2027-08-26 10:00")), "남의 것")
    with pytest.raises(AgendaRefused) as refused:
        an_item(meeting, "하나", 10, elsewhere)
    assert (refused.value.field, meeting.agenda_items.count()) == ("section", 0)


def test_the_sections_of_a_meeting_in_session_stay(meeting: Meeting) -> None:
    section = a_section(meeting, "부분")
    convene_meeting(meeting, by=TESTER, now=NOW, quiet=True)
    begin_meeting(meeting, by=TESTER)
    for act in (lambda: a_section(meeting, "새것"), lambda: remove_section(section, by=TESTER)):
        with pytest.raises(DomainError):
            act()
    assert list(meeting.sections.all()) == [section]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_put_it_in_order_at_once_each_finds_the_order_of_the_other(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    pks, meet, write = [an_item(meeting, str(number)).pk for number in range(8)], Barrier(2), QuerySet.bulk_update

    def met(*args: Any, **values: Any) -> int:
        with suppress(BrokenBarrierError):  # where one waits for the other they never meet
            meet.wait(1)
        return write(*args, **values)

    monkeypatch.setattr(QuerySet, "bulk_update", met)
    acts = [lambda pk=pk: reorder_agenda(meeting, by=TESTER, item_ids=[pk]) for pk in pks[-2:]]
    assert at_once(*acts, lambda: an_item(meeting, "새것"), lambda: an_item(meeting, "또")) == []
    rows = list(meeting.agenda_items.order_by("position").values_list("position", "pk"))
    assert [position for position, _pk in rows] == list(range(1, 11))
    assert [pk for _position, pk in rows if pk in pks] in ([*pks[:5:-1], *pks[:6]], [*pks[6:], *pks[:6]])


@pytest.mark.django_db(transaction=True)
def test_of_two_who_fix_it_at_once_one_does(meeting: Meeting, secretary: User) -> None:
    an_item(meeting, "하나")
    check(secretary)
    raised = at_once(*[lambda: fix_agenda(meeting, by=actor_of(secretary), now=NOW)] * 2)
    assert (raised, AgendaSnapshot.objects.get().version) == (["refused"], 1)
