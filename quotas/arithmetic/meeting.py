"""The smallest set that has an element of every one of some sets: what must be given up where each of them is enough."""

from collections.abc import Hashable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def smallest_that_meets(sets: Sequence[frozenset[T]], elements: Sequence[T]) -> frozenset[T]:
    """A smallest set out of the elements that meets all the sets; ValueError where one of these is empty."""
    for size in range(len(elements) + 1):
        for found in _meeting(sets, size, elements):
            return found
    raise ValueError("an empty set is met by none")


def _meeting(sets: Sequence[frozenset[T]], size: int, elements: Sequence[T]) -> Iterator[frozenset[T]]:
    if not sets:
        yield frozenset()
    elif size:
        for element in elements:
            if element in sets[0]:
                rest = [other for other in sets if element not in other]
                for found in _meeting(rest, size - 1, elements):
                    yield found | {element}
