"""Indexes over the open tasks of the engine's table: the inbox stays flat while done tasks pile up.

Partial: they hold only what is open, a few per cent of the rows, and cost nothing measurable at a transition.
What viewflow indexes besides and nobody asks is dropped: every step of a token wrote to seven trees that were never read.
"""

from django.db import migrations

INDEXES = {
    # What waits for a post, taken or not: by act and body.
    'workflows_task_queue': (
        '(owner_permission_content_type_id, owner_permission_obj_pk, owner_permission)'
        " WHERE status IN ('NEW', 'ASSIGNED') AND flow_task_type = 'HUMAN'"
    ),
    # What waits in a process: a review is found from its nomination.
    'workflows_task_of_process': (
        "(process_id, owner_permission) WHERE status IN ('NEW', 'ASSIGNED') AND flow_task_type = 'HUMAN'"
    ),
    # What a person has done, the latest first.
    'workflows_task_done': (
        "(owner_id, finished DESC, id DESC) WHERE status = 'DONE' AND flow_task_type = 'HUMAN'"
    ),
    # What a person has taken.
    'workflows_task_mine': "(owner_id, created DESC) WHERE status = 'ASSIGNED'",
    # Everything that waits for somebody: the overview and the overdue.
    'workflows_task_open': "(created DESC) WHERE status = 'NEW' AND flow_task_type = 'HUMAN'",
}

# Indexes of viewflow's columns by which no statement looks for a task, with what makes them needless.
UNASKED = {
    # Five words over a million rows choose nothing; what is asked of a state is in a partial index.
    'viewflow_task_status_ffb4516b': 'status',
    # The newest first is asked of one desk, one process or one person.
    'viewflow_task_created_7518aa4b': 'created',
    # For viewflow's timers and external tasks: our notices are found by their process.
    'viewflow_task_scheduled_bbd49899': 'scheduled',
    'viewflow_task_external_task_id_2f93bc2f': 'external_task_id',
    # Keys of content types, which are deleted only by hand; `workflows_task_queue` begins with the first of them.
    'viewflow_task_owner_permission_content_type_id_5fc72a99': 'owner_permission_content_type_id',
    'viewflow_task_artifact_content_type_id_50385e8d': 'artifact_content_type_id',
    'viewflow_task_seed_content_type_id_bed3f17b': 'seed_content_type_id',
}
# On PostgreSQL a second one for what begins with a word.
UNASKED_PREFIXES = {f'{name}_like': UNASKED[name] for name in UNASKED if UNASKED[name] in ('status', 'external_task_id')}


# The unique (from_task_id, to_task_id) begins with it.
REPEATED = 'viewflow_task_previous_from_task_id_da5536f6'


class Migration(migrations.Migration):
    dependencies = [
        ('workflows', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(
            f'CREATE INDEX {name} ON viewflow_task {definition}',
            f'DROP INDEX {name}',
        )
        for name, definition in INDEXES.items()
    ] + [
        migrations.RunSQL(f'DROP INDEX IF EXISTS {name}', f'CREATE INDEX {name} ON viewflow_task ({column})')
        for name, column in UNASKED.items()
    ] + [
        migrations.RunSQL(f'DROP INDEX IF EXISTS {name}', migrations.RunSQL.noop) for name in UNASKED_PREFIXES
    ] + [
        migrations.RunSQL(
            f'DROP INDEX IF EXISTS {REPEATED}',
            f'CREATE INDEX {REPEATED} ON viewflow_task_previous (from_task_id)',
        )
    ]
