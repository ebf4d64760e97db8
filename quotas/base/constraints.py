"""Helpers for constraints that several models share."""

from collections.abc import Iterable

from django.db import models


def one_of(field: str, choices: Iterable[tuple[object, object]], name: str) -> models.CheckConstraint:
    """A check constraint that keeps `field` within its choices, so that no import or shell can leave them."""
    values = [value for value, _label in choices]
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": values}), name=name)
