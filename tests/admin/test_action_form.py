"""Giving out action items through the form, and changing them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from council.actions.models import ActionItem
from council.core.models import AuditEntry
from council.declaration.models import Commitment, Pillar
from council.mail.models import Notice
from council.parties.models import Organisation, User
from tests.admin.forms import everything_said, filled, in_language, refusals
from tests.factories import Cast, an_action, moment

type SignIn = Callable[[User], Client]

ADD = "/admin/council/actionitem/add/"


def owners(*codes: str) -> list[int]:
    return list(Organisation.objects.filter(code__in=codes).values_list("pk", flat=True))


def new(client: Client, cast: Cast, **changes: Any) -> Any:
    """Post the form for a new item of all three carriers, with changes."""
    given = {
        "owners": owners("SKT", "KT", "LGU"), "title": "Report the outage plan", "body": cast.council.pk,
        "commitment": Commitment.objects.get(code="C01").pk, "due_on": "2026-12-10", "label": "TLP:AMBER+STRICT",
    }  # fmt: skip
    return client.post(ADD, filled(client.get(ADD), **given | changes))


def test_an_item_for_all_three_is_three_items_each_told_to_its_owner(cast: Cast, as_user: SignIn) -> None:
    response = new(as_user(cast.secretary), cast)
    assert response.status_code == 302, refusals(response)
    rows = ActionItem.objects.order_by("owner__code").values_list("owner__code", "number", "title", "state")
    assert list(rows) == [(code, 1, "Report the outage plan", "open") for code in ("KT", "LGU", "SKT")]
    told = Notice.objects.filter(kind="action_assigned").order_by("recipient__email")
    assert list(told.values_list("recipient__email", flat=True)) == [
        "liaison@kt.test", "liaison@lgu.test", "liaison@skt.test",
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"due_on": "2026-11-23"}, "due_on", "The day by which it is due lies in the past."),
        ({"due_on": "2026-13-45"}, "due_on", None),
        ({"due_on": ""}, "due_on", None),
        ({"owners": []}, "owners", None),
        ({"owners": ["999999"]}, "owners", None),
        ({"title": ""}, "title", None),
        ({"title": "t" * 201}, "title", None),
        ({"body": ""}, "body", None),
        ({"commitment": "999999"}, "commitment", None),
        ({"pillar": "own"}, "pillar", None),
        ({"label": "TLP:PINK"}, "label", None),
    ],
)
def test_what_cannot_be_given_out_is_said_on_the_form_and_nothing_is_written(
    cast: Cast, as_user: SignIn, changes: dict[str, Any], field: str, said: str | None, language: str
) -> None:
    User.objects.filter(pk=cast.secretary.pk).update(language=language)
    if "pillar" in changes:
        changes = {"pillar": Pillar.objects.get(order=2).pk}
    entries = AuditEntry.objects.count()
    client = as_user(User.objects.get(pk=cast.secretary.pk))
    response = new(client, cast, **{"description": "Typed before"} | changes)
    assert response.status_code == 200
    errors = refusals(response)
    assert set(errors) <= {field, "__all__"}
    assert everything_said(response) != []
    if said:
        assert in_language(said, language) in response.text
    assert response.context["adminform"].form["description"].value() == "Typed before"
    assert (ActionItem.objects.count(), Notice.objects.count(), AuditEntry.objects.count()) == (0, 0, entries)


def test_a_pillar_beside_a_commitment_is_explained_in_words(cast: Cast, as_user: SignIn) -> None:
    response = new(as_user(cast.secretary), cast, pillar=Pillar.objects.get(order=2).pk)
    assert in_language("The pillar follows from the commitment; leave it empty.", "ko") in response.text


def test_readers_of_a_red_item_are_named_on_its_own_page_not_for_several_owners_at_once(
    cast: Cast, as_user: SignIn
) -> None:
    client = as_user(cast.secretary)
    new(client, cast, owners=owners("SKT", "KT"), label="TLP:RED", readers=[cast.chair.person_id])
    assert [item.readers.count() for item in ActionItem.objects.all()] == [0, 0]
    item = ActionItem.objects.get(owner__code="SKT")
    change(client, item, readers=[cast.chair.person_id])
    assert item.readers.count() == 0
    named = {"people": [cast.chair.person_id], "reason": "Chairs it"}
    assert client.post(f"/admin/council/actionitem/{item.pk}/do/name_readers/", named).status_code == 302
    assert list(item.readers.values_list("email", flat=True)) == ["chair@msit.test"]


def change(client: Client, action: ActionItem, **changes: Any) -> Any:
    address = f"/admin/council/actionitem/{action.pk}/change/"
    return client.post(address, filled(client.get(address), **changes))


def test_a_new_date_is_kept_beside_the_first(cast: Cast, as_user: SignIn) -> None:
    action = an_action()
    response = change(as_user(cast.secretary), action, due_on="2026-12-24")
    assert response.status_code == 302, refusals(response)
    action.refresh_from_db()
    assert (action.due_on, action.original_due_on) == (date(2026, 12, 24), date(2026, 12, 10))


@pytest.mark.parametrize(
    "values",
    [
        {"state": "verified"},
        {"owner": "KT"},
        {"number": "77"},
        {"original_due_on": "2020-01-01"},
        {"verified_at": "2026-11-24"},
        {"body": "2"},
    ],
)
def test_what_the_verbs_move_is_not_moved_by_the_form(cast: Cast, as_user: SignIn, values: dict[str, Any]) -> None:
    action = an_action()
    if "owner" in values:
        values = {"owner": cast.kt.pk}
    stored = ActionItem.objects.values().get()
    assert change(as_user(cast.secretary), action, **values).status_code == 302
    now = ActionItem.objects.values().get()
    assert {key: value for key, value in now.items() if key != "updated_at"} == {
        key: value for key, value in stored.items() if key != "updated_at"
    }


def test_an_assignee_of_another_organisation_is_refused_beside_the_field(cast: Cast, as_user: SignIn) -> None:
    action = an_action()
    response = change(as_user(cast.secretary), action, assignee=cast.kt_liaison.person_id)
    assert response.status_code == 200
    assert list(refusals(response)) == ["assignee"]
    action.refresh_from_db()
    assert action.assignee is None


def test_a_settled_item_has_no_form_any_more(cast: Cast, as_user: SignIn) -> None:
    action, client = an_action(), as_user(cast.secretary)
    address = f"/admin/council/actionitem/{action.pk}/change/"
    data = filled(client.get(address), title="Rewritten afterwards")
    at = moment("2026-11-24 09:00")
    ActionItem.objects.update(state="verified", submitted_at=at, verified_at=at)
    assert client.post(address, data).status_code == 403
    assert ActionItem.objects.get().title == "Something for SKT"
    assert client.get(address).status_code == 200
