"""A proposal names only what its proposer sees: another body's promise is refused like one that does not exist."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client

from council.declaration.models import Commitment, Declaration, Pillar
from council.meetings.models import AgendaItem
from council.parties.models import Body, User
from tests.access.rows import an_agenda_item, an_open_meeting
from tests.factories import TODAY, Cast, link, moment
from tests.mail.letters import person_of

type SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with time_machine.travel(moment("2026-11-24 10:00"), tick=False):
        yield


def test_a_proposal_that_became_red_is_still_its_owners_to_revise(cast: Cast, as_user: SignIn) -> None:
    item = an_agenda_item(an_open_meeting(), label="TLP:RED", state="returned", title="안건")
    item.readers.add(person_of(cast.skt_liaison))
    client, page = as_user(cast.skt_liaison), link("agenda_revise", item.pk)
    typed = {
        "title": "보완한 안건",
        "kind": "report",
        "duration": "10",
        "background": "",
        "commitment": "",
        "pillar": "",
    }
    seen = client.get(page).context["form"]["seen"].value()
    answer = client.post(page, typed | {"seen": seen})
    assert answer.status_code == 302, answer.context["form"].errors
    item.refresh_from_db()
    assert (item.title, item.label) == ("보완한 안건", "TLP:RED")


@pytest.mark.parametrize("name", ["commitment", "pillar"])
def test_a_row_of_another_body_is_refused_as_one_that_is_not_there(cast: Cast, as_user: SignIn, name: str) -> None:
    other = Body.objects.create(code="other", name_ko="다른", name_en="Other")
    declaration = Declaration.objects.create(code="other", body=other, title_ko="t", title_en="t", issued_on=TODAY)
    pillar = Pillar.objects.create(declaration=declaration, order=1, code="x", title_ko="CANARY", title_en="CANARY")
    promise = Commitment.objects.create(
        declaration=declaration, pillar=pillar, code="X1", kind="pledge", title_ko="CANARY", title_en="CANARY"
    )
    foreign = {"commitment": promise, "pillar": pillar}[name]
    meeting, client = an_open_meeting(), as_user(cast.skt_liaison)
    typed = {"title": "안건", "kind": "report", "duration": "10", "label": "TLP:AMBER"}
    answers = [client.post(link("propose", meeting.pk), typed | {name: str(pk)}) for pk in (foreign.pk, 10**6)]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert answers[0].context["form"].errors == answers[1].context["form"].errors
    assert "CANARY" not in answers[0].text
    assert not AgendaItem.objects.filter(title="안건").exists()
    own = {
        name: str(
            {
                "commitment": Commitment.objects.get(code="C01"),
                "pillar": Pillar.objects.exclude(code="x").order_by("order")[0],
            }[name].pk
        )
    }
    assert client.post(link("propose", meeting.pk), typed | own).status_code == 302
