"""Which rows a row is linked to: written down, and what the reader does not see stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client

from council.core.models import AuditEntry
from council.declaration.models import Commitment, Declaration, Incident
from council.parties.models import Body, Seat, User
from tests.admin.forms import filled
from tests.factories import TODAY, Cast

type SignIn = Callable[[User], Client]


def changed(kind: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    entries = AuditEntry.objects.filter(verb=f"{kind}.changed").order_by("id")
    return [(entry.before, entry.after) for entry in entries]


def test_to_whom_copies_of_letters_go_is_written_down_when_it_changes(cast: Cast, as_user: SignIn) -> None:
    seat = Seat.objects.get(person=cast.skt_ceo.person)
    client, address = as_user(cast.secretary), f"/admin/council/seat/{seat.pk}/change/"
    assert cast.skt_liaison.person
    contact = cast.skt_liaison.person.pk
    for _ in range(2):
        assert client.post(address, filled(client.get(address), office_contacts=[contact])).status_code == 302
    assert changed("seat") == [({"office_contacts": ""}, {"office_contacts": str(contact)})]
    assert AuditEntry.objects.get(verb="seat.changed").body_id == seat.body_id


def test_a_link_to_what_the_reader_does_not_see_stays(cast: Cast, as_user: SignIn) -> None:
    apart = Body.objects.create(code="apart", name_ko="별도", name_en="Apart")
    declaration = Declaration.objects.create(code="d", body=apart, title_ko="t", title_en="t", issued_on=TODAY)
    hidden = Commitment.objects.create(declaration=declaration, code="H", kind="pledge", title_ko="t", title_en="t")
    incident = Incident.objects.first()
    assert incident
    seen = Commitment.objects.get(code="C02", declaration__body=cast.council)
    incident.commitments.set([hidden, Commitment.objects.get(code="C01", declaration__body=cast.council)])
    client, address = as_user(cast.secretary), f"/admin/council/incident/{incident.pk}/change/"
    assert client.post(address, filled(client.get(address), commitments=[seen.pk])).status_code == 302
    assert set(incident.commitments.all()) == {hidden, seen}
