"""What no browser of a reader's sends, and what is sent after a session is gone: an answer, in words, and no fault."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from time_machine import Traveller

from council.release.models import ReleaseRequest
from council.release.operations import agree, release
from tests.access.rows import a_labelled_action
from tests.factories import Cast, actor_of, an_action, link, moment, pdf
from tests.factories.cast import PASSWORD

type SignIn = Callable[..., Client]
NOW = moment("2026-11-24 10:00")


def unraised(client: Client) -> Client:
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("charset", ["hex", "utf-16", "unicode_escape", "rot13", "undefined", "no-such-thing"])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b"])
def test_text_in_another_encoding_is_not_understood(db: None, charset: str, kind: str) -> None:
    answer = unraised(Client()).generic("POST", "/login/", b"login=x", f"{kind}; charset={charset}")
    assert answer.status_code == 400
    assert "요청" in answer.text


@pytest.mark.parametrize("address", ["?label=%00", "?state__exact=%00", "?q=%00", "?p=1%00"])
def test_a_nul_in_a_query_is_not_understood(cast: Cast, as_user: SignIn, address: str) -> None:
    assert unraised(as_user(cast.secretary)).get(f"/admin/council/actionitem/{address}").status_code == 400


@pytest.mark.parametrize("key", [r'"\000aaaa"', "x", "../../etc/passwd", "A" * 32])
def test_a_sessions_key_that_is_none_is_no_key(db: None, key: str) -> None:
    answer = unraised(Client(headers={"cookie": f"sessionid={key}"})).get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/login/?next=/")


@pytest.mark.parametrize("address", ["{submit}", "/logout/", "/view-as/end/"])
def test_an_address_that_shows_no_page_says_so(cast: Cast, as_user: SignIn, address: str) -> None:
    answer = as_user(cast.skt_liaison).get(address.format(submit=link("action_submit", an_action().pk)))
    assert answer.status_code == 405
    assert "표시할 화면이 없는 주소입니다" in answer.text
    assert "This address shows no page" in answer.text


def test_a_form_sent_after_the_session_is_gone_leads_back_to_its_page_and_says_so(cast: Cast) -> None:
    pk = an_action().pk
    page = f"http://testserver{link('action', pk)}"
    answer = Client().post(link("action_submit", pk), headers={"referer": page})
    assert answer.headers["Location"] == f"/login/?next={page.replace(':', '%3A').replace('/', '%2F')}&ended=form"
    assert "저장" in Client().get(answer.headers["Location"]).text


CREDENTIALS: list[Any] = [{"id": 1}, [], 1, "x", {"id": "%%%", "rawId": "%%%", "response": {}, "type": "public-key"},
                          {"rawId": "", "response": {"clientDataJSON": "AAAA"}}]  # fmt: skip


@pytest.mark.parametrize("credential", [*map(json.dumps, CREDENTIALS), "[" * 100_000, "{", ""])
def test_a_passkeys_answer_that_is_none_is_refused(cast: Cast, as_user: SignIn, credential: str) -> None:
    stranger = unraised(Client())
    stranger.get("/login/passkey/", headers={"x-requested-with": "XMLHttpRequest"})
    assert stranger.post("/login/passkey/", {"credential": credential}).status_code in {200, 302}
    assert "_auth_user_id" not in stranger.session
    own = unraised(Client())
    assert own.post("/login/", {"login": cast.nobody.email, "password": PASSWORD}).status_code == 302
    own.get("/account/passkeys/add/")
    answer = own.post("/account/passkeys/add/", {"name": "x", "credential": credential})
    assert answer.status_code == 200
    assert not Authenticator.objects.filter(user=cast.nobody).exists()


def test_a_session_number_of_any_length_is_one_or_none(cast: Cast, as_user: SignIn) -> None:
    assert unraised(as_user(cast.nobody)).post("/account/sessions/", {"session": "9" * 5000}).status_code == 302


def question(cast: Cast) -> ReleaseRequest:
    action = a_labelled_action("TLP:AMBER+STRICT")
    asked = release(action, to="TLP:AMBER", reason="r", by=actor_of(cast.secretary), now=NOW)
    assert asked is not None
    return asked


def test_an_answer_has_to_be_one_of_the_two(cast: Cast, as_user: SignIn) -> None:
    asked = question(cast)
    answer = as_user(cast.skt_liaison).post(link("release", asked.pk), {"answer": "pressed return"})
    assert answer.status_code == 422
    asked.refresh_from_db()
    assert asked.state == "asked"


def test_who_answers_second_is_told_and_keeps_what_was_typed(cast: Cast, as_user: SignIn) -> None:
    asked = question(cast)
    agree(asked, by=actor_of(cast.skt_liaison), now=NOW)
    answer = as_user(cast.skt_liaison).post(link("release", asked.pk), {"answer": "my long answer", "agree": "1"})
    assert answer.status_code == 422
    assert "my long answer" in answer.text


def test_a_decision_from_an_older_page_is_refused(cast: Cast, as_user: SignIn, clock: Traveller) -> None:
    action = an_action()
    address = f"/admin/council/actionitem/{action.pk}/do/disclose/"
    first, second = as_user(cast.secretary), as_user(cast.secretary)
    old = first.get(address).context["version"]
    clock.shift(timedelta(seconds=1))
    closed = {"disclosure": "closed", "grounds": ["7"], "reason": "Prices", "review_on": "2027-12-31"}
    assert second.post(address, closed | {"_version": old}).status_code == 302
    late = first.post(address, {"disclosure": "open", "_version": old})
    action.refresh_from_db()
    assert (late.status_code, action.disclosure) == (422, "closed")
    assert first.post(address, {"disclosure": "open", "_version": late.context["version"]}).status_code == 302


def test_all_that_a_decision_lacks_is_said_at_once(cast: Cast, as_user: SignIn) -> None:
    answer = as_user(cast.secretary).post(
        f"/admin/council/actionitem/{an_action().pk}/do/disclose/", {"disclosure": "closed"}
    )
    assert answer.context["form"].errors.keys() == {"grounds", "reason", "review_on"}


def test_more_files_than_can_be_sent_at_once_are_refused_in_words(cast: Cast, as_user: SignIn) -> None:
    uploads = [pdf(f"{n}.pdf") for n in range(101)]
    client = unraised(as_user(cast.skt_liaison))
    answer = client.post(link("action_report", an_action().pk), {"text": "t", "uploads": uploads})
    assert answer.status_code == 400
    assert "한 번에 100개를 넘는 파일" in answer.text
