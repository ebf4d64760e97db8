"""Many bounds on one list at once: can it be completed, what repairs it, and which bounds contradict one another.

Bounds overlap (a woman may be a front-line worker of a non-public enterprise), so one alone says little. Entries that
no bound tells apart are counted together, and a list is a vector of such counts. A solver finds lists; what it finds is
recounted in integers, and that there is none is said only with a proof that integers bear out (see `proves`). Nothing
here depends on the order in which entries came.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from itertools import compress, pairwise, permutations
from math import gcd
from operator import gt, mul
from typing import NamedTuple

from quotas.arithmetic import _highs, shares
from quotas.arithmetic.meeting import smallest_that_meets

within = _highs.within

PLACES = "places"
"""The code by which a conflict names the number of places."""

STOCK = "stock"
"""The code by which `broken` says that a list is not out of the stock, or too short."""

Box = tuple[int, int]
"""The least and the most that a column can be."""

# How often a search for a proof may ask the solver, and about how many columns altogether; how many forks it tries for
# one that closes, and how deep it goes.
_MOST_LOOKS = 3_000
_MOST_COLUMNS = 500_000
_TRIED = 8
_DEEPEST = 120
# Up to so many columns all are searched at once.
_FEW = 150
# By so many entries the list in fractions keeps the bounds that leads to one in whole numbers.
_MARGIN = 2
# How many entries of a kind there are at least when as many are to be had as are wanted and the places do not matter.
_WITHOUT_END = 10_000


Part = tuple[bool, ...]
"""Which types belong to something."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound on lists over types: which types are in its base, and which of these are counted.

    `fixed_base` is the base of a share of the places allotted; `None` where the base is what is listed.
    """

    code: str
    bound: shares.Bound
    base: Part
    counted: Part
    fixed_base: int | None = None

    def __post_init__(self) -> None:
        if len(self.base) != len(self.counted) or any(map(gt, self.counted, self.base)):
            raise ValueError("what is counted is part of the base")
        if self.code in (PLACES, STOCK):
            raise ValueError(f"{self.code!r} is no code of a limit")


@dataclass(frozen=True, slots=True)
class Stock:
    """Entries of one type: how many must be on the list, and how many exist, these included (`most=None`: unlimited)."""

    least: int
    most: int | None

    def __post_init__(self) -> None:
        if self.least < 0 or (self.most is not None and self.most < self.least):
            raise ValueError("there are at least as many entries as must be listed, and that is at least 0")


@dataclass(frozen=True, slots=True)
class CompletionProblem:
    """Lists of `at_least` to `places` entries out of a stock, one per type, held to all limits."""

    limits: tuple[Limit, ...]
    stock: tuple[Stock, ...]
    places: int
    at_least: int = 1

    def __post_init__(self) -> None:
        if any(len(limit.base) != len(self.stock) for limit in self.limits):
            raise ValueError("a limit speaks about every type")
        if len({limit.code for limit in self.limits}) != len(self.limits):
            raise ValueError("every limit has a code of its own")
        if min(self.places, self.at_least) < 0:
            raise ValueError("places and entries are counted from 0")


class Verdict(Enum):
    """Whether there is such a list; UNPROVEN where none was found and no proof that there is none."""

    POSSIBLE = "possible"
    IMPOSSIBLE = "impossible"
    UNPROVEN = "unproven"


@dataclass(frozen=True, slots=True)
class Completion:
    """The verdict, with a list where there is one."""

    verdict: Verdict
    example: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Relaxation:
    """By how many entries one bound must give way, all others kept: a minimum lowered, a maximum raised, places added."""

    code: str
    by: int


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Bounds that no list out of the stock keeps together, with the relaxations that alone are enough.

    The codes are those of limits in the order of the problem, then "places". Without any code the stock itself has
    too few entries.
    """

    codes: tuple[str, ...]
    relaxations: tuple[Relaxation, ...]


def completion(problem: CompletionProblem) -> Completion:
    """Whether any list keeps all limits, with one that does.

    Invariant: POSSIBLE comes with a list that `broken` has nothing against; IMPOSSIBLE is said only where a proof
    in integers stands, for one limit the closed form, for several a `Proof` that `proves` accepts.
    """
    return _decide(problem, _codes(problem)).completion


def nearest(problem: CompletionProblem, start: tuple[int, ...]) -> tuple[int, ...] | None:
    """The legal list with the fewest changes from `start`, an entry added or removed being one.

    Among these the one with the fewest removals; further ties fall alike every time. `start` need not be within
    the stock or the places. None where no legal list was found.
    """
    if len(start) != len(problem.stock) or min(start, default=0) < 0:
        raise ValueError("a list counts every type, from 0")
    if not broken(problem, start):
        return start
    # What the stock itself demands is changed in any case; the rest is counted from there.
    within = [
        max(stock.least, count if stock.most is None else min(count, stock.most))
        for stock, count in zip(problem.stock, start, strict=True)
    ]
    system = _System.of(problem, _codes(problem))
    begun = [sum(within[position] for position in kind) for kind in system.kinds]
    found = _with_fewest_changes(system, begun)
    if found is None:
        return None
    counts = system.spread(found, problem.stock, within)
    return None if broken(problem, counts) else counts


def conflict(problem: CompletionProblem, *, places_given: bool = False) -> Contradiction | None:
    """A smallest set of bounds that no list out of the stock keeps together; None where a list exists, or may exist.

    The number of places is a bound among the others, which may take the blame in the stead of a rule. With
    `places_given` it is not: the set is smallest among the limits alone, on these places.

    Every relaxation stands for a list that keeps all other bounds of the problem, whatever its length: whoever asks
    about full lists says so by `at_least`. A bound without a relaxation cannot mend matters alone.

    Invariant: the set cannot be kept, by a proof in integers. Any smaller set can, as lists have shown; only where a
    proof was too long to be found is the set larger.
    """
    given_ones = {PLACES} if places_given else set()
    everything = [code for code in _codes(problem) if code not in given_ones]
    decided = _decide(problem, _codes(problem))
    if decided.completion.verdict is not Verdict.IMPOSSIBLE:
        return None
    relaxations: dict[str, int] = {}
    to_mend: list[frozenset[str]] = []
    for code in everything:
        # a bound that the proof does without cannot alone be to blame
        if code in decided.blamed and (
            given := _give_way(problem, kept={*everything, *given_ones} - {code}, soft=[code])
        ):
            relaxations |= given
            to_mend.append(frozenset(given))
    codes = decided.blamed
    while True:
        # Of every set of bounds whose breaking was seen to be enough, one at least belongs to the conflict.
        candidate = smallest_that_meets(to_mend, everything)
        kept = candidate | given_ones
        shown = _decide(problem, kept)
        if shown.completion.verdict is not Verdict.POSSIBLE:
            codes = candidate if shown.completion.verdict is Verdict.IMPOSSIBLE else codes
            break
        rest = [code for code in everything if code not in candidate]
        given = _give_way(problem, kept=kept, soft=rest) or broken(problem, shown.completion.example or ())
        to_mend.append(frozenset(given))
    named = tuple(code for code in everything if code in codes)
    return Contradiction(
        named, tuple(Relaxation(code, relaxations[code]) for code in named if code in relaxations)
    )


def broken(problem: CompletionProblem, counts: Sequence[int]) -> dict[str, int]:
    """The bounds that a list breaks, each with the entries by which it would have to give way; empty if legal."""
    found = {}
    for limit in problem.limits:
        base = limit.fixed_base
        if base is None:
            base = sum(compress(counts, limit.base))
        count = sum(compress(counts, limit.counted))
        figure = shares.required(limit.bound, base)
        by = figure - count if limit.bound.sense == "min" else count - figure
        if by > 0:
            found[limit.code] = by
    if (over := sum(counts) - problem.places) > 0:
        found[PLACES] = over
    missing = problem.at_least - sum(counts)
    outside = sum(
        max(stock.least - count, 0) + (0 if stock.most is None else max(count - stock.most, 0))
        for stock, count in zip(problem.stock, counts, strict=True)
    )
    if (wrong := max(missing, 0) + outside) > 0:
        found[STOCK] = wrong
    return found


# Proofs

Factors = tuple[tuple[int, int], ...]
"""A weighted sum of columns: each column that has a part in it, with its factor."""


@dataclass(frozen=True, slots=True)
class ModelRow:
    """The ends between which a weighted sum of the columns must lie; None: unlimited.

    `code` names the bound that the row stands for; it is empty where the row holds whatever the bounds.
    """

    code: str
    factors: Factors
    least: int | None
    most: int | None

    def within(self, margin: int, column: int) -> "ModelRow":
        """The row with its ends narrower by a margin, which the column may take back."""
        if not margin:
            return self
        if self.most is None:
            least = None if self.least is None else self.least + margin
            return ModelRow(self.code, (*self.factors, (column, 1)), least, None)
        return ModelRow(self.code, (*self.factors, (column, -1)), self.least, self.most - margin)


@dataclass(frozen=True, slots=True)
class Weights:
    """A weight for every row, above zero for its lower end and below zero for its upper one, that shows a contradiction.

    The weighted sum of the rows would have to reach the weighted sum of these ends, and within the boxes it cannot.
    """

    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ProofFork:
    """A weighted sum of columns is at most `at`, or at least one more: neither is possible.

    A column by itself narrows its box. Any other sum is one more row, behind those that there are.
    """

    factors: Factors
    at: int
    low: "Proof"
    high: "Proof"


Proof = Weights | ProofFork


def proves(boxes: Sequence[Box], rows: Sequence[ModelRow], proof: Proof) -> bool:
    """Whether the proof shows that no whole numbers within the boxes keep every row; in integers alone.

    A proof that does not fit the rows proves nothing.
    """
    if isinstance(proof, Weights):
        return _contradict(boxes, rows, proof.rows)
    if not all(0 <= column < len(boxes) for column, _ in proof.factors):
        return False
    return proves(*_below(boxes, rows, proof.factors, proof.at), proof.low) and proves(
        *_above(boxes, rows, proof.factors, proof.at), proof.high
    )


_Narrowed = tuple[list[Box], list[ModelRow]]


def _below(boxes: Sequence[Box], rows: Sequence[ModelRow], factors: Factors, at: int) -> _Narrowed:
    """Boxes and rows where the sum is at most `at`."""
    return _between(boxes, rows, factors, None, at)


def _above(boxes: Sequence[Box], rows: Sequence[ModelRow], factors: Factors, at: int) -> _Narrowed:
    """Boxes and rows where the sum is more than `at`."""
    return _between(boxes, rows, factors, at + 1, None)


def _between(
    boxes: Sequence[Box], rows: Sequence[ModelRow], factors: Factors, least: int | None, most: int | None
) -> _Narrowed:
    narrow = list(boxes)
    if (column := _only(factors)) is None:
        return narrow, [*rows, ModelRow("", factors, least, most)]
    low, high = boxes[column]
    narrow[column] = (low if least is None else max(low, least), high if most is None else min(high, most))
    return narrow, list(rows)


def _only(factors: Factors) -> int | None:
    """The column, where the sum is that column and nothing else."""
    return factors[0][0] if len(factors) == 1 and factors[0][1] == 1 else None


def _contradict(boxes: Sequence[Box], rows: Sequence[ModelRow], weights: Sequence[int]) -> bool:
    """Whether the weighted sum of the rows falls short of the weighted sum of their ends all over the boxes."""
    if len(weights) != len(rows):
        return False
    wanted = 0
    factors = [0] * len(boxes)
    for weight, row in zip(weights, rows, strict=True):
        if not weight:
            continue
        end = row.least if weight > 0 else row.most
        if end is None:
            return False
        wanted += weight * end
        for column, factor in row.factors:
            factors[column] += weight * factor
    reached = sum(
        factor * (high if factor > 0 else low)
        for factor, (low, high) in zip(factors, boxes, strict=True)
        if factor
    )
    return reached < wanted


@dataclass(frozen=True, slots=True)
class _Search:
    """What a search for a proof came to: a proof, or a list after all, or neither."""

    proof: Proof | None = None
    found: list[int] | None = None


def _refute(boxes: Sequence[Box], rows: Sequence[ModelRow]) -> _Search:
    """Look for a proof that no whole numbers keep the rows, forking at sums that came out broken."""
    return _Prover(boxes, rows).search()


class _Fork(NamedTuple):
    """A sum that came out between two whole numbers, and the lower one; or one that whole numbers do not reach."""

    factors: Factors
    at: int


class _Prover:
    """The state of one search; boxes are narrowed and rows are added on the way down, and given back on the way up."""

    def __init__(self, boxes: Sequence[Box], rows: Sequence[ModelRow]) -> None:
        self._boxes = list(boxes)
        self._rows = list(rows)
        self._elastic = _highs.Elastic(
            boxes, [row.factors for row in rows], [(row.least, row.most) for row in rows]
        )
        # Sums first: where they are whole, the columns mostly follow.
        self._columns = sorted(range(len(boxes)), key=lambda column: boxes[column][0] - boxes[column][1])
        self._left = min(_MOST_LOOKS, _MOST_COLUMNS // max(len(boxes), 1))

    def search(self, depth: int = 0) -> _Search:
        seen = self._look()
        if seen is None or depth == _DEEPEST:
            return _Search()
        if isinstance(seen, Weights):
            return _Search(seen)
        forks = self._forks(seen)
        if not forks:
            return _Search(found=[_highs.nearest_whole(value) for value in seen])
        return self._one_way(forks, depth) or self._both_ways(forks[0], depth)

    def _look(self) -> Weights | list[int] | None:
        """A proof without a fork, or else the columns, which may be broken; None when it has looked often enough."""
        self._left -= 1
        if self._left < 0 or not _highs.left():
            return None
        missed, columns, weights = self._elastic.solve()
        if missed > 0 and _contradict(self._boxes, self._rows, weights):
            return Weights(tuple(weights))
        return columns

    def _one_way(self, forks: Sequence[_Fork], depth: int) -> _Search | None:
        """Go on where one side of a fork closes at once; None where none does."""
        for fork in forks[:_TRIED]:
            for high in (False, True):
                with self._side(fork, high=high):
                    closed = self._look()
                if closed is None:
                    return _Search()
                if isinstance(closed, Weights):
                    with self._side(fork, high=not high):
                        rest = self.search(depth + 1)
                    if rest.proof is None:
                        return rest
                    return _Search(
                        ProofFork(*fork, *((rest.proof, closed) if high else (closed, rest.proof)))
                    )
        return None

    def _both_ways(self, fork: _Fork, depth: int) -> _Search:
        with self._side(fork, high=False):
            low = self.search(depth + 1)
        if low.proof is None:
            return low
        with self._side(fork, high=True):
            high = self.search(depth + 1)
        return high if high.proof is None else _Search(ProofFork(*fork, low.proof, high.proof))

    @contextmanager
    def _side(self, fork: _Fork, *, high: bool) -> Iterator[None]:
        """Look at one side of the fork, as long as the block runs."""
        before = self._boxes, self._rows
        self._boxes, self._rows = (_above if high else _below)(*before, *fork)
        column = _only(fork.factors)
        if column is None:
            self._elastic.add_row(fork.factors, self._rows[-1].least, self._rows[-1].most)
        else:
            self._elastic.set_box(column, *self._boxes[column])
        try:
            yield
        finally:
            self._boxes, self._rows = before
            if column is None:
                self._elastic.drop_row()
            else:
                self._elastic.set_box(column, *self._boxes[column])

    def _forks(self, columns: Sequence[int]) -> list[_Fork]:
        """Where whole numbers part: at the steps of a share that the columns lie below, then at broken columns."""
        taken = {row.factors for row in self._rows}
        steps = sorted(
            (below, fork)
            for row in self._rows
            if len(row.factors) == 2
            for below, fork in self._steps(row, columns)
            if fork.factors not in taken
        )
        broken = [
            _Fork(((column, 1),), columns[column] // _highs.UNIT)
            for column in self._columns
            if _distance(columns[column]) > _highs.NOISE
            and self._boxes[column][0] <= columns[column] // _highs.UNIT < self._boxes[column][1]
        ]
        return [*(fork for _, fork in steps), *broken]

    def _steps(self, row: ModelRow, columns: Sequence[int]) -> Iterator[tuple[int, _Fork]]:
        """Of whole numbers that keep a row of two columns, the line through two of which the columns lie beyond."""
        for least, sign in ((row.least, 1), (row.most, -1)):
            if least is None:
                continue
            for (one, factor), (other, by) in permutations(row.factors):
                # as: one is at least (end - by * other) / factor
                if factor * sign > 0:
                    fork = self._step(one, other, factor * sign, by * sign, least * sign, columns)
                    if fork is not None:
                        yield fork

    def _step(
        self, one: int, other: int, factor: int, by: int, end: int, columns: Sequence[int]
    ) -> tuple[int, _Fork] | None:
        low, high = self._boxes[other]
        here, rest = divmod(columns[other], _highs.UNIT)
        if factor == 1 or not low <= here < high:
            return None

        def least(value: int) -> int:
            return -((by * value - end) // factor)

        between = least(here) * (_highs.UNIT - rest) + least(here + 1) * rest
        if between - columns[one] <= _highs.NOISE:
            return None
        left, right = _edge(low, high, here, least)
        run, rise = right - left, least(right) - least(left)
        # run * one - rise * other is at least `corner` for all whole numbers that keep the row
        corner = run * least(left) - rise * left
        below = run * columns[one] - rise * columns[other] - corner * _highs.UNIT
        if below >= -_highs.NOISE * run:
            return None
        if not rise:
            return below // run, _Fork(((one, 1),), least(left) - 1)
        shared = gcd(run, rise)
        return below // run, _Fork(((one, run // shared), (other, -rise // shared)), corner // shared - 1)


def _edge(low: int, high: int, here: int, height: Callable[[int], int]) -> tuple[int, int]:
    """The corners, left and right of here + 1/2, of the lower hull of the heights from `low` to `high`."""
    hull: list[tuple[int, int]] = []
    for place in range(low, high + 1):
        up = height(place)
        while len(hull) > 1 and (hull[-1][1] - hull[-2][1]) * (place - hull[-1][0]) >= (up - hull[-1][1]) * (
            hull[-1][0] - hull[-2][0]
        ):
            hull.pop()
        hull.append((place, up))
    return next((left, right) for (left, _), (right, _) in pairwise(hull) if left <= here < right)


def _distance(value: int) -> int:
    """How far a figure in units of 1/UNIT is from the nearest whole number."""
    return abs(value - _highs.nearest_whole(value) * _highs.UNIT)


# Problems as systems of rows


@dataclass(frozen=True, slots=True)
class _System:
    """A problem as boxes and rows over kinds: types that no limit tells apart, each with the positions of its types.

    Behind the kinds stand a column for each soft bound (the entries by which it gives way), and then one for each sum
    that a limit speaks of, so that its row is short, and for each limit that asks for a share above another (1 where its
    base has any entry).
    """

    kinds: tuple[tuple[int, ...], ...]
    boxes: tuple[Box, ...]
    rows: tuple[ModelRow, ...]

    @classmethod
    def of(cls, problem: CompletionProblem, kept: Collection[str], soft: Sequence[str] = ()) -> "_System":
        """The bounds with these codes; those in `soft` may give way."""
        limits = [limit for limit in problem.limits if limit.code in kept or limit.code in soft]
        kinds, parts = _kinds(limits, len(problem.stock))
        capped = PLACES in kept
        boxes = [_box(problem, kind, capped=capped) for kind in kinds]
        whole = sum(high for _, high in boxes)
        # no bound gives way by more than all entries and all that it asks for
        furthest = whole + max(
            (shares.required(limit.bound, limit.fixed_base or whole) for limit in limits), default=0
        )
        model = _Model(parts, boxes, dict.fromkeys(soft, furthest), problem.places if capped else whole)
        listed = model.total((True,) * len(problem.stock))
        model.hold("", {listed: 1}, least=problem.at_least)
        if PLACES in kept or PLACES in soft:
            model.hold(PLACES, {listed: 1}, most=problem.places)
        for limit in limits:
            counted = model.total(limit.counted)
            n, d = limit.bound.numerator, limit.bound.denominator
            lower = limit.bound.sense == "min"
            if limit.fixed_base is not None or limit.bound.kind == "count":
                figure = shares.required(limit.bound, limit.fixed_base or 0)
                model.hold(limit.code, {counted: 1}, **{"least" if lower else "most": figure})
                continue
            base = model.total(limit.base)
            # where all of the base are counted, both are one column
            excess = {counted: d, base: -n} if counted != base else {base: d - n}
            if not lower:
                model.hold(limit.code, excess, most=limit.bound.slack, step=d)
            elif not _is_switched(limit):
                model.hold(limit.code, excess, least=-limit.bound.slack, step=d)
            else:
                # above: one more than the exact share, as soon as there is anybody in the base
                switch = model.column((0, 1))
                model.hold(limit.code, excess | {switch: -1}, least=0, step=d)
                model.hold(limit.code, {base: -1, switch: whole}, least=0, step=0)
        return cls(kinds, tuple(model.boxes), tuple(model.rows))

    def spread(self, found: Sequence[int], stock: Sequence[Stock], begun: Sequence[int]) -> tuple[int, ...]:
        """Counts of kinds as counts of types: what is added to `begun` goes to the first types, the last ones lose."""
        counts = list(begun)
        for kind, total in zip(self.kinds, found, strict=False):
            change = total - sum(begun[position] for position in kind)
            for position in kind if change > 0 else reversed(kind):
                if change > 0:
                    most = stock[position].most
                    step = change if most is None else min(change, most - counts[position])
                else:
                    step = -min(-change, counts[position] - stock[position].least)
                counts[position] += step
                change -= step
        return tuple(counts)

    def find(self, cost: Collection[int] = (), dearer: Collection[int] = ()) -> list[int] | None:
        """Columns that the solver takes for a solution, with the least sum of those that `cost`; without these, any.

        Of equal sums, that with the least of those that are `dearer`.
        """
        price = [0] * len(self.boxes)
        if cost:
            unit = 1 + sum(self.boxes[column][1] for column in dearer)
            for column in cost:
                price[column] = unit + (column in dearer)
        if len(self.boxes) <= _FEW:
            return self._whole(self.boxes, price)
        return self._cheapest(price) if cost else self._any()

    def _any(self) -> list[int] | None:
        """A solution among those columns of which a list in fractions has somebody that keeps the bounds by a margin."""
        # Prices that differ from column to column: the solver comes to some list sooner than where all lists are equal.
        kinds = len(self.kinds)
        some = [100 + 41 * column % 101 if column < kinds else 0 for column in range(len(self.boxes))]
        columns = self._by_a_margin(some)
        if columns is None:
            return None
        price = [0] * len(self.boxes)
        return self._whole(self._in_use(columns), price) or self._whole(self.boxes, price)

    def _cheapest(self, price: Sequence[int]) -> list[int] | None:
        """The best solution among those columns that the cheapest lists in fractions use, and whatever betters it."""
        relaxed = _highs.relaxed(self.boxes, *self._asked, price)
        if relaxed is None:
            return None
        found = self._whole(self._in_use(relaxed.columns), price)
        if found is None:
            found = self._whole(self._in_use(relaxed.columns, self._by_a_margin(price) or ()), price)
        if found is None:
            return self._whole(self.boxes, price)
        reduced, floor = self._floor(price, relaxed.weights)
        gap = sum(map(mul, price, found)) * _highs.UNIT - floor
        if gap < _highs.UNIT:
            return found
        # A column of which one more costs the whole gap is in no better list.
        moving = [
            (low, low) if by >= gap else (high, high) if -by >= gap else (low, high)
            for (low, high), by in zip(self.boxes, reduced, strict=True)
        ]
        better = self._whole(moving, price)
        return found if better is None else min(found, better, key=lambda each: sum(map(mul, price, each)))

    def _by_a_margin(self, price: Sequence[int]) -> list[int] | None:
        """The columns at the least cost where bounds are kept by a margin, or it is paid for; in units of 1/UNIT."""
        width = len(self.boxes)
        margins = [
            _MARGIN * max((abs(factor) for _, factor in row.factors), default=0) if row.code else 0
            for row in self.rows
        ]
        rows = [
            row.within(margin, width + number)
            for number, (row, margin) in enumerate(zip(self.rows, margins, strict=True))
        ]
        dear = 20 * max(price)
        wide = _System(self.kinds, (*self.boxes, *((0, margin) for margin in margins)), tuple(rows))
        found = _highs.relaxed(
            wide.boxes, *wide._asked, [*price, *(1 + dear // margin if margin else 0 for margin in margins)]
        )
        return None if found is None else found.columns[:width]

    def _in_use(self, *lists: Sequence[int]) -> list[Box]:
        """The boxes, those of kinds closed of which lists in fractions have nobody: mostly these are nearly all."""
        used = {
            column
            for columns in lists
            for column, (value, (low, _)) in enumerate(zip(columns, self.boxes, strict=False))
            if value > low * _highs.UNIT + _highs.NOISE
        }
        return [
            box if column >= len(self.kinds) or column in used else (box[0], box[0])
            for column, box in enumerate(self.boxes)
        ]

    def _whole(self, boxes: Sequence[Box], price: Sequence[int]) -> list[int] | None:
        return _highs.whole(boxes, *self._asked, price)

    @property
    def _asked(self) -> tuple[list[Factors], list[_highs.Range]]:
        return [row.factors for row in self.rows], [(row.least, row.most) for row in self.rows]

    def _floor(self, price: Sequence[int], weights: Sequence[int]) -> tuple[list[int], int]:
        """What each column costs beyond what the rows pay for it, and what every list costs at least; in 1/UNIT."""
        reduced = [each * _highs.UNIT for each in price]
        floor = 0
        for weight, row in zip(weights, self.rows, strict=True):
            end = row.least if weight > 0 else row.most
            if end is None or not weight:
                continue
            floor += weight * end
            for column, factor in row.factors:
                reduced[column] -= weight * factor
        return reduced, floor + sum(
            by * (low if by > 0 else high) for by, (low, high) in zip(reduced, self.boxes, strict=True)
        )


class _Model:
    """A system in the making."""

    def __init__(
        self,
        parts: Mapping[Part, Sequence[int]],
        boxes: Sequence[Box],
        soft: Mapping[str, int],
        most: int,
    ) -> None:
        self.rows: list[ModelRow] = []
        self.boxes = [*boxes, *((0, furthest) for furthest in soft.values())]
        self._soft = {code: len(boxes) + number for number, code in enumerate(soft)}
        self._ends = tuple([box[end] for box in boxes] for end in (0, 1))
        self._parts = parts
        self._most = most
        self._totals: dict[Part, int] = {}

    def column(self, box: Box) -> int:
        """One more column."""
        self.boxes.append(box)
        return len(self.boxes) - 1

    def total(self, part: Part) -> int:
        """The column that adds up these types."""
        if part not in self._totals:
            members = self._parts[part]
            if len(members) == 1:
                return members[0]
            low, high = (sum(map(ends.__getitem__, members)) for ends in self._ends)
            column = self._totals[part] = self.column((low, max(low, min(high, self._most))))
            self.rows.append(ModelRow("", (*((member, 1) for member in members), (column, -1)), 0, 0))
        return self._totals[part]

    def hold(
        self,
        code: str,
        factors: Mapping[int, int],
        *,
        least: int | None = None,
        most: int | None = None,
        step: int = 1,
    ) -> None:
        """Hold a sum between ends; where the bound is soft, by `step` less for each entry by which it gives way."""
        more = {self._soft[code]: step if most is None else -step} if code in self._soft and step else {}
        held = {column: factor for column, factor in {**factors, **more}.items() if factor}
        self.rows.append(ModelRow(code, tuple(sorted(held.items())), least, most))


@dataclass(frozen=True, slots=True)
class _Decided:
    """A verdict; where it is IMPOSSIBLE, the codes that its proof makes use of."""

    completion: Completion
    blamed: frozenset[str] = frozenset()


def _decide(problem: CompletionProblem, kept: Collection[str]) -> _Decided:
    """Whether a list keeps the bounds with these codes."""
    limits = [limit for limit in problem.limits if limit.code in kept]
    if len(limits) < 2:
        counts = _best_for(problem, limits[0] if limits else None, capped=PLACES in kept)
        if _keeps(problem, counts, kept):
            return _Decided(Completion(Verdict.POSSIBLE, counts))
        return _Decided(Completion(Verdict.IMPOSSIBLE, None), frozenset(kept))
    system = _System.of(problem, kept)
    least = [stock.least for stock in problem.stock]
    candidates = [system.find()]
    if candidates[0] is None:
        search = _refute(system.boxes, system.rows)
        if search.proof is not None and proves(system.boxes, system.rows, search.proof):
            # the boxes themselves end at the number of places; behind the rows stand those of forks
            used = {row.code for index, row in enumerate(system.rows) if index in _used(search.proof)}
            blamed = used | (set(kept) & {PLACES})
            return _Decided(Completion(Verdict.IMPOSSIBLE, None), frozenset(blamed - {""}))
        candidates = [search.found]
    for found in candidates:
        if found is not None:
            counts = system.spread(found, problem.stock, least)
            if _keeps(problem, counts, kept):
                return _Decided(Completion(Verdict.POSSIBLE, counts))
    return _Decided(Completion(Verdict.UNPROVEN, None))


def _best_for(problem: CompletionProblem, limit: Limit | None, *, capped: bool) -> tuple[int, ...]:
    """The list that a single limit likes best; if this one breaks it, every list does.

    As in `shares.can_still_hold`: all who help find a place, then come those who neither help nor harm and last the
    others, and these only until the list is long enough.
    """
    counts = [stock.least for stock in problem.stock]
    positions = range(len(counts))
    if limit is None:
        helpers: list[int] = []
        order = list(positions)
    else:
        helps = limit.bound.sense == "min"
        helpers = [p for p in positions if limit.base[p] and limit.counted[p] == helps]
        outside = [p for p in positions if not limit.base[p]]
        order = outside + [p for p in positions if limit.base[p] and limit.counted[p] != helps]
    tops = [_box(problem, (p,), capped=capped)[1] for p in positions]
    room = problem.places if capped else sum(tops)
    for group, length in ((helpers, room), (helpers + order, min(problem.at_least, room))):
        for p in group:
            counts[p] += max(0, min(tops[p] - counts[p], length - sum(counts)))
    return tuple(counts)


def _keeps(problem: CompletionProblem, counts: Sequence[int], kept: Collection[str]) -> bool:
    """Whether a list is out of the stock, is long enough, and keeps the bounds with these codes."""
    found = broken(problem, counts)
    return STOCK not in found and not found.keys() & set(kept)


def _give_way(problem: CompletionProblem, *, kept: Collection[str], soft: Sequence[str]) -> dict[str, int]:
    """By how much the soft bounds give way on a list that keeps the others and asks the least; empty if none found."""
    system = _System.of(problem, kept, soft)
    width = len(system.kinds)
    found = system.find(range(width, width + len(soft)))
    if found is None:
        return {}
    counts = system.spread(found, problem.stock, [stock.least for stock in problem.stock])
    return broken(problem, counts) if _keeps(problem, counts, kept) else {}


def _with_fewest_changes(system: _System, begun: Sequence[int]) -> list[int] | None:
    """The counts of kinds nearest to `begun`; each is written as begun + added - removed."""
    width = len(system.kinds)
    kinds, others = system.boxes[:width], system.boxes[width:]
    start = [max(low, min(count, high)) for (low, high), count in zip(kinds, begun, strict=True)]
    added = [(0, high - count) for (_, high), count in zip(kinds, start, strict=True)]
    removed = [(0, count - low) for (low, _), count in zip(kinds, start, strict=True)]
    rows = []
    for row in system.rows:
        shift = sum(factor * start[column] for column, factor in row.factors if column < width)
        factors = (
            *((column if column < width else column + width, factor) for column, factor in row.factors),
            *((column + width, -factor) for column, factor in row.factors if column < width),
        )
        least, most = (None if end is None else end - shift for end in (row.least, row.most))
        rows.append(ModelRow(row.code, factors, least, most))
    both = tuple((column,) for column in range(2 * width))
    found = _System(both, (*added, *removed, *others), tuple(rows)).find(
        range(2 * width), dearer=range(width, 2 * width)
    )
    if found is None:
        return None
    return [count + more - less for count, more, less in zip(start, found, found[width:], strict=False)]


def _codes(problem: CompletionProblem) -> tuple[str, ...]:
    return (*(limit.code for limit in problem.limits), PLACES)


def _kinds(
    limits: Sequence[Limit], types: int
) -> tuple[tuple[tuple[int, ...], ...], dict[Part, tuple[int, ...]]]:
    """The positions of types that none of the limits tells apart; and the kinds of each part that a limit speaks of.

    In an order that does not depend on that of the types.
    """
    numbers: dict[Part, int] = {(True,) * types: 0}
    for limit in limits:
        for part in (limit.base, limit.counted):
            numbers.setdefault(part, len(numbers))
    marks: list[list[int]] = [[0] for _ in range(types)]
    for part, number in list(numbers.items())[1:]:
        for mark in compress(marks, part):
            mark.append(number)
    alike: dict[tuple[int, ...], list[int]] = {}
    for position, mark in enumerate(marks):
        alike.setdefault(tuple(mark), []).append(position)
    members: list[list[int]] = [[] for _ in numbers]
    for kind, key in enumerate(sorted(alike)):
        for number in key:
            members[number].append(kind)
    return (
        tuple(tuple(alike[key]) for key in sorted(alike)),
        {part: tuple(members[number]) for part, number in numbers.items()},
    )


def _box(problem: CompletionProblem, kind: Iterable[int], *, capped: bool) -> Box:
    """The least and the most entries of a kind on a list, within the places where it is `capped` by them."""
    least = most = 0
    for position in kind:
        stock = problem.stock[position]
        least += stock.least
        if stock.most is not None:
            most += stock.most
        elif capped:
            most += problem.places
        else:
            most += stock.least + problem.places + _enough(problem)
    return least, max(least, min(most, problem.places)) if capped else most


def _enough(problem: CompletionProblem) -> int:
    """Entries of a kind with which lists are as good as endless: the largest count that is asked, in the smallest share."""
    asked = [limit.bound.numerator for limit in problem.limits if limit.bound.kind == "count"]
    parts = [limit.bound.denominator for limit in problem.limits if limit.fixed_base is None]
    return max(_WITHOUT_END, 2 * max(asked, default=1) * max(parts, default=1))


def _is_switched(limit: Limit) -> bool:
    """Whether the limit asks for one entry more than a share, but nothing of an empty base."""
    bound = limit.bound
    return bound.kind == "above" and limit.fixed_base is None and bound.numerator < bound.denominator


def _used(proof: Proof) -> set[int]:
    """The rows that a proof gives weight to."""
    if isinstance(proof, Weights):
        return {index for index, weight in enumerate(proof.rows) if weight}
    return _used(proof.low) | _used(proof.high)
