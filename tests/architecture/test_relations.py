"""Relations point to the same or a lower package: string foreign keys escape the import linter."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models

from tests.architecture.source import ROOT

# house.md §2, from the lowest to the highest.
LAYERS = [
    "core",
    "parties",
    "files",
    "mail",
    "release",
    "clearance",
    "declaration",
    "meetings",
    "minutes",
    "actions",
    "reports",
    "access",
    "scorecard",
    "documents",
    "reminders",
]
MODELS = list(apps.get_app_config("council").get_models(include_auto_created=True))


def package(model: type[models.Model]) -> str:
    return model.__module__.split(".")[1]


def relations(model: type[models.Model]) -> Iterator[tuple[str, type[models.Model]]]:
    """A model's own relations to models of the council: field and target."""
    for field in model._meta.get_fields(include_hidden=True):
        target = field.related_model
        if field.is_relation and not field.auto_created and isinstance(target, type):
            yield field.name, target


def upward(model: type[models.Model]) -> list[str]:
    return [
        f"{package(model)}.{model.__name__}.{name} → {package(target)}.{target.__name__}"
        for name, target in relations(model)
        if target._meta.app_label == "council" and LAYERS.index(package(target)) > LAYERS.index(package(model))
    ]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_relation_points_to_the_same_or_a_lower_package(model: type[models.Model]) -> None:
    assert upward(model) == []


def test_the_search_sees_relations() -> None:
    found = {(m.__name__, name, target.__name__) for m in MODELS for name, target in relations(m)}
    assert ("Meeting", "body", "Body") in found
    assert ("AgendaItem", "readers", "Person") in found
    assert ("User", "person", "Person") in found
    assert len(found) > 40


def test_the_order_of_the_layers_is_the_linters() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    names = [name.strip().strip("()") for layer in layers for name in layer.split("|")]
    assert [name for name in reversed(names) if name in LAYERS] == LAYERS
