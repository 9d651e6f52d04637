"""Audit entries of any moment."""

from __future__ import annotations

from typing import Any

from council.core.models import AuditEntry
from tests.factories import moment


def an_entry(at: str, verb: str, **values: Any) -> AuditEntry:
    """An entry written at a moment in Seoul ("2026-10-05 10:00")."""
    return AuditEntry.objects.create(at=moment(at), verb=verb, **{"actor": "somebody"} | values)
