"""A decision rests on what its page showed: whoever changed or moved it meanwhile, the older page is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client
from time_machine import Traveller

from council.actions.models import ActionItem
from council.actions.operations.judging import return_action, submit_for_verification
from council.actions.operations.progress import submit_progress
from council.core.labels import Label
from council.parties.models import User
from council.release.operations import tighten
from tests.access.rows import a_labelled_action
from tests.actions.steps import a_report, every_point, submitted
from tests.admin.forms import filled
from tests.factories import Cast, actor_of, an_action, link, moment

type SignIn = Callable[[User], Client]

MINUTE = timedelta(minutes=1)
CLOSED = {"disclosure": "closed", "grounds": ["7"], "reason": "Prices", "review_on": "2027-12-31"}


def do(action: ActionItem, verb: str) -> str:
    return f"/admin/council/actionitem/{action.pk}/do/{verb}/"


def test_what_was_handed_in_after_the_page_was_opened_is_not_verified_unread(
    cast: Cast, as_user: SignIn, clock: Traveller
) -> None:
    action, client, liaison = submitted(cast), as_user(cast.secretary), actor_of(cast.skt_liaison)
    old = client.get(do(action, "verify")).context["version"]
    clock.shift(MINUTE)
    now = moment("2026-11-24 11:00")
    return_action(action, by=actor_of(cast.secretary), now=now, comment="more, please")
    submit_progress(action, by=liaison, now=now, progress=a_report(percent=90))
    submit_for_verification(action, by=liaison, now=now)
    done = {"comment": "done", "met": every_point(action)}
    late = client.post(do(action, "verify"), done | {"_version": old})
    action.refresh_from_db()
    assert (late.status_code, action.state) == (422, "submitted")
    again = client.post(do(action, "verify"), done | {"_version": late.context["version"]})
    assert again.status_code == 302


def test_a_label_that_changed_makes_a_page_older(cast: Cast, as_user: SignIn, clock: Traveller) -> None:
    action, client = a_labelled_action(Label.AMBER), as_user(cast.secretary)
    old = client.get(do(action, "disclose")).context["version"]
    clock.shift(MINUTE)
    tighten(action, to=Label.AMBER_STRICT, reason="r", by=actor_of(cast.secretary), now=moment("2026-11-24 11:00"))
    assert client.post(do(action, "disclose"), {"disclosure": "open", "_version": old}).status_code == 422


def test_a_typing_error_is_no_leave_to_overrule_a_colleague(cast: Cast, as_user: SignIn, clock: Traveller) -> None:
    action, client = an_action(), as_user(cast.secretary)
    old = client.get(do(action, "disclose")).context["version"]
    clock.shift(MINUTE)
    assert client.post(do(action, "disclose"), CLOSED | {"_version": old}).status_code == 302
    slip = client.post(do(action, "disclose"), CLOSED | {"reason": "", "_version": old})
    assert (slip.status_code, slip.context["version"]) == (422, old)
    late = client.post(do(action, "disclose"), {"disclosure": "open", "_version": slip.context["version"]})
    action.refresh_from_db()
    assert (late.status_code, action.disclosure) == (422, "closed")


def test_a_typing_error_is_no_leave_to_overrule_a_colleagues_draft(
    cast: Cast, as_user: SignIn, clock: Traveller
) -> None:
    address = link("action_report", an_action().pk)
    mine, theirs = as_user(cast.skt_liaison), as_user(cast.skt_liaison)
    given = {"percent": "20", "text": "mine", "label": Label.AMBER_STRICT, "save_draft": "1", "seen": ""}
    assert theirs.post(address, given | {"text": "the colleague's"}).status_code == 302
    clock.shift(MINUTE)
    slip = mine.post(address, given | {"percent": "150"})
    assert (slip.status_code, slip.context["form"]["seen"].value()) == (422, "")
    late = mine.post(address, given)
    assert (late.status_code, "the colleague&#x27;s" in late.text) == (422, True)


def test_a_closed_account_is_not_opened_again_from_an_older_page(cast: Cast, as_user: SignIn, clock: Traveller) -> None:
    client, address = as_user(cast.accounts), f"/admin/council/user/{cast.kt_liaison.pk}/change/"
    mine, theirs = client.get(address), client.get(address)

    def typed(page: Any, **values: Any) -> dict[str, Any]:
        return filled(page, **values) | {"_version": page.context["version"]}

    clock.shift(MINUTE)
    closing = typed(theirs)
    del closing["is_active"]
    assert client.post(address, closing).status_code == 302
    late = client.post(address, typed(mine, language="en"))
    assert late.status_code == 200
    assert User.objects.get(pk=cast.kt_liaison.pk).is_active is False
