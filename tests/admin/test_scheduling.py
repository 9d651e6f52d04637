"""Scheduling and changing a meeting through the form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from council.core.calendar import BusinessCalendar
from council.core.models import AuditEntry
from council.mail.models import Notice
from council.meetings.models import Meeting
from council.parties.models import User
from tests.access.rows import an_open_meeting
from tests.admin.forms import everything_said, filled, in_language, refusals
from tests.factories import Cast, a_meeting, moment

type SignIn = Callable[[User], Client]

ADD = "/admin/council/meeting/add/"


def test_the_proposal_is_a_business_day_of_the_first_quarter_without_a_meeting(cast: Cast, as_user: SignIn) -> None:
    initial = as_user(cast.secretary).get(ADD).context["adminform"].form.initial
    day = initial["starts_at"].date()
    assert (initial["body"], initial["quarter"]) == (cast.council.pk, "2027-Q2")
    assert BusinessCalendar.load().is_business_day(day)
    assert (day, initial["starts_at"]) == (date(2027, 5, 20), moment("2027-05-20 10:00"))


def test_the_proposal_follows_what_is_asked_for(cast: Cast, as_user: SignIn) -> None:
    response = as_user(cast.secretary).get(ADD, {"body": str(cast.ciso.pk), "quarter": "2027-Q3"})
    initial = response.context["adminform"].form.initial
    assert (initial["body"], initial["quarter"], initial["starts_at"].month) == (cast.ciso.pk, "2027-Q3", 8)


@pytest.mark.parametrize("query", [{"body": "x"}, {"body": "999999"}, {"quarter": "2027-Q9"}, {"quarter": "1999-Q1"}])
def test_a_question_that_makes_no_sense_is_no_fault(cast: Cast, as_user: SignIn, query: dict[str, str]) -> None:
    assert as_user(cast.secretary).get(ADD, query).status_code == 200


def test_the_proposal_as_it_stands_can_be_saved(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.secretary)
    before = Meeting.objects.count()
    response = client.post(ADD, filled(client.get(ADD)))
    meeting = Meeting.objects.get(quarter="2027-Q2")
    assert response["Location"].startswith("/admin/council/meeting/")
    assert (Meeting.objects.count(), meeting.state, meeting.deadlines.count()) == (before + 1, "draft", 12)
    assert meeting.starts_at == moment("2027-05-20 10:00")
    assert (
        AuditEntry.objects.get(verb="meeting.scheduled", target_id=str(meeting.pk)).actor_user_id == cast.secretary.pk
    )
    assert Notice.objects.count() == 0


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"starts_at_0": "2027-05-15", "ends_at_0": "2027-05-15"}, "starts_at", None),  # a Saturday
        ({"starts_at_0": "2027-05-05", "ends_at_0": "2027-05-05"}, "starts_at", None),  # Children's Day
        ({"ends_at_1": "09:00"}, "ends_at", "The meeting must end after it starts."),
        ({"starts_at_0": "2027-07-01", "ends_at_0": "2027-07-01"}, "outside_quarter_because", None),
        ({"starts_at_0": "soon"}, "starts_at", None),
        ({"starts_at_1": ""}, "starts_at", None),
        ({"ends_at_0": "", "ends_at_1": ""}, "ends_at", None),
        ({"body": ""}, "body", None),
        ({"body": "999999"}, "body", None),
        ({"quarter": "2026-Q9"}, "quarter", None),
        ({"kind": "founding"}, "kind", None),
        ({"mode": "telepathy"}, "mode", None),
        ({"venue": "v" * 201}, "venue", None),
        ({"quarter": "2027-Q1", "starts_at_0": "2027-03-10", "ends_at_0": "2027-03-10"}, None,
         "This body has a regular meeting in this quarter already."),
    ],
    ids=[
        "Saturday", "holiday", "ends before it starts", "outside its quarter", "no date", "no time", "no end",
        "no body", "a body that is not there", "no quarter", "a second founding", "no mode", "too long a venue",
        "a second regular one",
    ],
)  # fmt: skip
def test_what_cannot_be_planned_is_said_on_the_form_and_nothing_is_written(
    cast: Cast, as_user: SignIn, changes: dict[str, str], field: str | None, said: str | None, language: str
) -> None:
    User.objects.filter(pk=cast.secretary.pk).update(language=language)
    client = as_user(User.objects.get(pk=cast.secretary.pk))
    entries, meetings = AuditEntry.objects.count(), Meeting.objects.count()
    response = client.post(ADD, filled(client.get(ADD), title="A title typed before", **changes))
    assert response.status_code == 200
    errors = refusals(response)
    assert everything_said(response) != []
    if field:
        assert list(errors) in ([field], ["__all__"]) or field in errors
    if said:
        assert in_language(said, language) in response.text
    assert response.context["adminform"].form["title"].value() == "A title typed before"
    assert (Meeting.objects.count(), AuditEntry.objects.count()) == (meetings, entries)


def test_a_day_that_is_no_business_day_is_answered_with_the_one_before(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.secretary)
    response = client.post(ADD, filled(client.get(ADD), starts_at_0="2027-05-15", ends_at_0="2027-05-15"))
    assert "2027. 5. 14.(금)" in " ".join(refusals(response)["starts_at"])


def test_a_reason_makes_a_day_outside_the_quarter_acceptable(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.secretary)
    changes = {"starts_at_0": "2027-07-01", "ends_at_0": "2027-07-01", "outside_quarter_because": "국회 일정"}
    assert client.post(ADD, filled(client.get(ADD), **changes)).status_code == 302
    assert Meeting.objects.get(quarter="2027-Q2").outside_quarter_because == "국회 일정"


@pytest.mark.parametrize(("quiet", "told"), [({}, 6), ({"quiet": "on"}, 0)])
def test_moving_an_announced_meeting_moves_its_steps_and_tells_those_invited(
    cast: Cast, as_user: SignIn, quiet: dict[str, str], told: int
) -> None:
    meeting, client = an_open_meeting(), as_user(cast.secretary)
    due = meeting.deadlines.get(kind="items_due").due_at
    address = f"/admin/council/meeting/{meeting.pk}/change/"
    data = filled(client.get(address), starts_at_0="2027-05-27", ends_at_0="2027-05-27", because="일정", **quiet)
    response = client.post(address, data)
    assert response.status_code == 302, refusals(response)
    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.sequence) == (moment("2027-05-27 10:00"), 1)
    assert meeting.deadlines.get(kind="items_due").due_at > due
    assert Notice.objects.filter(kind="meeting_moved").exclude(recipient__email="").count() == told


def test_saving_without_a_change_leaves_no_entry(cast: Cast, as_user: SignIn) -> None:
    meeting, client = a_meeting(), as_user(cast.secretary)
    address = f"/admin/council/meeting/{meeting.pk}/change/"
    data = filled(client.get(address))
    entries = AuditEntry.objects.count()
    assert client.post(address, data).status_code == 302
    meeting.refresh_from_db()
    assert (AuditEntry.objects.count(), meeting.sequence) == (entries, 0)


def test_a_step_can_be_waived_with_a_reason(cast: Cast, as_user: SignIn) -> None:
    meeting, client = a_meeting(), as_user(cast.secretary)
    address = f"/admin/council/meeting/{meeting.pk}/change/"
    page = client.get(address)
    data = filled(page, **{"deadlines-0-waived_because": "Nothing to call for"})
    assert client.post(address, data).status_code == 302
    assert meeting.deadlines.exclude(waived_because="").get().waived_because == "Nothing to call for"


@pytest.mark.parametrize(
    "values",
    [
        {"state": "closed"},
        {"state": "open", "opened_at": "2026-11-24"},
        {"number": "99"},
        {"body": "2", "quarter": "2030-Q1", "kind": "extraordinary"},
        {"cancelled_because": "Because"},
        {"sequence": "7"},
    ],
)
def test_what_the_verbs_move_is_not_moved_by_the_form(cast: Cast, as_user: SignIn, values: dict[str, Any]) -> None:
    meeting, client = a_meeting(), as_user(cast.secretary)
    stored = Meeting.objects.values().get(pk=meeting.pk)
    address = f"/admin/council/meeting/{meeting.pk}/change/"
    assert client.post(address, filled(client.get(address), **values)).status_code == 302
    now = Meeting.objects.values().get(pk=meeting.pk)
    assert {key: value for key, value in now.items() if key != "updated_at"} == {
        key: value for key, value in stored.items() if key != "updated_at"
    }


@pytest.mark.parametrize("state", ["closed", "cancelled"])
def test_what_was_held_or_called_off_has_no_form_any_more(cast: Cast, as_user: SignIn, state: str) -> None:
    meeting, client = an_open_meeting(), as_user(cast.secretary)
    address = f"/admin/council/meeting/{meeting.pk}/change/"
    data = filled(client.get(address), title="Rewritten afterwards")
    Meeting.objects.filter(pk=meeting.pk).update(state=state, **{f"{state}_at": moment("2026-11-24 10:00")})
    assert client.post(address, data).status_code == 403
    meeting.refresh_from_db()
    assert meeting.title == ""
    assert client.get(address).status_code == 200
