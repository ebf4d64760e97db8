"""What the querysets of all subjects share."""

import json
from collections.abc import Iterable
from typing import Any, Self

from django.db import connection, models
from django.db.models.expressions import RawSQL


def manager_of(model: Any, field: str) -> Any:
    """The manager of the model behind a relation: this room may not import models."""
    return model._meta.get_field(field).related_model.objects


class KeyedQuerySet(models.QuerySet[Any]):
    """Rows by the keys that the ledger keeps of them. For names only: who may see a row is asked elsewhere."""

    def keyed(self, field: str, keys: Iterable[Any]) -> Self:
        """Those whose `field` is one of the keys."""
        return self.filter(**{f"{field}__in": list(keys)})


_UNNESTED = {
    "postgresql": "SELECT unnest(%s::bigint[])",
    "sqlite": "SELECT value FROM json_each(%s)",
}


def among(numbers: Iterable[int]) -> RawSQL:
    """For `pk__in=among(numbers)`: the numbers as one parameter, where a list of a thousand would be a thousand.

    Worth it from some hundreds on: each parameter costs more than the database spends on finding its row.
    """
    wanted = list(numbers)
    vendor = connection.vendor
    return RawSQL(_UNNESTED[vendor], [wanted if vendor == "postgresql" else json.dumps(wanted)])  # noqa: S611 -- fixed text
