"""The database itself keeps what was answered to approved minutes, the documents issued, and fixed agendas (PostgreSQL).

Of a file that was issued or handed over only what the scanner says of it changes; an agenda that was fixed gives way to
a newer one and stays.

On SQLite the models alone refuse it: that database is for one machine, whose user could edit its file.
"""

from django.db import migrations

from council.migrations._guards import guards

FORWARD = (
    """
    CREATE FUNCTION minutes_answer_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$
    BEGIN
        IF EXISTS (
            SELECT 1 FROM council_minutesrevision WHERE approved_at IS NOT NULL AND id IN (
                CASE WHEN TG_OP <> 'INSERT' THEN OLD.revision_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.revision_id END
            )
        ) THEN
            RAISE EXCEPTION 'What was answered to approved minutes stays as it is.'
            USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END $guard$
    """,
    """
    CREATE TRIGGER minutes_answer_stays BEFORE INSERT OR UPDATE OR DELETE ON council_confirmation
    FOR EACH ROW EXECUTE FUNCTION minutes_answer_guard()
    """,
    """
    CREATE FUNCTION kept_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$
    BEGIN
        IF TG_TABLE_NAME = 'council_storedfile' AND NOT EXISTS (
            SELECT 1 FROM council_issueddocument WHERE file_id = OLD.id
            UNION ALL SELECT 1 FROM council_recordsrequest WHERE archive_id = OLD.id AND state = 'answered'
            UNION ALL SELECT 1 FROM council_recordspiece piece
            JOIN council_recordsrequest request ON request.id = piece.request_id
            WHERE piece.part_id = OLD.id AND request.state = 'answered'
        ) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'What was issued or fixed stays as it is.' USING ERRCODE = 'restrict_violation';
    END $guard$
    """,
    """
    CREATE TRIGGER file_stays BEFORE UPDATE ON council_storedfile FOR EACH ROW
    WHEN ((OLD.file, OLD.name, OLD.size, OLD.sha256) IS DISTINCT FROM (NEW.file, NEW.name, NEW.size, NEW.sha256))
    EXECUTE FUNCTION kept_guard()
    """,
    """
    CREATE TRIGGER agenda_snapshot_stays BEFORE UPDATE OR DELETE ON council_agendasnapshot FOR EACH ROW
    EXECUTE FUNCTION kept_guard()
    """,
)
BACK = (
    "DROP TRIGGER agenda_snapshot_stays ON council_agendasnapshot",
    "DROP TRIGGER file_stays ON council_storedfile",
    "DROP FUNCTION kept_guard()",
    "DROP TRIGGER minutes_answer_stays ON council_confirmation",
    "DROP FUNCTION minutes_answer_guard()",
)


class Migration(migrations.Migration):
    dependencies = [("council", "0020_records_guards")]

    operations = [guards(FORWARD, BACK)]
