"""Long lists of values, in parts."""

from collections.abc import Collection, Iterator
from typing import TypeVar

T = TypeVar("T")

CHUNK = 500
"""Values in one IN list: SQLite takes no long ones."""


def in_chunks(values: Collection[T]) -> Iterator[list[T]]:
    """The values in lists of at most CHUNK, in their order."""
    listed = list(values)
    for start in range(0, len(listed), CHUNK):
        yield listed[start : start + CHUNK]
