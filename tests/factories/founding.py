"""The founding facts and the people of the tests: made by the first test of a session, copied in by the others.

Seeding asks some two thousand queries; putting the same rows back takes one for each table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.apps import apps
from django.db import models, transaction

from council.core.models import AuditEntry
from council.parties.models import Organisation, User
from council.workflows.seed_council import seed_council
from tests.factories.cast import Cast, make_cast
from tests.factories.rows import TODAY, moment
from tests.guards import behind_the_guards

type Rows = dict[type[models.Model], list[models.Model]]

NOW = moment("2026-11-24 10:00")
FACTS: Rows = {}
PEOPLE: Rows = {}
# The roles of the cast, and whose account each is.
ROLES: dict[str, int] = {}


@pytest.fixture
def seeded(db: None) -> None:
    """The founding facts."""
    assert FACTS or not Organisation.objects.exists(), "They are kept for all tests as they are beside no other rows."
    _put_back(FACTS, make=_seed)


@pytest.fixture
def cast(seeded: None) -> Cast:
    """The founding facts and the people of the tests."""
    _put_back(PEOPLE, make=_people)
    accounts = User.objects.select_related("person__organisation").in_bulk(ROLES.values())
    return Cast(**{role: accounts[pk] for role, pk in ROLES.items()})


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """It is ten in the morning of TODAY, until the test says otherwise."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def _put_back(kept: Rows, *, make: Callable[[], None]) -> None:
    with transaction.atomic():
        if kept:
            for model, rows in kept.items():
                model._base_manager.bulk_create(rows)
            return
        before = _tables()
        make()
        kept |= {model: [row for row in rows if row not in before.get(model, ())] for model, rows in _tables().items()}


def _seed() -> None:
    seed_council(today=TODAY)
    with behind_the_guards():
        AuditEntry.objects.all().delete()  # the seed's own, half of all rows: no test here asks for them


def _people() -> None:
    ROLES.update({role: account.pk for role, account in vars(make_cast()).items()})


def _tables() -> Rows:
    tables = apps.get_app_config("council").get_models(include_auto_created=True)
    return {model: rows for model in tables if (rows := list(model._base_manager.order_by("pk")))}
