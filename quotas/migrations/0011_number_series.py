"""One series of application numbers a year, whatever the number of its rounds."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Max


def begin_behind_the_rounds(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    years = (
        apps.get_model("quotas", "Round")
        .objects.order_by()
        .values("year")
        .annotate(last=Max("next_serial"))
        .values_list("year", "last")
    )
    series = apps.get_model("quotas", "NumberSeries")
    series.objects.bulk_create(series(year=year, next_serial=last) for year, last in years)


class Migration(migrations.Migration):
    dependencies = [("quotas", "0010_people_from_workbooks")]

    operations = [
        migrations.CreateModel(
            name="NumberSeries",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveIntegerField(unique=True)),
                ("next_serial", models.PositiveIntegerField(default=1)),
            ],
            options={"verbose_name": "申报编号序列", "verbose_name_plural": "申报编号序列"},
        ),
        migrations.RunPython(begin_behind_the_rounds, migrations.RunPython.noop),
        migrations.RemoveField(model_name="round", name="next_serial"),
    ]
