"""The doors to the seeds on the command line."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from council.declaration.models import Commitment
from council.parties.models import Person, User
from council.workflows.seed_demo import ACCOUNTS

pytestmark = pytest.mark.django_db


def run(name: str, *arguments: str) -> str:
    out = StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


def test_the_command_loads_the_facts_and_says_how_much_it_added() -> None:
    first = run("seed_council")
    assert Commitment.objects.count() == 24
    assert first.startswith("Rows added: ")
    assert first != "Rows added: 0. What was there already stayed as it is.\n"
    assert run("seed_council") == "Rows added: 0. What was there already stayed as it is.\n"


def test_example_accounts_are_refused_by_settings_that_are_no_demonstration(settings: Any) -> None:
    assert settings.DEMO is False
    with pytest.raises(CommandError):
        run("seed_council", "--demo")
    assert (User.objects.count(), Person.objects.filter(name_ko__endswith="(시연)").count()) == (0, 0)


def test_example_accounts_are_made_by_the_settings_of_a_demonstration(settings: Any) -> None:
    settings.DEMO = True
    run("seed_council", "--demo")
    assert User.objects.count() == len(ACCOUNTS)


def test_a_demonstration_is_refused_by_settings_that_are_none() -> None:
    with pytest.raises(CommandError):
        run("demo")
    assert (User.objects.count(), Commitment.objects.count()) == (0, 0)
