"""What stands in an address tells nobody how many things there are."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import Resolver404, resolve
from django.urls.converters import get_converters

from council.web.addresses import SealedNumber
from tests.factories import Cast, an_action, link
from tests.wall.addresses import routes

HIGHEST = 2**63 - 1


def sealed(kind: str) -> SealedNumber:
    converter = get_converters()[kind]
    assert isinstance(converter, SealedNumber)
    return converter


def test_no_address_of_the_portal_holds_a_plain_number() -> None:
    places = {
        (route.name, type(converter))
        for route in routes()
        if route.name.startswith("portal:") and route.name != "portal:feed"  # its secret is drawn
        for name, converter in route.pattern.pattern.converters.items()
        if name not in {"form", "what", "organisation", "pillar"}  # words of ours and short names
    }
    assert len(places) > 8
    assert {kind for _, kind in places} == {SealedNumber}


@pytest.mark.parametrize("number", [1, 2, 2**31, HIGHEST])
def test_an_address_leads_to_its_own_row_each_time(number: int) -> None:
    address = link("action", number)
    assert (address, resolve(address).kwargs) == (link("action", number), {"pk": number})


def test_neighbours_and_other_kinds_have_nothing_in_common() -> None:
    ways = [sealed(kind).to_url(number) for kind in ("action", "file") for number in range(1, 51)]
    assert len({way[:6] for way in ways}) == len({way[-6:] for way in ways}) == len(ways)


def test_an_address_that_was_made_up_or_is_of_another_kind_leads_nowhere() -> None:
    way = sealed("action").to_url(7)
    for other in (sealed("file").to_url(7), "A" * 32, way[:-1] + ("A" if way[-1] != "A" else "B"), "7", way.lower()):
        with pytest.raises(Resolver404):
            resolve(f"/actions/{other}/")


def test_links_given_out_before_the_secret_was_changed_still_lead_there(settings: Any) -> None:
    before = link("action", 7)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 60, [settings.SECRET_KEY]
    assert link("action", 7) != before
    assert resolve(before).kwargs == resolve(link("action", 7)).kwargs == {"pk": 7}


def test_a_plain_number_is_no_address_even_of_what_one_sees(cast: Cast, as_user: Any) -> None:
    action, client = an_action("SKT"), as_user(cast.skt_liaison)
    assert client.get(link("action", action.pk)).status_code == 200
    assert client.get(f"/actions/{action.pk}/").status_code == 404
