"""The database itself keeps the audit as it was written.

From what the triggers protect: entries deleted, emptied or changed, and a chain's head deleted or set back, by mistake
or on purpose, through the application's code, its shell, or a statement slipped into one of its queries. The one
change that is let through is the sealer's: an entry without a place in the chain gets its place, once, and nothing
else of it changes.

From what they do not protect: the owner of the tables or a superuser, who can switch a trigger off; whoever writes to
the database's files; entries invented and added. For those there is the chain of hashes, and its head noted elsewhere
(``verify_audit --head``, ``--expect-head``). To make even the application unable to switch them off, let it connect as
a role that does not own the tables.

No retention job can delete entries either. Whoever disposes of those whose period is over does it as the owner, with
the triggers off, and notes the head and the reason elsewhere: verification will name what was removed as missing.

SQLite forgets a table's triggers when a later migration rebuilds the table: such a migration calls ``keep`` again.
"""

from collections.abc import Sequence
from typing import Any

from django.db import migrations

PLACE = {"sequence", "previous_hash", "hash"}

POSTGRESQL = (
    """
    CREATE FUNCTION audit_entry_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$
    BEGIN
        IF TG_OP = 'UPDATE' AND OLD.sequence IS NULL AND NEW.sequence IS NOT NULL
            AND to_jsonb(NEW) - '{sequence,previous_hash,hash}'::text[]
              = to_jsonb(OLD) - '{sequence,previous_hash,hash}'::text[]
        THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'The audit is only ever added to.' USING ERRCODE = 'restrict_violation';
    END $guard$
    """,
    """
    CREATE FUNCTION audit_head_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$
    BEGIN
        IF TG_OP = 'UPDATE' AND NEW.id = OLD.id
            AND (NEW.length > OLD.length OR (NEW.length = OLD.length AND NEW.hash = OLD.hash))
        THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'The chain of the audit only ever grows.' USING ERRCODE = 'restrict_violation';
    END $guard$
    """,
    """
    CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE ON council_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_guard()
    """,
    """
    CREATE TRIGGER audit_entry_not_emptied BEFORE TRUNCATE ON council_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_guard()
    """,
    """
    CREATE TRIGGER audit_head_only_grows BEFORE UPDATE OR DELETE ON council_audithead
    FOR EACH ROW EXECUTE FUNCTION audit_head_guard()
    """,
    """
    CREATE TRIGGER audit_head_not_emptied BEFORE TRUNCATE ON council_audithead
    FOR EACH STATEMENT EXECUTE FUNCTION audit_head_guard()
    """,
)
POSTGRESQL_BACK = (
    "DROP TRIGGER audit_entry_stays ON council_auditentry",
    "DROP TRIGGER audit_entry_not_emptied ON council_auditentry",
    "DROP TRIGGER audit_head_only_grows ON council_audithead",
    "DROP TRIGGER audit_head_not_emptied ON council_audithead",
    "DROP FUNCTION audit_entry_guard()",
    "DROP FUNCTION audit_head_guard()",
)
SQLITE = (
    """
    CREATE TRIGGER audit_entry_stays_undeleted BEFORE DELETE ON council_auditentry
    BEGIN SELECT RAISE(ABORT, 'The audit is only ever added to.'); END
    """,
    """
    CREATE TRIGGER audit_entry_stays BEFORE UPDATE ON council_auditentry
    WHEN NOT (OLD.sequence IS NULL AND NEW.sequence IS NOT NULL AND {unchanged})
        OR EXISTS (SELECT 1 FROM council_auditentry WHERE sequence = NEW.sequence)
    BEGIN SELECT RAISE(ABORT, 'The audit is only ever added to.'); END
    """,
    # INSERT OR REPLACE deletes what is in its way without asking the trigger on DELETE.
    """
    CREATE TRIGGER audit_entry_not_replaced BEFORE INSERT ON council_auditentry
    WHEN EXISTS (SELECT 1 FROM council_auditentry WHERE id = NEW.id OR sequence = NEW.sequence)
    BEGIN SELECT RAISE(ABORT, 'The audit is only ever added to.'); END
    """,
    """
    CREATE TRIGGER audit_head_not_replaced BEFORE INSERT ON council_audithead
    WHEN EXISTS (SELECT 1 FROM council_audithead WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'The chain of the audit only ever grows.'); END
    """,
    """
    CREATE TRIGGER audit_head_stays BEFORE DELETE ON council_audithead
    BEGIN SELECT RAISE(ABORT, 'The chain of the audit only ever grows.'); END
    """,
    """
    CREATE TRIGGER audit_head_only_grows BEFORE UPDATE ON council_audithead
    WHEN NOT (NEW.id = OLD.id AND (NEW.length > OLD.length OR (NEW.length = OLD.length AND NEW.hash = OLD.hash)))
    BEGIN SELECT RAISE(ABORT, 'The chain of the audit only ever grows.'); END
    """,
)
SQLITE_BACK = (
    "DROP TRIGGER audit_entry_not_replaced",
    "DROP TRIGGER audit_head_not_replaced",
    "DROP TRIGGER audit_entry_stays_undeleted",
    "DROP TRIGGER audit_entry_stays",
    "DROP TRIGGER audit_head_stays",
    "DROP TRIGGER audit_head_only_grows",
)


def keep(apps: Any, schema_editor: Any) -> None:
    entry = apps.get_model("council", "AuditEntry")
    columns = [field.column for field in entry._meta.concrete_fields if field.name not in PLACE]
    unchanged = " AND ".join(f'NEW."{column}" IS OLD."{column}"' for column in columns)
    run(schema_editor, postgresql=POSTGRESQL, sqlite=[text.format(unchanged=unchanged) for text in SQLITE])


def let_go(apps: Any, schema_editor: Any) -> None:
    run(schema_editor, postgresql=POSTGRESQL_BACK, sqlite=SQLITE_BACK)


def run(schema_editor: Any, **statements: Sequence[str]) -> None:
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("council", "0003_audit_reviews")]

    operations = [migrations.RunPython(keep, let_go)]
