"""Columns and constraints that several models share; what is found of a row by the lookup "holds"."""

from collections.abc import Iterable, Sequence
from functools import partialmethod
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import models
from django.db.models.lookups import Lookup

from quotas.base import text


class SearchField(models.TextField[str, str]):
    """The compact form of other columns of the row. A save of some columns names this one when it names one of them."""

    def __init__(self, *args: Any, of: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **{"editable": False, "default": "", **kwargs})
        self.of = tuple(of)

    def deconstruct(self) -> Any:
        """A migration sees a text column: how it is filled is not part of the schema."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: FBT001 -- Django names it
        del add
        kept = searchable(str(getattr(model_instance, name) or "") for name in self.of)
        setattr(model_instance, self.attname, kept)
        return kept


def searchable(words: Any) -> str:
    """What is stored of these words: each compact, apart from the next, so that nothing is found across two."""
    return " ".join(filter(None, map(text.compact, words)))


@SearchField.register_lookup
class Holds(Lookup[Any]):
    """The column holds the words somewhere, however they are written. Words of punctuation alone are held by nothing.

    On PostgreSQL the index is over all pairs of neighbouring characters: names are searched by two characters, which
    an index of triples does not serve. Elsewhere the index over the column is read through.
    """

    lookup_name = "holds"

    def _sought(self) -> str:
        sought = text.compact(str(self.rhs))
        if not sought:
            raise EmptyResultSet
        return sought

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, params = self.process_lhs(compiler, connection)
        return f"instr({column}, %s) > 0", (*params, self._sought())

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        column, params = self.process_lhs(compiler, connection)
        sought = self._sought()
        # Letters and digits alone: nothing in it means anything to LIKE.
        if len(sought) == 1:
            return f"{column} LIKE %s", (*params, f"%{sought}%")
        pairs = f"bigrams({column}) @> bigrams(%s) AND {column} LIKE %s"
        return pairs, (*params, sought, *params, f"%{sought}%")


def one_of(field: str, choices: Iterable[tuple[object, object]], name: str) -> models.CheckConstraint:
    """A check constraint that keeps `field` within its choices, so that no import or shell can leave them."""
    values = [value for value, _label in choices]
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": values}), name=name)


E = TypeVar("E", bound=models.TextChoices)


class EnumField(models.CharField[E, E], Generic[E]):
    """A column that holds a member of a vocabulary and gives it back as that member, also in `values_list`."""

    def __init__(self, verbose_name: Any = None, *, of: type[E], **kwargs: Any) -> None:
        super().__init__(verbose_name, choices=of.choices, **kwargs)
        self.of = of
        self._members = {member.value: member for member in of}

    def deconstruct(self) -> Any:
        """A migration sees a column of words with its choices: that they are members is not part of the schema."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def clone(self) -> Any:
        """As a migration sees it."""
        _name, _path, args, kwargs = self.deconstruct()
        return models.CharField(*args, **kwargs)

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:  # noqa: FBT001, FBT002 -- Django calls it
        """`get_…_display` from the vocabulary: Django's puts the choices together anew for every row that is drawn."""
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, f"get_{name}_display", partialmethod(_label_of, self))

    def from_db_value(self, value: str | None, _expression: Any, _connection: Any) -> E | str | None:
        """The member; a value that is none (NULL of an outer join) stays as it is."""
        return self._members.get(value, value) if value is not None else None

    def to_python(self, value: Any) -> Any:
        """The member of a word that was typed or deserialised."""
        return self._members.get(value, value)

    def label_of(self, value: Any) -> Any:
        """What a value is called on screen; what is no member stays as it is."""
        member = self._members.get(value)
        return value if member is None else str(member.label)


def _label_of(row: Any, field: EnumField[Any]) -> Any:
    return field.label_of(getattr(row, field.attname))
