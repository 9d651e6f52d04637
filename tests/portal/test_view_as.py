"""What would they see? Only looking, written down, and never more than the secretary sees."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from council.actions.operations.progress import save_draft, submit_progress
from council.core.labels import Label
from council.core.models import AuditEntry
from council.parties.models import Body, Seat, User
from tests.access.rows import a_labelled_action
from tests.actions.steps import a_report
from tests.factories import Cast, actor_of, an_account, an_action, link, moment, seat

type SignIn = Callable[[User], Client]


@pytest.fixture
def looking(cast: Cast, as_user: SignIn) -> Client:
    """The secretary, looking as KT's liaison."""
    client = as_user(cast.secretary)
    assert client.post("/view-as/", {"person": cast.kt_liaison.person_id}).status_code == 302
    return client


def test_the_secretary_sees_what_the_liaison_sees_and_nothing_besides(cast: Cast, looking: Client) -> None:
    own, foreign = an_action("KT", title="CANARY-KT"), an_action("SKT", title="CANARY-SKT")
    desk = looking.get("/")
    assert "CANARY-KT" in desk.text
    assert "CANARY-SKT" not in desk.text
    assert looking.get(link("action", own.pk)).status_code == 200
    assert looking.get(link("action", foreign.pk)).status_code == 404


def test_every_page_says_so_and_offers_the_way_out(cast: Cast, looking: Client) -> None:
    for address in ("/", "/meetings/", "/commitments/"):
        page = looking.get(address)
        assert cast.kt_liaison.person is not None
        assert cast.kt_liaison.person.name in page.text.split('class="site-header"')[0]
        assert "/view-as/end/" in page.text


def test_a_draft_stays_closed(cast: Cast, looking: Client) -> None:
    action, by = an_action("KT"), actor_of(cast.kt_liaison)
    submit_progress(action, by=by, now=moment("2026-11-24 09:00"), progress=a_report(text="CANARY-HANDED-IN"))
    save_draft(action, by=by, progress=a_report(text="CANARY-DRAFT"))
    text = looking.get(link("action", action.pk)).text
    assert ("CANARY-HANDED-IN" in text, "CANARY-DRAFT" in text) == (True, False)


def test_nothing_is_opened_that_the_secretary_would_not_see(cast: Cast, as_user: SignIn) -> None:
    """The liaison also sits on a body that this secretary does not run."""
    other = Body.objects.create(code="other", name_ko="CANARY-BODY", name_en="CANARY-BODY")
    seat(cast.kt_liaison, "other", "liaison")
    action = a_labelled_action(Label.AMBER, "KT", title="CANARY-OF-THE-OTHER-BODY")
    action.body = other
    action.save()
    assert "CANARY-OF-THE-OTHER-BODY" in as_user(cast.kt_liaison).get("/").text
    client = as_user(cast.secretary)
    client.post("/view-as/", {"person": cast.kt_liaison.person_id})
    assert "CANARY-OF-THE-OTHER-BODY" not in client.get("/").text


def test_nothing_is_sent_off_and_the_administration_is_closed(cast: Cast, looking: Client) -> None:
    action = an_action("KT")
    report = {"percent": "10", "text": "In their name", "label": "TLP:AMBER+STRICT", "submit_progress": "1"}
    assert looking.post(link("action_report", action.pk), report).status_code == 403
    assert looking.get("/admin/").status_code == 403
    assert looking.get(f"/admin/council/actionitem/{action.pk}/change/").status_code == 403
    assert looking.post("/view-as/", {"person": cast.skt_liaison.person_id}).status_code == 403
    assert action.updates.count() == 0
    refused = AuditEntry.objects.filter(verb="view_as", refused=True)
    assert set(refused.values_list("on_behalf_of", flat=True)) == {cast.kt_liaison.person_id}
    assert refused.count() == 4


def test_beginning_looking_and_ending_are_written_down(cast: Cast, looking: Client) -> None:
    action = an_action("KT")
    looking.get(link("action", action.pk))
    assert looking.post("/view-as/end/").status_code == 302
    assert looking.get("/admin/").status_code == 200
    mine = AuditEntry.objects.filter(actor_user_id=cast.secretary.pk).order_by("id")
    assert list(mine.values_list("verb", "on_behalf_of")) == [
        ("view_as.begun", None),
        ("actionitem.read", cast.kt_liaison.person_id),
        ("view_as.ended", cast.kt_liaison.person_id),
    ]


def test_it_ends_by_itself_after_half_an_hour(looking: Client, clock: time_machine.Traveller) -> None:
    assert looking.get("/admin/").status_code == 403
    clock.shift(29 * 60)
    assert looking.get("/admin/").status_code == 403
    clock.shift(2 * 60)
    assert looking.get("/admin/").status_code == 200


@pytest.mark.parametrize("who", ["secretary", "kt_liaison"])
def test_it_ends_with_the_seat_of_either(cast: Cast, looking: Client, who: str) -> None:
    Seat.objects.filter(person=getattr(cast, who).person).update(ends_on=date(2026, 11, 23))
    assert "/view-as/end/" not in looking.get("/").text


@pytest.mark.parametrize("name", ["kt_liaison", "chair", "skt_ceo", "observer", "former_liaison", "accounts", "nobody"])
def test_nobody_but_the_secretary_looks_as_somebody_else(cast: Cast, as_user: SignIn, name: str) -> None:
    client = as_user(getattr(cast, name))
    assert client.get("/view-as/").status_code == 403
    assert client.post("/view-as/", {"person": cast.skt_liaison.person_id}).status_code == 403
    assert "/view-as/end/" not in client.get("/").text


@pytest.mark.parametrize("person", ["own", "nobody", "accounts", "former_liaison", "elsewhere", "999999", "x", ""])
def test_only_somebody_seated_where_the_secretary_runs_the_body(cast: Cast, as_user: SignIn, person: str) -> None:
    Body.objects.create(code="other", name_ko="다른 협의체", name_en="Other")
    elsewhere = an_account("elsewhere@nfa.test", "NFA")
    seat(elsewhere, "other", "member")
    known = {"own": cast.secretary, "elsewhere": elsewhere} | {
        name: getattr(cast, name) for name in ("nobody", "accounts", "former_liaison")
    }
    client = as_user(cast.secretary)
    sent: Any = known[person].person_id if person in known else person
    assert client.post("/view-as/", {"person": sent}).status_code in {403, 404}
    assert client.get("/admin/").status_code == 200


def test_the_page_to_choose_from_lists_those_and_only_those(cast: Cast, as_user: SignIn) -> None:
    seats = as_user(cast.secretary).get("/view-as/").context["seats"]
    people = {s.person_id for s in seats}
    assert {cast.kt_liaison.person_id, cast.skt_ciso.person_id, cast.observer.person_id} <= people
    assert {cast.secretary.person_id, cast.nobody.person_id, cast.former_liaison.person_id} & people == set()
