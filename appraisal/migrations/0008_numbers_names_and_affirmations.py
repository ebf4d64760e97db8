"""Numbers of applications are unique for ever; document numbers by constraint; frozen names; affirmed classifications."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Count, F, OuterRef, Subquery

from quotas.arithmetic.application_number import number


def number_again(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Of applications with one number the oldest keeps it, the others get new ones from the series of their year."""
    nominations = apps.get_model("appraisal", "Nomination").objects
    series = apps.get_model("quotas", "NumberSeries").objects
    twice = nominations.order_by().values("number").annotate(times=Count("pk")).filter(times__gt=1)
    kept: set[str] = set()
    for nomination in (
        nominations.filter(number__in=[row["number"] for row in twice])
        .select_related("round_award__round")
        .only("number", "round_award__round__year")
        .order_by("pk")
    ):
        if nomination.number not in kept:
            kept.add(nomination.number)
            continue
        year = nomination.round_award.round.year
        of_year = series.filter(year=year)
        nomination.number = number(year, of_year.values_list("next_serial", flat=True).get())
        of_year.update(next_serial=F("next_serial") + 1)
        nomination.save(update_fields=["number"])


def know_the_award(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    slates = apps.get_model("appraisal", "Slate").objects.filter(pk=OuterRef("slate"))
    apps.get_model("appraisal", "Naming").objects.update(round_award=Subquery(slates.values("round_award")))


def freeze_names(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What has stood on a notice keeps the name of its unit."""
    employers = apps.get_model("appraisal", "Employer").objects.filter(pk=OuterRef("employer"))
    apps.get_model("appraisal", "Nomination").objects.filter(entries__slate__notices__isnull=False).update(
        unit_name=Subquery(employers.values("name"))
    )


class Migration(migrations.Migration):
    # Rows and constraints of one table: PostgreSQL wants them in transactions of their own.
    atomic = False

    dependencies = [
        ("quotas", "0011_number_series"),
        ("appraisal", "0007_notices_of_unannounced_years"),
    ]

    operations = [
        migrations.AddField(
            model_name="nomination",
            name="ownership_affirmed",
            field=models.CharField(
                blank=True,
                default="",
                help_text="登记变更后经核对仍按申报时认定；登记再次变更的须重新核对。",
                max_length=200,
                verbose_name="维持原认定的理由",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="nomination",
            name="unit_name",
            field=models.CharField(
                blank=True,
                default="",
                help_text="首次公示时固定；此前随登记更新。",
                max_length=120,
                verbose_name="公示时单位名称",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="naming",
            name="round_award",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="namings",
                to="quotas.roundaward",
            ),
        ),
        migrations.RunPython(number_again, migrations.RunPython.noop),
        migrations.RunPython(know_the_award, migrations.RunPython.noop),
        migrations.RunPython(freeze_names, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="naming",
            name="round_award",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="namings",
                to="quotas.roundaward",
            ),
        ),
        migrations.AddConstraint(
            model_name="naming",
            constraint=models.UniqueConstraint(
                fields=("round_award", "document_number"), name="document_number_once"
            ),
        ),
        migrations.RemoveConstraint(model_name="nomination", name="nomination_number_once"),
        migrations.RemoveIndex(model_name="nomination", name="nomination_number"),
        migrations.AddConstraint(
            model_name="nomination",
            constraint=models.UniqueConstraint(fields=("number",), name="nomination_number_unique"),
        ),
    ]
