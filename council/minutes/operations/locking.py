"""What is locked first: the minutes, then their versions and what hangs on them. Two in another order would wait on
each other for ever."""

from __future__ import annotations

from typing import Any

from council.minutes.models import Minutes


def lock_minutes(**where: Any) -> Minutes:
    """The minutes that fit, locked until the transaction ends; of what is joined to find them nothing is locked."""
    return Minutes.objects.select_for_update(of=("self",)).get(**where)
