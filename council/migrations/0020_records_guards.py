"""The database itself keeps what was asked, decided and handed over of the records (PostgreSQL).

The scope of a request stays once its pieces were asked about or decided; what was answered or closed stays altogether,
but for its legal hold; of a piece that was decided on only its place in the archive is added. Nothing of it is deleted,
but for pieces while they are being collected, and none of the tables is emptied.

On SQLite the models alone refuse it: that database is for one machine, whose user could edit its file.
"""

from django.db import migrations

from council.migrations._guards import guards

TABLES = ("recordsrequest", "recordspiece", "recordspiece_concerns", "recordsopinion")
REFUSED = "USING ERRCODE = 'restrict_violation'"
FORWARD = (
    f"""
    CREATE FUNCTION records_request_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$
    DECLARE
        held text[] := '{{legal_hold,hold_reason,updated_at}}';
        scope text[] := '{{body_id,kind,requester,reference,received_on,from_day,to_day,commitment_id}}';
        said jsonb := to_jsonb(OLD);
        says jsonb;
        name text;
    BEGIN
        IF TG_OP = 'DELETE' THEN
            RAISE EXCEPTION 'A records request is not deleted.' {REFUSED};
        END IF;
        says := to_jsonb(NEW);
        IF OLD.state IN ('answered', 'closed') AND said - held <> says - held THEN
            RAISE EXCEPTION 'What was answered stays as it is.' {REFUSED};
        END IF;
        IF OLD.asked_at IS NOT NULL AND (NEW.asked_at, NEW.opinions_until, NEW.asked_on_paper) IS DISTINCT FROM
            (OLD.asked_at, OLD.opinions_until, OLD.asked_on_paper)
        THEN
            RAISE EXCEPTION 'That organisations were asked stays as it is.' {REFUSED};
        END IF;
        IF OLD.state <> 'collecting' THEN
            FOREACH name IN ARRAY scope LOOP
                IF said -> name IS DISTINCT FROM says -> name THEN
                    RAISE EXCEPTION 'The scope of what was asked about stays as it is.' {REFUSED};
                END IF;
            END LOOP;
        END IF;
        RETURN NEW;
    END $guard$
    """,
    """
    CREATE TRIGGER records_request_stays BEFORE UPDATE OR DELETE ON council_recordsrequest
    FOR EACH ROW EXECUTE FUNCTION records_request_guard()
    """,
    """
    CREATE FUNCTION records_part_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$
    DECLARE
        stands text;
        packed text[] := '{path,sha256,updated_at}';
    BEGIN
        SELECT state INTO stands FROM council_recordsrequest
        WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.request_id ELSE OLD.request_id END;
        IF stands IN ('answered', 'closed')
            OR (TG_OP = 'DELETE' AND (TG_TABLE_NAME = 'council_recordsopinion' OR stands <> 'collecting'))
            OR (TG_OP = 'INSERT' AND stands <> 'collecting')
        THEN
            RAISE EXCEPTION 'What belongs to a records request stays with it.'
            USING ERRCODE = 'restrict_violation';
        END IF;
        IF TG_OP = 'UPDATE' AND (NEW.request_id <> OLD.request_id
            OR (stands = 'decided' AND to_jsonb(OLD) - packed <> to_jsonb(NEW) - packed))
        THEN
            RAISE EXCEPTION 'What was decided stays as it is.'
            USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END $guard$
    """,
    *(
        f"""
        CREATE TRIGGER {name}_stays BEFORE INSERT OR UPDATE OR DELETE ON council_{table}
        FOR EACH ROW EXECUTE FUNCTION records_part_guard()
        """
        for name, table in (("records_piece", "recordspiece"), ("records_opinion", "recordsopinion"))
    ),
    """
    CREATE FUNCTION records_concerns_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$
    DECLARE
        stands text;
    BEGIN
        SELECT state INTO stands FROM council_recordspiece piece
        JOIN council_recordsrequest request ON request.id = piece.request_id
        WHERE piece.id = CASE WHEN TG_OP = 'INSERT' THEN NEW.recordspiece_id ELSE OLD.recordspiece_id END;
        IF TG_OP = 'UPDATE' OR stands <> 'collecting' THEN
            RAISE EXCEPTION 'Whose words a piece has stays as it was collected.'
            USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END $guard$
    """,
    """
    CREATE TRIGGER records_concerns_stay BEFORE INSERT OR UPDATE OR DELETE ON council_recordspiece_concerns
    FOR EACH ROW EXECUTE FUNCTION records_concerns_guard()
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
    "DROP TRIGGER records_concerns_stay ON council_recordspiece_concerns",
    "DROP FUNCTION records_concerns_guard()",
    "DROP TRIGGER records_opinion_stays ON council_recordsopinion",
    "DROP TRIGGER records_piece_stays ON council_recordspiece",
    "DROP TRIGGER records_request_stays ON council_recordsrequest",
    "DROP FUNCTION records_part_guard()",
    "DROP FUNCTION records_request_guard()",
)


class Migration(migrations.Migration):
    dependencies = [("council", "0019_paperwork_guards")]

    operations = [guards(FORWARD, BACK)]
