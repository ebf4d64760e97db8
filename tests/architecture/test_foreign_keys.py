"""Foreign keys point to the same floor or down; deleting never cascades over a floor."""

import pytest
from django.apps import apps
from django.db import models

from tests.architecture.source import FLOORS


def our_foreign_keys():
    for floor in FLOORS:
        if apps.is_installed(floor):
            for model in apps.get_app_config(floor).get_models(include_auto_created=True):
                for field in model._meta.get_fields():
                    if isinstance(field, models.ForeignKey):
                        yield floor, field


def points_up(floor: str, target: str) -> bool:
    return target in FLOORS and FLOORS.index(target) > FLOORS.index(floor)


def test_no_foreign_key_points_up():
    found = [
        str(field)
        for floor, field in our_foreign_keys()
        if points_up(floor, field.related_model._meta.app_label)
    ]
    assert not found


def test_nothing_is_deleted_across_a_floor():
    """Closing a body or an employer must never take nominations with it."""
    found = [
        str(field)
        for floor, field in our_foreign_keys()
        if field.related_model._meta.app_label in FLOORS
        and field.related_model._meta.app_label != floor
        and field.remote_field.on_delete is not models.PROTECT
        and not field.model._meta.auto_created
    ]
    assert not found


@pytest.mark.parametrize(
    ("floor", "target", "up"),
    [
        ("quotas", "appraisal", True),
        ("appraisal", "workflows", True),
        ("appraisal", "quotas", False),
        ("quotas", "auth", False),
    ],
)
def test_up_is_up(floor, target, up):
    assert points_up(floor, target) is up
