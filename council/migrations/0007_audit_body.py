"""An entry of the audit notes the body of the thing it is about. The triggers are laid anew: SQLite's name the columns."""

from importlib import import_module

from django.db import migrations, models

guards = import_module("council.migrations.0004_audit_guards")


class Migration(migrations.Migration):
    dependencies = [("council", "0006_sign_in")]

    operations = [
        migrations.RunPython(guards.let_go, guards.keep),
        migrations.AddField(
            model_name="auditentry",
            name="body_id",
            field=models.BigIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.RunPython(guards.keep, guards.let_go),
    ]
