"""The agenda is put in order by dragging, by buttons and by the keyboard; the journey of a secretary's board."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.urls import reverse

from council.meetings.models import AgendaItem, Meeting
from tests.access.rows import an_agenda_item, an_open_meeting
from tests.factories import Cast, moment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
TITLES = ["첫째 안건", "둘째 안건", "셋째 안건"]


@pytest.fixture(autouse=True)
def tuesday() -> Any:
    with time_machine.travel(moment("2026-11-24 10:00"), tick=True):
        yield


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    made = an_open_meeting()
    for position, title in enumerate(TITLES, 1):
        an_agenda_item(made, title=title, position=position, owner="MSIT")
    return made


def order(meeting: Meeting) -> list[str]:
    on_it = AgendaItem.objects.filter(meeting=meeting, title__in=TITLES).order_by("position")
    return list(on_it.values_list("title", flat=True))


def shown(visitor: Any) -> list[str]:
    return [title for title in visitor.page.locator("[data-item] th a").all_inner_texts() if title in TITLES]


def test_an_item_is_dragged_to_its_place_and_stays_there(cast: Cast, visit: Any, meeting: Meeting) -> None:
    secretary = visit(cast.secretary)
    secretary.go(reverse("admin:council_meeting_agenda", args=[meeting.pk]))
    rows = secretary.page.locator("[data-item]")
    last, first = rows.filter(has_text=TITLES[2]), rows.filter(has_text=TITLES[0])
    with secretary.page.expect_navigation():
        last.drag_to(first, source_position={"x": 5, "y": 5}, target_position={"x": 5, "y": 2})
    assert shown(secretary) == [TITLES[2], TITLES[0], TITLES[1]]
    assert order(meeting) == shown(secretary)
    secretary.picture("agenda-board")
    assert secretary.faults == []


def test_the_keyboard_alone_does_the_same(cast: Cast, visit: Any, meeting: Meeting) -> None:
    secretary = visit(cast.secretary)
    secretary.go(reverse("admin:council_meeting_agenda", args=[meeting.pk]))
    secretary.page.locator("[data-item]").filter(has_text=TITLES[2]).locator("button[name=up]").focus()
    with secretary.page.expect_navigation():
        secretary.page.keyboard.press("Enter")
    assert order(meeting) == shown(secretary) == [TITLES[0], TITLES[2], TITLES[1]]
    assert secretary.faults == []
