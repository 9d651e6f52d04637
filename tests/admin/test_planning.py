"""The page on which a quarter is planned: what was chosen by hand stays when the steps are worked out anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from council.core.calendar import local_day
from council.meetings.models import Meeting
from council.parties.models import User
from tests.admin.forms import sent
from tests.factories import Cast

type SignIn = Callable[[User], Client]

PLAN = "/admin/council/meeting/plan/?quarter=2027-Q2"
KEY = "council-2027-Q2"


def typed(page: Any, **changes: str) -> dict[str, Any]:
    """The page's forms as a browser sends them back, with changes in the council's."""
    data: dict[str, Any] = {}
    for line in page.context["lines"]:
        for field in line.form or ():
            data |= sent(field)
    return data | {f"{KEY}-{name}": value for name, value in changes.items()}


def shown(page: Any) -> dict[str, str]:
    """The council's steps and days as the page shows them."""
    (form,) = [line.form for line in page.context["lines"] if line.form and line.proposal.key == KEY]
    return {name.removeprefix("step_"): str(form[name].value() or "") for name in form.fields if "step_" in name}


def timeline(page: Any) -> dict[str, tuple[str, bool]]:
    (line,) = [line for line in page.context["lines"] if line.proposal.key == KEY]
    return {str(event.what): (str(local_day(event.at)), event.left_out) for event in line.timeline}


@pytest.fixture
def secretary(cast: Cast, as_user: SignIn) -> Client:
    return as_user(cast.secretary)


@pytest.mark.parametrize("day", ["2027-05-20", "2027-05-27"])
def test_a_step_chosen_by_hand_stays_and_the_others_follow_the_meeting(secretary: Client, day: str) -> None:
    first = secretary.get(PLAN)
    before = shown(first)
    by_hand = {"step_items_due": "2027-04-30", "step_minutes_published": ""}
    again = secretary.post(PLAN, typed(first, day=day, **by_hand) | {"work_out": "1"})
    after = shown(again)
    assert (after["items_due"], after["minutes_published"]) == ("2027-04-30", "")
    others = set(before) - {"items_due", "minutes_published"}
    assert {name for name in others if after[name] != before[name]} == (set() if day == "2027-05-20" else others)
    assert timeline(again)["공개본 게시"][1] is True
    assert timeline(again)["안건 제출 기한"] == ("2027-04-30", False)
    third = secretary.post(PLAN, typed(again) | {"work_out": "1"})
    assert shown(third) == after
    saved = secretary.post(PLAN, typed(third, waive_because="다음 분기에 합산") | {"save": "1"})
    assert saved.status_code == 302
    steps = Meeting.objects.get(body__code="council", quarter="2027-Q2").deadlines
    assert str(local_day(steps.get(kind="items_due").due_at)) == "2027-04-30"
    assert steps.get(kind="minutes_published").waived_because == "다음 분기에 합산"
    planned = secretary.get(PLAN)
    assert timeline(planned)["공개본 게시"][1] is True
