from django.db import migrations, models


class Migration(migrations.Migration):
    """When an account or a target group was last changed, so that an older page of it is noticed."""

    dependencies = [
        ("council", "0009_audit_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="targetgroup",
            name="created_at",
            field=models.DateTimeField(auto_now_add=True, verbose_name="created at"),
        ),
        migrations.AddField(
            model_name="targetgroup",
            name="updated_at",
            field=models.DateTimeField(auto_now=True, verbose_name="changed at"),
        ),
        migrations.AddField(
            model_name="user",
            name="updated_at",
            field=models.DateTimeField(auto_now=True, verbose_name="changed at"),
        ),
    ]
