"""What was circulated is withdrawn or cancelled, never deleted; states do not move but by verbs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from council.core.models import AuditEntry, Closure
from council.declaration.models import Commitment, Declaration, Indicator
from council.parties.models import Organisation, User
from council.reminders.models import ReminderRule
from tests.access.rows import an_agenda_item
from tests.admin.forms import filled
from tests.factories import TODAY, Cast, a_meeting, an_action
from tests.mail.letters import a_letter, a_notice

type SignIn = Callable[[User], Client]


@pytest.mark.parametrize("who", ["secretary", "accounts"])
def test_none_of_these_can_be_deleted(cast: Cast, as_user: SignIn, who: str) -> None:
    meeting = a_meeting()
    letter = a_letter(cast.skt_liaison)
    rows = [
        meeting, an_agenda_item(meeting), an_action(), letter, a_notice(cast.skt_liaison, letter),
        Commitment.objects.get(code="C01"), Declaration.objects.get(), Organisation.objects.get(code="NFA"),
        cast.skt_liaison, cast.skt_liaison.person, AuditEntry.objects.latest("pk"), cast.council,
    ]  # fmt: skip
    client = as_user(getattr(cast, who))
    for row in rows:
        assert row is not None
        address = f"/admin/council/{row._meta.model_name}/{row.pk}/delete/"
        for response in (client.get(address), client.post(address, {"post": "yes"})):
            assert response.status_code in {302, 403}, address
        assert type(row)._default_manager.filter(pk=row.pk).exists(), address


def test_no_list_offers_to_delete_many_at_once(cast: Cast, as_user: SignIn) -> None:
    closure = Closure.objects.create(date=TODAY, name="x")
    data = {"action": "delete_selected", "_selected_action": [closure.pk], "post": "yes"}
    as_user(cast.secretary).post("/admin/council/closure/", data)
    assert Closure.objects.count() == 1


def test_practice_can_be_deleted_and_that_is_written_down(cast: Cast, as_user: SignIn) -> None:
    rule = ReminderRule.objects.earliest("pk")
    response = as_user(cast.secretary).post(f"/admin/council/reminderrule/{rule.pk}/delete/", {"post": "yes"})
    assert response.status_code == 302
    assert not ReminderRule.objects.filter(pk=rule.pk).exists()
    entry = AuditEntry.objects.get(verb="reminderrule.removed")
    assert (entry.target_id, entry.before["offset"]) == (str(rule.pk), rule.offset)


def test_the_state_of_a_commitment_is_not_a_field(cast: Cast, as_user: SignIn) -> None:
    commitment, client = Commitment.objects.get(code="C01"), as_user(cast.secretary)
    address = f"/admin/council/commitment/{commitment.pk}/change/"
    data = filled(client.get(address), state="fulfilled", title_en="Changed beside it", reason="Said more plainly")
    assert client.post(address, data).status_code == 302
    commitment.refresh_from_db()
    assert (commitment.state, commitment.title_en) == ("tracked", "Changed beside it")


def test_an_indicator_belongs_to_its_commitments_page_and_is_written_down(cast: Cast, as_user: SignIn) -> None:
    commitment, client = Commitment.objects.get(code="C22"), as_user(cast.secretary)
    indicator = Indicator.objects.filter(commitment=commitment)[0]
    address = f"/admin/council/commitment/{commitment.pk}/change/"
    data = filled(client.get(address), **{"indicators-0-target": "2"})
    assert client.post(address, data).status_code == 302
    indicator.refresh_from_db()
    assert indicator.target == 2
    assert AuditEntry.objects.get(verb="indicator.changed").after == {"target": "2"}
