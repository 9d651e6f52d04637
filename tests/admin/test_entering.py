"""Who may enter the administration, and what each finds there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.test import Client

from council.parties.models import User
from tests.factories import Cast, an_account, an_action

type SignIn = Callable[[User], Client]

PAPERS = {
    "Meeting", "AgendaItem", "DeadlineTemplate", "ActionItem", "Commitment", "Pillar", "Declaration", "Incident",
    "TargetGroup", "ReminderRule", "Delivery", "Notice", "EngineState", "AuditEntry", "ProgressUpdate",
    "ReleaseRequest", "CheckPoint", "EscalationRule", "ReportingRound", "Report", "IndicatorTarget", "FrozenScorecard",
    "PublicQuarter",
    "AuditReview", "Paper", "Participation", "StandingItem", "Minutes", "MinutesComment", "Decision", "Publication",
    "Opinion", "Recording", "OfficialDocument", "DocumentForm", "RecordsRequest", "RecordsOpinion",
}  # fmt: skip
REGISTER = {"Person", "Seat", "Organisation", "Body", "Closure"}


def menu(client: Client) -> set[str]:
    groups = client.get("/admin/").context["available_apps"]
    return {model["object_name"] for group in groups for model in group["models"]}


def answering(client: Client) -> set[str]:
    """The kinds of things whose list opens."""
    kinds = {model.__name__: model._meta.model_name for model in admin.site._registry}
    answers = {name: client.get(f"/admin/council/{kind}/").status_code for name, kind in kinds.items()}
    assert set(answers.values()) <= {200, 403}
    return {name for name, status in answers.items() if status == 200}


def test_the_secretary_finds_papers_and_register_and_no_accounts(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.secretary)
    assert menu(client) == PAPERS | REGISTER
    assert answering(client) == PAPERS | REGISTER


def test_the_administrator_of_accounts_finds_the_register_and_accounts_and_no_papers(
    cast: Cast, as_user: SignIn
) -> None:
    an_action(title="CANARY")
    client = as_user(cast.accounts)
    assert menu(client) == REGISTER | {"User"}
    assert answering(client) == REGISTER | {"User"}
    assert "CANARY" not in client.get("/admin/").text


def test_being_staff_opens_the_door_and_nothing_behind_it(cast: Cast, as_user: SignIn) -> None:
    an_action("SKT", title="CANARY")
    User.objects.filter(pk=cast.skt_liaison.pk).update(is_staff=True)
    client = as_user(User.objects.get(pk=cast.skt_liaison.pk))
    response = client.get("/admin/")
    assert response.status_code == 200
    assert menu(client) == set()
    assert answering(client) == set()


@pytest.mark.parametrize("who", ["chair", "skt_liaison", "skt_ciso", "skt_ceo", "observer", "former_liaison", "nobody"])
@pytest.mark.parametrize("address", ["/admin/", "/admin/council/actionitem/", "/admin/council/meeting/add/"])
def test_everybody_else_is_kept_out(cast: Cast, as_user: SignIn, who: str, address: str) -> None:
    assert as_user(getattr(cast, who)).get(address, follow=True).status_code == 403


def test_a_secretary_whose_seat_ended_finds_nothing(cast: Cast, as_user: SignIn) -> None:
    an_action(title="CANARY")
    cast.secretary.person.seats.update(ends_on="2026-11-23")  # type: ignore[union-attr]
    client = as_user(cast.secretary)
    assert (menu(client), answering(client)) == (set(), set())
    assert "CANARY" not in client.get("/admin/").text


@pytest.mark.parametrize("who", ["secretary", "accounts"])
def test_every_list_and_every_form_that_opens_also_searches(cast: Cast, as_user: SignIn, who: str) -> None:
    client = as_user(getattr(cast, who))
    for model, model_admin in admin.site._registry.items():
        address = f"/admin/council/{model._meta.model_name}/"
        if client.get(address).status_code != 200:
            continue
        if model_admin.search_fields:
            assert client.get(address, {"q": "이동 x' %"}).status_code == 200, address
        assert client.get(f"{address}add/").status_code in {200, 403}, address
        row = model_admin.get_queryset(client.get(address).wsgi_request).first()
        if row is not None:
            for page in ("change", "history"):
                assert client.get(f"{address}{row.pk}/{page}/").status_code == 200, (address, page)


def test_an_account_of_the_ministry_without_a_seat_finds_nothing(cast: Cast, as_user: SignIn) -> None:
    clerk = an_account("clerk@msit.test", "MSIT", is_staff=True)
    assert answering(as_user(clerk)) == set()
