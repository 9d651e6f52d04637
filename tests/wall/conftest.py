"""One world for all tests of this folder: built once, every test undone, all of it undone at the end."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import client, override_settings
from pytest_django import DjangoDbBlocker

from tests.factories.founding import clock
from tests.wall.changes import put_back
from tests.wall.sowing import NOW, a_world
from tests.wall.world import World

__all__ = ["clock"]


@pytest.fixture(scope="package")
def files_of_the_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("wall") / "files"


@pytest.fixture(autouse=True)
def files_of_the_test(files_of_the_world: Path, tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = files_of_the_world
    settings.LETTERS_DIR = tmp_path / "letters"


@pytest.fixture(autouse=True)
def refusals_are_not_logged() -> Iterator[None]:
    """Thousands of them are what these tests ask for."""
    logger = logging.getLogger("django.request")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(level)


@pytest.fixture(autouse=True)
def only_lists_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what each template was given, the client keeps what these tests look at; copying all of it costs a third."""
    keep = client.store_rendered_templates  # type: ignore[attr-defined]

    def lean(store: dict[str, Any], signal: Any, sender: Any, template: Any, context: Any, **kwargs: Any) -> None:
        if any(name in context for name in ("cl", "adminform", "form")) and "context" not in store:
            keep(store, signal, sender, template, context, **kwargs)

    monkeypatch.setattr(client, "store_rendered_templates", lean)


@pytest.fixture(scope="package")
def built(django_db_setup: None, django_db_blocker: DjangoDbBlocker, files_of_the_world: Path) -> Iterator[World]:
    """The world in a transaction that stays open; each test's own lies within it."""
    with django_db_blocker.unblock(), put_back():
        with override_settings(MEDIA_ROOT=files_of_the_world), time_machine.travel(NOW, tick=False):
            world = a_world()
        yield world


@pytest.fixture
def world(built: World, db: None) -> World:
    return built
