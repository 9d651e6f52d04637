"""Everything that is in the database, but for the audit and the times at which rows were touched."""

from __future__ import annotations

from typing import Any

from django.apps import apps

NOT_COMPARED = {"AuditEntry", "AuditHead"}
STAMPS = {"created_at", "updated_at"}


def everything() -> dict[str, list[dict[str, Any]]]:
    """Each table's rows, link tables with them, as plain values by the table's name."""
    tables: dict[str, list[dict[str, Any]]] = {}
    for model in apps.get_app_config("council").get_models(include_auto_created=True):
        if model.__name__ in NOT_COMPARED:
            continue
        rows = model._base_manager.order_by("pk").values()
        tables[model.__name__] = [{name: row[name] for name in row.keys() - STAMPS} for row in rows]
    return tables
