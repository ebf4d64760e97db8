"""Indexes over the open tasks of the engine's table: the inbox stays flat while done tasks pile up.

Partial: they hold only what is open, a few per cent of the rows, and cost nothing measurable at a transition.
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
    ]
