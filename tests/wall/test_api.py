"""The API with everybody's access token: each list and each thing of the world, and no canary of others."""

from __future__ import annotations

import pytest
from django.test import Client

from council.actions.models import ActionItem
from council.api.schemas import key_of
from council.parties import tokens
from council.parties.tokens import give_token
from council.reports.models import Report
from council.web.second_factor import enrolled
from tests.factories import TODAY, actor_of
from tests.factories.second_factor import an_app
from tests.proofs import PROOF, Figures
from tests.wall.actors import EVERYBODY, Who
from tests.wall.sowing import NOW
from tests.wall.world import World

PEOPLE = [who for who in EVERYBODY if who.signed_in]
LISTS = ("me", "commitments", "actions?limit=200", "reports?limit=200")
KINDS = {ActionItem: ("action", ("", "/progress")), Report: ("report", ("",))}


@pytest.mark.parametrize("who", PEOPLE, ids=[who.name for who in PEOPLE])
def test_a_token_opens_no_more_than_its_holder(
    world: World, who: Who, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setattr(tokens, "RATE", 10**9)
    user, figures, wrong = world.users[who.name], Figures(actors=1), []
    if not enrolled(user):
        an_app(user)
    made = give_token(user, name="t", scope="write", expires_on=TODAY, by=actor_of(user), now=NOW)
    client = Client(headers={"authorization": f"Bearer {made.secret}"})
    things = [row for row in world.rows if type(row) in KINDS]
    paths = [(f"/api/v1/{path}", None) for path in LISTS]
    for row in things if PROOF else things[PEOPLE.index(who) % 3 :: 3]:
        kind, ends = KINDS[type(row)]
        paths += [(f"/api/v1/{kind}s/{key_of(kind, row.pk)}{end}", row) for end in ends]
    for path, row in paths:
        answer = client.get(path)
        figures[f"answered {answer.status_code}"] += 1
        owner = getattr(row, "owner_id", None) or getattr(row, "organisation_id", None)
        may = row is None or (world.oracle.owns(who, owner) and world.oracle.sees(who, row))
        if answer.status_code != (200 if may else 404):
            wrong.append(f"{path} as {who.name} about {row!r}: {answer.status_code}")
        wrong += [f"{path}: {leak}" for leak in world.leaks(who, answer.text)]
    figures.report(request, "API behind the wall")
    assert wrong == []
