"""Long lists by position: a page costs the same wherever it lies, however many rows there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, F, Func, Lookup, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan
from django.http import QueryDict

from quotas.base import outside

PAGE_SIZE, DENSE = 25, 50
"""Rows of a page where each row is read, and where rows are short and many."""


@dataclass(frozen=True, slots=True)
class Slice:
    """The rows of a page, and the values of ?before= and ?after= for its neighbours (empty: there is none)."""

    rows: Sequence[Any]
    previous_after: str
    next_after: str


def newest_first(rows: QuerySet[Any], query: QueryDict, size: int = PAGE_SIZE) -> Slice:
    """The page requested by the query string, newest first. One statement."""
    before, after = outside.row(query.get("before")), outside.row(query.get("after"))
    if before is not None:
        found = list(rows.filter(pk__gt=before).order_by("pk")[: size + 1])
        more_before, found = len(found) > size, found[:size][::-1]
        return Slice(found, _key(found, 0) if more_before else "", _key(found, -1))
    if after is not None:
        rows = rows.filter(pk__lt=after)
    found = list(rows.order_by("-pk")[: size + 1])
    more, found = len(found) > size, found[:size]
    return Slice(found, _key(found, 0) if after is not None else "", _key(found, -1) if more else "")


class _Row(Func):
    """Several values compared as one."""

    template = "(%(expressions)s)"
    # None of Django's; the comparison only asks that there is one.
    output_field = BooleanField()


def behind(place: Mapping[str, Any], *, latest_first: bool = False) -> Lookup[Any]:
    """
    The condition that a row comes behind a place: the columns of the order with their values there, none of them empty.

    One comparison of rows, which an index in that order answers wherever the place lies. Rows with an empty column are
    left out.
    """
    columns, values = _Row(*map(F, place)), _Row(*map(Value, place.values()))
    return LessThan(columns, values) if latest_first else GreaterThan(columns, values)


def _key(found: Sequence[Any], position: int) -> str:
    return str(found[position].pk) if found else ""
