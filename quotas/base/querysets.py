"""What the querysets of all subjects share: managers, keys, many numbers, constants, statements put together once."""

import json
from collections.abc import Callable, Iterable
from copy import copy
from typing import Any, Self

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models import QuerySet, Value
from django.db.models.expressions import Expression, RawSQL
from django.db.models.lookups import Lookup
from django.db.transaction import TransactionManagementError


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
    vendor = connection.vendor
    return RawSQL(_UNNESTED[vendor], [list_parameter(list(numbers), vendor)])  # noqa: S611 -- fixed text


def list_parameter(values: list[Any], vendor: str) -> Any:
    """A list as one value of a statement: an array, on SQLite its JSON.

    Numbers are written down here, since psycopg takes ten times as long to look at each of a thousand.
    """
    if vendor == "sqlite":
        return json.dumps(values)
    if values and all(type(value) is int for value in values):
        return f"{{{','.join(map(str, values))}}}"
    return values


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


class Blank(Expression):
    """The place of a value in a `Statement`, by its name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, Any]:
        return "%s", (self,)


@models.Field.register_lookup
class Among(Lookup):
    """The column is one of the words of a list, which is one value however many there are; a list, or a `Blank` for one.

    Django's `in` makes a parameter of each, which costs more than the database spends on finding its rows.
    """

    lookup_name = "among"
    prepare_rhs = False

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        return self._sql(compiler, connection, "{} = ANY({})")

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return self._sql(compiler, connection, "{} IN (SELECT value FROM json_each({}))")

    def get_db_prep_lookup(self, value: Any, connection: Any) -> Any:
        return "%s", [list_parameter(value, connection.vendor)]

    def _sql(self, compiler: Any, connection: Any, condition: str) -> Any:
        column, params = self.process_lhs(compiler, connection)
        words, given = self.process_rhs(compiler, connection)
        return condition.format(column, words), (*params, *given)


@models.CharField.register_lookup
class StartsWithAny(Lookup):
    """The column begins with one of the words of a list, which is one value however many there are.

    A hundred conditions joined by OR take Django longer to write than the database to answer.
    """

    lookup_name = "startswith_any"
    prepare_rhs = False

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        return self._sql(
            compiler,
            connection,
            "EXISTS (SELECT 1 FROM unnest({1}::text[]) AS word WHERE starts_with({0}, word))",
        )

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return self._sql(
            compiler,
            connection,
            "EXISTS (SELECT 1 FROM json_each({1}) WHERE substr({0}, 1, length(value)) = value)",
        )

    def get_db_prep_lookup(self, value: Any, connection: Any) -> Any:
        return "%s", [list_parameter(value, connection.vendor)]

    def _sql(self, compiler: Any, connection: Any, condition: str) -> Any:
        column, params = self.process_lhs(compiler, connection)
        words, given = self.process_rhs(compiler, connection)
        # The words stand in front of the column here, and their parameter with them.
        return condition.format(column, words), (*given, *params)


class Statement:
    """A query that Django puts together once a process and that is asked with other values (`Blank`) each time.

    For the few that every page or every act asks: to put one together takes longer than to answer it.
    """

    def __init__(self, rows: Callable[[], QuerySet[Any]]) -> None:
        self._rows = rows
        self._put_together: dict[str, tuple[QuerySet[Any], Any, str, tuple[Any, ...]]] = {}

    def ask(self, **given: Any) -> list[Any]:
        """The rows for these values, as the query itself gives them: instances with what it joins, or tuples."""
        queryset, compiler, sql, parameters = self._kept()
        if queryset.query.select_for_update and connection.get_autocommit():
            raise TransactionManagementError("a row lock ends with its transaction, and there is none")
        asked = copy(compiler)
        asked.connection = connection
        asked.as_sql = lambda *_args, **_options: (sql, self._filled(parameters, given))
        query = _Instead(queryset.query, get_compiler=lambda *_args, **_options: asked)
        rows: Any = queryset._iterable_class  # noqa: SLF001 -- what gives instances or tuples of the rows
        return list(rows(_Instead(queryset, query=query)))

    def number(self, **given: Any) -> int:
        """How many rows there are for these values."""
        _queryset, _compiler, sql, parameters = self._kept()
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT COUNT(*) FROM ({sql}) AS rows_found",  # noqa: S608 -- put together by Django
                self._filled(parameters, given),
            )
            ((number,),) = cursor.fetchall()
        return int(number)

    def _kept(self) -> tuple[QuerySet[Any], Any, str, tuple[Any, ...]]:
        vendor = connection.vendor
        if vendor not in self._put_together:
            queryset = self._rows()
            compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
            self._put_together[vendor] = queryset, compiler, *compiler.as_sql()
        return self._put_together[vendor]

    @staticmethod
    def _filled(parameters: tuple[Any, ...], given: dict[str, Any]) -> list[Any]:
        vendor = connection.vendor
        values = {
            name: list_parameter(value, vendor) if isinstance(value, list) else value
            for name, value in given.items()
        }
        return [values[each.name] if isinstance(each, Blank) else each for each in parameters]


class _Instead:
    """Another object with some of its attributes replaced."""

    def __init__(self, other: Any, **replaced: Any) -> None:
        self.__dict__.update(replaced, _other=other)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._other, name)
