"""Guarded state moves: the only place where a row's ``state`` changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from council.core import audit
from council.core.actor import Actor
from council.core.errors import NotAllowedNow, SomebodyWasFaster, Text
from council.core.models import Timestamped

type Lifecycle = Mapping[str, frozenset[str]]


def move(
    row: models.Model,
    *,
    to: str,
    by: Actor,
    lifecycle: Lifecycle,
    verb: str,
    reason: str = "",
    unseen: bool = False,
    **columns: Any,
) -> None:
    """Move a row to its next state by one conditional UPDATE, with the columns that belong to that state.

    A step that is one's own alone is ``unseen``: the version that others' pages carry stays as it is.

    The row in hand is brought up to date. NotAllowedNow if the lifecycle has no such step, SomebodyWasFaster if the
    row is no longer in the state it was read in. The step is audited in the same transaction.
    """
    was = str(row.state)  # type: ignore[attr-defined]
    if to not in lifecycle.get(was, frozenset()):
        raise not_possible_while(row.get_state_display())  # type: ignore[attr-defined]
    before = {"state": was} | {name: getattr(row, name) for name in columns}
    with transaction.atomic():
        change_if(row, {"state": was}, {"state": to, **columns}, unseen=unseen)
        audit.record(by=by, verb=verb, target=row, before=before, after={"state": to, **columns}, reason=reason)


def not_possible_while(state: Text) -> NotAllowedNow:
    """What is said of a step that the state, in words, does not allow."""
    return NotAllowedNow(_("This step is not possible while the state is “%(state)s”.") % {"state": state})


def change_if(row: models.Model, was: Mapping[str, Any], to: Mapping[str, Any], *, unseen: bool = False) -> None:
    """One conditional UPDATE that, unless ``unseen``, also tells older pages of the row; the row in hand follows.

    SomebodyWasFaster if the row is no longer as it was read.
    """
    if isinstance(row, Timestamped) and not unseen:
        to = {**to, "updated_at": row._meta.get_field("updated_at").pre_save(row, add=False)}
    if not type(row)._default_manager.filter(pk=row.pk, **was).update(**to):
        raise SomebodyWasFaster(_("Somebody else changed this a moment ago. Nothing was saved; look again."))
    for name, value in to.items():
        setattr(row, name, value)
