"""Refusals speak to the reader; an actor is plain values."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
from django.utils.translation import gettext_lazy as _

from council.core.actor import Actor
from council.core.errors import DomainError, NotAllowedNow, SomebodyWasFaster


def test_a_refusal_carries_its_words_and_the_field_to_correct() -> None:
    refusal = DomainError(_("Say why."), field="reason")
    assert str(refusal) == str(_("Say why."))
    assert refusal.field == "reason"
    assert DomainError("No.").field is None


@pytest.mark.parametrize("kind", [NotAllowedNow, SomebodyWasFaster])
def test_doors_need_to_know_one_kind_of_refusal_only(kind: type[DomainError]) -> None:
    assert issubclass(kind, DomainError)


def test_the_system_acts_without_an_account() -> None:
    assert Actor.system("seed") == Actor(label="seed", user_id=None, person_id=None, organisation_id=None)


def test_an_actor_is_not_changed_on_its_way() -> None:
    actor = Actor.system("seed")
    with pytest.raises(FrozenInstanceError):
        actor.label = "somebody else"  # type: ignore[misc]


def test_what_takes_a_person_is_refused_to_the_system() -> None:
    person = Actor(label="liaison", user_id=7, organisation_id=3)
    assert (person.account, person.organisation) == (7, 3)
    for missing in ("account", "organisation"):
        with pytest.raises(TypeError, match="takes a person"):
            getattr(Actor.system("seed"), missing)
