"""The owner's answer in the portal, and the secretary's question in the administration."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from time_machine import Traveller

from council.actions.models import ActionItem
from council.actions.operations.items import change_action
from council.core.labels import Label
from council.core.models import AuditEntry
from council.parties.models import User
from council.release.models import ReleaseRequest
from tests.access.rows import a_labelled_action, an_agenda_item, an_open_meeting, an_update
from tests.factories import TODAY, Cast, actor_of, link

type SignIn = Callable[[User], Client]


def ask(client: Client, action: ActionItem, to: str = "TLP:AMBER", reason: str = "For the council") -> int:
    address = f"/admin/council/actionitem/{action.pk}/do/release/"
    return client.post(address, {"to": to, "reason": reason}).status_code


def test_the_secretary_asks_the_liaison_finds_it_on_the_desk_and_agrees(cast: Cast, as_user: SignIn) -> None:
    action, liaison = a_labelled_action(Label.AMBER_STRICT, title="CANARY-TITLE"), as_user(cast.skt_liaison)
    assert ask(as_user(cast.secretary), action) == 302
    request = ReleaseRequest.objects.get()
    assert link("release", request.pk) in liaison.get("/").text
    page = liaison.get(link("release", request.pk))
    assert "CANARY-TITLE" in page.text
    assert liaison.post(link("release", request.pk), {"answer": "", "agree": "1"}).status_code == 302
    action.refresh_from_db()
    assert action.label == Label.AMBER
    assert link("release", request.pk) not in liaison.get("/").text


def test_not_agreeing_takes_a_word_of_why(cast: Cast, as_user: SignIn) -> None:
    action, liaison = a_labelled_action(Label.AMBER_STRICT), as_user(cast.skt_liaison)
    ask(as_user(cast.secretary), action)
    address = link("release", ReleaseRequest.objects.get().pk)
    assert liaison.post(address, {"answer": "", "decline": "1"}).status_code == 422
    assert liaison.post(address, {"answer": "Names a supplier", "decline": "1"}).status_code == 302
    assert ReleaseRequest.objects.get().state == "declined"


@pytest.mark.parametrize("name", ["kt_liaison", "kt_ceo", "lgu_liaison", "chair", "observer", "accounts", "nobody"])
def test_nobody_else_finds_the_question_or_answers_it(cast: Cast, as_user: SignIn, name: str) -> None:
    action, outsider = a_labelled_action(Label.AMBER_STRICT, title="CANARY-TITLE"), as_user(getattr(cast, name))
    ask(as_user(cast.secretary), action)
    address = link("release", ReleaseRequest.objects.get().pk)
    answers = [outsider.get(address), outsider.post(address, {"agree": "1"}), outsider.get("/")]
    assert [answer.status_code for answer in answers] == [404, 404, 200]
    assert not any("CANARY-TITLE" in answer.text for answer in answers)
    assert ReleaseRequest.objects.get().state == "asked"


def test_the_secretary_does_not_answer_for_the_owner(cast: Cast, as_user: SignIn) -> None:
    action, secretary = a_labelled_action(Label.AMBER_STRICT), as_user(cast.secretary)
    ask(secretary, action)
    address = link("release", ReleaseRequest.objects.get().pk)
    assert (secretary.get(address).status_code, secretary.post(address, {"agree": "1"}).status_code) == (200, 403)
    assert ReleaseRequest.objects.get().state == "asked"
    assert AuditEntry.objects.filter(verb="answer", refused=True).count() == 1


def test_only_wider_labels_are_offered_and_a_reason_is_needed(cast: Cast, as_user: SignIn) -> None:
    action, secretary = a_labelled_action(Label.AMBER_STRICT), as_user(cast.secretary)
    form = secretary.get(f"/admin/council/actionitem/{action.pk}/do/release/").context["form"]
    assert [value for value, _ in form.fields["to"].choices] == ["TLP:AMBER", "TLP:GREEN", "TLP:CLEAR"]
    assert ask(secretary, action, to="TLP:RED") == 422
    assert ask(secretary, action, reason="") == 422
    assert ReleaseRequest.objects.count() == 0


@pytest.mark.parametrize("verb", ["release", "tighten", "disclose"])
def test_updates_and_agenda_items_have_the_same_steps(cast: Cast, as_user: SignIn, verb: str) -> None:
    update = an_update(a_labelled_action(Label.GREEN), Label.AMBER_STRICT, cast.skt_liaison)
    item = an_agenda_item(an_open_meeting(), Label.GREEN)
    client = as_user(cast.secretary)
    for address in (f"/admin/council/progressupdate/{update.pk}/", f"/admin/council/agendaitem/{item.pk}/"):
        assert f"do/{verb}/" in client.get(f"{address}change/").text
        assert client.get(f"{address}do/{verb}/").status_code == 200


def test_an_accepted_item_is_not_offered_a_label_it_cannot_carry(cast: Cast, as_user: SignIn) -> None:
    item, client = an_agenda_item(an_open_meeting(), Label.GREEN), as_user(cast.secretary)
    form = client.get(f"/admin/council/agendaitem/{item.pk}/do/tighten/").context["form"]
    assert [value for value, _ in form.fields["to"].choices] == ["TLP:AMBER"]


def test_a_question_is_taken_back_with_a_reason(cast: Cast, as_user: SignIn) -> None:
    action, secretary = a_labelled_action(Label.AMBER_STRICT), as_user(cast.secretary)
    ask(secretary, action)
    request = ReleaseRequest.objects.get()
    address = f"/admin/council/releaserequest/{request.pk}/do/take_back/"
    assert secretary.post(address, {"reason": "Not needed any more"}).status_code == 302
    request.refresh_from_db()
    assert (request.state, request.answer) == ("taken_back", "Not needed any more")


def test_disclosure_is_decided_on_the_items_page_and_shown_to_its_readers(cast: Cast, as_user: SignIn) -> None:
    action, secretary = a_labelled_action(Label.AMBER_STRICT), as_user(cast.secretary)
    address = f"/admin/council/actionitem/{action.pk}/do/disclose/"
    data = {"disclosure": "closed", "grounds": ["7"], "reason": "REASON-TEXT", "review_on": "2027-03-31"}
    assert secretary.post(address, data | {"grounds": ["1"]}).status_code == 422
    assert secretary.post(address, data | {"reason": ""}).status_code == 422
    assert secretary.post(address, data).status_code == 302
    assert secretary.get(address).context["form"]["reason"].value() == "REASON-TEXT"
    assert "REASON-TEXT" in as_user(cast.skt_liaison).get(link("action", action.pk)).text


def test_consent_is_given_to_what_was_read(cast: Cast, as_user: SignIn, clock: Traveller) -> None:
    action, liaison = a_labelled_action(Label.AMBER_STRICT), as_user(cast.skt_liaison)
    ask(as_user(cast.secretary), action)
    address = link("release", ReleaseRequest.objects.get().pk)
    seen = liaison.get(address).context["form"].initial["seen"]
    clock.shift(60)
    edited = ActionItem.objects.get(pk=action.pk)
    edited.description = "Quite another text"
    change_action(edited, by=actor_of(cast.secretary), today=TODAY)
    late = liaison.post(address, {"answer": "", "agree": "1", "seen": seen})
    action.refresh_from_db()
    assert (late.status_code, action.label) == (422, Label.AMBER_STRICT)
    seen = late.context["form"]["seen"].value()
    assert liaison.post(address, {"answer": "", "agree": "1", "seen": seen}).status_code == 302
    action.refresh_from_db()
    assert action.label == Label.AMBER
