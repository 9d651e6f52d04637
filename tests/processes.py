"""The same act in two processes at once, each with a connection of its own to the test's database."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from typing import Any

import django
from django.db import connection

# What a process waits at for the others, before each round.
_gate: list[Barrier] = []


def together() -> None:
    """Wait until every process has come as far as this."""
    _gate[0].wait(timeout=30)


def in_processes[T](act: Callable[..., T], *of_each: tuple[Any, ...]) -> list[T]:
    """What ``act`` returns in each process: one for each tuple of arguments. It calls ``together`` where they meet."""
    context = get_context("spawn")
    known = (context.Barrier(len(of_each)), connection.settings_dict["NAME"])
    with ProcessPoolExecutor(len(of_each), context, _enter, known) as pool:
        return [one.result(timeout=600) for one in [pool.submit(act, *arguments) for arguments in of_each]]


def _enter(gate: Barrier, database: str) -> None:
    """What is called next is unpickled, and imports models, only after this."""
    _gate[:] = [gate]
    django.setup()
    connection.settings_dict["NAME"] = database
