"""Slates that have left keep the bounds with which they left.

A typed place used to stand for every rule on its facet; now it replaces the minimum of its own label only. The plan of
a slate that left before is rewritten to the rules that it was held to, so that it is judged as it was.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def keep_what_was_asked(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    slates = apps.get_model("appraisal", "Slate").objects.exclude(frozen_plan=None)
    for slate in slates.iterator(chunk_size=200):
        plan = slate.frozen_plan
        facets = {label.partition(":")[0] for label in plan["typed"]}
        if not facets or plan["awarding"]:
            continue
        plan["rules"] = [rule for rule in plan["rules"] if rule["facet"].partition(":")[0] not in facets]
        slate.save(update_fields=["frozen_plan"])


class Migration(migrations.Migration):
    dependencies = [("appraisal", "0003_person_facets_and_frozen_lists")]

    operations = [migrations.RunPython(keep_what_was_asked, migrations.RunPython.noop)]
