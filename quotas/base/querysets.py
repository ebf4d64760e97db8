"""What the querysets of all subjects share."""

from collections.abc import Iterable
from typing import Any, Self

from django.db import models


def manager_of(model: Any, field: str) -> Any:
    """The manager of the model behind a relation: this room may not import models."""
    return model._meta.get_field(field).related_model.objects


class KeyedQuerySet(models.QuerySet[Any]):
    """Rows by the keys that the ledger keeps of them. For names only: who may see a row is asked elsewhere."""

    def keyed(self, field: str, keys: Iterable[Any]) -> Self:
        """Those whose `field` is one of the keys."""
        return self.filter(**{f"{field}__in": list(keys)})
