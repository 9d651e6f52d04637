"""Every model is known to Django, is kept from those who may not see it, and is in the migrations."""

from __future__ import annotations

import inspect
from importlib import import_module
from io import StringIO
from pkgutil import walk_packages

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import models

import council
from council import models as registry
from council.access.policy import TABLE
from council.access.visibility import RULES, RULES_ABOVE, rule_for
from council.core.audit import UNTOLD
from council.core.models import AuditHead, Closure
from council.core.reach import within_reach
from tests.architecture.source import ROOT

MODELS = list(apps.get_app_config("council").get_models())
# Read by nobody: the sealer's own row.
WITHOUT_READERS = {AuditHead}


def defined_models() -> set[str]:
    """The models that the packages define, whether or not anybody has imported them."""
    found: set[str] = set()
    for module_info in walk_packages(council.__path__, "council."):
        if "models" in module_info.name.split(".")[2:]:
            module = import_module(module_info.name)
            for name, member in inspect.getmembers(module, inspect.isclass):
                if issubclass(member, models.Model) and member.__module__ == module.__name__:
                    found |= set() if member._meta.abstract else {name}
    return found


def test_every_model_is_in_the_registry() -> None:
    assert set(registry.__all__) == defined_models() == {model.__name__ for model in MODELS}


@pytest.mark.parametrize("model", [m for m in MODELS if m not in WITHOUT_READERS], ids=lambda model: model.__name__)
def test_every_model_has_a_rule_for_who_sees_its_rows(model: type[models.Model]) -> None:
    assert callable(rule_for(model))


def test_a_model_without_a_rule_is_shown_to_nobody() -> None:
    for model in WITHOUT_READERS:
        with pytest.raises(LookupError):
            rule_for(model)
    assert callable(rule_for(Closure))


def test_there_is_no_rule_for_a_model_that_is_gone() -> None:
    names = {model._meta.model_name for model in MODELS}
    assert {model._meta.model_name for model in RULES} | RULES_ABOVE.keys() <= names


def test_names_of_constraints_and_indexes_are_given_and_used_once() -> None:
    names = [row.name for m in MODELS for row in [*m._meta.constraints, *m._meta.indexes]]
    assert len(names) == len(set(names)) > 30


@pytest.mark.django_db
def test_the_migrations_are_those_the_models_ask_for() -> None:
    out = StringIO()
    call_command("makemigrations", "council", check=True, dry_run=True, stdout=out)
    assert out.getvalue().strip() == "No changes detected in app 'council'"


@pytest.mark.django_db
def test_migrations_are_one_line_and_its_end_is_noted() -> None:
    assert [message.id for message in run_checks(tags=["models"]) if (message.id or "").startswith("dlm.")] == []
    folder = ROOT / "council" / "migrations"
    last = sorted(path.stem for path in folder.glob("[0-9]*.py"))[-1]
    assert (folder / "max_migration.txt").read_text().split() == [last]


def test_every_day_that_people_type_is_one_a_calendar_can_bear() -> None:
    changed = {name for name, verb in TABLE if verb in {"add", "change"}}
    typed = [
        field
        for model in MODELS
        for field in model._meta.concrete_fields
        if isinstance(field, models.DateField) and field.editable and model._meta.model_name in changed
    ]
    assert len(typed) > 10
    assert [str(f) for f in typed if within_reach not in f.validators and f.name not in UNTOLD] == []
