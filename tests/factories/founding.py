"""The founding facts for every test of a session: seeded by the first, copied in by the others.

Seeding asks some two thousand queries; putting the same rows back takes one for each table.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import models, transaction

from council.core.models import AuditEntry
from council.workflows.seed_council import seed_council
from tests.factories import TODAY, moment
from tests.guards import behind_the_guards

NOW = moment("2026-11-24 10:00")
SEEDED: list[tuple[type[models.Model], list[models.Model]]] = []


@pytest.fixture
def seeded(db: None) -> None:
    """The founding facts."""
    with transaction.atomic():
        if SEEDED:
            for model, rows in SEEDED:
                model._base_manager.bulk_create(rows)
        else:
            seed_council(today=TODAY)
            with behind_the_guards():
                AuditEntry.objects.all().delete()  # the seed's own, half of all rows: no test here asks for them
            SEEDED.extend(_tables())


def _tables() -> Iterator[tuple[type[models.Model], list[Any]]]:
    for model in apps.get_app_config("council").get_models(include_auto_created=True):
        if rows := list(model._base_manager.order_by("pk")):
            yield model, rows


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """It is ten in the morning of TODAY, until the test says otherwise."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller
