"""The page that lists who can see a thing: for whoever sees the thing, with the names they may know."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from council.actions.operations.progress import submit_progress
from council.core.labels import Label
from council.core.models import AuditEntry
from council.files.models import StoredFile
from council.parties.models import Body, User
from tests.access.rows import a_labelled_action, an_agenda_item, an_open_meeting
from tests.actions.steps import a_report
from tests.factories import Cast, actor_of, link, moment, pdf, seat

type SignIn = Callable[[User], Client]


def test_a_liaison_sees_by_name_the_own_people_and_the_ministry(cast: Cast, as_user: SignIn) -> None:
    action = a_labelled_action(Label.AMBER_STRICT)
    text = as_user(cast.skt_liaison).get(link("readers", action.pk, kind="action")).text
    assert {name: name in text for name in ("liaison@skt.test", "ceo@skt.test", "secretary@msit.test")} == {
        "liaison@skt.test": True, "ceo@skt.test": True, "secretary@msit.test": True,
    }  # fmt: skip
    assert "KT" not in text.replace("SKT", "").split("<tbody>")[1]


def test_of_the_others_a_liaison_learns_how_many_and_in_which_seats_but_no_name(cast: Cast, as_user: SignIn) -> None:
    action = a_labelled_action(Label.GREEN)
    rows = as_user(cast.skt_liaison).get(link("readers", action.pk, kind="action")).text.split("<tbody>")[1]
    assert ("liaison@kt.test" in rows, "ciso@kt.test" in rows) == (False, False)
    # Three of KT, one of LG Uplus, the observer, and the two chief executives of the founding facts.
    assert rows.count("(이름 비공개)") == 7


def test_a_body_that_the_reader_does_not_know_is_not_named(cast: Cast, as_user: SignIn) -> None:
    Body.objects.create(code="apart", name_ko="CANARY-BODY", name_en="CANARY-BODY")
    for user in (cast.skt_liaison, cast.secretary):
        seat(user, "apart", "observer")
    address = link("readers", an_open_meeting().pk, kind="meeting")
    told = {who: "CANARY-BODY" in as_user(getattr(cast, who)).get(address).text for who in ("kt_liaison", "secretary")}
    assert told == {"kt_liaison": False, "secretary": True}


def test_every_link_to_it_leads_there(cast: Cast, as_user: SignIn) -> None:
    meeting = an_open_meeting()
    item = an_agenda_item(meeting)
    action = a_labelled_action(Label.AMBER_STRICT)
    progress = a_report(uploads=[pdf()])
    update = submit_progress(action, by=actor_of(cast.skt_liaison), now=moment("2026-11-24 09:00"), progress=progress)
    client = as_user(cast.skt_liaison)
    where = {
        link("readers", action.pk, kind="action"): link("action", action.pk),
        link("readers", update.pk, kind="update"): link("action", action.pk),
        link("readers", StoredFile.objects.get().pk, kind="file"): link("action", action.pk),
        link("readers", item.pk, kind="agenda-item"): link("meeting", meeting.pk),
        link("readers", meeting.pk, kind="meeting"): link("meeting", meeting.pk),
        link("readers", action.commitment_id, kind="commitment"): link("commitment", action.commitment_id),
    }
    for address, page in where.items():
        assert address in client.get(page).text, address
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("name", ["kt_liaison", "chair", "accounts", "nobody"])
def test_whoever_does_not_see_the_thing_does_not_learn_who_does(cast: Cast, as_user: SignIn, name: str) -> None:
    action = a_labelled_action(Label.AMBER_STRICT, title="CANARY")
    answer = as_user(getattr(cast, name)).get(link("readers", action.pk, kind="action"))
    assert (answer.status_code, "CANARY" in answer.text) == (404, False)


def test_a_kind_that_does_not_exist_is_not_found(cast: Cast, as_user: SignIn) -> None:
    assert as_user(cast.secretary).get("/readers/user/1/").status_code == 404


@pytest.mark.parametrize(
    ("page", "verb"),
    [
        ("action", "actionitem.read"), ("meeting", "meeting.read"), ("commitment", "commitment.read"),
        ("file", "file.downloaded"), ("readers", "actionitem.read"), ("administration", "actionitem.read"),
    ],
)  # fmt: skip
def test_reading_a_page_is_written_down_once(cast: Cast, as_user: SignIn, page: str, verb: str) -> None:
    meeting, action = an_open_meeting(), a_labelled_action(Label.AMBER_STRICT)
    by, progress = actor_of(cast.skt_liaison), a_report(uploads=[pdf()])
    submit_progress(action, by=by, now=moment("2026-11-24 09:00"), progress=progress)
    rows = {"meeting": meeting.pk, "commitment": action.commitment_id, "file": StoredFile.objects.get().pk}
    place, reader = f"/admin/council/actionitem/{action.pk}/change/", cast.secretary
    if page != "administration":
        kind = {"kind": "action"} if page == "readers" else {}
        place, reader = link(page, rows.get(page, action.pk), **kind), cast.skt_liaison
    before = AuditEntry.objects.count()
    answer = as_user(reader).get(place)
    assert answer.status_code == 200
    answer.getvalue()  # to its end, so that a file is closed
    entry = AuditEntry.objects.order_by("-id")[0]
    assert (AuditEntry.objects.count() - before, entry.verb, entry.refused, entry.actor_user_id) == (
        1, verb, False, reader.pk,
    )  # fmt: skip


@pytest.mark.parametrize("page", ["action", "action_report", "readers"])
def test_a_page_that_was_not_shown_was_not_read(cast: Cast, as_user: SignIn, page: str) -> None:
    action = a_labelled_action(Label.AMBER_STRICT)
    address = link(page, action.pk, **({"kind": "action"} if page == "readers" else {}))
    assert as_user(cast.kt_liaison).get(address).status_code == 404
    entry = AuditEntry.objects.order_by("-id")[0]
    assert (entry.refused, entry.actor_user_id, entry.target_id) == (True, cast.kt_liaison.pk, str(action.pk))
    assert not AuditEntry.objects.filter(verb="actionitem.read").exists()
