"""What a request knows of its user, read in one statement when it is first asked for and kept on the user object.

The user object is fresh with every request, and so is what it knows. It is for pages and lists alone: an act asks the
tables under its lock. Each subject registers its part when the apps are ready; a part is a query whose rows fit `Fact`.
"""

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any, NamedTuple, TypeVar, cast

from django.db.models import BigIntegerField, CharField, DateTimeField, F, Field, QuerySet, Value
from django.db.models.functions import Cast

from quotas.base.querysets import Blank, Literal, Statement

T = TypeVar("T")
_ATTRIBUTE = "_pingxuan_reader"


class Fact(NamedTuple):
    """One row of what is known: a post, a grant, a unit, a window … What a column holds is said where it is registered."""

    kind: str
    word: str | None
    key: str | None
    name: str | None
    short_name: str | None
    level: str | None
    number: int | None
    body: int | None
    other: int | None
    opens_at: datetime | None
    due_at: datetime | None


_COLUMNS = Fact._fields[1:]
_NUMBERS, _MOMENTS = {"number", "body", "other"}, {"opens_at", "due_at"}
_PARTS: dict[str, tuple[Callable[[Any], QuerySet[Any]], dict[str, str]]] = {}


def register(kind: str, rows: Callable[[Any], QuerySet[Any]], **columns: str) -> None:
    """Let `rows` of a user be known to its requests; `columns` says from which column each of a `Fact` is taken."""
    _PARTS[kind] = rows, columns


class Reader:
    """What is known of one user in one request. Nothing for nobody, and for an account that is closed."""

    def __init__(self, user: Any) -> None:
        self._user = user
        self._facts: dict[str, list[Fact]] | None = None
        self._kept: dict[str, Any] = {}

    def facts(self, kind: str) -> list[Fact]:
        """The rows of a kind. One statement for all kinds together, the first time."""
        if self._facts is None:
            self._facts = {name: [] for name in _PARTS}
            if self._user.is_authenticated and self._user.is_active:
                for row in _ALL.ask(user=self._user.pk):
                    fact = Fact._make(row)
                    self._facts[fact.kind].append(fact)
        return self._facts[kind]

    def kept(self, name: str, make: Callable[[], T]) -> T:
        """What `make` gives the first time it is asked for in this request."""
        if name not in self._kept:
            self._kept[name] = make()
        return cast(T, self._kept[name])


def _parts() -> QuerySet[Any]:
    first, *others = (_part(kind) for kind in _PARTS)
    return first.union(*others, all=True)


_ALL = Statement(_parts)


def _part(kind: str) -> QuerySet[Any]:
    rows, columns = _PARTS[kind]
    values = [F(columns[column]) if column in columns else _nothing(column) for column in _COLUMNS]
    return rows(SimpleNamespace(pk=Blank("user"))).order_by().values_list(Literal(kind), *values)


def _nothing(column: str) -> Cast:
    """A null that knows its type: the parts are one statement."""
    field: Field[Any, Any] = CharField()
    if column in _NUMBERS:
        field = BigIntegerField()
    elif column in _MOMENTS:
        field = DateTimeField()
    return Cast(Value(None), field)


def reader_of(user: Any) -> Reader:
    """What the request of this user knows."""
    found: Reader | None = getattr(user, _ATTRIBUTE, None)
    if found is None:
        found = Reader(user)
        setattr(user, _ATTRIBUTE, found)
    return found
