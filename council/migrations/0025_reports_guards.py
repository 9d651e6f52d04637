"""The database itself keeps what was handed in, what was answered to it, and frozen scorecards (PostgreSQL).

A receipt can be marked as withdrawn and says the same for ever; a report on an action item likewise, whose label may
change. On SQLite the models alone refuse it: that database is for one machine, whose user could edit its file.
"""

from django.db import migrations

from council.migrations._guards import guards

WHOLE = ("judgement", "verification", "actioncomment", "frozenscorecard")
TABLES = (*WHOLE, "submission", "progressupdate")

FORWARD = (
    """
    CREATE FUNCTION handed_in_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$
    BEGIN
        RAISE EXCEPTION 'What was handed in or answered stays as it is.' USING ERRCODE = 'restrict_violation';
    END $guard$
    """,
    *(
        f"""
        CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON council_{table} FOR EACH ROW
        EXECUTE FUNCTION handed_in_guard()
        """
        for table in WHOLE
    ),
    """
    CREATE TRIGGER submission_undeleted BEFORE DELETE ON council_submission FOR EACH ROW
    EXECUTE FUNCTION handed_in_guard()
    """,
    """
    CREATE TRIGGER submission_stays BEFORE UPDATE ON council_submission FOR EACH ROW
    WHEN ((OLD.report_id, OLD.number, OLD.payload::text, OLD.sha256, OLD.submitted_at, OLD.by_id, OLD.on_behalf)
        IS DISTINCT FROM
        (NEW.report_id, NEW.number, NEW.payload::text, NEW.sha256, NEW.submitted_at, NEW.by_id, NEW.on_behalf))
    EXECUTE FUNCTION handed_in_guard()
    """,
    """
    CREATE TRIGGER update_undeleted BEFORE DELETE ON council_progressupdate FOR EACH ROW
    WHEN (OLD.state <> 'draft') EXECUTE FUNCTION handed_in_guard()
    """,
    """
    CREATE TRIGGER update_stays BEFORE UPDATE ON council_progressupdate FOR EACH ROW
    WHEN (OLD.state <> 'draft'
        AND (OLD.action_id, OLD.percent, OLD.text, OLD.organisation_id, OLD.by_id, OLD.submitted_at, OLD.on_behalf)
        IS DISTINCT FROM
        (NEW.action_id, NEW.percent, NEW.text, NEW.organisation_id, NEW.by_id, NEW.submitted_at, NEW.on_behalf))
    EXECUTE FUNCTION handed_in_guard()
    """,
    *(
        f"""
        CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON council_{table} FOR EACH STATEMENT
        EXECUTE FUNCTION handed_in_guard()
        """
        for table in TABLES
    ),
)
BACK = (
    *(f"DROP TRIGGER {table}_not_emptied ON council_{table}" for table in TABLES),
    "DROP TRIGGER update_stays ON council_progressupdate",
    "DROP TRIGGER update_undeleted ON council_progressupdate",
    "DROP TRIGGER submission_stays ON council_submission",
    "DROP TRIGGER submission_undeleted ON council_submission",
    *(f"DROP TRIGGER {table}_stays ON council_{table}" for table in WHOLE),
    "DROP FUNCTION handed_in_guard()",
)


class Migration(migrations.Migration):
    dependencies = [("council", "0024_scorecards")]

    operations = [guards(FORWARD, BACK)]
