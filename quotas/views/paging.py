"""Long lists by position: a page costs the same wherever it lies, however many rows there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from quotas import outside

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Slice:
    """The rows of a page, and the values of ?before= and ?after= which lead back and on (empty: there is none)."""

    rows: Sequence[Any]
    previous_after: str
    next_after: str


def keyset(rows: Any, query: QueryDict, size: int = PAGE_SIZE) -> Slice:
    """The page requested by the query string, of rows ordered newest first. One statement."""
    after, before = outside.row(query.get("after")), outside.row(query.get("before"))
    if before:
        found = list(rows.filter(pk__gt=before).order_by("pk")[: size + 1])
        more_back, more_on = len(found) > size, True
        page = found[:size][::-1]
    else:
        found = list((rows.filter(pk__lt=after) if after else rows)[: size + 1])
        more_back, more_on = bool(after), len(found) > size
        page = found[:size]
    if not page:
        return Slice([], "", "")
    return Slice(page, str(page[0].pk) if more_back else "", str(page[-1].pk) if more_on else "")
