"""The database itself keeps recordings, official documents and forms as they were entered (PostgreSQL).

Each can be taken back or put aside once, with its reason or moment; nothing else of it changes, and none is deleted.

On SQLite there is no door that changes them: that database is for one machine, whose user could edit its file.
"""

from django.db import migrations

from council.migrations._guards import guards

TABLES = ("recording", "officialdocument", "documentform")
FORWARD = (
    """
    CREATE FUNCTION paperwork_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$
    DECLARE
        later text[] := '{withdrawn_because,put_aside_at,updated_at}';
    BEGIN
        IF TG_OP = 'DELETE' OR to_jsonb(OLD) - later <> to_jsonb(NEW) - later
            OR coalesce(to_jsonb(OLD) ->> 'withdrawn_because', '') <> ''
            OR to_jsonb(OLD) ->> 'put_aside_at' IS NOT NULL
        THEN
            RAISE EXCEPTION 'What was entered stays as it is.' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $guard$
    """,
    *(
        f"""
        CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON council_{table}
        FOR EACH ROW EXECUTE FUNCTION paperwork_guard()
        """
        for table in TABLES
    ),
    *(
        f"""
        CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON council_{table}
        FOR EACH STATEMENT EXECUTE FUNCTION minutes_not_emptied()
        """
        for table in TABLES
    ),
)
BACK = (
    *(f"DROP TRIGGER {table}_not_emptied ON council_{table}" for table in TABLES),
    *(f"DROP TRIGGER {table}_stays ON council_{table}" for table in TABLES),
    "DROP FUNCTION paperwork_guard()",
)


class Migration(migrations.Migration):
    dependencies = [("council", "0018_publication_guards")]

    operations = [guards(FORWARD, BACK)]
