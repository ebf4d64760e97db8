"""The ledger is append-only in the database itself: PostgreSQL refuses UPDATE and DELETE of its rows.

SQLite, which serves the demo only, has no such guard; there a change shows in the chain.
"""

from django.db import migrations

FORBID = """
CREATE FUNCTION quotas_ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER quotas_ledger_append_only BEFORE UPDATE OR DELETE ON quotas_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION quotas_ledger_append_only();
"""
ALLOW = """
DROP TRIGGER quotas_ledger_append_only ON quotas_ledgerentry;
DROP FUNCTION quotas_ledger_append_only();
"""


def forbid(_apps, schema_editor):
    if schema_editor.connection.vendor == 'postgresql':
        schema_editor.execute(FORBID, params=None)


def allow(_apps, schema_editor):
    if schema_editor.connection.vendor == 'postgresql':
        schema_editor.execute(ALLOW, params=None)


class Migration(migrations.Migration):

    dependencies = [('quotas', '0001_initial')]

    operations = [migrations.RunPython(forbid, allow)]
