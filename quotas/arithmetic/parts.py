"""Parts: what each body has of the whole's figures, in one two-way table of bodies and labels with exact margins.

A figure is asked of the whole: a minimum is rounded up once and a ceiling down once (`shares.required` of all places).
It is shared out in proportion to the places: the fair quota of a body is its places * figure / all places, and its part
that quota rounded down or up. The parts of a label sum to its figure exactly. Labels of one group exclude one another,
as a nominee is a worker or a scientist: their parts in a body are at most its places, and exactly these where the
figures of the group make up all places. Minima and ceilings are shared out alike. A ceiling within a group is one that
its bodies have room to use; a ceiling that should take no room from others stands in a group of its own. Of labels
within one another (其中) the pieces that exclude one another are shared out.

The table is the one nearest to the fair quotas, and what is equally near is decided by the lots of the bodies. It is
found by the cheapest exchanges (a transportation problem) in integers alone.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from heapq import heapify, heappop, heappush
from itertools import accumulate, pairwise, product
from math import lcm
from typing import Generic, Literal, TypeVar

from quotas.arithmetic.apportion import Bounds
from quotas.arithmetic.meeting import smallest_that_meets
from quotas.arithmetic.refusals import PartsAskedTooMany, PartsHeldTooMany
from quotas.base.errors import RuleViolation

K = TypeVar("K", bound=Hashable)

Why = Literal["whole", "remainder", "lot", "margin", "floor", "cap", "hand"]
"""What decided a part: the fair quota is a whole number; the largest remainder of the label; the lots; the margins,
since other parts of the body or of the label left nothing nearer; a floor above or a cap below the fair quota; the hand.
"""

# Among so many exclusive labels the smallest contradiction is sought; among more of them one without a label to spare.
_FEW = 10
_FREE = Bounds()
_Steps = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class PartedLabel:
    """A label with its figure of the whole; the labels of one `group` exclude one another (None: it stands alone)."""

    label: str
    total: int
    group: str | None = None


@dataclass(frozen=True, slots=True)
class PartsProblem(Generic[K]):
    """What is shared out among whom; `lot` names every body once, the first drawn wins a tie.

    `bounds` hold single parts between a floor and a cap, `by_hand` fixes them; both by body and label.
    """

    places: Mapping[K, int]
    labels: Sequence[PartedLabel]
    lot: Sequence[K]
    bounds: Mapping[tuple[K, str], Bounds] = field(default_factory=dict)
    by_hand: Mapping[tuple[K, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = [each.label for each in self.labels]
        totals = [each.total for each in self.labels]
        if len(set(names)) != len(names):
            raise ValueError("every label is shared out once")
        if any(number < 0 for number in (*self.places.values(), *totals, *self.by_hand.values())):
            raise ValueError("places and parts are counted from 0")
        if len(set(self.lot)) != len(self.lot) or set(self.lot) != self.places.keys():
            raise ValueError("the lots name every body exactly once")
        for body, label in (*self.bounds, *self.by_hand):
            if body not in self.places or label not in names:
                raise ValueError("bounds and changes belong to a body and a label that are there")
        for bound in self.bounds.values():
            if bound.floor < 0 or (bound.cap is not None and bound.cap < bound.floor):
                raise ValueError("a floor is at least 0 and a cap at least its floor")


@dataclass(frozen=True, slots=True)
class PartCell(Generic[K]):
    """How one body came to its part of one label, for showing the computation line by line.

    `fair` is the exact quota = `whole` + `remainder`; `raised` says that the part is above `whole`; `lot` is the
    position of the body in the draw, from 1.
    """

    body: K
    label: str
    fair: Fraction
    whole: int
    remainder: Fraction
    lot: int
    given: int
    why: Why

    @property
    def raised(self) -> bool:
        """Whether the quota was rounded up."""
        return self.given > self.whole


@dataclass(frozen=True, slots=True)
class Parts(Generic[K]):
    """The parts by body and label, and the cells in the order of the lots and then of the labels."""

    problem: PartsProblem[K]
    given: Mapping[tuple[K, str], int]
    cells: tuple[PartCell[K], ...]


def share_out(problem: PartsProblem[K]) -> Parts[K]:
    """Share out all figures; RuleViolation (PartsAskedTooMany, PartsHeldTooMany) where the margins cannot meet.

    A refusal names the fewest labels and bodies that contradict one another: floors and changes by hand in a cell, in a
    label or in a body; else the fewest labels that ask for more than all bodies can take, with the bodies that can.

    Invariant: the parts of a label sum to its figure; those of a group in a body are at most its places, and exactly
    these where the group's figures make up all places; floors, caps and changes by hand are kept. Where these allow it
    at all, every part is its quota rounded down or up; where they do not, what the parts lie beyond is as little as can
    be (squares, by places of the body). Among such tables it has the smallest sum of squares of part - quota, which is
    also the smallest sum of amounts, since both rise by 1 - 2 * remainder where a quota is rounded up instead of down:
    for a label alone this is the largest remainder. Of tables that are equal in this, the first body drawn gets more
    of the first label in which they differ, and so on; neither the order of bodies nor that of labels makes a
    difference.
    """
    cells: dict[tuple[K, str], PartCell[K]] = {}
    for group in _groups(problem.labels):
        cells |= {(cell.body, cell.label): cell for cell in _Table(problem, group).solved()}
    labels = sorted(each.label for each in problem.labels)
    ordered = tuple(cells[body, label] for body in problem.lot for label in labels)
    return Parts(problem, {(cell.body, cell.label): cell.given for cell in ordered}, ordered)


def changed(parts: Parts[K], by_hand: Mapping[tuple[K, str], int]) -> Parts[K]:
    """The table with these parts fixed by hand instead of those fixed before, all others shared out anew.

    Raises as `share_out` does. Why a part was changed is kept by whoever changed it.
    """
    return share_out(replace(parts.problem, by_hand=by_hand))


def _groups(labels: Iterable[PartedLabel]) -> Iterator[list[PartedLabel]]:
    """The labels that exclude one another, in the order of their names."""
    groups: dict[str, list[PartedLabel]] = {}
    for each in sorted(labels, key=lambda each: each.label):
        if each.group is None:
            yield [each]
        else:
            groups.setdefault(each.group, []).append(each)
    yield from groups.values()


class _Table(Generic[K]):
    """The labels of one group over all bodies: rows in the order of the lots, columns in that of the labels.

    Each column begins with its own nearest parts. Rows with more parts than places then hand them on, each along the
    cheapest chain of exchanges that ends at a free place. Columns, rows and the free places are the nodes of a graph:
    a row has a way to the columns of which it can give a part, and a column to the rows which can take one.
    """

    def __init__(self, problem: PartsProblem[K], group: Sequence[PartedLabel]) -> None:
        self._problem, self._group, self._lot = problem, group, problem.lot
        self._places = [problem.places[body] for body in problem.lot]
        self._all = sum(self._places)
        self._rows, self._columns = range(len(self._lot)), range(len(group))
        self._free = len(self._lot) + len(group)
        ends = [[self._ends(body, each) for each in group] for body in self._lot]
        self._low = [[low for low, _ in row] for row in ends]
        self._high = [[high for _, high in row] for row in ends]
        # Prices are integers: a unit is 1/all of a remainder; what lies beyond the rounding weighs more than all
        # remainders together; and all of that is multiplied by a power of 2 that leaves a digit to each cell's lot.
        self._cells = len(self._lot) * len(group)
        self._beyond = 2 * self._cells * self._all + 1
        self._common = lcm(*filter(None, self._places))
        self._parts = [[0] * len(group) for _row in self._rows]

    def solved(self) -> list[PartCell[K]]:
        """The cells of the nearest table."""
        self._require_sense_of_floors()
        for column in self._columns:
            self._fill(column)
        alone = [list(row) for row in self._parts]
        self._hand_on()
        tied = self._tied()
        return [
            self._cell(row, column, alone[row][column], tied=(row, column) in tied)
            for row in self._rows
            for column in self._columns
        ]

    def _ends(self, body: K, label: PartedLabel) -> tuple[int, int]:
        bound = self._problem.bounds.get((body, label.label), _FREE)
        most = self._problem.places[body]
        low, high = bound.floor, most if bound.cap is None else min(bound.cap, most)
        by_hand = self._problem.by_hand.get((body, label.label))
        return (low, high) if by_hand is None else (max(low, by_hand), min(high, by_hand))

    def _cell(self, row: int, column: int, alone: int, *, tied: bool) -> PartCell[K]:
        """`alone` is what the label would give the body if there were no other label."""
        body, label = self._lot[row], self._group[column].label
        given, quota = self._parts[row][column], self._quota(row, column)
        whole, rest = divmod(quota, max(self._all, 1))
        bound = self._problem.bounds.get((body, label), _FREE)
        why: Why
        if (body, label) in self._problem.by_hand:
            why = "hand"
        elif given == bound.floor and given * self._all > quota:
            why = "floor"
        elif given == bound.cap and given * self._all < quota:
            why = "cap"
        elif tied:
            why = "lot"
        elif given != alone or not 0 <= given - whole <= bool(rest):
            why = "margin"
        else:
            why = "remainder" if rest else "whole"
        unit = max(self._all, 1)
        return PartCell(body, label, Fraction(quota, unit), whole, Fraction(rest, unit), row + 1, given, why)

    # Each label by itself

    def _quota(self, row: int, column: int) -> int:
        """The fair quota, in units of 1/all."""
        return self._places[row] * self._group[column].total

    def _price(self, row: int, column: int, part: int) -> int:
        """By how much the distance from the quota grows with the next one after `part`, the lots aside."""
        quota = self._quota(row, column)
        squares = (2 * part + 1) * self._all - 2 * quota
        if part * self._all < quota < (part + 1) * self._all:
            return squares
        return squares * (self._common // self._places[row]) * self._beyond

    def _price_with_lot(self, row: int, column: int, part: int) -> int:
        """The same, and what the lots add: of all cells the first one weighs more than the others together."""
        rank = row * len(self._group) + column + 1
        return (self._price(row, column, part) << self._cells) - (1 << (self._cells - rank))

    def _steps(self, row: int, column: int, price: Callable[[int, int, int], int]) -> _Steps:
        """The prices of one more and of one less; None at an end."""
        part = self._parts[row][column]
        return (
            price(row, column, part) if part < self._high[row][column] else None,
            -price(row, column, part - 1) if part > self._low[row][column] else None,
        )

    def _fill(self, column: int) -> None:
        """Give the column its nearest parts, whatever the rows have already."""
        for row in self._rows:
            fair = self._quota(row, column) // max(self._all, 1)
            self._parts[row][column] = min(max(fair, self._low[row][column]), self._high[row][column])
        missing = self._group[column].total - sum(parts[column] for parts in self._parts)
        less = missing < 0
        waiting = [(self._steps(row, column, self._price_with_lot)[less], row) for row in self._rows]
        waiting = [(price, row) for price, row in waiting if price is not None]
        heapify(waiting)
        for _one in range(abs(missing)):
            if not waiting:
                raise self._asked_too_many()
            _price, row = heappop(waiting)
            self._parts[row][column] += -1 if less else 1
            price = self._steps(row, column, self._price_with_lot)[less]
            if price is not None:
                heappush(waiting, (price, row))

    # All labels together

    def _ways(self, node: int, steps: Sequence[Sequence[_Steps]]) -> Iterator[tuple[int, int]]:
        """Where a node can hand one on, and the price."""
        if node in self._rows:
            for column, (_more, less) in enumerate(steps[node]):
                if less is not None:
                    yield len(self._lot) + column, less
            if sum(self._parts[node]) < self._places[node]:
                yield self._free, 0
        elif node < self._free:
            for row in self._rows:
                more, _less = steps[row][node - len(self._lot)]
                if more is not None:
                    yield row, more
        else:
            yield from ((row, 0) for row in self._rows)

    def _all_steps(self, price: Callable[[int, int, int], int]) -> list[list[_Steps]]:
        return [[self._steps(row, column, price) for column in self._columns] for row in self._rows]

    def _hand_on(self) -> None:
        """Bring every row down to its places, along shortest paths (Dijkstra's, with potentials)."""
        steps = self._all_steps(self._price_with_lot)
        potentials = [0] * (self._free + 1)
        for column in self._columns:
            more = [row[column][0] for row in steps]
            less = [row[column][1] for row in steps]
            cheapest = min((price for price in more if price is not None), default=None)
            if cheapest is None:
                cheapest = -min((price for price in less if price is not None), default=0)
            potentials[len(self._lot) + column] = -cheapest
        for row in self._rows:
            while sum(self._parts[row]) > self._places[row]:
                chain = self._chain(row, steps, potentials)
                if not chain:
                    raise self._asked_too_many()
                self._follow(chain, steps, self._price_with_lot)

    def _follow(
        self, chain: Sequence[int], steps: list[list[_Steps]], price: Callable[[int, int, int], int]
    ) -> None:
        """Hand one on along a chain."""
        for giver, taker in pairwise(chain[:-1]):
            gives = giver in self._rows
            row, column = (giver, taker) if gives else (taker, giver)
            column -= len(self._lot)
            self._parts[row][column] += -1 if gives else 1
            steps[row][column] = self._steps(row, column, price)

    def _chain(self, start: int, steps: Sequence[Sequence[_Steps]], potentials: list[int]) -> list[int]:
        """The nodes of the cheapest chain from a node to the free places; empty where there is none."""
        distances, before = {start: 0}, {}
        waiting, done = [(0, -start)], set()
        while waiting:
            distance, node = heappop(waiting)
            node = -node  # of equally near ones the last, since the free places are the last of all
            if node in done:
                continue
            if node == self._free:
                break
            done.add(node)
            for other, price in self._ways(node, steps):
                longer = distance + price + potentials[node] - potentials[other]
                if other not in distances or longer < distances[other]:
                    distances[other], before[other] = longer, node
                    heappush(waiting, (longer, -other))
        else:
            return []
        for node in done:
            potentials[node] += distances[node] - distances[self._free]
        chain = [self._free]
        while chain[-1] != start:
            chain.append(before[chain[-1]])
        return chain[::-1]

    def _tied(self) -> set[tuple[int, int]]:
        """The cells that differ in another table just as near: those on a circle of exchanges that costs nothing."""
        steps = self._all_steps(self._price)
        nodes = range(self._free + 1)
        ways = [list(self._ways(node, steps)) for node in nodes]
        distances = [0] * len(nodes)
        moved = True
        while moved:
            moved = False
            for node in nodes:
                for other, price in ways[node]:
                    if distances[node] + price < distances[other]:
                        distances[other], moved = distances[node] + price, True
        onward: list[set[int]] = [set() for _node in nodes]
        backward: list[set[int]] = [set() for _node in nodes]
        for node in nodes:
            for other, price in ways[node]:
                if distances[node] + price == distances[other]:
                    onward[node].add(other)
                    backward[other].add(node)
        tied = set()
        for column in self._columns:
            node = len(self._lot) + column
            for row in _reached(node, onward) & _reached(node, backward) & (onward[node] | backward[node]):
                if row in self._rows:
                    tied.add((row, column))
        return tied

    # What cannot be

    def _require_sense_of_floors(self) -> None:
        """Floors and changes by hand are no more than a cell, a column and a row can take."""
        found: list[tuple[list[int], list[int], int, int]] = []
        for row, column in product(self._rows, self._columns):
            if self._low[row][column] > self._high[row][column]:
                found.append(([column], [row], self._low[row][column], self._high[row][column]))
        for column in self._columns:
            lows = [parts[column] for parts in self._low]
            if largest := _largest_above(lows, self._group[column].total):
                found.append(
                    ([column], largest, sum(lows[row] for row in largest), self._group[column].total)
                )
        for row, lows in enumerate(self._low):
            if largest := _largest_above(lows, self._places[row]):
                found.append((largest, [row], sum(lows[each] for each in largest), self._places[row]))
        if found:
            columns, rows, least, most = min(found, key=lambda each: (len(each[0]), len(each[1])))
            raise RuleViolation(
                PartsHeldTooMany(labels=self._named(columns), bodies=self._who(rows), least=least, most=most)
            )

    def _asked_too_many(self) -> RuleViolation:
        chosen = (
            self._fewest_without_room() if len(self._group) <= _FEW else self._none_too_many_without_room()
        )
        room = [self._room(row, chosen) for row in self._rows]
        return RuleViolation(
            PartsAskedTooMany(
                labels=self._named(sorted(chosen)),
                bodies=self._who(row for row in self._rows if room[row]),
                asked=sum(self._group[column].total for column in chosen),
                most=sum(room),
            )
        )

    def _fewest_without_room(self) -> frozenset[int]:
        """The fewest labels that cannot be shared out together.

        Of all labels that find no room when others are shared out first, one at least belongs to them.
        """
        to_meet: list[frozenset[int]] = []
        while True:
            chosen = smallest_that_meets(to_meet, self._columns)
            left_out = self._left_out(
                [*sorted(chosen), *(each for each in self._columns if each not in chosen)]
            )
            if left_out & chosen:
                return chosen
            to_meet.append(left_out)

    def _none_too_many_without_room(self) -> frozenset[int]:
        """Labels that cannot be shared out together, while without any one of them the others can."""
        chosen = list(self._columns)
        for column in self._columns:
            fewer = [each for each in chosen if each != column]
            if self._left_out(fewer):
                chosen = fewer
        return frozenset(chosen)

    def _left_out(self, columns: Iterable[int]) -> frozenset[int]:
        """The labels that find no room when these are shared out in this order, beside the floors of all."""
        self._parts = [list(lows) for lows in self._low]
        return frozenset(column for column in columns if not self._finds_room(column))

    def _finds_room(self, column: int) -> bool:
        """Share out the column beside what others have, whatever the distance."""
        missing = self._group[column].total - sum(parts[column] for parts in self._parts)
        for row, parts in enumerate(self._parts):
            more = min(self._high[row][column] - parts[column], self._places[row] - sum(parts), missing)
            parts[column] += more
            missing -= more
        steps = self._all_steps(_no_price) if missing else []
        for _one in range(missing):
            chain = self._chain(len(self._lot) + column, steps, [0] * (self._free + 1))
            if not chain:
                return False
            self._follow(chain, steps, _no_price)
        return True

    def _room(self, row: int, chosen: Collection[int]) -> int:
        """How much of these labels a body can take at most, beside the floors of the others."""
        others = sum(self._low[row][column] for column in self._columns if column not in chosen)
        return min(self._places[row] - others, sum(self._high[row][column] for column in chosen))

    def _named(self, columns: Iterable[int]) -> list[str]:
        return [self._group[column].label for column in columns]

    def _who(self, rows: Iterable[int]) -> list[K]:
        return [self._lot[row] for row in sorted(rows)]


def _no_price(_row: int, _column: int, _part: int) -> int:
    return 0


def _largest_above(numbers: Sequence[int], limit: int) -> list[int]:
    """The fewest positions whose numbers together are more than the limit; empty where all are within it."""
    ordered = sorted(range(len(numbers)), key=lambda position: -numbers[position])
    together = accumulate(numbers[position] for position in ordered)
    size = next((size for size, so_far in enumerate(together, start=1) if so_far > limit), 0)
    return sorted(ordered[:size])


def _reached(start: int, ways: Sequence[Collection[int]]) -> set[int]:
    """All nodes to which ways lead."""
    found, waiting = {start}, [start]
    while waiting:
        for other in ways[waiting.pop()]:
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found
