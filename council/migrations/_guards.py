"""What every migration does that has PostgreSQL itself keep something. No migration: its name begins with a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import migrations


def guards(forward: Sequence[str], back: Sequence[str]) -> migrations.RunPython:
    """These statements there and back on PostgreSQL; on SQLite nothing."""

    def run(statements: Sequence[str]) -> Callable[[Any, Any], None]:
        def on_postgresql(apps: Any, schema_editor: Any) -> None:
            if schema_editor.connection.vendor == "postgresql":
                for statement in statements:
                    schema_editor.execute(statement, params=None)

        return on_postgresql

    return migrations.RunPython(run(forward), run(back))
