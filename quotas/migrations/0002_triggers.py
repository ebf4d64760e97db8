"""What the database itself refuses: a change of the ledger, of rules, targets and fields to which a round is pinned, and
of the lots of a round.

The ledger is append-only on PostgreSQL. SQLite, which serves the demo only, has no such guard; there a change shows in
the chain. The rules and the lots stay as they are on both. On SQLite a later migration that rebuilds `quotas_sharerule`, `quotas_target`,
`quotas_editionfield`, `quotas_roundaward` or `quotas_round` drops the triggers first (`allow`) and makes them again (`forbid`).
"""

from django.db import migrations

POSTGRESQL = """
CREATE FUNCTION quotas_ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER quotas_ledger_append_only BEFORE UPDATE OR DELETE ON quotas_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION quotas_ledger_append_only();
CREATE FUNCTION quotas_rules_in_use_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM quotas_roundaward WHERE rule_version_id = OLD.version_id) THEN
        RAISE EXCEPTION 'a round is pinned to these rules' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;
CREATE TRIGGER quotas_rules_in_use_stay BEFORE UPDATE OR DELETE ON quotas_sharerule
    FOR EACH ROW EXECUTE FUNCTION quotas_rules_in_use_stay();
CREATE TRIGGER quotas_targets_in_use_stay BEFORE UPDATE OR DELETE ON quotas_target
    FOR EACH ROW EXECUTE FUNCTION quotas_rules_in_use_stay();
CREATE TRIGGER quotas_fields_in_use_stay BEFORE UPDATE OR DELETE ON quotas_editionfield
    FOR EACH ROW EXECUTE FUNCTION quotas_rules_in_use_stay();
CREATE FUNCTION quotas_lots_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the lots of a round are drawn once' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER quotas_lots_stay BEFORE UPDATE OF lots_code ON quotas_round
    FOR EACH ROW WHEN (NEW.lots_code <> OLD.lots_code) EXECUTE FUNCTION quotas_lots_stay();
"""
NO_POSTGRESQL = """
DROP TRIGGER quotas_lots_stay ON quotas_round;
DROP FUNCTION quotas_lots_stay();
DROP TRIGGER quotas_fields_in_use_stay ON quotas_editionfield;
DROP TRIGGER quotas_targets_in_use_stay ON quotas_target;
DROP TRIGGER quotas_rules_in_use_stay ON quotas_sharerule;
DROP FUNCTION quotas_rules_in_use_stay();
DROP TRIGGER quotas_ledger_append_only ON quotas_ledgerentry;
DROP FUNCTION quotas_ledger_append_only();
"""
SQLITE = """
CREATE TRIGGER quotas_%(rows)ss_in_use_stay_%(name)s BEFORE %(what)s ON quotas_%(table)s
WHEN EXISTS (SELECT 1 FROM quotas_roundaward WHERE rule_version_id = OLD.version_id)
BEGIN
    SELECT RAISE(ABORT, 'a round is pinned to these rules');
END
"""
SQLITE_LOTS = """
CREATE TRIGGER quotas_lots_stay BEFORE UPDATE OF lots_code ON quotas_round
WHEN NEW.lots_code <> OLD.lots_code
BEGIN
    SELECT RAISE(ABORT, 'the lots of a round are drawn once');
END
"""


IN_USE = [
    (rows, table, what)
    for rows, table in (('rule', 'sharerule'), ('target', 'target'), ('field', 'editionfield'))
    for what in ('update', 'delete')
]


def forbid(_apps, schema_editor):
    if schema_editor.connection.vendor == 'postgresql':
        schema_editor.execute(POSTGRESQL, params=None)
    elif schema_editor.connection.vendor == 'sqlite':
        for rows, table, what in IN_USE:
            names = {'rows': rows, 'table': table, 'name': what, 'what': what.upper()}
            schema_editor.execute(SQLITE % names, params=None)
        schema_editor.execute(SQLITE_LOTS, params=None)


def allow(_apps, schema_editor):
    if schema_editor.connection.vendor == 'postgresql':
        schema_editor.execute(NO_POSTGRESQL, params=None)
    elif schema_editor.connection.vendor == 'sqlite':
        schema_editor.execute('DROP TRIGGER quotas_lots_stay', params=None)
        for rows, _table, what in IN_USE:
            schema_editor.execute(f'DROP TRIGGER quotas_{rows}s_in_use_stay_{what}', params=None)


class Migration(migrations.Migration):

    dependencies = [('quotas', '0001_initial')]

    operations = [migrations.RunPython(forbid, allow)]
