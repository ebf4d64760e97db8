"""Addresses of our own pages, worked out once a process: a page has dozens of them, a table several in each row."""

from functools import cache

from django.urls import reverse

_STAND_IN = 7_000_000_001
"""Stands for the number of a row in the address that is kept."""


@cache
def of(name: str) -> str:
    """The address of a page that is about no row, as `reverse` gives it."""
    return reverse(name)


def of_row(name: str, pk: int) -> str:
    """The address of a page about the row with this number, as `reverse` gives it."""
    before, after = _around(name)
    return f"{before}{int(pk)}{after}"


@cache
def _around(name: str) -> tuple[str, str]:
    before, _number, after = reverse(name, args=[_STAND_IN]).partition(str(_STAND_IN))
    return before, after
