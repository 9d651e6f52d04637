"""The database itself keeps what was circulated, approved and decided (PostgreSQL).

A version of the minutes that was shown to others gets its approval, its registration number and the day of its public
version, each once, and nothing else of it changes; its parts and remarks do not change at all. A decision in force can
be replaced by another, shared, and released; its words and its number stay. Nothing of it is deleted, and none of the
tables is emptied as a whole.

Law: 행정업무의 운영 및 혁신에 관한 규정 제17조; 공공기록물 관리에 관한 법률 시행령 제20조.

On SQLite the models alone refuse it: that database is for one machine, whose user could edit its file.
"""

from django.db import migrations

from council.migrations._guards import guards

TABLES = ("minutesrevision", "minutessection", "remark", "decision", "issueddocument")
REFUSED = "USING ERRCODE = 'restrict_violation'"
FORWARD = (
    f"""
    CREATE FUNCTION minutes_revision_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$
    DECLARE
        later text[] := '{{approved_at,approved_on,approver,route,approval_entered_by_id,sha256,registration_number,published_at,updated_at}}';
        was jsonb := to_jsonb(OLD);
        became jsonb;
        field text;
    BEGIN
        IF OLD.circulated_at IS NULL AND OLD.approved_at IS NULL AND TG_OP = 'UPDATE' THEN
            RETURN NEW;
        END IF;
        IF TG_OP = 'DELETE' THEN
            RAISE EXCEPTION 'A version of the minutes is not deleted.' {REFUSED};
        END IF;
        became := to_jsonb(NEW);
        IF was - later <> became - later THEN
            RAISE EXCEPTION 'A version of the minutes that was shown stays as it is.' {REFUSED};
        END IF;
        FOREACH field IN ARRAY later LOOP
            IF field <> 'updated_at' AND was -> field <> became -> field
                AND coalesce(was ->> field, '') <> ''
            THEN
                RAISE EXCEPTION 'This is written down once: %', field {REFUSED};
            END IF;
        END LOOP;
        RETURN NEW;
    END $guard$
    """,
    """
    CREATE TRIGGER minutes_revision_stays BEFORE UPDATE OR DELETE ON council_minutesrevision
    FOR EACH ROW EXECUTE FUNCTION minutes_revision_guard()
    """,
    """
    CREATE FUNCTION minutes_part_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$
    DECLARE
        of_revisions bigint[];
    BEGIN
        IF TG_TABLE_NAME = 'council_minutessection' THEN
            of_revisions := ARRAY[
                CASE WHEN TG_OP <> 'INSERT' THEN OLD.revision_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.revision_id END
            ];
        ELSE
            SELECT array_agg(revision_id) INTO of_revisions FROM council_minutessection
            WHERE id IN (
                CASE WHEN TG_OP <> 'INSERT' THEN OLD.section_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.section_id END
            );
        END IF;
        IF EXISTS (
            SELECT 1 FROM council_minutesrevision
            WHERE id = ANY(of_revisions) AND (circulated_at IS NOT NULL OR approved_at IS NOT NULL)
        ) THEN
            RAISE EXCEPTION 'A version of the minutes that was shown stays as it is.'
            USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END $guard$
    """,
    """
    CREATE TRIGGER minutes_section_stays BEFORE INSERT OR UPDATE OR DELETE ON council_minutessection
    FOR EACH ROW EXECUTE FUNCTION minutes_part_guard()
    """,
    """
    CREATE TRIGGER minutes_remark_stays BEFORE INSERT OR UPDATE OR DELETE ON council_remark
    FOR EACH ROW EXECUTE FUNCTION minutes_part_guard()
    """,
    f"""
    CREATE FUNCTION decision_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$
    DECLARE
        kept text[] := '{{agenda_item_id,body_id,year,number,revision_id,kind,text,by_whom_id,commitment_id,effect,in_force_at,withdrawn_because}}';
        field text;
    BEGIN
        IF OLD.in_force_at IS NULL THEN
            RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
        END IF;
        IF TG_OP = 'DELETE' THEN
            RAISE EXCEPTION 'A decision in force is not deleted.' {REFUSED};
        END IF;
        FOREACH field IN ARRAY kept LOOP
            IF to_jsonb(OLD) -> field <> to_jsonb(NEW) -> field THEN
                RAISE EXCEPTION 'A decision in force stays as it is: %', field {REFUSED};
            END IF;
        END LOOP;
        IF OLD.superseded_by_id IS NOT NULL AND NEW.superseded_by_id IS NULL THEN
            RAISE EXCEPTION 'A decision that was replaced stays replaced.' {REFUSED};
        END IF;
        RETURN NEW;
    END $guard$
    """,
    f"""
    CREATE FUNCTION issued_document_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$
    BEGIN
        RAISE EXCEPTION 'An issued document stays as it is.' {REFUSED};
    END $guard$
    """,
    """
    CREATE TRIGGER issued_document_stays BEFORE UPDATE OR DELETE ON council_issueddocument
    FOR EACH ROW EXECUTE FUNCTION issued_document_guard()
    """,
    """
    CREATE TRIGGER decision_stays BEFORE UPDATE OR DELETE ON council_decision
    FOR EACH ROW EXECUTE FUNCTION decision_guard()
    """,
    f"""
    CREATE FUNCTION minutes_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $guard$
    BEGIN
        RAISE EXCEPTION 'The record of the meetings is not emptied.' {REFUSED};
    END $guard$
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
    *(f"DROP TRIGGER {table}_not_emptied ON council_{table}" for table in TABLES),
    "DROP FUNCTION minutes_not_emptied()",
    "DROP TRIGGER issued_document_stays ON council_issueddocument",
    "DROP FUNCTION issued_document_guard()",
    "DROP TRIGGER decision_stays ON council_decision",
    "DROP TRIGGER minutes_remark_stays ON council_remark",
    "DROP TRIGGER minutes_section_stays ON council_minutessection",
    "DROP TRIGGER minutes_revision_stays ON council_minutesrevision",
    "DROP FUNCTION decision_guard()",
    "DROP FUNCTION minutes_part_guard()",
    "DROP FUNCTION minutes_revision_guard()",
)


class Migration(migrations.Migration):
    dependencies = [("council", "0015_minutes")]

    operations = [guards(FORWARD, BACK)]
