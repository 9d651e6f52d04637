"""Rows without states, such as organisations or closures: kept and removed plainly, each time written down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import Any

from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from council.core import audit
from council.core.actor import Actor
from council.core.errors import DomainError, SomebodyWasFaster


def version_of(row: models.Model | None) -> str:
    """What tells one state of a row from the next: the time of its last change; empty if it keeps none, or is none."""
    return row.updated_at.isoformat() if row is not None and hasattr(row, "updated_at") else ""


def write(row: models.Model, stored: models.Model) -> None:
    """Save of a changed row what people edit; what operations move (its state, its times) is taken from ``stored``.

    ``stored`` is the row as it is now, locked: the one in hand may have been read before somebody else moved it.
    """
    edited = {field.name for field in row._meta.concrete_fields if field.editable and not field.primary_key}
    saved = edited - audit.UNTOLD | ({"updated_at"} if hasattr(row, "updated_at") else set())
    row.save(update_fields=saved)
    for field in row._meta.concrete_fields:
        if field.name not in saved:
            setattr(row, field.attname, getattr(stored, field.attname))


def keep(row: models.Model, *, by: Actor) -> None:
    """Save a new or changed row. A save that changes nothing leaves no entry; SomebodyWasFaster if the row is gone."""
    with transaction.atomic():
        stored = None if row.pk is None else type(row)._default_manager.select_for_update().filter(pk=row.pk).first()
        if stored is None and not row._state.adding:
            raise SomebodyWasFaster(_("Somebody else removed this a moment ago."))
        before: dict[str, Any] = audit.snapshot(stored) if stored else {}
        if stored:
            write(row, stored)
        else:
            row.save()
        verb = f"{row._meta.model_name}.{'changed' if stored else 'added'}"
        audit.record_change(by=by, verb=verb, target=row, before=before)


def note_links(
    row: models.Model, *, before: Mapping[str, Set[int]], by: Actor, verb: str = "", reason: str = ""
) -> bool:
    """Write down which rows it is linked to from now on, where that differs from before; whether it does."""
    after = {name: set(getattr(row, name).values_list("pk", flat=True)) for name in before}
    was, now_is = audit.changes(*({name: _numbers(pks) for name, pks in side.items()} for side in (before, after)))
    if now_is:
        verb = verb or f"{row._meta.model_name}.changed"
        audit.record(by=by, verb=verb, target=row, before=was, after=now_is, reason=reason)
    return bool(now_is)


def _numbers(pks: Iterable[int]) -> str:
    """The numbers of linked rows, as the record keeps them."""
    return ",".join(map(str, sorted(pks)))


def remove(row: models.Model, *, by: Actor) -> None:
    """Delete a row that nothing rests on; DomainError if something does."""
    try:
        with transaction.atomic():
            audit.record(by=by, verb=f"{row._meta.model_name}.removed", target=row, before=audit.snapshot(row))
            row.delete()
    except ProtectedError as error:
        raise DomainError(_("This cannot be removed: other things rest on it.")) from error
