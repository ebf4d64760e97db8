"""Units and nominations are found by what they hold, not by how they begin.

PostgreSQL keeps each pair of neighbouring characters in an index; SQLite, which serves the demo only, reads the column.
"""

from django.db import migrations

TABLES = ('appraisal_employer', 'appraisal_nomination')
BIGRAMS = """
CREATE OR REPLACE FUNCTION bigrams(words text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT pg_catalog.array_agg(DISTINCT pg_catalog.substr(words, place, 2))
  FROM pg_catalog.generate_series(1, GREATEST(pg_catalog.length(words) - 1, 1)) AS place
$$
"""


def index(_apps, schema_editor):
    postgres = schema_editor.connection.vendor == 'postgresql'
    if postgres:
        schema_editor.execute(BIGRAMS, params=None)
    over = 'USING gin (bigrams(search))' if postgres else '(search)'
    for table in TABLES:
        schema_editor.execute(f'CREATE INDEX {table}_search ON {table} {over}', params=None)


def drop(_apps, schema_editor):
    for table in TABLES:
        schema_editor.execute(f'DROP INDEX {table}_search', params=None)
    if schema_editor.connection.vendor == 'postgresql':
        schema_editor.execute('DROP FUNCTION bigrams(text)', params=None)


class Migration(migrations.Migration):

    dependencies = [('appraisal', '0001_initial')]

    operations = [migrations.RunPython(index, drop)]
