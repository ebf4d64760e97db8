"""Units and nominations are found by what they hold, not by how they begin."""

from django.db import migrations, models

from quotas.models.search import searchable

CHUNK = 2000
COLUMNS = {
    "Employer": ("name", "credit_code", "union_name"),
    "Nomination": ("number", "nominee_name"),
}
BIGRAMS = """
CREATE OR REPLACE FUNCTION bigrams(words text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT pg_catalog.array_agg(DISTINCT pg_catalog.substr(words, place, 2))
  FROM pg_catalog.generate_series(1, GREATEST(pg_catalog.length(words) - 1, 1)) AS place
$$
"""


def fill(apps, _schema_editor):
    for model_name, columns in COLUMNS.items():
        model = apps.get_model("appraisal", model_name)
        last = 0
        while rows := list(model.objects.filter(pk__gt=last).only(*columns).order_by("pk")[:CHUNK]):
            for row in rows:
                row.search = searchable(getattr(row, column) for column in columns)
            model.objects.bulk_update(rows, ["search"], batch_size=500)
            last = rows[-1].pk


def index(apps, schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    if postgres:
        schema_editor.execute(BIGRAMS, params=None)
    for model_name in COLUMNS:
        table = apps.get_model("appraisal", model_name)._meta.db_table
        over = "USING gin (bigrams(search))" if postgres else "(search)"
        schema_editor.execute(f"CREATE INDEX {table}_search ON {table} {over}", params=None)


def drop(apps, schema_editor):
    for model_name in COLUMNS:
        table = apps.get_model("appraisal", model_name)._meta.db_table
        schema_editor.execute(f"DROP INDEX {table}_search", params=None)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION bigrams(text)", params=None)


class Migration(migrations.Migration):
    # Rows that were filled leave pending checks behind, and PostgreSQL builds no index over a table with these.
    atomic = False
    dependencies = [("appraisal", "0005_issuers_and_search")]

    operations = [
        migrations.AddField("employer", "search", models.TextField(default="", editable=False)),
        migrations.AddField("nomination", "search", models.TextField(default="", editable=False)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(index, drop),
    ]
