"""Targets of an edition: a number by a date. Like its rules they stay as they are once a round is pinned to the edition."""

import django.db.models.deletion
from django.db import migrations, models

POSTGRESQL = """
CREATE TRIGGER quotas_targets_in_use_stay BEFORE UPDATE OR DELETE ON quotas_target
    FOR EACH ROW EXECUTE FUNCTION quotas_rules_in_use_stay();
"""
NO_POSTGRESQL = 'DROP TRIGGER quotas_targets_in_use_stay ON quotas_target'
SQLITE = """
CREATE TRIGGER quotas_targets_in_use_stay_%(name)s BEFORE %(what)s ON quotas_target
WHEN EXISTS (SELECT 1 FROM quotas_roundaward WHERE rule_version_id = OLD.version_id)
BEGIN
    SELECT RAISE(ABORT, 'a round is pinned to these rules');
END
"""


def forbid(_apps, schema_editor):
    if schema_editor.connection.vendor == 'postgresql':
        schema_editor.execute(POSTGRESQL, params=None)
    elif schema_editor.connection.vendor == 'sqlite':
        for what in ('update', 'delete'):
            schema_editor.execute(SQLITE % {'name': what, 'what': what.upper()}, params=None)


def allow(_apps, schema_editor):
    if schema_editor.connection.vendor == 'postgresql':
        schema_editor.execute(NO_POSTGRESQL, params=None)
    elif schema_editor.connection.vendor == 'sqlite':
        for what in ('update', 'delete'):
            schema_editor.execute(f'DROP TRIGGER quotas_targets_in_use_stay_{what}', params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('quotas', '0002_triggers'),
    ]

    operations = [
        migrations.CreateModel(
            name='Target',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, verbose_name='代码')),
                ('label', models.CharField(max_length=100, verbose_name='目标')),
                ('stage', models.CharField(choices=[('unit', '单位'), ('county', '县级'), ('city', '市级'), ('province', '省级')], max_length=10, verbose_name='对象')),
                ('number', models.PositiveIntegerField(verbose_name='数量')),
                ('due_on', models.DateField(verbose_name='截至')),
                ('clause', models.CharField(max_length=200, verbose_name='依据')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='targets', to='quotas.ruleversion')),
            ],
            options={
                'verbose_name': '目标',
                'verbose_name_plural': '目标',
                'ordering': ['version', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('version', 'code'), name='target_once'), models.CheckConstraint(condition=models.Q(('stage__in', ['unit', 'county', 'city', 'province'])), name='target_stage_valid'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='target_from_one')],
            },
        ),
        migrations.RunPython(forbid, allow),
    ]
