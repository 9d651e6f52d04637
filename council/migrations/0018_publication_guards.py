"""The database itself keeps what was asked about and published (PostgreSQL).

A publication's words stay as they are once somebody was asked about it; what it withholds can grow until it is out,
and not shrink; what was said to it stays once it is out. Nothing of it is deleted, and none of the tables is emptied.

On SQLite no door changes them: that database is for one machine, whose user could edit its file.
"""

from django.db import migrations

from council.migrations._guards import guards

TABLES = ("publication", "redaction", "opinion")
REFUSED = "USING ERRCODE = 'restrict_violation'"
FORWARD = (
    f"""
    CREATE FUNCTION publication_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$
    DECLARE
        later text[] := '{{state,published_at,withdrawn_because,sha256,updated_at}}';
    BEGIN
        IF TG_OP = 'DELETE' THEN
            RAISE EXCEPTION 'A publication is not deleted.' {REFUSED};
        END IF;
        IF OLD.state IN ('published', 'withdrawn') THEN
            later := '{{updated_at}}';
        END IF;
        IF OLD.state <> 'draft' AND (NEW.state = 'draft' OR to_jsonb(OLD) - later <> to_jsonb(NEW) - later) THEN
            RAISE EXCEPTION 'What others were asked about stays as it is.' {REFUSED};
        END IF;
        RETURN NEW;
    END $guard$
    """,
    """
    CREATE TRIGGER publication_stays BEFORE UPDATE OR DELETE ON council_publication
    FOR EACH ROW EXECUTE FUNCTION publication_guard()
    """,
    """
    CREATE FUNCTION publication_part_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$
    DECLARE
        fixed text[] := '{publication_id,place,section_id,organisation_id}';
        stands text;
        field text;
    BEGIN
        SELECT state INTO stands FROM council_publication
        WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.publication_id ELSE OLD.publication_id END;
        IF stands IN ('published', 'withdrawn')
            OR (TG_OP = 'DELETE' AND (stands <> 'draft' OR TG_TABLE_NAME = 'council_opinion'))
        THEN
            RAISE EXCEPTION 'What belongs to a publication stays with it.' USING ERRCODE = 'restrict_violation';
        END IF;
        IF TG_OP = 'UPDATE' THEN
            FOREACH field IN ARRAY fixed LOOP
                IF to_jsonb(OLD) -> field <> to_jsonb(NEW) -> field THEN
                    RAISE EXCEPTION 'What belongs to a publication stays with it: %', field
                    USING ERRCODE = 'restrict_violation';
                END IF;
            END LOOP;
        END IF;
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END $guard$
    """,
    """
    CREATE TRIGGER redaction_stays BEFORE INSERT OR UPDATE OR DELETE ON council_redaction
    FOR EACH ROW EXECUTE FUNCTION publication_part_guard()
    """,
    """
    CREATE TRIGGER opinion_stays BEFORE INSERT OR UPDATE OR DELETE ON council_opinion
    FOR EACH ROW EXECUTE FUNCTION publication_part_guard()
    """,
    # SQLite has no question about what a list in JSON holds.
    """
    ALTER TABLE council_redaction ADD CONSTRAINT redaction_grounds_are_items_5_to_8
    CHECK (jsonb_typeof(grounds) = 'array' AND grounds <@ '[5, 6, 7, 8]')
    """,
    *(
        f"""
        CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON council_{table}
        FOR EACH STATEMENT EXECUTE FUNCTION minutes_not_emptied()
        """
        for table in TABLES
    ),
)
BACK = (
    "ALTER TABLE council_redaction DROP CONSTRAINT redaction_grounds_are_items_5_to_8",
    *(f"DROP TRIGGER {table}_not_emptied ON council_{table}" for table in TABLES),
    "DROP TRIGGER opinion_stays ON council_opinion",
    "DROP TRIGGER redaction_stays ON council_redaction",
    "DROP TRIGGER publication_stays ON council_publication",
    "DROP FUNCTION publication_part_guard()",
    "DROP FUNCTION publication_guard()",
)


class Migration(migrations.Migration):
    dependencies = [("council", "0017_publication_and_records")]

    operations = [guards(FORWARD, BACK)]
