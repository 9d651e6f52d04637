"""Letters: reading them, releasing those to people of rank, the engine's switch."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from council.mail.models import Delivery, EngineState
from council.parties.models import User
from tests.factories import Cast
from tests.mail.letters import a_letter, a_notice

type SignIn = Callable[[User], Client]


def do(client: Client, kind: str, pk: int, verb: str, **data: str) -> int:
    return client.post(f"/admin/council/{kind}/{pk}/do/{verb}/", data).status_code


def test_releasing_and_withholding(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.secretary)
    first, second = (a_letter(user, needs_release=True) for user in (cast.skt_ceo, cast.kt_ceo))
    assert do(client, "delivery", first.pk, "release") == 302
    assert do(client, "delivery", second.pk, "withhold", reason="") == 422
    assert do(client, "delivery", second.pk, "withhold", reason="By telephone") == 302
    rows = Delivery.objects.order_by("pk").values_list("state", "needs_release", "reason")
    assert list(rows) == [("pending", False, ""), ("suppressed", False, "By telephone")]


def test_what_does_not_wait_is_not_released(cast: Cast, as_user: SignIn) -> None:
    letter = a_letter(cast.skt_liaison)
    assert do(as_user(cast.secretary), "delivery", letter.pk, "release") in {422, 403}
    assert Delivery.objects.get().state == "pending"


def test_pausing_asks_why_and_resuming_does_not(cast: Cast, as_user: SignIn) -> None:
    client, engine = as_user(cast.secretary), EngineState.load()
    assert do(client, "enginestate", engine.pk, "pause", reason="") == 422
    assert do(client, "enginestate", engine.pk, "pause", reason="Restored") == 302
    assert EngineState.objects.get().paused is True
    assert do(client, "enginestate", engine.pk, "resume") == 302
    assert EngineState.objects.get().paused is False


@pytest.mark.parametrize("values", [{"state": "sent"}, {"address": "evil@test"}, {"needs_release": ""}])
def test_a_letter_is_read_not_edited(cast: Cast, as_user: SignIn, values: dict[str, str]) -> None:
    letter = a_letter(cast.skt_ceo, needs_release=True)
    stored = Delivery.objects.values().get()
    response = as_user(cast.secretary).post(f"/admin/council/delivery/{letter.pk}/change/", values)
    assert response.status_code == 403
    assert Delivery.objects.values().get() == stored


def test_the_engine_is_switched_by_its_verbs_only(cast: Cast, as_user: SignIn) -> None:
    engine = EngineState.load()
    client = as_user(cast.secretary)
    assert client.post(f"/admin/council/enginestate/{engine.pk}/change/", {"paused": "on"}).status_code == 403
    assert EngineState.objects.get().paused is False


def test_the_text_of_a_letter_can_be_read_by_the_secretary_and_by_no_administrator_of_accounts(
    cast: Cast, as_user: SignIn
) -> None:
    address = f"/admin/council/delivery/{a_letter(cast.skt_ceo, text='CANARY-LETTER').pk}/change/"
    assert "CANARY-LETTER" in as_user(cast.secretary).get(address).text
    answer = as_user(cast.accounts).get(address, follow=True)
    assert "CANARY-LETTER" not in answer.text


def test_a_notice_is_listed_in_words_and_narrowed_by_its_kind(cast: Cast, as_user: SignIn) -> None:
    a_notice(cast.skt_liaison, kind="quarter_unplanned")
    a_notice(cast.kt_liaison, kind="gone", target_type="gone", target_id=7)
    client = as_user(cast.secretary)
    shown = client.get("/admin/council/notice/").text
    assert "quarter_unplanned" not in shown.split('id="changelist-form"')[1]
    assert "gone 7" in shown
    narrowed = client.get("/admin/council/notice/?kind=quarter_unplanned")
    assert [row.kind for row in narrowed.context["cl"].queryset] == ["quarter_unplanned"]
