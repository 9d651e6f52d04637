"""The minutes are written in a real browser: saved by themselves, and overtaken without losing a word."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.urls import reverse

from council.meetings.models import Meeting
from council.minutes.models import MinutesRevision
from council.minutes.operations.writing import Part, save_part, start_minutes
from council.parties.models import Person
from tests.factories import Cast, moment
from tests.factories.rows import TESTER
from tests.minutes.held import a_meeting_in_session, circulated_minutes, sections

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture(autouse=True)
def afternoon() -> Any:
    with time_machine.travel(moment("2027-05-20 14:00"), tick=True):
        yield


@pytest.fixture(autouse=True)
def nobody_real(cast: Cast) -> None:
    """The pictures go into the documentation: nobody who exists is shown to have come, or to have said something."""
    for person in Person.objects.all():
        person.name_ko, person.name_en = f"참석자 {person.pk}(시연)", f"Participant {person.pk} (demo)"
        person.position_ko = person.position_en = ""
        person.save()


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    meeting = a_meeting_in_session(cast)
    start_minutes(meeting, by=TESTER)
    return meeting


def test_what_is_typed_is_saved_by_itself_and_two_texts_are_shown_side_by_side(
    cast: Cast, visit: Any, meeting: Meeting
) -> None:
    secretary = visit(cast.secretary)
    secretary.go(reverse("admin:council_meeting_minutes", args=[meeting.pk]))
    section = sections(MinutesRevision.objects.get())[0]
    part = secretary.page.locator(f"#part-{section.pk}")
    gist = part.locator("textarea[name$=gist]")
    gist.fill("저절로 저장되는 글")
    part.locator("[data-autosaved]").filter(has_text="저장됨").wait_for()
    section.refresh_from_db()
    assert (section.gist, section.version) == ("저절로 저장되는 글", 1)
    secretary.picture("minutes-writing")
    # A colleague is faster: the next saving says so, and the button shows both.
    save_part(section, by=TESTER, part=Part(gist="동료의 글"), seen=1)
    gist.fill("나의 글")
    part.locator("[data-autosaved]").filter(has_text="다른 사람").wait_for()
    with secretary.page.expect_navigation():
        part.locator("button[name=save]").click()
    shown = secretary.page.locator(f"#part-{section.pk}")
    assert "동료의 글" in shown.locator("blockquote").inner_text()
    assert shown.locator("textarea[name$=gist]").input_value() == "나의 글"
    refused = [fault for fault in secretary.faults if "409" not in fault and "422" not in fault]
    assert refused == []


def test_saving_one_part_saves_what_was_typed_in_another_first(cast: Cast, visit: Any, meeting: Meeting) -> None:
    secretary = visit(cast.secretary)
    secretary.go(reverse("admin:council_meeting_minutes", args=[meeting.pk]))
    first, second = sections(MinutesRevision.objects.get())
    secretary.page.locator(f"#part-{second.pk} textarea[name$=gist]").fill("둘째에 쓴 글")
    secretary.page.locator(f"#part-{first.pk} textarea[name$=gist]").fill("첫째에 쓴 글")
    with secretary.page.expect_navigation():
        secretary.page.locator(f"#part-{first.pk} button[name=save]").click()
    for section, text in ((first, "첫째에 쓴 글"), (second, "둘째에 쓴 글")):
        section.refresh_from_db()
        assert section.gist == text
    assert secretary.faults == []


def test_the_minutes_are_read_and_confirmed_by_a_liaison(cast: Cast, visit: Any) -> None:
    revision = circulated_minutes(cast)
    with time_machine.travel(moment("2027-05-26 10:00"), tick=True):
        liaison = visit(cast.skt_liaison)
        liaison.go(reverse("portal:minutes", args=[revision.minutes_id]))
        liaison.picture("minutes")
        liaison.page.click("text=확인 또는 이의 제기")
        liaison.page.check("input[value=confirmed]")
        with liaison.page.expect_navigation():
            liaison.page.click("input[name=answer], button[name=answer]")
        assert "확인" in liaison.page.locator("#asked + p").inner_text()
        liaison.go("/decisions/")
        liaison.picture("decisions")
        assert liaison.faults == []
