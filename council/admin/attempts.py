"""Doing something to a row as its page showed it: what is older than the row is refused, and a refusal is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.utils.translation import gettext as _

from council.core.errors import DomainError, SomebodyWasFaster
from council.core.register import version_of
from council.meetings.models import Meeting
from council.minutes.operations.locking import lock_minutes
from council.web.errors import add_to_form

# How the minutes are found that a row belongs to, by the row's own column.
OF_MINUTES = {"minutes_id": "pk", "revision_id": "revisions", "publication_id": "revisions__publications"}
VERSION = "_version"


def attempt[T](
    request: Any, row: Any, form: forms.BaseForm, act: Callable[[], T]
) -> tuple[T | None, DomainError | None]:
    """What comes of an act on a row as its page showed it, or why it is refused: said on the form, or above it."""
    try:
        with transaction.atomic():
            require_same_version(request, row)
            return act(), None
    except DomainError as error:
        if form.is_bound:
            add_to_form(form, error)
        else:
            messages.error(request, str(error))
        return None, error


def require_same_version(request: Any, row: Any) -> None:
    """Refuse what was filled in on a page that is older than the row; the page sends the time it was made from."""
    # The meeting first, as everywhere, and the minutes: two who lock in another order would wait for each other.
    if meeting := getattr(row, "meeting_id", None):
        Meeting.objects.select_for_update().filter(pk=meeting).first()
    for column, found_by in OF_MINUTES.items():
        if above := getattr(row, column, None):
            lock_minutes(**{found_by: above})
            break
    seen = request.POST.get(VERSION)
    stored = type(row)._default_manager.select_for_update().filter(pk=row.pk).first()
    if seen and stored and seen != version_of(stored):
        raise SomebodyWasFaster(
            _("Somebody else changed this while you were editing. Compare with the page; save again to overrule.")
        )
