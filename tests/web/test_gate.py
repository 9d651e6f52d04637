"""Not visible is 404, visible but not allowed is 403; both are written down."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from council.core.models import AuditEntry
from council.parties.models import User
from tests.access.rows import an_open_meeting
from tests.factories import Cast, a_meeting, an_action, link

type SignIn = Callable[[User], Client]


def refusals() -> list[tuple[str, str, str, int | None]]:
    rows = AuditEntry.objects.filter(refused=True).order_by("id")
    return list(rows.values_list("verb", "target_type", "reason", "actor_user_id"))


@pytest.mark.parametrize(("page", "verb"), [("action", "view"), ("action_report", "report")])
def test_a_foreign_item_does_not_exist_and_the_attempt_is_written_down(
    cast: Cast, as_user: SignIn, page: str, verb: str
) -> None:
    action = an_action("SKT")
    assert as_user(cast.kt_liaison).get(link(page, action.pk)).status_code == 404
    assert refusals() == [(verb, "actionitem", "not visible", cast.kt_liaison.pk)]


def test_what_does_not_exist_answers_the_same_and_leaves_no_entry(cast: Cast, as_user: SignIn) -> None:
    hidden, client = an_action("SKT"), as_user(cast.kt_liaison)
    pages = [link("action", pk) for pk in (hidden.pk, hidden.pk + 1000)]
    answers = [client.get(page) for page in pages]
    ever_new = re.compile(r'nonce="[^"]+"|name="csrfmiddlewaretoken" value="[^"]+"')
    bodies = {ever_new.sub("", answer.text.replace(page, "")) for answer, page in zip(answers, pages, strict=True)}
    assert [answer.status_code for answer in answers] == [404, 404]
    assert len(bodies) == 1
    assert "Something for SKT" not in bodies.pop()
    assert len(refusals()) == 1


def test_a_meeting_in_preparation_does_not_exist_yet(cast: Cast, as_user: SignIn) -> None:
    meeting = a_meeting()
    assert as_user(cast.skt_liaison).get(link("meeting", meeting.pk)).status_code == 404
    assert refusals() == [("view", "meeting", "not visible", cast.skt_liaison.pk)]


@pytest.mark.parametrize("who", ["skt_ciso", "skt_ceo"])
def test_a_colleague_who_reads_but_does_not_report_is_forbidden_to(cast: Cast, as_user: SignIn, who: str) -> None:
    action, user = an_action("SKT"), getattr(cast, who)
    client = as_user(user)
    assert client.get(link("action", action.pk)).status_code == 200
    assert client.get(link("action_report", action.pk)).status_code == 403
    assert client.post(link("action_report", action.pk), {"percent": 1, "text": "t"}).status_code == 403
    assert client.post(link("action_submit", action.pk)).status_code == 403
    assert refusals() == [
        ("report", "actionitem", "not allowed", user.pk),
        ("report", "actionitem", "not allowed", user.pk),
        ("submit", "actionitem", "not allowed", user.pk),
    ]
    assert action.updates.count() == 0


def test_the_secretary_reports_for_nobody(cast: Cast, as_user: SignIn) -> None:
    action = an_action("SKT")
    assert as_user(cast.secretary).get(link("action_report", action.pk)).status_code == 403


def test_a_verb_of_the_administration_on_what_is_not_visible_is_404(cast: Cast, as_user: SignIn) -> None:
    action = an_action("SKT")
    assert as_user(cast.accounts).post(f"/admin/council/actionitem/{action.pk}/do/cancel/", {}).status_code == 404
    assert refusals() == [("cancel", "actionitem", "not visible", cast.accounts.pk)]


def test_a_verb_of_the_administration_that_is_not_allowed_is_403(cast: Cast, as_user: SignIn) -> None:
    User.objects.filter(pk=cast.kt_liaison.pk).update(is_staff=True)
    meeting = an_open_meeting()
    client = as_user(User.objects.get(pk=cast.kt_liaison.pk))
    assert client.post(f"/admin/council/meeting/{meeting.pk}/do/cancel/", {"reason": "No"}).status_code == 403
    assert refusals() == [("cancel", "meeting", "not allowed", cast.kt_liaison.pk)]
    meeting.refresh_from_db()
    assert meeting.state == "open"


def test_an_entry_says_from_where(cast: Cast, as_user: SignIn) -> None:
    as_user(cast.kt_liaison).get(link("action", an_action("SKT").pk), REMOTE_ADDR="192.0.2.7")
    entry = AuditEntry.objects.get(refused=True)
    assert (entry.ip, len(entry.request_id), entry.organisation_id) == ("192.0.2.7", 32, cast.kt.pk)
