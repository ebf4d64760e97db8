"""Many entries side by side: which of them a bound covers and counts, asked once for all of them.

`SlateBound.covers` and `SlateBound.counts` say it of one entry, and a test holds that both say the same.
"""

from collections.abc import Iterable, Iterator
from functools import reduce
from itertools import compress
from operator import and_, or_
from typing import TypeVar

from quotas.selection.labels import Condition, Entry, Label, Predicate
from quotas.selection.plan import SlateBound

Row = TypeVar("Row")

_WRITTEN = bytes.maketrans(b"\0\1", b"01")
_READ = bytes.maketrans(b"01", b"\0\1")


class Crowd:
    """A set of entries is a whole number with a binary digit for each entry, in their order."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        entries = list(entries)
        self._size = len(entries)
        self._everybody = (1 << self._size) - 1
        bearing: dict[Label, bytearray] = {}
        for place, each in enumerate(entries):
            for one in each:
                if one not in bearing:
                    bearing[one] = bytearray(self._size)
                bearing[one][place] = 1
        self._bearing = {one: int(digits.translate(_WRITTEN), 2) for one, digits in bearing.items()}

    def covered(self, bound: SlateBound) -> int:
        """Those in the base of the bound."""
        return self._meeting(bound.base)

    def counted(self, bound: SlateBound) -> int:
        """Those in the base and of the kind that is counted."""
        found = reduce(or_, map(self._meeting, bound.kinds), 0)
        return (self._everybody ^ found if bound.without else found) & self.covered(bound)

    def digits(self, some: int) -> str:
        """For each entry "1" where it is one of these, else "0"."""
        return f"{some:0{self._size}b}" if self._size else ""

    def chosen(self, some: int, rows: Iterable[Row]) -> Iterator[Row]:
        """Of rows in the order of the entries, those of these entries."""
        return compress(rows, self.digits(some).encode().translate(_READ))

    def _meeting(self, predicate: Predicate) -> int:
        return reduce(and_, map(self._true, predicate.conditions), self._everybody)

    def _true(self, condition: Condition) -> int:
        found = reduce(or_, (self._bearing.get(one, 0) for one in condition.labels), 0)
        return self._everybody ^ found if condition.negated else found
