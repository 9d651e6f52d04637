"""Forms offer, and take, only what their reader may see and run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from council.actions.models import ActionItem
from council.core.models import AuditEntry
from council.declaration.models import Commitment
from council.meetings.models import AgendaItem, Meeting
from council.parties.models import Person, User
from council.reminders.models import ReminderRule
from tests.access.rows import an_open_meeting
from tests.admin.forms import filled
from tests.factories import Cast, an_account, seat

type SignIn = Callable[[User], Client]


@pytest.fixture
def clerk(cast: Cast) -> User:
    """Runs the working group, observes the council."""
    user = an_account("clerk@msit.test", "MSIT", is_staff=True)
    seat(user, "ciso", "secretary")
    seat(user, "council", "observer")
    return user


def test_the_secretary_of_the_working_group_gives_out_nothing_for_the_council(
    cast: Cast, clerk: User, as_user: SignIn
) -> None:
    client, address = as_user(clerk), "/admin/council/actionitem/add/"
    given = {
        "owners": [cast.skt.pk], "title": "Foreign", "due_on": "2026-12-10", "label": "TLP:AMBER+STRICT",
        "commitment": Commitment.objects.get(code="C01").pk,
    }  # fmt: skip
    foreign = client.post(address, filled(client.get(address), body=cast.council.pk, **given))
    assert (foreign.status_code, ActionItem.objects.count()) in {(403, 0), (200, 0)}
    own = client.post(address, filled(client.get(address), body=cast.ciso.pk, **given))
    assert (own.status_code, ActionItem.objects.get().body) == (302, cast.ciso)


def test_nor_plans_its_meetings_or_writes_on_their_agendas(cast: Cast, clerk: User, as_user: SignIn) -> None:
    client, meeting = as_user(clerk), an_open_meeting()
    before = Meeting.objects.count()
    add = "/admin/council/meeting/add/"
    client.post(
        add,
        filled(
            client.get(add), body=cast.council.pk, quarter="2027-Q4", starts_at_0="2027-11-18", ends_at_0="2027-11-18"
        ),
    )
    item = {"meeting": meeting.pk, "title": "Foreign", "owner": cast.skt.pk, "label": "TLP:AMBER"}
    add = "/admin/council/agendaitem/add/"
    client.post(add, filled(client.get(add), **item))
    assert (Meeting.objects.count(), AgendaItem.objects.filter(standing=None).count()) == (before, 0)


def test_an_attempt_after_assignment_is_written_down(cast: Cast, clerk: User, as_user: SignIn) -> None:
    client, add = as_user(clerk), "/admin/council/reminderrule/add/"
    rules = ReminderRule.objects.count()
    given = {
        "body": cast.council.pk,
        "kind": "action_due",
        "anchor": "due_date",
        "offset": "-2",
        "audience": "responsible",
    }
    response = client.post(add, filled(client.get(add), **given))
    assert (response.status_code, ReminderRule.objects.count()) in {(403, rules), (200, rules)}
    if response.status_code == 403:
        assert AuditEntry.objects.filter(refused=True, verb="add", actor_user_id=clerk.pk).count() == 1


def test_the_foreign_pages_are_not_there_or_not_to_be_changed(cast: Cast, clerk: User, as_user: SignIn) -> None:
    meeting, client = an_open_meeting(), as_user(clerk)
    response = client.post(f"/admin/council/meeting/{meeting.pk}/change/", {"title": "Taken over"})
    assert response.status_code == 403
    meeting.refresh_from_db()
    assert meeting.title == ""


def test_choices_hold_no_meeting_the_reader_does_not_see(cast: Cast, clerk: User, as_user: SignIn) -> None:
    form = as_user(clerk).get("/admin/council/agendaitem/add/").context["adminform"].form
    offered = set(form.fields["meeting"].queryset)
    hidden = set(Meeting.objects.filter(body=cast.council, state="draft"))
    assert hidden
    assert offered & hidden == set()
    assert offered & set(Meeting.objects.filter(body=cast.ciso))


@pytest.mark.parametrize(("who", "found"), [("secretary", True), ("accounts", True), ("skt_liaison", False)])
def test_completing_a_name_asks_the_same_rules(cast: Cast, as_user: SignIn, who: str, found: bool) -> None:
    user: User = getattr(cast, who)
    User.objects.filter(pk=user.pk).update(is_staff=True)
    Person.objects.filter(user=cast.kt_ciso).update(name_ko="CANARY-NAME")
    query: dict[str, Any] = {
        "app_label": "council", "model_name": "seat", "field_name": "person", "term": "CANARY",
    }  # fmt: skip
    response = as_user(User.objects.get(pk=user.pk)).get("/admin/autocomplete/", query)
    assert ("CANARY-NAME" in response.text) is found
