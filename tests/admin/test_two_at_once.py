"""Two secretaries on the same page: the second one is told, and decides."""

from __future__ import annotations

from collections.abc import Callable

import time_machine
from django.test import Client
from django.urls import reverse

from council.meetings.models import AgendaItem
from council.parties.models import Organisation, User
from tests.admin.forms import filled
from tests.factories import Cast, a_meeting

type SignIn = Callable[[User], Client]


def test_an_older_page_does_not_overwrite_silently_and_may_overrule(
    cast: Cast, as_user: SignIn, clock: time_machine.Traveller
) -> None:
    client, msit = as_user(cast.secretary), Organisation.objects.get(code="MSIT")
    item = AgendaItem.objects.create(meeting=a_meeting(), title="First", owner=msit)
    address = reverse("admin:council_agendaitem_change", args=[item.pk])
    page = client.get(address)
    mine = filled(page, title="Mine") | {"_version": page.context["version"]}
    theirs = filled(page, title="Theirs") | {"_version": page.context["version"]}
    clock.shift(60)
    assert client.post(address, theirs).status_code == 302
    again = client.post(address, mine)
    item.refresh_from_db()
    assert (again.status_code, item.title) == (200, "Theirs")
    assert again.context["adminform"].form["title"].value() == "Mine"
    assert client.post(address, mine | {"_version": again.context["version"]}).status_code == 302
    item.refresh_from_db()
    assert item.title == "Mine"
