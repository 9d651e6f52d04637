"""The world is whole: what it does not hold, no proof could find."""

from __future__ import annotations

import pytest
from django.db import models

from tests.wall.actors import CARRIERS, EVERYBODY
from tests.wall.canaries import CANARY, NOT_SOWN, TEXT, models_of_ours, text_fields
from tests.wall.oracle import RULES
from tests.wall.world import World

FIELDS = [(model, field.name) for model in models_of_ours() for field in text_fields(model)]


@pytest.mark.parametrize(("model", "name"), FIELDS, ids=[f"{model.__name__}.{name}" for model, name in FIELDS])
def test_every_text_holds_a_canary(world: World, model: type[models.Model], name: str) -> None:
    values = model._default_manager.values_list(name, flat=True)
    assert any(CANARY.search(str(value)) for value in values), (
        f"Nothing in the world of tests/wall writes into {model.__name__}.{name}. Plant it in tests/wall/sowing.py "
        f"(world.add fills every text of a row), or name it with a reason in NOT_SOWN of tests/wall/canaries.py."
    )


def test_the_exceptions_are_texts_that_exist() -> None:
    there = {f"{m.__name__}.{f.name}" for m in models_of_ours() for f in m._meta.concrete_fields if isinstance(f, TEXT)}
    assert NOT_SOWN.keys() - there == set()


def test_somebody_is_said_to_see_each_model() -> None:
    names = {model.__name__ for model in models_of_ours()}
    assert names == RULES.keys(), "Restate in tests/wall/oracle.py who sees these."


def test_every_carrier_has_something_that_its_rivals_must_not_see(world: World) -> None:
    for who in EVERYBODY:
        if who.organisation not in CARRIERS or not who.bodies():
            continue
        own, foreign = world.own(who), world.foreign(who)
        for code in CARRIERS:
            theirs = {c.token for c in world.canaries.by_token.values() if c.organisation == code}
            assert len(theirs & (own if code == who.organisation else foreign)) > 40, (who.name, code)


def test_nobody_but_seated_people_may_see_anything_of_a_carrier(world: World) -> None:
    shown = {who.name: len(world.own(who)) for who in EVERYBODY}
    assert shown["anonymous"] == 0
    assert shown["nobody"] == shown["former_liaison"] == 6  # their own name and addresses
    assert shown["secretary"] > shown["clerk"] > shown["observer"]
