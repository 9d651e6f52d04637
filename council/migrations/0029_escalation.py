"""Items climb by rules of their own, which take over from the reminder of an overdue item to the owner's CISO."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

AFTER = (("overdue", "lead", 3), ("overdue", "council", 10), ("returned", "lead", 5), ("returned", "council", 15))


def climb_instead(apps, schema_editor):
    """A body that reminds of overdue items has them climb; its letter to the CISO comes with the first step alone."""
    rules = apps.get_model("council", "ReminderRule").objects.filter(kind="action_overdue", active=True)
    to_lead = rules.filter(audience="lead", unit="business", offset__gte=0)
    told = {rule.body_id: min(rule.offset, 10) for rule in to_lead.order_by("-offset")}
    steps = apps.get_model("council", "EscalationRule")
    for body in set(rules.values_list("body", flat=True)):
        for cause, step, days in AFTER:
            first = (cause, step) == ("overdue", "lead")
            after = told.get(body, days) if first else days
            steps.objects.create(body_id=body, cause=cause, step=step, business_days=after)
    rules.filter(audience="lead").update(active=False)


class Migration(migrations.Migration):

    dependencies = [
        ('council', '0028_round_follows_meeting'),
    ]

    operations = [
        migrations.CreateModel(
            name='Escalation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cause', models.CharField(choices=[('overdue', 'past its date'), ('returned', 'not completed since it was returned')], max_length=8, verbose_name='cause')),
                ('step', models.CharField(choices=[('lead', "the owner's CISO"), ('council', 'the agenda of the council')], max_length=7, verbose_name='climbed to')),
                ('since_on', models.DateField(verbose_name='since')),
                ('raised_at', models.DateTimeField(verbose_name='raised at')),
                ('stopped_at', models.DateTimeField(blank=True, null=True, verbose_name='stopped at')),
                ('stopped_because', models.CharField(blank=True, max_length=300, verbose_name='reason for stopping it')),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='escalations', to='council.actionitem', verbose_name='action item')),
                ('stopped_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='stopped by')),
            ],
            options={
                'verbose_name': 'escalation',
                'verbose_name_plural': 'escalations',
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(fields=('action', 'cause', 'step', 'since_on'), name='escalation_once'), models.CheckConstraint(condition=models.Q(models.Q(('stopped_at', None), ('stopped_because', ''), ('stopped_by', None)), models.Q(('stopped_at__isnull', False), ('stopped_by__isnull', False), models.Q(('stopped_because', ''), _negated=True)), _connector='OR'), name='escalation_stopped_with_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='EscalationRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed at')),
                ('cause', models.CharField(choices=[('overdue', 'past its date'), ('returned', 'not completed since it was returned')], max_length=8, verbose_name='cause')),
                ('step', models.CharField(choices=[('lead', "the owner's CISO"), ('council', 'the agenda of the council')], max_length=7, verbose_name='climbs to')),
                ('business_days', models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(250)], verbose_name='business days after')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='escalation_rules', to='council.body', verbose_name='body')),
            ],
            options={
                'verbose_name': 'rule of escalation',
                'verbose_name_plural': 'rules of escalation',
                'ordering': ['body', 'cause', 'business_days'],
                'constraints': [models.UniqueConstraint(fields=('body', 'cause', 'step'), name='escalation_rule_once')],
            },
        ),
        migrations.AlterField(
            model_name='agendalink',
            name='reason',
            field=models.CharField(choices=[('open', 'open since the last meeting'), ('escalated', 'escalated')], default='open', max_length=9, verbose_name='reason'),
        ),
        migrations.RunPython(climb_instead, migrations.RunPython.noop),
    ]
