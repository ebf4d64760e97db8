"""What the querysets of all subjects share: managers, keys, many numbers and constants in one statement."""

import json
from collections.abc import Iterable
from typing import Any, Self

from django.db import connection, models
from django.db.models import Value
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


class Literal(Value):
    """A word or number of the program (a state, a kind), written into the statement instead of bound to it.

    PostgreSQL uses a partial index only where the statement says the condition: a prepared statement whose condition
    is a parameter is planned without the index from the sixth time on.
    """

    def __init__(self, word: str | int) -> None:
        if isinstance(word, str) and not (word.isidentifier() and word.isascii()):
            raise ValueError(word)
        super().__init__(word if isinstance(word, int) else str(word))

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, tuple[str | int, ...]]:
        return str(self.value) if isinstance(self.value, int) else f"'{self.value}'", ()


def literals(*words: str) -> list[Literal]:
    """Several of them, for a lookup `in`."""
    return [Literal(word) for word in words]
